"""What is in the database, table by table, and what a request changed of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, models

Rows = dict[Any, dict[str, Any]]
_WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM|INSERT OR \w+ INTO)\s+"(\w+)"', re.IGNORECASE)
TABLES = {model._meta.db_table: model for model in apps.get_models() if model._meta.managed}


class Change(NamedTuple):
    """A row that is not what it was; `before` is None for a new one, `after` for one that is gone."""

    model: type[models.Model]
    key: Any
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    def __str__(self) -> str:
        return f"{self.model.__name__} {self.key}: {self.before} -> {self.after}"


def _read(model: type[models.Model]) -> Rows:
    return {row[model._meta.pk.attname]: row for row in model._base_manager.values()}


class Ledger:
    """All rows as they were when it was made, and which of them belong to an organisation."""

    def __init__(self) -> None:
        self.rows = {table: _read(model) for table, model in TABLES.items()}
        self.written: set[str] = set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Remembers which tables were written to; only those are read again."""
        self.written = set()

        def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
            self.written.update(_WRITES.findall(sql))
            return execute(sql, *rest)

        with connection.execute_wrapper(watch):
            yield

    def changes(self) -> list[Change]:
        """What differs in the tables that were written to."""
        found = []
        for table in sorted(self.written & TABLES.keys()):
            before, after = self.rows[table], _read(TABLES[table])
            keys = [*before, *(key for key in after if key not in before)]
            found += [
                Change(TABLES[table], key, before.get(key), after.get(key))
                for key in keys
                if before.get(key) != after.get(key)
            ]
        return found

    def belonging_to(self, *roots: models.Model) -> set[tuple[str, Any]]:
        """The table and key of these rows and of all that points to them, directly or by others."""
        found = {(root._meta.db_table, root.pk) for root in roots}
        while True:
            more = {
                (table, key)
                for table, rows in self.rows.items()
                for key, row in rows.items()
                if (table, key) not in found and found & set(_points_to(TABLES[table], row))
            }
            if not more:
                return found
            found |= more


def _points_to(model: type[models.Model], row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and row[field.attname] is not None:
            yield field.related_model._meta.db_table, row[field.attname]


def faults(change: Change, others: set[tuple[str, Any]]) -> Iterator[str]:
    """What is wrong with a row that was stored; `others` are rows that this person has nothing to do with."""
    table = change.model._meta.db_table
    if (table, change.key) in others:
        yield f"of somebody else: {change}"
    if change.after is None:
        return
    if others & set(_points_to(change.model, change.after)):
        yield f"points to what is of somebody else: {change}"
    for field in change.model._meta.concrete_fields:
        value = change.after[field.attname]
        if change.before is None or change.before[field.attname] != value:
            yield from (f"{why} in {field.name}: {change}" for why in _wrong(field, value))


def _wrong(field: models.Field[Any, Any], value: Any) -> Iterator[str]:
    """Why this field cannot hold this value, whatever the database says of it: SQLite knows no lengths."""
    if isinstance(value, str):
        lines = isinstance(field, models.TextField)
        bad = [one for one in value if unicodedata.category(one) in ("Cc", "Cs")]
        if any(one not in "\n\t" or not lines for one in bad):
            yield f"a control character ({bad[0]!r})"
    if value in field.empty_values:
        return
    try:
        field.run_validators(value)
        if field.choices:
            field.validate(value, None)
    except ValidationError as fault:
        yield str(fault.messages)
