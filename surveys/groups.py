"""The groups of a survey as they are set up: their faults, which are too small, what to do. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LARGEST_POPULATION = 200_000
MOST_GROUPS = 120
LONGEST_NAME = 120
NUMBER = "Vul in hoeveel mensen er in de groep zitten: een heel getal, vanaf 1."
# With these a spreadsheet program takes a cell for a formula; no team has a name like that.
FORMULA_SIGNS = ("=", "+", "-", "@")


@dataclass(frozen=True, slots=True)
class Row:
    """One group. `key` tells it apart; `slug` is empty for a new one; `joined` is the key it counts with."""

    key: str
    name: str
    population: int
    slug: str = ""
    joined: str = ""


def faults(rows: Sequence[Row]) -> dict[str, list[str]]:
    """What is wrong, in Dutch, by the key of the row; empty when nothing is."""
    names = Counter(row.name.casefold() for row in rows)
    joined = {row.key: row.joined for row in rows}
    found = {row.key: [*_own(row), *_among(row, names, joined)] for row in rows}
    return {key: said for key, said in found.items() if said}


def _own(row: Row) -> list[str]:
    said = []
    if not row.name or len(row.name) > LONGEST_NAME:
        said.append(f"Geef een naam van hoogstens {LONGEST_NAME} tekens.")
    elif row.name.startswith(FORMULA_SIGNS):
        said.append(
            "Begin de naam met een letter of een cijfer. Zo begint een formule in een rekenprogramma."
        )
    if not 1 <= row.population <= LARGEST_POPULATION:
        said.append(NUMBER)
    return said


def _among(row: Row, names: Mapping[str, int], joined: Mapping[str, str]) -> list[str]:
    said = []
    if names[row.name.casefold()] > 1:
        said.append("Deze naam staat er meer dan één keer.")
    if row.joined == row.key:
        said.append("Een groep kan niet bij zichzelf meetellen.")
    elif row.joined and row.joined not in joined:
        said.append("De groep waar deze bij meetelt, is er niet meer. Kies een andere.")
    elif row.joined and joined[row.joined]:
        said.append("De groep waar deze bij meetelt, telt zelf ook ergens bij mee. Kies een andere.")
    return said


def people(rows: Sequence[Row]) -> dict[str, int]:
    """By key of each group that stands alone how many people count in it, with those that joined."""
    found = {row.key: row.population for row in rows if not row.joined}
    for row in rows:
        if row.joined in found:
            found[row.joined] += row.population
    return found


def too_small(rows: Sequence[Row], least: int) -> list[Row]:
    """The groups that stand alone with fewer people than `least`."""
    counted = people(rows)
    return [row for row in rows if row.key in counted and counted[row.key] < least]


def proposal(rows: Sequence[Row], key: str) -> str:
    """The key of the smallest other group that stands alone; empty when there is no other. Ties by name."""
    counted = people(rows)
    others = [row for row in rows if row.key in counted and row.key != key]
    return min(others, key=lambda row: (counted[row.key], row.name)).key if others else ""


def joined_with(rows: Sequence[Row], key: str) -> dict[str, str]:
    """By key what each group counts with, once this one joined the smallest other and took its own along."""
    target = proposal(rows, key)
    return {row.key: target if key in (row.key, row.joined) and target else row.joined for row in rows}


@dataclass(frozen=True, slots=True)
class Change:
    """What an imported row does to the groups that are there."""

    row: Row
    before: int | None  # its population now; none for a new group

    @property
    def word(self) -> str:
        if self.before is None:
            return "nieuw"
        return "blijft gelijk" if self.before == self.row.population else f"verandert, was {self.before}"


def merged(rows: Sequence[Row], given: Sequence[tuple[str, int]]) -> tuple[list[Row], list[Change]]:
    """The groups with imported names and populations among them, and what each of those does."""
    there = {row.name.casefold(): row for row in rows}
    changes, made = [], {row.key: row for row in rows}
    for number, (name, population) in enumerate(given):
        old = there.get(name.casefold())
        key, slug, joined = (old.key, old.slug, old.joined) if old else (f"nieuw-{number}", "", "")
        made[key] = Row(key, name, population, slug, joined)
        changes.append(Change(made[key], old.population if old else None))
    return list(made.values()), changes
