"""An archive of Waterrijk with something in every corner, and a fresh installation to restore it in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from assessments.models import Assessment
from integrity_portal.leaving.archive import MANIFEST, README, Archive, ArchiveWriter
from integrity_portal.leaving.gathering import gather
from organisations.log.acts import Act
from organisations.models import Organisation, User
from organisations.models.log import write
from retention.models import Hold
from tests.cast import make_message
from tests.surveys import make_told
from tests.world import make_world

TOP = Path(__file__).parent.parent
SECOND = "portal_restored"  # the name of the second database on PostgreSQL
Change = Callable[[dict[str, Any], dict[str, bytes]], None]


def make_full(cast: dict[str, User]) -> Organisation:
    """Waterrijk with a published round, a closed survey, evidence, a house style, sent mail and a log."""
    round_ = make_world(cast, "published").round
    assert isinstance(round_, Assessment)
    round_.surveys.all().delete()
    make_told(round_, cast["anna"], {"Burgerzaken": (30, 20), "Ruimte": (40, 25)})
    make_message(cast["bram"], sent_at=round_.created_at, text="", html="")
    organisation = Organisation.objects.get(slug="waterrijk")
    for hold in Hold.objects.in_force():
        hold.lift(cast["bea"])
    for number in range(3):
        write(Act.SETTINGS, f"naam {number}", organisation=organisation, who=cast["bea"])
    return organisation


def archive_of(organisation: Organisation, folder: Path, name: str = "archief.zip") -> Path:
    path = folder / name
    with path.open("wb") as target:
        gather(organisation, target)
    return path


def rewritten(path: Path, change: Change) -> Path:
    """Another archive, sound in itself: of the same content after this change of manifest and files."""
    with Archive(path) as archive:
        manifest = archive.manifest
        files = {name: archive.read(name) for name in archive.entries if name != README}
    change(manifest, files)
    target = path.with_name("veranderd.zip")
    with target.open("wb") as opened:
        writer = ArchiveWriter(opened)
        for name, content in files.items():
            writer.add(name, [content])
        writer.close(
            {name: told for name, told in manifest.items() if name not in ("kind", "format", "files")}
        )
    return target


def repacked(path: Path, changes: dict[str, bytes | None]) -> Path:
    """The same zip with these entries replaced or, where None, left out; its manifest as it was."""
    target = path.with_name("geknoeid.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as opened:
        for name in [*source.namelist(), *(set(changes) - set(source.namelist()))]:
            content = changes[name] if name in changes else source.read(name)
            if content is not None:
                opened.writestr(name, content)
    return target


def change_rows(files: dict[str, bytes], table: str, change: Callable[[dict[str, Any]], object]) -> None:
    name = f"tabellen/{table}.json"
    rows = json.loads(files[name])
    for row in rows:
        change(row)
    files[name] = json.dumps(rows).encode()


class Fresh:
    """A place with nothing in it yet; `run` is manage.py there."""

    def __init__(self, var: Path, url: str) -> None:
        self.var, self.url = var, url

    def run(self, *command: object, check: bool = True) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "DEMO": "1", "VAR_DIR": str(self.var), "DATABASE_URL": self.url}
        env["DJANGO_SETTINGS_MODULE"] = "integrity_portal.settings"
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, command)],
            cwd=TOP,
            env=env,
            capture_output=True,
            text=True,
        )
        assert not check or done.returncode == 0, done.stderr
        return done


@contextmanager
def fresh_place(folder: Path) -> Iterator[Fresh]:
    """On the same kind of database as the tests run on."""
    if connection.vendor == "sqlite":
        yield Fresh(folder / "var", f"sqlite:///{folder / 'fresh.sqlite3'}")
        return
    told = connection.settings_dict
    server = f"postgresql://{told['USER']}@{told['HOST']}:{told['PORT']}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as other:
        other.execute(f"DROP DATABASE IF EXISTS {SECOND}")
        other.execute(f"CREATE DATABASE {SECOND}")
        yield Fresh(folder / "var", f"{server}/{SECOND}")
        other.execute(f"DROP DATABASE {SECOND} WITH (FORCE)")


def manifest_of(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(zipfile.ZipFile(path).read(MANIFEST))
    return found


def text_of(path: Path) -> str:
    """All that can be read in an archive, as one text."""
    with zipfile.ZipFile(path) as source:
        return "\n".join(source.read(name).decode("utf-8", "replace") for name in source.namelist())


def as_bytes(organisation: Organisation) -> bytes:
    target = BytesIO()
    gather(organisation, target)
    return target.getvalue()
