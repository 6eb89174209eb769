"""What the griffier registers of a report before the council, and what is answered and settled."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from assessments.accounting.forms import day
from assessments.forms import LongText
from assessments.models import CouncilPromise, CouncilQuestion, Handling
from organisations.forms import one_line


def _past(chosen: date | None) -> None:
    """Raises ValidationError for a day that has not been."""
    if chosen and chosen > timezone.localdate():
        raise ValidationError("Deze dag is nog niet geweest.")


class CouncilForm(forms.Form):
    """Texts that are asked for must say something; what is blank is told where it is."""

    use_required_attribute = False
    needed: tuple[str, ...] = ()  # long texts, which Django would take when they are only spaces

    def __init__(self, data: QueryDict | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name in self.needed:
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.needed:
            if name in data and not data[name].strip():
                self.add_error(name, self.fields[name].error_messages["required"])
        return data


class HandlingForm(CouncilForm):
    """How the report goes before the council."""

    shown = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    offered_on = day("Aangeboden aan de raad op", required=False, validators=[_past])
    number = forms.CharField(
        label="Zaak- of stuknummer", required=False, max_length=60, validators=[one_line]
    )
    meeting_on = day("Op de agenda van", required=False, help_text="De dag van de vergadering.")
    treated_on = day("Behandeld op", required=False, validators=[_past])
    outcome = LongText(
        label="Uitkomst",
        help_text="Wat besloot of sprak de raad af?",
        limit=Handling._meta.get_field("outcome").max_length or 0,
    )

    def __init__(self, data: QueryDict | None, handling: Handling | None) -> None:
        names = ("offered_on", "number", "meeting_on", "treated_on", "outcome")
        begin = {name: getattr(handling, name) for name in names} if handling else {}
        super().__init__(data, initial={**begin, "shown": handling.mark if handling else ""})

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        offered, treated = data.get("offered_on"), data.get("treated_on")
        if offered and treated and treated < offered:
            self.add_error("treated_on", "De raad kan dit niet behandelen vóór het is aangeboden.")
        return data


class QuestionForm(CouncilForm):
    """A question that the council asked."""

    needed = ("text",)
    asked_by = forms.CharField(
        label="Gevraagd door",
        max_length=120,
        validators=[one_line],
        help_text="Een fractie of de hele raad, geen naam.",
        error_messages={"required": "Schrijf op wie het vroeg."},
    )
    text = LongText(label="Vraag", limit=CouncilQuestion._meta.get_field("text").max_length or 0)
    asked_on = day("Gevraagd op", validators=[_past])
    due = day("Antwoord uiterlijk op", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        asked, due = data.get("asked_on"), data.get("due")
        if asked and due and due < asked:
            self.add_error("due", "Dit is vóór de dag waarop het is gevraagd.")
        return data


class AnswerForm(CouncilForm):
    """The answer to a question of the council."""

    needed = ("answer",)
    answer = LongText(
        label="Antwoord aan de raad",
        help_text="Noem geen namen van personen.",
        rows=6,
        limit=CouncilQuestion._meta.get_field("answer").max_length or 0,
    )
    answered_on = day("Beantwoord op", validators=[_past])


class PromiseForm(CouncilForm):
    """What the college promised the council."""

    needed = ("text",)
    text = LongText(label="Toezegging", limit=CouncilPromise._meta.get_field("text").max_length or 0)
    owner = forms.CharField(
        label="Wie doet het",
        max_length=120,
        validators=[one_line],
        help_text="Een functie of portefeuille, geen naam.",
        error_messages={"required": "Schrijf op wie het doet."},
    )
    made_on = day("Toegezegd op", validators=[_past])
    due = day("Klaar op")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        made, due = data.get("made_on"), data.get("due")
        if made and due and due < made:
            self.add_error("due", "Dit is vóór de dag van de toezegging.")
        return data


class SettleForm(CouncilForm):
    """What became of a promise."""

    outcome = forms.ChoiceField(
        label="Wat is ermee gebeurd?",
        choices=[
            ("done", "Nagekomen"),
            ("moved", "Verschoven naar een latere dag"),
            ("dropped", "Vervallen"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies wat ermee is gebeurd."},
    )
    day = day("Dag", help_text="De dag waarop dit gebeurde, of bij verschuiven de nieuwe dag.")
    reason = LongText(
        label="Waarom?",
        help_text="Nodig bij verschoven en vervallen. Deze reden komt in het volgende verslag.",
        limit=CouncilPromise._meta.get_field("reason").max_length or 0,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        outcome, chosen = data.get("outcome"), data.get("day")
        if outcome in ("moved", "dropped") and not data.get("reason", "").strip():
            self.add_error("reason", "Schrijf op waarom.")
        if outcome in ("done", "dropped") and chosen and chosen > timezone.localdate():
            self.add_error("day", "Deze dag is nog niet geweest.")
        return data
