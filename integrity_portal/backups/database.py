"""A copy of the database at one moment while everybody works on, and the way back into an empty one."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

from django.db import connection

from integrity_portal.leaving.gathering import one_moment

SQLITE: Final = "database.sqlite3"
POSTGRESQL: Final = "database.dump"
Counts = dict[str, int]


class DatabaseRefused(Exception):
    """It cannot be copied or put back; the message says why, in Dutch."""


def copy(folder: Path) -> tuple[str, Counts]:
    """Puts a copy in this folder; its name there, and how many rows of which table are in it.

    SQLite by its own online backup, PostgreSQL by `pg_dump` of the very moment that is counted. Raises
    DatabaseRefused.
    """
    if connection.vendor == "sqlite":
        return SQLITE, _copy_sqlite(folder / SQLITE)
    with one_moment():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        counts = count()
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run("pg_dump", *options, f"--file={folder / POSTGRESQL}")
    return POSTGRESQL, counts


def _copy_sqlite(target: Path) -> Counts:
    with closing(sqlite3.connect(target)) as copied:
        with closing(sqlite3.connect(_path())) as source:
            source.backup(copied)
        names = [name for (name,) in copied.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: copied.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in _own(names)}


def _path() -> Path:
    return Path(connection.settings_dict["NAME"])


def _own(names: list[str]) -> list[str]:
    return sorted(name for name in names if not name.startswith("sqlite_"))


def count() -> Counts:
    """How many rows each table has now."""
    names = _own(connection.introspection.table_names())
    counts = {}
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")
            counts[name] = cursor.fetchone()[0]
    return counts


def put_back(source: Path) -> None:
    """Fills the database from this copy. Raises DatabaseRefused, also when there is anything in it."""
    if connection.introspection.table_names():
        raise DatabaseRefused("Er staan al tabellen in deze database. Begin met een lege.")
    if source.name != {"sqlite": SQLITE, "postgresql": POSTGRESQL}[connection.vendor]:
        raise DatabaseRefused("Deze reservekopie is van een ander soort database (DATABASE_URL).")
    if connection.vendor == "postgresql":
        _run("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", _named(), str(source))
        return
    connection.close()
    _path().unlink(missing_ok=True)
    shutil.copyfile(source, _path())


def _named() -> str:
    return f"--dbname={connection.settings_dict['NAME']}"


def _run(program: str, *arguments: str) -> None:
    """Runs a program of PostgreSQL on our database. Raises DatabaseRefused."""
    told = connection.settings_dict
    env = {"PGHOST": told["HOST"], "PGPORT": told["PORT"], "PGUSER": told["USER"]}
    env |= {"PGPASSWORD": told["PASSWORD"], "PGDATABASE": told["NAME"]}
    filled = {name: str(value) for name, value in env.items() if value}
    try:
        done = subprocess.run([program, *arguments], env=os.environ | filled, capture_output=True, text=True)
    except FileNotFoundError as missing:
        raise DatabaseRefused(
            f"{program} is er niet. Installeer de programma's van PostgreSQL, niet ouder dan de server "
            "(Debian en Ubuntu: apt-get install postgresql-client)."
        ) from missing
    if done.returncode:
        raise DatabaseRefused(f"{program}: {done.stderr.strip()[-1000:]}")
