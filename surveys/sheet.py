"""Reads groups out of a file: csv or xlsx with two columns, a name and how many people. Believes nothing.

Pure. What is wrong with the whole file is refused; what is wrong with a row is said with that row.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from openpyxl import load_workbook

from surveys.groups import FORMULA_SIGNS, MOST_GROUPS

MAX_BYTES = 1024 * 1024
MAX_UNPACKED = 10 * 1024 * 1024
MAX_PARTS = 200
MAX_TAGS = 100_000  # 500 rows take some thousands; a tag costs far more to read than the bytes it takes
MAX_ROWS = MOST_GROUPS + 1  # with the heading
TOO_LARGE = "Dit bestand is te groot. Het mag hoogstens 1 MB zijn."
TOO_MANY = f"Er staan meer dan {MOST_GROUPS} groepen in dit bestand. Voeg kleine teams samen."
DAMAGED = "Dit bestand is niet te lezen. Sla het opnieuw op als xlsx of csv en probeer het nog eens."
OTHER_KIND = "Dit is geen csv of xlsx. Open het in een rekenprogramma en sla het op als xlsx of csv."
MACROS = "In dit bestand zitten macro's. Sla het op als gewone xlsx of als csv."
NO_ROWS = (
    "In dit bestand staan geen groepen. Zet in de eerste kolom de naam en in de tweede het aantal mensen."
)
COLUMNS = "Er staat meer in deze rij dan een naam en een aantal. Haal de andere kolommen weg."
FORMULA = "Hier staat een formule. Formules nemen wij niet over. Schrijf de uitkomst zelf op."
NO_NUMBER = "Schrijf het aantal mensen als heel getal, met alleen cijfers."


class SheetRefused(Exception):
    """A file that cannot be read as groups; it says why, in Dutch."""


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
    """The rows of the file, without its heading and empty rows. Raises `SheetRefused`, and nothing else."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise SheetRefused(TOO_LARGE)
    cells = _workbook(content) if content.startswith(b"PK\x03\x04") else _text(content)
    lines = list(_lines(cells))
    if not lines:
        raise SheetRefused(NO_ROWS)
    if len(lines) > MOST_GROUPS:
        raise SheetRefused(TOO_MANY)
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


def _text(content: bytes) -> list[list[str]]:
    """The rows of a csv as Dutch and English programs write them."""
    if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"PK")) or b"\0" in content:
        raise SheetRefused(OTHER_KIND)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if text.lstrip().startswith("<") or any(ord(sign) < 32 and sign not in "\t\r\n" for sign in text):
        raise SheetRefused(OTHER_KIND)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(";\t,", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as fault:
        raise SheetRefused(DAMAGED) from fault


def _workbook(content: bytes) -> list[list[str | None]]:
    """The rows of the first sheet of an xlsx. What it would unpack to is judged before it is read."""
    try:
        _refuse_what_is_heavy(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out of what it reads
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            rows = book.worksheets[0].iter_rows(1, MAX_ROWS + 1, 1, 4)
            return [[_cell(cell) for cell in row] for row in rows]
    except SheetRefused:
        raise
    except Exception as fault:  # what openpyxl and zipfile raise on made-up bytes is no closed list
        raise SheetRefused(DAMAGED) from fault


def _refuse_what_is_heavy(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = package.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise SheetRefused(TOO_LARGE)
        if "xl/workbook.xml" not in package.namelist():
            raise SheetRefused(OTHER_KIND)
        if any("vbaproject" in part.filename.lower() for part in parts):
            raise SheetRefused(MACROS)
        tags = 0
        for part in parts:
            unpacked = package.read(part)
            tags += unpacked.count(b"<")
            if b"<!DOCTYPE" in unpacked or tags > MAX_TAGS:
                raise SheetRefused(DAMAGED)


def _cell(cell: Any) -> str | None:
    """The text of a cell; None for a formula, a date, a fault or a yes/no."""
    value, kind = cell.value, cell.data_type
    if value is None:
        return ""
    if kind == "s":
        return str(value)
    if kind == "n" and isinstance(value, int | float):
        return str(int(value)) if value == value // 1 else str(value)
    return None
