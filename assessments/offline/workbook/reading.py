"""Reads a workbook back: what was filled in, and in words what could not be read. Believes nothing."""

from __future__ import annotations

import contextlib
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from assessments.evidence.uploads import UploadRefused, recognise
from assessments.evidence.uploads.kinds import DAMAGED, OFFICE
from assessments.offline.workbook.layout import ABOUT, FACTS, FIELDS, LAYOUT, NUMBER, Stamp, unescaped

EXCEL = OFFICE[1]
MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 15 * 1024 * 1024  # 82 questions with all texts full of emoji take 3 MB
MAX_TAGS = 100_000  # those take 10,000; what a spreadsheet program adds by itself is no more than that
MAX_ROWS, MAX_COLUMNS = 500, 30
TOO_LARGE = "Dit bestand is te groot voor een werkblad. Een werkblad mag hoogstens 5 MB zijn."
OTHER_KIND = (
    "Dit is geen werkblad. Kies een bestand dat eindigt op .xlsx. "
    "Hebt u een ander soort rekenblad? Sla het dan eerst op als xlsx."
)
NOT_OURS = (
    "Dit is geen werkblad van dit portaal, of het verborgen blad Gegevens is weg. "
    "Download het werkblad opnieuw en vul dat in."
)
OLD = "Dit werkblad is van een oudere versie van het portaal. Download het opnieuw en vul dat in."
FORMULA = "In de kolom {} staat een formule. Formules nemen wij niet over. Schrijf de uitkomst zelf op."
NO_TEXT = "In de kolom {} staat een datum, waar of onwaar, of een fout van het rekenprogramma: geen tekst."


@dataclass
class Row:
    """A question as it was filled in: the form's fields by name, as typed, and what could not be read."""

    question: str
    values: dict[str, str]
    faults: list[str] = field(default_factory=list)


@dataclass
class Filled:
    """A workbook that was read: what it belongs to, its questions, and what is to be said of the whole."""

    stamp: Stamp
    versions: dict[str, int]  # per question of the workbook the version that was stored when it was made
    rows: dict[str, Row] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


def read(file: BinaryIO, name: str) -> Filled:
    """What is in the workbook that came under this name. Raises `UploadRefused`, with no other exception."""
    if file.seek(0, 2) > MAX_BYTES:
        raise UploadRefused(TOO_LARGE)
    if recognise(file, name) is not EXCEL:
        raise UploadRefused(OTHER_KIND)
    try:
        _refuse_what_is_heavy(file)
        with warnings.catch_warnings(), contextlib.closing(_opened(file)) as book:
            warnings.simplefilter("ignore")  # what openpyxl leaves out of what it reads
            return _read(book)
    except UploadRefused:
        raise
    except Exception as fault:  # what openpyxl raises on made-up bytes is no closed list
        raise UploadRefused(DAMAGED) from fault


def _refuse_what_is_heavy(file: BinaryIO) -> None:
    """Judged before it is parsed, since a tag costs far more than the four bytes that it may take."""
    with zipfile.ZipFile(file) as package:
        if sum(entry.file_size for entry in package.infolist()) > MAX_UNPACKED:
            raise UploadRefused(TOO_LARGE)
        tags = 0
        for entry in package.infolist():
            content = package.read(entry)
            tags += content.count(b"<")
            if b"<!DOCTYPE" in content or tags > MAX_TAGS:
                raise UploadRefused(DAMAGED)


class _Reader(ExcelReader):
    """openpyxl takes _x005F_ out of shared texts and leaves the rest of the escapes; here none is touched."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)  # type: ignore[no-untyped-call]
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = list(_strings(source))


def _strings(source: Any) -> Iterator[str]:
    for _, node in iterparse(source):
        if node.tag == f"{{{SHEET_MAIN_NS}}}si":
            text = Text.from_tree(node)
            yield text.content if text else ""
            node.clear()


def _opened(file: BinaryIO) -> Any:
    reader = _Reader(file, read_only=True, keep_links=False)
    reader.read()
    return reader.wb


def _read(book: Any) -> Filled:
    if FACTS not in book.sheetnames:
        raise UploadRefused(NOT_OURS)
    filled = _facts(book[FACTS])
    for sheet in book.worksheets:
        if sheet.title not in (ABOUT, FACTS):
            _read_sheet(sheet, filled)
    missing = [question for question in filled.versions if question not in filled.rows]
    if missing:
        filled.remarks.append(f"Niet gevonden in het werkblad: {', '.join(missing)}. Daar verandert niets.")
    return filled


def _rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """The cells of each row; a sheet may claim to have a million."""
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(1, MAX_ROWS, 1, MAX_COLUMNS)
    return rows


def _facts(sheet: Any) -> Filled:
    """What the hidden sheet says. Raises `UploadRefused` when it is not as we wrote it."""
    facts, versions = {}, {}
    for row in _rows(sheet):
        name, value, _, question, version = (_typed(cell) for cell in row[:5])
        if name:
            facts[name] = value
        if question and version:
            versions[question] = version
    if facts.get("layout", LAYOUT) != LAYOUT:
        raise UploadRefused(OLD)
    try:
        del facts["layout"]
        stamp = Stamp(**{**facts, "round": int(facts["round"]), "person": int(facts["person"])})  # type: ignore[arg-type]
        return Filled(stamp, {question: int(version) for question, version in versions.items()})
    except (KeyError, TypeError, ValueError) as fault:
        raise UploadRefused(NOT_OURS) from fault


def _read_sheet(sheet: Any, filled: Filled) -> None:
    rows = _rows(sheet)
    names = [(_typed(cell) or "").strip() for cell in next(rows, ())]
    if any(names.count(name) != 1 for name in (NUMBER, *FIELDS)):
        filled.remarks.append(
            f"Het blad {sheet.title} kennen wij niet, of de bovenste rij is veranderd. Het is niet gelezen."
        )
        return
    at = {name: names.index(name) for name in (NUMBER, *FIELDS)}
    strange = []
    for cells in rows:
        question = (_typed(cells[at[NUMBER]]) or "").strip()
        if question in filled.rows:
            filled.rows[question].faults.append("Deze vraag staat meer dan één keer in het werkblad.")
        elif question in filled.versions:
            filled.rows[question] = _row(question, {name: cells[at[name]] for name in FIELDS})
        elif question:
            strange.append(question)
    if strange:
        filled.remarks.append(
            f"Op het blad {sheet.title} staan rijen die wij niet kennen: {', '.join(strange)[:200]}."
        )


def _row(question: str, cells: dict[str, Any]) -> Row:
    row = Row(question, {})
    for name, cell in cells.items():
        text = _typed(cell)
        if text is None:
            row.faults.append((FORMULA if cell.data_type == "f" else NO_TEXT).format(name))
        row.values[FIELDS[name]] = text or ""
    return row


def _typed(cell: Any) -> str | None:
    """The text of a cell; a number as one types it. None for a formula, a date, a fault or a yes/no."""
    value, kind = cell.value, cell.data_type
    if value is None:
        return ""
    if kind == "s" and isinstance(value, str):
        return unescaped(value)
    if kind == "n" and isinstance(value, int | float):
        return str(int(value)) if value == value // 1 else str(value)
    return None
