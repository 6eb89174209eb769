"""The log as a sheet for an auditor."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain

from organisations.cells import plain

COLUMNS = (
    *("nummer", "wanneer", "wie", "wat", "waarop", "resultaat", "vanaf"),
    *("bijzonderheden", "vorige controlegetal", "controlegetal"),
)


def sheet(rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """The rows as CSV (RFC 4180) below a heading, a line at a time; no cell is taken for a formula."""
    for row in chain([COLUMNS], rows):
        line = io.StringIO()
        csv.writer(line).writerow([plain(text) for text in row])
        yield line.getvalue()
