"""What the administrator fills in: periods, a day to try, and what is held."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from assessments.models import Assessment
from organisations.forms import one_line
from organisations.models import Organisation, User
from retention.kinds import Kind
from retention.models.period import InForce
from retention.subject.gathering import Person

EVERYTHING = "alles"


class PeriodsForm(forms.Form):
    """The periods of every kind, in months."""

    def __init__(self, now: dict[Kind, InForce], data: Any = None) -> None:
        super().__init__(data)
        self.now = now
        for kind in Kind:
            self.fields[kind.value] = _field(kind, now[kind])

    def clean(self) -> dict[str, Any]:
        for kind in Kind:
            objection = kind.rule.objection(self.cleaned_data.get(kind.value))
            if objection and kind.value not in self.errors:
                self.add_error(kind.value, objection)
        return self.cleaned_data

    @property
    def periods(self) -> dict[Kind, int | None]:
        """What was filled in; the form must be valid."""
        return {kind: self.cleaned_data[kind.value] for kind in Kind}

    @property
    def changes(self) -> dict[Kind, tuple[InForce, int | None]]:
        """What was filled in other than it stands: by kind what counts now, and the months from now on."""
        return {
            kind: (self.now[kind], months)
            for kind, months in self.periods.items()
            if months != _standing(self.now[kind])
        }


def _standing(now: InForce) -> int | None:
    return now.next.months if now.next else now.months


def _field(kind: Kind, now: InForce) -> forms.IntegerField:
    rule = kind.rule
    bounds = f"{rule.least} tot en met {rule.most} maanden."
    always = " Leeg betekent: altijd bewaren." if rule.may_stay else ""
    return forms.IntegerField(
        label=rule.title,
        required=not rule.may_stay,
        initial=_standing(now),
        help_text=f"In maanden, {bounds}{always}",
        error_messages={"required": "Vul een aantal maanden in.", "invalid": "Vul een heel getal in."},
        widget=forms.NumberInput(attrs={"min": rule.least, "max": rule.most, "inputmode": "numeric"}),
    )


class DayForm(forms.Form):
    """The day on which one wants to know what would go; today when it is left empty."""

    dag = forms.DateField(
        label="Op welke dag?",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Vul een dag in die bestaat."},
    )

    def clean_dag(self) -> date:
        day: date = self.cleaned_data["dag"] or timezone.localdate()
        if not timezone.localdate() <= day <= timezone.localdate().replace(day=1, month=1, year=2200):
            raise forms.ValidationError("Kies vandaag of een dag daarna.")
        return day


class HoldForm(forms.Form):
    """What must stay, and why."""

    what = forms.ChoiceField(label="Wat moet blijven?")
    reason = forms.CharField(
        label="Waarom?",
        max_length=200,
        help_text="Bijvoorbeeld: Woo-verzoek 2026-031. Noem geen namen.",
        validators=[one_line],
    )

    def __init__(self, organisation: Organisation, data: Any = None) -> None:
        super().__init__(data)
        self.rounds = {
            str(one.pk): one
            for one in Assessment.objects.filter(organisation=organisation).order_by("-year", "-pk")
        }
        rounds = [(key, f"Alleen de ronde {one}") for key, one in self.rounds.items()]
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "Kies"), (EVERYTHING, "Alles van de organisatie"), *rounds]

    @property
    def round(self) -> Assessment | None:
        """The round that was chosen; none for everything. The form must be valid."""
        return self.rounds.get(self.cleaned_data["what"])


class PersonForm(forms.Form):
    """By which address somebody is known here."""

    email = forms.EmailField(
        label="E-mailadres",
        max_length=254,
        help_text="Zoals dat in het portaal staat: van een lid, een gast, of iemand die is uitgenodigd.",
        error_messages={"required": "Vul een e-mailadres in.", "invalid": "Dit is geen e-mailadres."},
    )

    def __init__(self, organisation: Organisation, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.organisation = organisation

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        user = User.objects.filter(email=email).first()
        self.found = Person(email, user, self.organisation, whole=False)
        if not self.found.is_known:
            raise forms.ValidationError("Van dit adres is bij uw organisatie niets bekend.")
        return email
