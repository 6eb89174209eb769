"""Has a report or another paper printed by `reports.pdf`, in a process of its own.

So WeasyPrint's memory is gone when the file is there, a fault in one of its libraries fails one file and
not the worker, and what draws a page knows no database and no password.
"""

import json
import os
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

TOP: Final = Path(__file__).resolve().parent.parent
PATIENCE: Final = 120  # seconds; a report takes a few
QUEUE: Final = 20  # seconds that who waits for a paper waits for the papers of others
_turn = threading.Lock()
# All that the process gets to know of ours: where programs, libraries and a cache for fonts may be.
PASSED_ON: Final = ("PATH", "HOME", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")


class PrintingFailed(Exception):
    """There is no file; the message has what went wrong."""


class Printed(NamedTuple):
    content: bytes
    pages: int


def print_pdf(html: str, *, data: str, at: datetime) -> Printed:
    """The PDF of a whole HTML page, with `data` (JSON) inside, dated `at`. Raises PrintingFailed."""
    return _print({"html": html, "data": data, "at": at.isoformat()})


def print_paper(html: str) -> Printed:
    """The PDF of a whole HTML page with nothing inside, as `pdf.render_paper`. Raises PrintingFailed.

    For use while somebody waits for it. One at a time in this process: each takes a whole processor.
    """
    if not _turn.acquire(timeout=QUEUE):
        raise PrintingFailed(f"others are being printed for more than {QUEUE} seconds")
    try:
        return _print({"html": html})
    finally:
        _turn.release()


def _print(order: dict[str, str]) -> Printed:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reports.pdf"],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=PATIENCE,
            cwd=TOP,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        )
    except subprocess.TimeoutExpired as late:
        raise PrintingFailed(f"no file after {PATIENCE} seconds") from late
    if done.returncode:
        raise PrintingFailed(done.stderr.decode(errors="replace").strip()[-2000:])
    pages, content = done.stdout.split(b"\n", 1)
    return Printed(content, int(pages))
