"""The folder of a backup: the database, the files of evidence, and a manifest with the digest of each."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

from django.core.files.storage import FileSystemStorage, storages
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from integrity_portal import __version__
from integrity_portal.backups import database, keys

KIND: Final = "integriteitsportaal-reservekopie"
MANIFEST: Final = "manifest.json"
KEPT: Final = ("evidence",)  # the storages whose files are kept nowhere else
CHUNK: Final = 1024 * 1024


class BackupRefused(Exception):
    """The backup cannot be made or put back; the message says why, in Dutch."""


def back_up(folder: Path) -> dict[str, Any]:
    """Makes a backup in a new folder; its manifest. Leaves nothing when it raises BackupRefused or OSError.

    First the database and then the files: a file is there before its row is, and never changes.
    """
    folder.mkdir(mode=0o700)  # who runs it chose where; one that is there already is not ours
    try:
        return _fill(folder)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _fill(folder: Path) -> dict[str, Any]:
    try:
        name, counts = database.copy(folder)
    except database.DatabaseRefused as fault:
        raise BackupRefused(str(fault)) from fault
    digests = {name: digest_of(folder / name)}
    for storage in KEPT:
        for source, path in _files(storage):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                shutil.copy2(source, target)
            except FileNotFoundError:  # somebody deleted it just now
                continue
            digests[path] = digest_of(target)
    manifest = {
        "kind": KIND,
        "portal": __version__,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "database": name,
        "rows": counts,
        "files": digests,
        "keys": keys.named(os.environ),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True))
    return manifest


def _files(storage: str) -> Iterator[tuple[Path, str]]:
    """The files of a storage, each with its path in the backup."""
    place = location(storage)
    for path in sorted(place.rglob("*")):
        if path.is_file():
            yield path, f"{storage}/{path.relative_to(place)}"


def location(storage: str) -> Path:
    return Path(cast(FileSystemStorage, storages[storage]).location)


def digest_of(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def read(folder: Path) -> dict[str, Any]:
    """The manifest of a backup that is whole. Raises BackupRefused."""
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        if manifest["kind"] != KIND:
            raise ValueError(manifest["kind"])
        for name, digest in manifest["files"].items():
            if ".." in name or name.startswith("/"):
                raise BackupRefused(f"Zo heet een bestand in een reservekopie niet: {name!r}")
            if digest_of(folder / name) != digest:
                raise BackupRefused(f"{name} is veranderd: het controlegetal klopt niet.")
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as fault:
        raise BackupRefused(f"Dit is geen hele reservekopie: {fault}") from fault
    return manifest


def put_back(folder: Path) -> dict[str, Any]:
    """Fills an empty installation from a backup and compares what is there then; its manifest.

    Raises BackupRefused: before anything changed when the backup is not whole or the place not empty.
    """
    manifest = read(folder)
    if taken := [name for name in KEPT if any(_files(name))]:
        raise BackupRefused(f"Er staan al bestanden in {location(taken[0])}.")
    try:
        database.put_back(folder / manifest["database"])
    except database.DatabaseRefused as fault:
        raise BackupRefused(str(fault)) from fault
    for name in sorted(set(manifest["files"]) - {manifest["database"]}):
        storage, _, path = name.partition("/")
        target = location(storage) / path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy2(folder / name, target)
    if differences := compared(manifest):
        raise BackupRefused(
            "\n".join(["Wat is teruggezet, is niet wat in de reservekopie zit:", *differences])
        )
    return manifest


def compared(manifest: dict[str, Any]) -> list[str]:
    """What differs between a backup and this installation, a line each."""
    told, here = manifest["rows"], database.count()
    found = [
        f"{name}: {told.get(name, 0)} rijen in de kopie, hier {here.get(name, 0)}"
        for name in sorted({*told, *here})
        if told.get(name) != here.get(name)
    ]
    files = {path: digest_of(source) for storage in KEPT for source, path in _files(storage)}
    wanted = {name: digest for name, digest in manifest["files"].items() if name != manifest["database"]}
    return found + [f"{name} verschilt" for name in sorted(dict(files.items() ^ wanted.items()))]


def is_behind() -> bool:
    """Whether the database that was put back waits for migrations of this version."""
    loader = MigrationLoader(connection)
    return bool(set(loader.graph.leaf_nodes()) - set(loader.applied_migrations))
