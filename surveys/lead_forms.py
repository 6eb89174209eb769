"""Input of who leads a survey: its period and rules, and what was settled with others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from organisations.forms import one_line
from surveys.clearing import titles
from surveys.groups import LARGEST_POPULATION
from surveys.models import Survey
from surveys.models.survey import LEAST_ANSWERS, LEAST_POPULATION

USUAL = timedelta(weeks=3)
LONGEST = timedelta(days=183)
WHOLE = "Schrijf een heel getal, met alleen cijfers."


def _day(label: str, **kwargs: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **kwargs)


def _number(label: str, least: int, most: int, help_text: str, **kwargs: Any) -> forms.IntegerField:
    said = {"min_value": f"Lager dan {least} kan niet.", "max_value": f"Hoger dan {most} kan niet."}
    return forms.IntegerField(
        label=label,
        min_value=least,
        max_value=most,
        help_text=help_text,
        error_messages={"invalid": WHOLE, **said},
        **kwargs,
    )


class LastDayForm(forms.Form):
    """Until when people can answer."""

    use_required_attribute = False
    closes_on = _day(
        "Laatste dag",
        help_text="De peiling opent als u dat zegt en sluit vanzelf na deze dag. Drie weken is gebruikelijk.",
    )

    def clean_closes_on(self) -> date:
        day: date = self.cleaned_data["closes_on"]
        today = timezone.localdate()
        if day < today:
            raise ValidationError("Deze dag is al voorbij.")
        if day > today + LONGEST:
            raise ValidationError(f"Kies een dag tot en met {date_format(today + LONGEST, 'j F Y')}.")
        return day


class RulesForm(LastDayForm):
    """The period, and the rules that protect people: these can be made stricter, not looser."""

    def __init__(self, audience: str, survey: Survey | None, data: QueryDict | None) -> None:
        least = LEAST_POPULATION[audience]
        names = ("closes_on", "least_population", "least_answers", "months_kept")
        initial: dict[str, Any] = {
            "closes_on": timezone.localdate() + USUAL,
            "least_population": least,
            "least_answers": LEAST_ANSWERS,
            "months_kept": 6,
        }
        initial |= {name: getattr(survey, name) for name in names if survey}
        super().__init__(data, initial=initial)
        if audience == "council":
            self._ask_members(survey)
        self.fields["least_population"] = _number(
            "Kleinste groep die een eigen uitkomst krijgt",
            least,
            1000,
            f"Ten minste {least} mensen. Hoger mag: dan is iedereen nog minder te herkennen.",
        )
        self.fields["least_answers"] = _number(
            "Minste antwoorden voor een uitkomst",
            LEAST_ANSWERS,
            100,
            f"Ten minste {LEAST_ANSWERS}, per groep en per stelling. Hoger mag.",
        )
        self.fields["months_kept"] = _number(
            "Maanden dat losse antwoorden blijven",
            1,
            24,
            "Zo lang na het vaststellen van de ronde. Daarna worden zij vernietigd; de uitkomst blijft.",
        )

    def _ask_members(self, survey: Survey | None) -> None:
        there = survey.groups.values_list("population", flat=True).first() if survey else None
        self.fields["members"] = _number(
            "Aantal raadsleden", 1, LARGEST_POPULATION, "De raad is één groep.", initial=there
        )

    @property
    def rules(self) -> dict[str, Any]:
        """All but the number of council members."""
        return {name: value for name, value in self.cleaned_data.items() if name != "members"}


class ClearancesForm(forms.Form):
    """Each matter that is settled: ticked, with whom and when."""

    use_required_attribute = False

    def __init__(self, survey: Survey, data: QueryDict | None) -> None:
        there = {one.kind: one for one in survey.clearances.all()}
        initial: dict[str, Any] = {}
        for kind, one in there.items():
            initial |= {f"{kind}_done": True, f"{kind}_name": one.name, f"{kind}_on": one.on}
        super().__init__(data, initial=initial)
        self.matters = titles(survey.audience)
        # Asked for once the box is ticked; so none of them is called optional.
        self.either = [f"{kind}_{part}" for kind in self.matters for part in ("done", "name", "on")]
        for kind, title in self.matters.items():
            self.fields[f"{kind}_done"] = forms.BooleanField(label=f"Afgestemd: {title}", required=False)
            self.fields[f"{kind}_name"] = forms.CharField(
                label="Met wie", required=False, max_length=120, validators=[one_line]
            )
            self.fields[f"{kind}_on"] = _day("Op", required=False)

    def by_matter(self) -> Iterator[tuple[str, str, list[forms.BoundField]]]:
        """Kind, title and the three fields of each."""
        for kind, title in self.matters.items():
            yield kind, title, [self[f"{kind}_{part}"] for part in ("done", "name", "on")]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for kind in self.matters:
            name, day = f"{kind}_name", f"{kind}_on"
            if data.get(f"{kind}_done"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, "Schrijf op met wie u dit hebt afgestemd.")
                if not data.get(day) and day not in self.errors:
                    self.add_error(day, "Vul de dag in waarop dit is afgestemd.")
            if (on := data.get(day)) and on > timezone.localdate():
                self.add_error(day, "Deze dag ligt in de toekomst.")
        return data

    @property
    def settled(self) -> dict[str, tuple[str, date]]:
        data = self.cleaned_data
        return {
            kind: (data[f"{kind}_name"], data[f"{kind}_on"]) for kind in self.matters if data[f"{kind}_done"]
        }
