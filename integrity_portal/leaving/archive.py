"""The form of an archive: a zip of JSON and files, with a manifest that has the digest of each. Pure.

docs/archief.md describes it for whoever reads one without the portal. The same content always gives the same
bytes, so two archives can be compared by their digest.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

KIND: Final = "integriteitsportaal-archief"
FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
README: Final = "LEESMIJ.txt"
WORDS: Final = """Dit is het archief van een organisatie uit het integriteitsportaal.

manifest.json   wat erin zit: elke tabel met haar kolommen, en van elk bestand de SHA-256
tabellen/       alle gegevens, een bestand met JSON per tabel
bestanden/      bewijsstukken, verslagen (PDF) en logo's

Er staan vertrouwelijke gegevens in. Bewaar het zo dat alleen bevoegde mensen erbij kunnen.
docs/archief.md bij het portaal legt uit hoe u het leest, controleert en terugzet.
"""
LARGEST_MANIFEST: Final = 64 * 1024 * 1024
CHUNK: Final = 1024 * 1024
WHEN: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip knows: when it was made is not in it
# What a manifest of this form holds: `...` is any key, a list any number of one, a tuple a choice.
SHAPE: Final = {
    "portal": str,
    "organisation": {"pk": int, "name": str, "slug": str},
    "migrations": {...: str},
    "log": ({"number": int, "digest": str}, None),
    "tables": [
        {
            "model": str,
            "title": str,
            "belongs": str,
            "file": str,
            "rows": int,
            "columns": {...: str},
            "left_out": {...: object},
        }
    ],
    "files": [{"name": str, "bytes": int, "sha256": str}],
    "missing": [str],
}
NAME: Final = re.compile(r"(LEESMIJ\.txt|(tabellen|bestanden)(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+)")


class ArchiveRefused(Exception):
    """The file is no archive, or not as it was made; the message says why, in Dutch."""


class ArchiveWriter:
    """Writes an archive into an open file, one entry after the other; `close` adds the manifest."""

    def __init__(self, target: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED)
        self._entries: list[dict[str, Any]] = []
        self.add(README, [WORDS.encode()])

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Adds one file, a chunk at a time."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(_entry(name), "w", force_zip64=True) as target:
            for chunk in chunks:
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self._entries.append({"name": name, "bytes": size, "sha256": digest.hexdigest()})

    def close(self, told: Mapping[str, Any]) -> str:
        """Adds the manifest with what is told in it; its SHA-256, which stands for the whole."""
        manifest = {"kind": KIND, "format": FORMAT, **told, "files": self._entries}
        text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1).encode()
        with self._zip.open(_entry(MANIFEST), "w", force_zip64=True) as target:
            target.write(text)
        self._zip.close()
        return hashlib.sha256(text).hexdigest()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, WHEN)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _fits(value: Any, shape: Any) -> bool:
    """Whether a value from JSON has this shape; see SHAPE."""
    if isinstance(shape, tuple):
        return any(_fits(value, one) for one in shape)
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(one, shape[0]) for one in value)
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            return False
        if ... in shape:
            return all(_fits(one, shape[...]) for one in value.values())
        return all(name in value and _fits(value[name], one) for name, one in shape.items())
    if shape is None:
        return value is None
    return isinstance(value, shape) and not (shape is int and isinstance(value, bool))


class Archive:
    """An archive opened for reading. All that it yields is held against the manifest.

    Raises ArchiveRefused when it is no archive, of a newer format, has a manifest that is not as told in
    docs/archief.md, or other files than its manifest says.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            text = self._manifest_text()
            self.manifest: dict[str, Any] = json.loads(text)
            self.entries = {one["name"]: one for one in self.manifest["files"]}
        except Exception as fault:  # what zipfile, zlib and json raise on made-up bytes is no closed list
            raise ArchiveRefused(f"Dit is geen archief van het portaal: {fault}") from fault
        self.digest = hashlib.sha256(text).hexdigest()
        self._check()

    def _manifest_text(self) -> bytes:
        if self._zip.getinfo(MANIFEST).file_size > LARGEST_MANIFEST:
            raise ValueError(f"{MANIFEST} is te groot")
        return self._zip.read(MANIFEST)

    def _check(self) -> None:
        if self.manifest.get("kind") != KIND:
            raise ArchiveRefused("Dit is geen archief van het portaal.")
        if self.manifest.get("format") != FORMAT:
            raise ArchiveRefused(f"Dit portaal leest archieven van vorm {FORMAT}, niet deze.")
        if wrong := [key for key, shape in SHAPE.items() if not _fits(self.manifest.get(key), shape)]:
            raise ArchiveRefused(f"In {MANIFEST} klopt {wrong[0]!r} niet.")
        names = self._zip.namelist()
        if sorted(names) != sorted([*self.entries, MANIFEST]):
            raise ArchiveRefused("In het archief zitten andere bestanden dan in manifest.json staan.")
        if strange := [name for name in self.entries if not NAME.fullmatch(name) or ".." in name]:
            raise ArchiveRefused(f"Zo heet een bestand in een archief niet: {strange[0]!r}")

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of one file. Raises ArchiveRefused, at the end at the latest, when it was changed."""
        told, digest, size = self.entries[name], hashlib.sha256(), 0
        try:
            with self._zip.open(name) as source:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    if size > told["bytes"]:
                        break
                    yield chunk
        except Exception as fault:  # as when it is opened
            raise ArchiveRefused(f"{name} is beschadigd.") from fault
        if (size, digest.hexdigest()) != (told["bytes"], told["sha256"]):
            raise ArchiveRefused(f"{name} is veranderd: het controlegetal klopt niet.")

    def read(self, name: str) -> bytes:
        return b"".join(self.chunks(name))

    def rows(self, table: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """The rows of a table of the manifest. Raises ArchiveRefused."""
        try:
            rows = json.loads(self.read(table["file"]))
        except (ValueError, LookupError, RecursionError) as fault:
            raise ArchiveRefused(f"{table.get('file')} is niet te lezen: {fault}") from fault
        if not isinstance(rows, list) or len(rows) != table["rows"]:
            raise ArchiveRefused(f"{table['file']} heeft niet zoveel rijen als in manifest.json staat.")
        yield from rows

    def check(self) -> None:
        """Goes through the whole of it. Raises ArchiveRefused."""
        for name in self.entries:
            for _ in self.chunks(name):
                pass

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, where: TracebackType | None
    ) -> None:
        self._zip.close()
