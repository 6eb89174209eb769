"""Opens a file of a stranger: the data inside a PDF, the text of its pages, its seals.

PDF is read in a process of its own, with a limit on time and memory: a file that is made to crash a reader,
or to unpack into gigabytes, ends that process and nothing else. Nothing is written to disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from assessments.supplement import SCHEMA as SUPPLEMENT
from reports.account import SCHEMA as ACCOUNT
from reports.verifying.account import read_json
from reports.verifying.findings import SealSaid, Unreadable

TOP: Final = Path(__file__).resolve().parent.parent.parent
LARGEST: Final = 20 * 1024 * 1024  # bytes of a file, as of any upload
PATIENCE: Final = 40  # seconds for one file; a report takes one or two
PASSED_ON: Final = ("PATH", "HOME", "LD_LIBRARY_PATH")


@dataclass(slots=True)
class Contents:
    """What is in a file. `account` and `supplement` are the exact bytes."""

    account: bytes
    supplement: bytes | None = None
    csv: bytes | None = None
    pages: list[str] | None = None  # None for bare JSON
    seals: list[SealSaid] = field(default_factory=list)
    file: str = ""


def opened(content: bytes, roots: Sequence[Path] = ()) -> Contents:
    """What is in a report's PDF, or in the JSON of its account alone. Raises Unreadable.

    `roots` are PEM files with certificates that a seal may come from.
    """
    if len(content) > LARGEST:
        raise Unreadable(f"het bestand is groter dan {LARGEST // 1024 // 1024} MB")
    if content.lstrip()[:1] == b"{":
        return Contents(content)
    if b"%PDF-" not in content[:1024]:
        raise Unreadable("dit is geen PDF en geen JSON")
    taken = _apart(content, roots)
    found = _by_schema([one.encode() for one in taken["json"]])
    if ACCOUNT not in found:
        raise Unreadable("in deze PDF zitten geen gegevens om na te rekenen")
    return Contents(
        account=found[ACCOUNT],
        supplement=found.get(SUPPLEMENT),
        csv=taken["csv"].encode() if taken["csv"] is not None else None,
        pages=taken["pages"],
        seals=[SealSaid(**one) for one in taken["seals"]],
        file=hashlib.sha256(content).hexdigest(),
    )


def _by_schema(texts: list[bytes]) -> dict[str, bytes]:
    """The attachments that say what they are, by that; two that say the same could be read either way."""
    found: dict[str, bytes] = {}
    for text in texts:
        value = read_json(text, "een bijlage in de PDF")
        schema = value.get("schema") if isinstance(value, dict) else None
        if schema in found:
            raise Unreadable("er zitten twee bestanden met dezelfde soort gegevens in de PDF")
        if isinstance(schema, str):
            found[schema] = text
    return found


def _apart(content: bytes, roots: Sequence[Path]) -> dict[str, Any]:
    """What the other process found. Raises Unreadable, whatever became of it."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reports.verifying.apart", *map(str, roots)],
            input=content,
            capture_output=True,
            timeout=PATIENCE,
            cwd=TOP,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        )
    except subprocess.TimeoutExpired as late:
        raise Unreadable(f"het bestand was na {PATIENCE} seconden nog niet gelezen") from late
    if done.returncode == 3:
        raise Unreadable(done.stderr.decode(errors="replace").strip()[:300])
    if done.returncode:
        raise Unreadable("deze PDF is beschadigd, of te groot om uit te pakken")
    found: dict[str, Any] = json.loads(done.stdout)
    return found
