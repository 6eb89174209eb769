"""Input for what goes to the council with the results: the covering page and the college's reaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from assessments.forms import LongText
from assessments.models import Brief, Reaction
from assessments.models.writing import Writing
from organisations.forms import one_line

ASKED = (
    "Wij vragen de raad kennis te nemen van dit verslag en met het college te bespreken welke verbeteringen "
    "voorrang krijgen."
)
COUNCIL = (
    "De raad kan vragen stellen over de zwakste schakel, afspreken wanneer het college laat weten wat er is "
    "verbeterd, en dit onderwerp vast op de agenda zetten."
)


def day(label: str, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Kies een dag.",
            "invalid": "Dit is geen dag. Schrijf die als 2026-11-30.",
        },
        **kwargs,
    )


class WritingForm(forms.Form):
    """Something about a round of which each save is a next version; `shown` is the one that was seen."""

    use_required_attribute = False
    shown = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, newest: Writing | None, first: Mapping[str, object] | None = None
    ) -> None:
        """Begins with the newest version; where there is none with the words of `first`."""
        words = [name for name in self.base_fields if name != "shown"]
        begin = {name: getattr(newest, name) for name in words} if newest else dict(first or {})
        super().__init__(data, initial={**begin, "shown": newest.pk if newest else 0})

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for name, field in self.fields.items():
            if field.required and isinstance(field, LongText) and not data.get(name, "x").strip():
                self.add_error(name, field.error_messages["required"])
        return data

    @property
    def content(self) -> dict[str, Any]:
        """What was written, without what was seen."""
        return {
            name: value.strip() if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
            if name != "shown"
        }

    def rows(self, writing: Writing) -> list[tuple[str, object]]:
        """A version in words, each with the label of its field."""
        return [
            (str(field.label), getattr(writing, name))
            for name, field in self.fields.items()
            if name != "shown"
        ]

    def after_conflict(self, newest: Writing | None) -> None:
        """Keeps what was typed; a next save is knowingly in place of the version that is there now."""
        data = QueryDict(mutable=True)
        data.update({**self.data.dict(), "shown": str(newest.pk if newest else 0)})  # type: ignore[attr-defined]
        self.data = data


class BriefForm(WritingForm):
    """What the coordinator says on the one page for the council."""

    asked = LongText(
        label="Wat u de raad vraagt",
        help_text="Eén of twee zinnen, want alles moet op één bladzijde passen.",
        limit=Brief._meta.get_field("asked").max_length or 0,
    )
    council = LongText(
        label="Wat de raad kan doen",
        help_text="Bijvoorbeeld vragen stellen, iets afspreken, of een moment kiezen.",
        limit=Brief._meta.get_field("council").max_length or 0,
    )
    next_on = day(
        "Volgend moment",
        required=False,
        help_text="Wanneer hoort of bespreekt de raad hier weer iets over?",
    )
    next = forms.CharField(
        label="Wat er dan is",
        required=False,
        max_length=200,
        validators=[one_line],
        help_text="Bijvoorbeeld: het college laat weten wat er is verbeterd.",
    )
    contact = forms.CharField(
        label="Bij wie kan de raad terecht?",
        max_length=120,
        validators=[one_line],
        help_text="Een functie of afdeling, geen naam.",
        error_messages={"required": "Schrijf een functie of afdeling op."},
    )
    contact_mail = forms.EmailField(
        max_length=254,
        label="E-mailadres",
        required=False,
        help_text="Liefst een algemeen adres: dit wordt openbaar.",
        error_messages={"invalid": "Dit is geen e-mailadres."},
    )
    contact_phone = forms.CharField(label="Telefoon", required=False, max_length=20, validators=[one_line])

    def __init__(self, data: QueryDict | None, newest: Writing | None) -> None:
        super().__init__(data, newest, {"asked": ASKED, "council": COUNCIL})
        self.fields["asked"].required = True

    def clean_next_on(self) -> date | None:
        chosen: date | None = self.cleaned_data["next_on"]
        if chosen and chosen < timezone.localdate():
            raise ValidationError("Deze dag is al voorbij.")
        return chosen

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("next", "").strip() and not data.get("next_on") and "next_on" not in self.errors:
            self.add_error("next_on", "Kies ook de dag waarop dit is.")
        return data


class ReactionForm(WritingForm):
    """What the college says of the results, and when it decided that."""

    text = LongText(
        label="Reactie van het college",
        help_text="Wat vindt het college van de resultaten, en wat gaat het doen? Noem geen namen.",
        rows=10,
        limit=Reaction._meta.get_field("text").max_length or 0,
    )
    decided_on = day("Datum van het besluit van het college")

    def __init__(self, data: QueryDict | None, newest: Writing | None, adopted: date) -> None:
        super().__init__(data, newest)
        self.fields["text"].required = True
        self.adopted = adopted

    def clean_decided_on(self) -> date:
        chosen: date = self.cleaned_data["decided_on"]
        if chosen > timezone.localdate():
            raise ValidationError("Deze dag is nog niet geweest.")
        if chosen < self.adopted:
            said = date_format(self.adopted, "j F Y")
            raise ValidationError(
                f"De resultaten zijn pas vastgesteld op {said}. Kies die dag of een latere."
            )
        return chosen
