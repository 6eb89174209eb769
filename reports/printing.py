"""Has a report printed by `reports.pdf`, in a process of its own.

So WeasyPrint's memory is gone when the file is there, a fault in one of its libraries fails one report and
not the worker, and what draws a page knows no database and no password.
"""

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

TOP: Final = Path(__file__).resolve().parent.parent
PATIENCE: Final = 120  # seconds; a report takes a few
# All that the process gets to know of ours: where programs, libraries and a cache for fonts may be.
PASSED_ON: Final = ("PATH", "HOME", "XDG_CACHE_HOME", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")


class PrintingFailed(Exception):
    """There is no file; the message has what went wrong."""


class Printed(NamedTuple):
    content: bytes
    pages: int


def print_pdf(html: str, *, data: str, at: datetime) -> Printed:
    """The PDF of a whole HTML page, with `data` (JSON) inside, dated `at`. Raises PrintingFailed."""
    order = json.dumps({"html": html, "data": data, "at": at.isoformat()})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reports.pdf"],
            input=order.encode(),
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
