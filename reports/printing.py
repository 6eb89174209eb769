"""Has a report or another paper printed by `reports.pdf` and checked, each in a process of its own.

So WeasyPrint's memory is gone when the file is there, a fault in one of its libraries fails one file and
not the worker, and what draws a page knows no database and no password.
"""

import json
import os
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from reports.norms import ARCHIVE, COUNCIL

TOP: Final = Path(__file__).resolve().parent.parent
PATIENCE: Final = 120  # seconds; a report takes a few
QUEUE: Final = 20  # seconds that who waits for a paper waits for the papers of others
_turn = threading.Lock()
# All that the process gets to know of ours: where programs, libraries and a cache for fonts may be.
PASSED_ON: Final = ("PATH", "HOME", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
NOTHING: Final[Mapping[str, bytes]] = MappingProxyType({})


class PrintingFailed(Exception):
    """There is no file; the message has what went wrong."""


class Printed(NamedTuple):
    content: bytes
    pages: int


class Attached(NamedTuple):
    """A file inside the PDF. The kind of file follows from the name."""

    name: str
    description: str
    text: str


def print_pdf(
    html: str,
    *,
    at: datetime,
    variant: str = COUNCIL,
    attached: Sequence[Attached] = (),
    style: str = "",
    files: Mapping[str, bytes] = NOTHING,
    sealed: bool = False,
) -> Printed:
    """The PDF of a whole HTML page of a report. Raises PrintingFailed.

    `variant` is one of `norms`; only the council's can have files inside (`attached`), dated `at`. `style` is
    CSS that comes after the report's own. `files` are pictures which the page calls by "portal:" and their
    name, such as `<img src="portal:logo.svg" alt="…">`. `sealed` leaves the empty field for a seal in it.
    """
    return _print(
        {
            "html": html,
            "variant": variant,
            "attached": [one._asdict() for one in attached],
            "at": at.isoformat(),
            "sealed": sealed,
            **_beside(style, files),
        }
    )


def print_paper(html: str, *, style: str = "", files: Mapping[str, bytes] = NOTHING) -> Printed:
    """The PDF of a whole HTML page with nothing inside, as `pdf.render_paper`. Raises PrintingFailed.

    For use while somebody waits for it. One at a time in this process: each takes a whole processor.
    """
    if not _turn.acquire(timeout=QUEUE):
        raise PrintingFailed(f"others are being printed for more than {QUEUE} seconds")
    try:
        return _print({"html": html, **_beside(style, files)})
    finally:
        _turn.release()


def print_page(html: str, *, at: datetime) -> Printed:
    """The PDF of a page in the look of the report, with nothing inside. Raises PrintingFailed.

    For use while somebody waits for it, as `print_paper`.
    """
    if not _turn.acquire(timeout=QUEUE):
        raise PrintingFailed(f"others are being printed for more than {QUEUE} seconds")
    try:
        return print_pdf(html, at=at, variant=ARCHIVE)
    finally:
        _turn.release()


def check_pdf(content: bytes, variant: str = COUNCIL) -> list[str]:
    """What of a PDF is not as its variant must be, a line per fault; nothing when all is well.

    Raises PrintingFailed when the checker itself fails.
    """
    told = _run("reports.checking", content, variant).decode()
    return told.splitlines()


def _beside(style: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    return {"style": style, "files": {name: b64encode(one).decode() for name, one in files.items()}}


def _print(order: dict[str, Any]) -> Printed:
    pages, content = _run("reports.pdf", json.dumps(order).encode()).split(b"\n", 1)
    return Printed(content, int(pages))


def _run(module: str, given: bytes, *arguments: str) -> bytes:
    """What a module of ours makes of `given`, in a process of its own. Raises PrintingFailed."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            input=given,
            capture_output=True,
            timeout=PATIENCE,
            cwd=TOP,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        )
    except subprocess.TimeoutExpired as late:
        raise PrintingFailed(f"no answer of {module} after {PATIENCE} seconds") from late
    if done.returncode:
        raise PrintingFailed(done.stderr.decode(errors="replace").strip()[-2000:])
    return done.stdout
