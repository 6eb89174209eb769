"""Reads a small table out of a file, csv or xlsx, as rows of texts. Believes nothing. Pure."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from typing import Any, BinaryIO

from openpyxl import load_workbook

MAX_BYTES = 1024 * 1024
MAX_UNPACKED = 10 * 1024 * 1024
MAX_PARTS = 200
MAX_COLUMNS = 8
TAGS_A_ROW = 40  # a tag costs far more to read than the bytes it takes
TOO_LARGE = "Dit bestand is te groot. Het mag hoogstens 1 MB zijn."
TOO_MANY = "Er staan te veel rijen in dit bestand: er passen er {} in."
DAMAGED = "Dit bestand is niet te lezen. Sla het opnieuw op als xlsx of csv en probeer het nog eens."
OTHER_KIND = "Dit is geen csv of xlsx. Open het in een rekenprogramma en sla het op als xlsx of csv."
MACROS = "In dit bestand zitten macro's. Sla het op als gewone xlsx of als csv."

Rows = list[list[str | None]]  # None is a cell that is no text or number, such as a formula or a date


class TableRefused(Exception):
    """A file that cannot be read as a table; it says why, in Dutch."""


def read(file: BinaryIO, most: int) -> Rows:
    """All rows, also empty ones; of a workbook the first sheet. Raises `TableRefused`, and nothing else."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise TableRefused(TOO_LARGE)
    rows = _workbook(content, most) if content.startswith(b"PK\x03\x04") else text(_decoded(content))
    if len(rows) > most:
        raise TableRefused(TOO_MANY.format(most))
    return rows


def text(content: str) -> Rows:
    """The rows of a csv as Dutch and English programs write them, or of what was pasted from a sheet."""
    first = next((line for line in content.splitlines() if line.strip()), "")
    delimiter = max(";\t,", key=first.count)
    try:
        rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
        return [list(row) for row in rows]
    except csv.Error as fault:
        raise TableRefused(DAMAGED) from fault


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"PK")) or b"\0" in content:
        raise TableRefused(OTHER_KIND)
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        decoded = content.decode("cp1252", "replace")
    if decoded.lstrip().startswith("<") or any(ord(sign) < 32 and sign not in "\t\r\n" for sign in decoded):
        raise TableRefused(OTHER_KIND)
    return decoded


def _workbook(content: bytes, most: int) -> Rows:
    """What it would unpack to is judged before it is read."""
    try:
        _refuse_what_is_heavy(content, most)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what openpyxl leaves out of what it reads
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            rows = book.worksheets[0].iter_rows(1, most + 1, 1, MAX_COLUMNS)
            return [[_cell(cell) for cell in row] for row in rows]
    except TableRefused:
        raise
    except Exception as fault:  # what openpyxl and zipfile raise on made-up bytes is no closed list
        raise TableRefused(DAMAGED) from fault


def _refuse_what_is_heavy(content: bytes, most: int) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = package.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise TableRefused(TOO_LARGE)
        if "xl/workbook.xml" not in package.namelist():
            raise TableRefused(OTHER_KIND)
        if any("vbaproject" in part.filename.lower() for part in parts):
            raise TableRefused(MACROS)
        tags = 0
        for part in parts:
            unpacked = package.read(part)
            tags += unpacked.count(b"<")
            if b"<!DOCTYPE" in unpacked or tags > 50_000 + TAGS_A_ROW * most:
                raise TableRefused(DAMAGED)


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
