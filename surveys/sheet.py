"""Reads groups out of a file: csv or xlsx with two columns, a name and how many people. Believes nothing.

Pure. What is wrong with the whole file is refused; what is wrong with a row is said with that row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from surveys import tables
from surveys.groups import FORMULA_SIGNS, MOST_GROUPS
from surveys.tables import TableRefused

MAX_ROWS = 2 * MOST_GROUPS  # with the heading, and empty rows
TOO_MANY = f"Er staan meer dan {MOST_GROUPS} groepen in dit bestand. Voeg kleine teams samen."
NO_ROWS = (
    "In dit bestand staan geen groepen. Zet in de eerste kolom de naam en in de tweede het aantal mensen."
)
COLUMNS = "Er staat meer in deze rij dan een naam en een aantal. Haal de andere kolommen weg."
FORMULA = "Hier staat een formule. Formules nemen wij niet over. Schrijf de uitkomst zelf op."
NO_NUMBER = "Schrijf het aantal mensen als heel getal, met alleen cijfers."


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file, by its number there, and what is wrong with it."""

    number: int
    name: str
    typed: str
    faults: list[str] = field(default_factory=list)

    @property
    def population(self) -> int:
        """0 for what is no number."""
        return int(self.typed) if _is_number(self.typed) else 0


def read(file: BinaryIO) -> list[Line]:
    """The rows of the file, without its heading and empty rows. Raises `TableRefused`, and nothing else."""
    lines = list(_lines(tables.read(file, MAX_ROWS)))
    if not lines:
        raise TableRefused(NO_ROWS)
    if len(lines) > MOST_GROUPS:
        raise TableRefused(TOO_MANY)
    return lines


def _lines(rows: Iterable[Sequence[str | None]]) -> Iterator[Line]:
    """None is a cell that is no text or number."""
    heading = True
    for number, row in enumerate(rows, 1):
        cells = [cell if cell is None else " ".join(cell.split()) for cell in row]
        if not any(cell is None or cell for cell in cells):
            continue
        name, typed, *more = [*cells, "", ""]
        is_heading = heading and name is not None and typed is not None and not any(map(str.isdigit, typed))
        heading = False
        if not (is_heading and typed):
            yield Line(number, name or "", typed or "", _faults(name, typed, any(more)))


def _faults(name: str | None, typed: str | None, more: bool) -> list[str]:
    said = [COLUMNS] if more else []
    if name is None or typed is None or typed.startswith(FORMULA_SIGNS):
        said.append(FORMULA)
    elif not _is_number(typed):
        said.append(NO_NUMBER)
    return said


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) <= 9
