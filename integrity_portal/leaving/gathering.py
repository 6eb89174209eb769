"""Gathers all of one organisation into an archive."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import IO, Any, Final
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from psycopg import IsolationLevel

from integrity_portal import __version__
from integrity_portal.leaving.archive import CHUNK, ArchiveWriter
from integrity_portal.leaving.tables import NAMED, TABLES, Table
from organisations.models import LogHead, Organisation
from organisations.models.log import chain_of
from surveys.models import Survey

OWN_APPS: Final = tuple(sorted({table.model.split(".")[0] for table in TABLES}))
Tell = Callable[[int, int], None]


class NotYet(Exception):
    """The archive cannot be made now; the message says what must be done first, in Dutch."""


def barriers(organisation: Organisation) -> list[str]:
    """What must be settled before there can be an archive, in Dutch; empty when nothing. One query.

    Loose answers of an open survey may go nowhere, and without them it could not go on elsewhere. What the
    griffier has not released may not be read by whoever gets the archive.
    """
    of_council = models.Q(audience=Survey.Audience.COUNCIL, released_on=None)
    found = Survey.objects.filter(organisation=organisation).filter(
        models.Q(status=Survey.Status.OPEN) | models.Q(of_council, status=Survey.Status.CLOSED)
    )
    return [_barrier(survey) for survey in found.select_related("assessment").order_by("pk")]


def _barrier(survey: Survey) -> str:
    which = f"De peiling onder {survey.get_audience_display()} bij {survey.assessment}"
    if survey.status == Survey.Status.OPEN:
        return f"{which} loopt nog. Sluit haar eerst."
    return f"{which} is gesloten, maar de griffier gaf de uitkomst nog niet vrij."


def gather(organisation: Organisation, target: IO[bytes], tell: Tell = lambda done, all_: None) -> str:
    """Writes the archive of this organisation into an open file; its digest. Raises NotYet.

    Reads one moment of the database, whoever works in it meanwhile. `tell` hears how many of how many tables
    are done. A file that is no longer on the disk is named in the manifest (`missing`), and is no reason to
    keep the rest here.
    """
    with one_moment():
        if found := barriers(organisation):
            raise NotYet("\n".join(found))
        return _Gathering(organisation, ArchiveWriter(target)).run(tell)


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction that sees one state of the database all along. SQLite's always does."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    connection.ensure_connection()
    below: Any = connection.connection
    below.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        with transaction.atomic():
            yield
    finally:
        below.isolation_level = None


class _Gathering:
    """One archive in the making."""

    def __init__(self, organisation: Organisation, writer: ArchiveWriter) -> None:
        self.organisation, self.writer = organisation, writer
        self.named: dict[str, set[Any]] = {one.model: set() for one in TABLES if one.belongs == NAMED}
        self.missing: list[str] = []

    def run(self, tell: Tell) -> str:
        tables = []
        for number, table in enumerate(TABLES):
            tell(number, len(TABLES))
            tables.append(self._add(table))
        tell(len(TABLES), len(TABLES))
        head = LogHead.objects.filter(chain=chain_of(self.organisation)).first()
        told = {
            "portal": __version__,
            "organisation": {name: getattr(self.organisation, name) for name in ("pk", "name", "slug")},
            "migrations": newest_migrations(),
            "log": {"number": head.number, "digest": head.digest} if head else None,
            "tables": tables,
            "missing": self.missing,
        }
        return self.writer.close(told)

    def _add(self, table: Table) -> dict[str, Any]:
        """Adds the table and its files; what the manifest says of it."""
        model = apps.get_model(table.model)
        columns = [one for one in model._meta.concrete_fields if one.name not in table.left_out]
        name, counter = f"tabellen/{table.model.lower()}.json", itertools.count()
        self.writer.add(name, _lines(self._rows(table, columns), counter))
        self._add_files(table, columns)
        return {
            "model": table.model,
            "title": str(model._meta.verbose_name_plural),
            "belongs": table.belongs,
            "file": name,
            "rows": next(counter),
            "columns": {one.attname: str(one.verbose_name) for one in columns},
            "left_out": dict(table.left_out),
        }

    def _mine(self, table: Table) -> models.QuerySet[Any]:
        every: models.QuerySet[Any] = (
            apps.get_model(table.model)._base_manager.order_by("pk").filter(**table.only)
        )
        if table.belongs == NAMED:
            return every.filter(pk__in=self.named[table.model])
        # Apart, since by some look-ups one row is found more than once.
        return every.filter(pk__in=every.filter(**{table.belongs: self.organisation.pk}).values("pk"))

    def _rows(self, table: Table, columns: Sequence[models.Field[Any, Any]]) -> Iterator[dict[str, Any]]:
        here = [one.attname for one in columns if one.name not in table.files]
        is_there = {f"has_{name}": _is_there(name) for name in table.files}
        naming = {one.attname: self.named[name] for one in columns if (name := named_by(one)) in self.named}
        for row in self._mine(table).annotate(**is_there).values(*here, *is_there).iterator(chunk_size=1000):
            for name, found in naming.items():
                found.update({row[name]} - {None})
            for name, ending in table.files.items():
                row[name] = file_name(table, row, ending) if row.pop(f"has_{name}") else None
            yield {name: plain(value) for name, value in row.items()}

    def _add_files(self, table: Table, columns: Sequence[models.Field[Any, Any]]) -> None:
        for name, ending in table.files.items():
            for row in self._mine(table).exclude(**{name: None}).values().iterator(chunk_size=1):
                self.writer.add(file_name(table, row, ending), [bytes(row[name])])
        for one in columns:
            if isinstance(one, models.FileField):
                self._add_stored(table, one)

    def _add_stored(self, table: Table, column: models.FileField) -> None:
        names = self._mine(table).exclude(**{column.name: ""}).values_list(column.name, flat=True)
        for name in sorted(set(names)):
            path = stored_name(table.model, name)
            try:
                with column.storage.open(name) as source:
                    self.writer.add(path, iter(lambda: source.read(CHUNK), b""))
            except FileNotFoundError:
                self.missing.append(path)


def _lines(rows: Iterator[dict[str, Any]], counter: Iterator[int]) -> Iterator[bytes]:
    """The rows as a JSON list, one a line; `counter` is one further for each."""
    yield b"["
    for row in rows:
        text = json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        yield f"{',' if next(counter) else ''}\n{text}".encode()
    yield b"\n]\n"


def _is_there(name: str) -> models.expressions.Combinable:
    return models.ExpressionWrapper(models.Q(**{f"{name}__isnull": False}), models.BooleanField())


def named_by(column: models.Field[Any, Any]) -> str:
    """The model that a column names a row of; empty when it names none."""
    return column.related_model._meta.label if isinstance(column, models.ForeignKey) else ""


def file_name(table: Table, row: Mapping[str, Any], ending: str) -> str:
    """Where the bytes of a column of this row lie in the archive."""
    key = row[apps.get_model(table.model)._meta.pk.attname]
    ending = row[ending[1:]] if ending.startswith("@") else ending
    return f"bestanden/{table.model.lower()}/{key}.{ending}"


def stored_name(model: str, name: str) -> str:
    """Where a file of a storage lies in the archive; `name` is what the storage calls it."""
    return f"bestanden/{model.lower()}/{name}"


def plain(value: Any) -> Any:
    """A value of a column as JSON has it; a moment in UTC with microseconds."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def newest_migrations() -> dict[str, str]:
    """The newest migration of each of our apps: to restore, a database is first brought to these."""
    graph = MigrationLoader(None).graph
    return {app: graph.leaf_nodes(app)[0][1] for app in OWN_APPS}
