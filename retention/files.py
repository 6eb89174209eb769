"""Files of which the rows went, now or long ago."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.core.files.storage import Storage
from django.db import transaction

from assessments.models import Evidence
from assessments.models.evidence import evidence_storage
from organisations import walls


def remove_file(storage: Storage, name: str) -> None:
    """The file goes once its rows are gone for certain; a disk that refuses one keeps no other."""

    def remove() -> None:
        storage.delete(name)

    transaction.on_commit(remove, robust=True)


def remove_lost_files(before: datetime) -> int:
    """Removes files of evidence that no row names, older than this moment; how many.

    They are of an upload or a destruction that was broken off between the row and the file. Who puts back a
    database of some days ago has all its files, and has until then to put back those of later.
    """
    storage = evidence_storage()
    with walls.everywhere():  # who sees no rows would take every file for lost
        named = set(Evidence.objects.exclude(file="").values_list("file", flat=True))
    old = [name for name in _files(storage) if storage.get_modified_time(name) < before]
    lost = [name for name in old if name not in named]
    for name in lost:
        storage.delete(name)
    return len(lost)


def _files(storage: Storage, folder: str = "") -> Iterator[str]:
    """The names of all files in a storage; none when its place was not made yet."""
    if not storage.exists(folder):
        return
    folders, files = storage.listdir(folder)
    yield from (f"{folder}{name}" for name in files)
    for name in folders:
        yield from _files(storage, f"{folder}{name}/")
