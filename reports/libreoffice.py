"""Has LibreOffice, where the machine has it, turn a Word file into an OpenDocument text."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Final

PATIENCE: Final = 60  # seconds; it takes about five, of which four to start
QUEUE: Final = 20  # seconds that who waits for a file waits for the files of others
_turn = threading.Lock()


class ConversionFailed(Exception):
    """There is no file; the message has what went wrong."""


def program() -> str | None:
    """Where LibreOffice is; None on a machine without it."""
    return shutil.which("soffice")


def to_odt(content: bytes) -> bytes:
    """The docx as odt. For use while somebody waits; one at a time in this process.

    Raises ConversionFailed, also where there is no LibreOffice.
    """
    found = program()
    if found is None:
        raise ConversionFailed("there is no LibreOffice")
    if not _turn.acquire(timeout=QUEUE):
        raise ConversionFailed(f"others are being converted for more than {QUEUE} seconds")
    try:
        with tempfile.TemporaryDirectory(prefix="odt-") as folder:
            return _convert(found, Path(folder), content)
    finally:
        _turn.release()


def _convert(found: str, folder: Path, content: bytes) -> bytes:
    source, made = folder / "paper.docx", folder / "paper.odt"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    order = [
        found,
        profile,
        "--headless",
        "--norestore",
        "--convert-to",
        "odt",
        "--outdir",
        str(folder),
        str(source),
    ]
    # A home and settings of its own: it neither reads nor leaves anything of another run.
    path = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    surroundings = {**path, "HOME": str(folder), "LANG": "C.UTF-8"}
    # A group of its own, because soffice is a script that starts the program: both end when it is too late.
    started = subprocess.Popen(
        order, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=surroundings, start_new_session=True
    )
    try:
        said, _ = started.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired as late:
        os.killpg(started.pid, signal.SIGKILL)
        started.communicate()
        raise ConversionFailed(f"no file after {PATIENCE} seconds") from late
    if started.returncode or not made.is_file():
        raise ConversionFailed(said.decode(errors="replace").strip()[-2000:] or "no file")
    return made.read_bytes()
