"""Takes a PDF apart. What `reports.verifying.opening` runs in a process of its own, with limits."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

import pypdfium2

from reports.verifying.account import LARGEST
from reports.verifying.findings import Unreadable
from reports.verifying.seals import seals_in

SECONDS: Final = 30  # of the processor; a report takes one or two
MEMORY: Final = 1536 * 1024 * 1024  # bytes of address space, of which the libraries take half a gigabyte
MOST_PAGES: Final = 500
MOST_ATTACHMENTS: Final = 10
MOST_TEXT: Final = 4_000_000  # characters


def take_apart(content: bytes, roots: Sequence[Path] = ()) -> dict[str, Any]:
    """The JSON texts, the CSV, the text of the pages and the seals of a PDF.

    Raises Unreadable for what can be said in words; a broken file may raise anything else.
    """
    try:
        opened_pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as fault:
        raise Unreadable("deze PDF is beschadigd of beveiligd") from fault
    with closing(opened_pdf) as pdf:
        files = _attachments(pdf)
        pages = _pages(pdf)
    texts = [data for name, data in files if name.lower().endswith(".json")]
    tables = [data for name, data in files if name.lower().endswith(".csv")]
    return {
        "json": [_text(data) for data in texts],
        "csv": _text(tables[0]) if len(tables) == 1 else None,
        "pages": pages,
        "seals": [one._asdict() for one in seals_in(content, roots)],
    }


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as fault:
        raise Unreadable("een bijlage in de PDF is geen leesbare tekst") from fault


def _attachments(pdf: pypdfium2.PdfDocument) -> list[tuple[str, bytes]]:
    number = pdf.count_attachments()
    if number > MOST_ATTACHMENTS:
        raise Unreadable(f"er zitten {number} bestanden in deze PDF; in een verslag zijn dat er minder")
    found = [pdf.get_attachment(at) for at in range(number)]
    read = [(one.get_name(), bytes(one.get_data())) for one in found]
    if any(len(data) > LARGEST for _, data in read):
        raise Unreadable("een bijlage in de PDF is te groot om te lezen")
    return read


def _pages(pdf: pypdfium2.PdfDocument) -> list[str]:
    if len(pdf) > MOST_PAGES:
        raise Unreadable(f"deze PDF heeft {len(pdf)} bladzijden; zo lang is geen verslag")
    pages: list[str] = []
    for page in pdf:
        pages.append(page.get_textpage().get_text_bounded())
        page.close()
        if sum(map(len, pages)) > MOST_TEXT:
            raise Unreadable("op de bladzijden van deze PDF staat meer tekst dan een verslag heeft")
    return pages


def main() -> None:
    """Takes the PDF on standard input apart; prints JSON. Exit status 3 with a sentence when it cannot."""
    with suppress(ValueError, OSError):  # where the machine sets a lower limit that one holds
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        found = take_apart(sys.stdin.buffer.read(), [Path(name) for name in sys.argv[1:]])
    except Unreadable as refusal:
        sys.stderr.write(str(refusal))
        sys.exit(3)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
