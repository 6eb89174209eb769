"""Input of yearly counts and of vulnerabilities: read, checked, and said in Dutch where it was typed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from assessments.counting.content import figure_list, vulnerabilities
from assessments.counting.told import Counts, key
from assessments.forms import LongText
from assessments.models import VulnerabilityScores, YearlyFigures
from chain.small_numbers import CASES_OF, LEAST
from chain.vulnerability import Area, Scale
from chain.yearly import Figure

NOTE_LIMIT = 2000
HIGHEST = 99_999
WHOLE = "Vul een heel getal in, in cijfers."
TYPED_HELP = "Wat u niet indeelt, telt als ‘niet ingedeeld’. Een leeg vak telt hier als 0."


def _place(name: str) -> str:
    """The name of a count's field; a slash would need escaping in an address."""
    return name.replace("/", "--")


class CountField(forms.IntegerField):
    """A whole number, zero or more. In a text box: a number box loses what is no number."""

    def __init__(self, label: str, unit: str) -> None:
        super().__init__(
            label=label,
            required=False,
            min_value=0,
            max_value=HIGHEST,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 6}),
            error_messages={
                "invalid": WHOLE,
                "min_value": "Een aantal kan niet lager zijn dan 0.",
                "max_value": f"Vul hoogstens {HIGHEST} {'dagen ' if unit == 'days' else ''}in.",
            },
        )


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one figure, as the page shows them."""

    figure: Figure
    total: BoundField
    parts: list[BoundField] = field(default_factory=list)
    types: list[BoundField] = field(default_factory=list)

    @property
    def fields(self) -> list[BoundField]:
        return [self.total, *self.parts, *self.types]

    @property
    def shows_types(self) -> bool:
        """Whether the types stand open: something was typed there."""
        return any(one.value() not in (None, "") for one in self.types)


def _typed(one: BoundField) -> str:
    value = one.value()
    return "" if value is None else str(value).replace("\r\n", "\n")


class WrittenForm(forms.Form):
    """What is written of a round as a whole: a note, and which version its writer saw."""

    use_required_attribute = False
    theirs: Sequence[tuple[str, str]] = ()  # what somebody else saved meanwhile, where it differs
    note = LongText(label="Toelichting", rows=4, limit=NOTE_LIMIT)
    # Beyond the column's range SQLite gives an error instead of finding nothing.
    shown = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    @property
    def either(self) -> frozenset[str]:
        """None of the fields says by itself that it is not mandatory: the page says it of all."""
        return frozenset(self.fields)

    @property
    def lines(self) -> list[tuple[BoundField, str]]:
        """Every field that is shown, with a label that says enough without what stands around it."""
        return [(self["note"], "Toelichting")]

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What is wrong and where: the id of the field, and a line that names it."""
        return [(one.auto_id, f"{line}: {error}") for one, line in self.lines for error in one.errors]

    def answer_to(self, theirs: WrittenForm) -> list[tuple[str, str]]:
        """From now on the form answers what somebody else saved: where that differs, and what it is."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["shown"] = str(theirs.initial["shown"])
        self.data = data
        return [
            (line, _typed(other) or "leeg")
            for (mine, line), (other, _) in zip(self.lines, theirs.lines, strict=True)
            if _typed(mine).strip() != _typed(other).strip()
        ]


class FiguresForm(WrittenForm):
    """The counts of a year, and what they do and do not say."""

    def __init__(self, stored: YearlyFigures | None, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.content = figure_list()
        self.fields["note"].label = "Wat deze cijfers wel en niet zeggen"
        self.fields[
            "note"
        ].help_text = "Dit komt in het openbare verslag. Noem geen namen, afdelingen of zaken."
        counts: Counts = stored.counts if stored else {}
        self.initial = {_place(name): number for name, number in counts.items()}
        self.initial |= {"note": stored.note if stored else "", "shown": stored.pk if stored else 0}
        for figure in self.content.figures:
            for name, label in self._named(figure):
                self.fields[_place(name)] = CountField(label, figure.unit)

    def _named(self, figure: Figure) -> Iterator[tuple[str, str]]:
        """The name under which each count of the figure is kept, and its label."""
        yield figure.slug, "Dagen" if figure.unit == "days" else "Totaal"
        for part in figure.parts:
            yield key(figure.slug, part.slug), str(part.title)
        for one in self.content.types if figure.is_typed else ():
            yield key(figure.slug, kind=one.slug), str(one.title)

    @property
    def groups(self) -> list[Group]:
        return [
            Group(
                figure,
                self[_place(figure.slug)],
                [self[_place(key(figure.slug, part.slug))] for part in figure.parts],
                [self[_place(key(figure.slug, kind=one.slug))] for one in self.content.types]
                if figure.is_typed
                else [],
            )
            for figure in self.content.figures
        ]

    @property
    def lines(self) -> list[tuple[BoundField, str]]:
        found = [(one, f"{group.figure.title}, {one.label}") for group in self.groups for one in group.fields]
        return [*found, *super().lines]

    @property
    def counts(self) -> dict[str, int]:
        """What was filled in; of a field that is wrong nothing."""
        names = [name for figure in self.content.figures for name, _ in self._named(figure)]
        given = {name: self.cleaned_data.get(_place(name)) for name in names}
        return {name: number for name, number in given.items() if number is not None}

    def clean(self) -> dict[str, Any]:
        for group in self.groups:
            if not any(one.errors for one in group.fields):
                self._check(group)
        return self.cleaned_data

    def _check(self, group: Group) -> None:
        """Whether the numbers of one figure fit together."""
        total = self.cleaned_data[group.total.name]
        parts = [self.cleaned_data[one.name] for one in group.parts]
        types = [self.cleaned_data[one.name] for one in group.types]
        given = [number for number in [*parts, *types] if number is not None]
        if total is None and given and group.figure.adds_up:
            self.add_error(group.total.name, "Vul ook het totaal in.")
        elif total is not None:
            self._check_parts(group, total, parts)
            self._check_types(group, total, types)
            self._check_days(group)

    def _check_parts(self, group: Group, total: int, parts: list[int | None]) -> None:
        given = [number for number in parts if number is not None]
        if not group.figure.adds_up:
            for one, number in zip(group.parts, parts, strict=True):
                if number is not None and number > total:
                    self.add_error(one.name, f"Dit is meer dan het totaal van {total}.")
        elif given and len(given) < len(parts):
            empty = group.parts[parts.index(None)]
            self.add_error(
                empty.name, "Vul elk onderdeel in, ook als het 0 is. Of laat alle onderdelen leeg."
            )
        elif given and sum(given) != total:
            self.add_error(group.total.name, f"De onderdelen zijn samen {sum(given)}. Hier staat {total}.")

    def _check_types(self, group: Group, total: int, types: list[int | None]) -> None:
        together = sum(number or 0 for number in types)
        if together > total:
            first = next(one for one, number in zip(group.types, types, strict=True) if number)
            self.add_error(
                first.name, f"De soorten zijn samen {together}. Dat is meer dan het totaal van {total}."
            )

    def _check_days(self, group: Group) -> None:
        """A median of fewer than five cases tells of each of them."""
        cases = self.cleaned_data.get(CASES_OF.get(group.figure.slug, ""))
        if group.figure.unit == "days" and cases is not None and cases < LEAST:
            self.add_error(
                group.total.name,
                f"Laat dit leeg: er zijn {cases} onderzoeken afgerond, en dit kan pas vanaf {LEAST}.",
            )


@dataclass(frozen=True, slots=True)
class Row:
    """An area or factor with its fields."""

    area: Area
    fields: list[BoundField]


class VulnerabilityForm(WrittenForm):
    """Twice 0 to 3 for each area, and once for each factor."""

    def __init__(self, stored: VulnerabilityScores | None, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.content = content = vulnerabilities()
        self.fields[
            "note"
        ].help_text = "Waarom schat u het zo in? Dit komt in het verslag. Noem geen namen of zaken."
        self.initial = {"note": stored.note if stored else "", "shown": stored.pk if stored else 0}
        for area in content.areas:
            given = stored.areas.get(area.slug, {}) if stored else {}
            for name, scale in (("inherent", content.inherent), ("control", content.control)):
                self.fields[f"{area.slug}--{name}"] = _choice(scale)
                self.initial[f"{area.slug}--{name}"] = given.get(name, "")
        for factor in content.factors:
            self.fields[factor.slug] = _choice(content.factor)
            self.initial[factor.slug] = stored.factors.get(factor.slug, "") if stored else ""

    @property
    def areas(self) -> list[Row]:
        return [
            Row(area, [self[f"{area.slug}--inherent"], self[f"{area.slug}--control"]])
            for area in self.content.areas
        ]

    @property
    def factors(self) -> list[Row]:
        return [Row(factor, [self[factor.slug]]) for factor in self.content.factors]

    @property
    def lines(self) -> list[tuple[BoundField, str]]:
        rows = [*self.areas, *self.factors]
        return [
            *((one, f"{row.area.title}, {one.label}") for row in rows for one in row.fields),
            *super().lines,
        ]

    @property
    def area_scores(self) -> dict[str, dict[str, int]]:
        """The areas with both scores."""
        return {
            area.slug: {
                name: int(self.cleaned_data[f"{area.slug}--{name}"]) for name in ("inherent", "control")
            }
            for area in self.content.areas
            if self.cleaned_data[f"{area.slug}--inherent"]
        }

    @property
    def factor_scores(self) -> dict[str, int]:
        return {
            factor.slug: int(self.cleaned_data[factor.slug])
            for factor in self.content.factors
            if self.cleaned_data[factor.slug]
        }

    def clean(self) -> dict[str, Any]:
        for row in self.areas:
            inherent, control = row.fields
            if inherent.errors or control.errors:
                continue
            given = [bool(self.cleaned_data[one.name]) for one in row.fields]
            if any(given) and not all(given):
                missing = row.fields[given.index(False)]
                self.add_error(missing.name, "Kies ook hier een score, of laat beide open.")
        return self.cleaned_data


def _choice(scale: Scale) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=str(scale.question),
        required=False,
        choices=[("", "Nog niet gescoord"), *((str(n), f"{n} {text}") for n, text in enumerate(scale.steps))],
        error_messages={"invalid_choice": "Kies een score van de lijst."},
    )
