"""Restores an archive into an empty installation, also one of an earlier version of the portal.

The tables are first made as they were in the version that wrote the archive, then filled, and then brought to
now by the migrations that every installation goes through. So whatever a later version changes, it reads the
archives of all earlier ones by that same change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.apps.registry import Apps
from django.core.exceptions import FieldDoesNotExist, FieldError, SuspiciousOperation, ValidationError
from django.core.files.base import File
from django.core.files.storage import Storage
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.graph import MigrationGraph

from integrity_portal.leaving.archive import Archive, ArchiveRefused
from integrity_portal.leaving.gathering import OWN_APPS, stored_name
from integrity_portal.leaving.tables import NAMED, PEOPLE, TABLES
from organisations.log.acts import Act
from organisations.log.chain import faults
from organisations.models import LogEntry, LogHead
from organisations.models.log import write

BATCH: Final = 500
# What rows raise that are not of these tables, or name a file outside its place.
UNFIT: Final = (
    DatabaseError,
    FieldDoesNotExist,
    FieldError,
    LookupError,
    SuspiciousOperation,
    TypeError,
    ValidationError,
    ValueError,
)
LEFT_OUT: Final = {one.model: one.left_out for one in TABLES}
# What is kept under its digest, for all organisations.
SHARED: Final = {one.model for one in TABLES if one.belongs == NAMED} - {PEOPLE}


def restore(archive: Archive) -> None:
    """Brings the tables to the archive's version, fills them, and brings them to now.

    Raises ArchiveRefused, and then nothing of the archive is in the database or among the files: when it is
    not as it was made, is of a newer portal, or when the installation is not empty.
    """
    archive.check()
    state = _reach(archive.manifest["migrations"])
    restoring = _Restoring(archive, state)
    try:
        with transaction.atomic():
            restoring.run()
    except BaseException as fault:
        restoring.take_files_away()
        if isinstance(fault, UNFIT):
            raise ArchiveRefused(
                "Het archief past niet in de tabellen van zijn versie: het is veranderd, of niet door een "
                f"portaal gemaakt. Wie het uitzoekt, heeft hier wat aan: {_first_line(fault)}"
            ) from fault
        raise
    call_command("migrate", verbosity=0)
    name = archive.manifest["organisation"]["name"]
    write(Act.OPERATION, f"archief van {name} teruggezet", who="", detail={"archief": archive.digest})


def _first_line(fault: BaseException) -> str:
    """What a fault says, without the statement that databases put below it."""
    line, _, _ = str(fault).partition("\n")
    return f"{type(fault).__name__}, {line}"


def _reach(wanted: Mapping[str, str]) -> Apps:
    """The models as they were at these migrations, with the database at them. Raises ArchiveRefused."""
    executor = MigrationExecutor(connection)
    targets = [(app, wanted[app]) for app in OWN_APPS if app in wanted]
    if unknown := [target for target in targets if target not in executor.loader.graph.nodes]:
        raise ArchiveRefused(
            f"Dit archief is van een nieuwere versie van het portaal: {unknown[0][1]} is hier onbekend."
        )
    if surpassed := contradictions(executor.loader.graph, targets):
        raise ArchiveRefused(
            f"In manifest.json spreken de versies van de tabellen elkaar tegen: {', '.join(surpassed)} is "
            "ouder dan wat de andere nodig hebben. Zo is het archief niet gemaakt. "
            "Neem het oorspronkelijke bestand."
        )
    ahead = executor.migration_plan(executor.loader.graph.leaf_nodes())
    is_fresh = not any(app in OWN_APPS for app, _ in executor.loader.applied_migrations)
    if not is_fresh and (ahead or set(targets) != _own_leaves(executor)):
        raise ArchiveRefused(
            "Dit archief is van een eerdere versie. Begin met een database zonder tabellen: "
            "deze opdracht maakt ze zelf."
        )
    if is_fresh:
        for app, name in targets:
            call_command("migrate", app, name, verbosity=0)
    found: Apps = MigrationExecutor(connection).loader.project_state(targets).apps
    return found


def contradictions(graph: MigrationGraph, targets: Sequence[tuple[str, str]]) -> list[str]:
    """The apps of which other targets need more than their own target has: no database was ever so. Pure."""
    plans = {app: set(graph.forwards_plan((app, name))) for app, name in targets}
    needed = {node for plan in plans.values() for node in plan}
    return sorted({app for app, name in needed if app in plans and (app, name) not in plans[app]})


def _own_leaves(executor: MigrationExecutor) -> set[tuple[str, str]]:
    return {node for app in OWN_APPS for node in executor.loader.graph.leaf_nodes(app)}


class _Restoring:
    """One archive on its way into the tables, in one transaction."""

    def __init__(self, archive: Archive, state: Apps) -> None:
        self.archive, self.state = archive, state
        self.tables: list[dict[str, Any]] = archive.manifest["tables"]
        self.key = archive.manifest["organisation"]["pk"]
        self.put: list[tuple[Storage, str]] = []

    def run(self) -> None:
        for table in self.tables:
            if table["model"] not in SHARED and self._model(table)._base_manager.exists():
                raise ArchiveRefused(
                    f"Deze installatie is niet leeg: er zijn al {table['title']}. "
                    "Zet het archief in een nieuwe installatie terug."
                )
        for table in self.tables:
            self._fill(table)
        self._set_head()
        for table in self.tables:
            self._hold_against_manifest(table)
        self._count_on()
        self._put_files()

    def _count_on(self) -> None:
        """A next row gets a number after those that were put in."""
        filled = [self._model(table) for table in self.tables]
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), filled):
                cursor.execute(statement)

    def _model(self, table: Mapping[str, Any]) -> type[models.Model]:
        return self.state.get_model(table["model"])

    def _fill(self, table: Mapping[str, Any]) -> None:
        model = self._model(table)
        rows = [self._row(model, table, row) for row in self.archive.rows(table)]
        # Published documents are of all organisations: the same digest is the same document.
        here = set(model._base_manager.values_list("pk", flat=True))
        model._base_manager.bulk_create([row for row in rows if row.pk not in here], batch_size=BATCH)

    def _row(self, model: type[models.Model], table: Mapping[str, Any], row: dict[str, Any]) -> models.Model:
        if set(row) != set(table["columns"]):
            raise ArchiveRefused(f"{table['file']} heeft andere kolommen dan in manifest.json staat.")
        columns = {one.attname: one for one in model._meta.concrete_fields}
        told = row | {columns_name(model, name): value for name, value in table["left_out"].items()}
        # Whatever the manifest says: an archive brings no password along, nor anybody who runs the portal.
        told |= {name: value for name, value in LEFT_OUT.get(table["model"], {}).items() if name in told}
        return model(**{name: self._value(columns[name], value) for name, value in told.items()})

    def _value(self, column: models.Field[Any, Any], value: Any) -> Any:
        if value is None:
            return None
        if isinstance(column, models.BinaryField):
            return self.archive.read(value) if value else b""
        return column.to_python(value) if column.related_model is None else value

    def _set_head(self) -> None:
        """Where the log stands: as the manifest says, and its chain must fit that."""
        told = self.archive.manifest["log"]
        entries = self.state.get_model("organisations.LogEntry")._base_manager
        chain = entries.values_list("chain", flat=True).first()
        if told and chain:
            self.state.get_model("organisations.LogHead")._base_manager.create(chain=chain, **told)

    def _hold_against_manifest(self, table: Mapping[str, Any]) -> None:
        """Every row that was put in must be of this organisation, by the look-up that it was found by."""
        model = self._model(table)._base_manager
        if table["belongs"] == NAMED:
            return
        found = model.filter(**{table["belongs"]: self.key}).values("pk").distinct().count()
        if found != table["rows"]:
            raise ArchiveRefused(f"{table['file']} heeft rijen die niet bij deze organisatie horen.")

    def _put_files(self) -> None:
        for table in self.tables:
            for column in self._model(table)._meta.concrete_fields:
                if isinstance(column, models.FileField):
                    names = self._model(table)._base_manager.exclude(**{column.name: ""})
                    self._put(table["model"], column, names.values_list(column.name, flat=True))

    def _put(self, model: str, column: models.FileField, names: Any) -> None:
        for name in sorted(set(names)):
            path = stored_name(model, name)
            if column.storage.exists(name):  # raises on a name outside the storage, also of a missing file
                raise ArchiveRefused(f"Er is al een bestand {name} in deze installatie.")
            if path in self.archive.manifest["missing"]:
                continue
            self.put.append((column.storage, name))  # before: half a file is there as well
            column.storage.save(name, _Stream(self.archive.chunks(path)))

    def take_files_away(self) -> None:
        """The files that were put, when the rows do not stay: the transaction knows nothing of them."""
        for storage, name in self.put:
            storage.delete(name)


def columns_name(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).attname)  # type: ignore[union-attr]


class _Stream(File[bytes]):
    """A file of which the content comes in chunks, for a storage to keep."""

    def __init__(self, source: Iterator[bytes]) -> None:
        super().__init__(None)
        self.source = source

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return self.source


def check_log(chain: str) -> list[str]:
    """What is wrong in a chain of the log as it is now in the database; nothing when all is well."""
    head = LogHead.objects.filter(chain=chain).first()
    found = faults(LogEntry.objects.filter(chain=chain).lines(), head.as_anchor() if head else None)
    return [str(fault) for fault in found]
