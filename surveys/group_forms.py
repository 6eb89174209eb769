"""Input about the groups of a survey: all of them on one page, or a file with names and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from organisations.forms import one_line
from surveys import groups, sheet
from surveys.groups import MOST_GROUPS, NUMBER, Row
from surveys.tables import TableRefused

MORE = 4  # rows to fill in that come at a time


@dataclass
class Typed:
    """One row of the page, as it was typed."""

    key: str
    slug: str = ""
    name: str = ""
    population: str = ""
    joined: str = ""
    removed: bool = False
    small: int | None = None  # how many people, when that is too few
    faults: list[str] = field(default_factory=list)

    @property
    def counts(self) -> bool:
        """Whether it is a group: not an empty row, and not one that goes."""
        return not self.removed and bool(self.slug or self.name or self.population or self.joined)

    def row(self) -> Row:
        """What it says; a population of 0 for what is no number."""
        number = int(self.population) if self.population.isdigit() and len(self.population) < 9 else 0
        return Row(self.key, self.name, number, self.slug, self.joined)


class GroupsForm:
    """All groups of a survey. It is no Django form: one row's fault can lie in another."""

    def __init__(self, stored: Sequence[Row], least: int, data: QueryDict | None) -> None:
        self.least = least
        self.typed = _posted(data) if data is not None else _stored(stored)
        self.more(MORE if stored else 2 * MORE)

    def more(self, number: int = MORE) -> None:
        """Has so many empty rows at its end."""
        empty = sum(not one.counts and not one.removed for one in self.typed)
        first = len(self.typed)
        self.typed += [Typed(f"g{at}") for at in range(first, first + number - empty)]

    @property
    def rows(self) -> list[Row]:
        return [one.row() for one in self.typed if one.counts]

    def is_valid(self) -> bool:
        """Whether all rows can be kept; says in each what is wrong."""
        found = groups.faults(self.rows)
        for one in self.typed:
            one.faults = found.get(one.key, []) if one.counts else []
            one.faults += _unreadable(one.name)
        return not any(one.faults for one in self.typed)

    def mark_small(self) -> list[Typed]:
        """The groups that are too small as they stand in the form, also marked in their row."""
        people = groups.people(self.rows)
        small = {row.key for row in groups.too_small(self.rows, self.least) if row.population}
        for one in self.typed:
            one.small = people[one.key] if one.key in small else None
        return [one for one in self.typed if one.small is not None]

    def join(self, key: str) -> None:
        """Fills in that this group counts with the smallest other one; keeps nothing."""
        joined = groups.joined_with(self.rows, key)
        for one in self.typed:
            one.joined = joined.get(one.key, one.joined)

    def options(self) -> list[Typed]:
        """The groups that another one can count with."""
        chosen = {one.joined for one in self.typed}
        return [one for one in self.typed if one.counts and (not one.joined or one.key in chosen)]


def _stored(rows: Sequence[Row]) -> list[Typed]:
    keys = {row.key: f"g{at}" for at, row in enumerate(rows)}
    return [
        Typed(keys[row.key], row.slug, row.name, str(row.population), keys.get(row.joined, ""))
        for row in rows
    ]


def _posted(data: QueryDict) -> list[Typed]:
    typed = data.get("rows", "")
    count = min(int(typed), MOST_GROUPS + 2 * MORE) if typed.isascii() and typed.isdigit() else 0
    return [_posted_row(data, f"g{at}") for at in range(count)]


def _posted_row(data: QueryDict, key: str) -> Typed:
    return Typed(
        key,
        slug=data.get(f"{key}-slug", ""),
        name=" ".join(data.get(f"{key}-name", "").split()),
        population=data.get(f"{key}-population", "").strip(),
        joined=data.get(f"{key}-joined", ""),
        removed=f"{key}-removed" in data,
    )


def _unreadable(name: str) -> list[str]:
    try:
        one_line(name)
    except ValidationError as fault:
        return list(fault.messages)
    return []


class SheetForm(forms.Form):
    """The file; what is in it is judged by `surveys.sheet`."""

    use_required_attribute = False
    file = forms.FileField(
        label="Het bestand",
        help_text="Een xlsx of csv van hoogstens 1 MB, met twee kolommen: de naam en het aantal mensen.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "Kies een bestand.", "empty": "Het bestand is leeg."},
    )
    lines: list[sheet.Line]

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        try:
            self.lines = sheet.read(given.file)
        except TableRefused as refused:
            raise ValidationError(str(refused)) from refused
        return given


def confirmed(data: QueryDict) -> list[sheet.Line]:
    """The rows of a preview that was confirmed, as they came back; they are judged once more."""
    pairs = zip(data.getlist("name"), data.getlist("population"), strict=False)
    return [sheet.Line(number, name, typed) for number, (name, typed) in enumerate(pairs, 1)]


@dataclass(frozen=True, slots=True)
class Previewed:
    """One row of the file with what it does, or what is wrong with it."""

    line: sheet.Line
    does: str
    faults: list[str]


class Preview:
    """What importing these rows would do to the groups that are there."""

    def __init__(self, stored: Sequence[Row], lines: Sequence[sheet.Line]) -> None:
        self.rows, changes = groups.merged(stored, [(one.name, one.population) for one in lines])
        wrong = groups.faults(self.rows)
        twice = _twice(one.name for one in lines)
        self.lines = [
            Previewed(line, change.word, _faults(line, wrong.get(change.row.key, []), twice))
            for line, change in zip(lines, changes, strict=True)
        ]
        self.new = sum(change.before is None for change in changes)
        self.staying = len(self.rows) - len({change.row.key for change in changes})

    @property
    def faulty(self) -> int:
        return sum(bool(one.faults) for one in self.lines)


def _twice(names: Iterable[str]) -> Mapping[str, int]:
    seen: dict[str, int] = {}
    for name in names:
        seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
    return seen


def _faults(line: sheet.Line, own: Sequence[str], twice: Mapping[str, int]) -> list[str]:
    said = [*line.faults, *_unreadable(line.name)]
    # A number that could not be read is told once.
    said += [fault for fault in own if not (said and fault == NUMBER)]
    if twice[line.name.casefold()] > 1 and line.name:
        said.append("Deze naam staat er meer dan één keer.")
    return list(dict.fromkeys(said))
