"""On PostgreSQL the tests are the role that the web is in production, for which the policies hold."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations

from integrity_portal.postgresql.roles import grants

ROLE = "portaal"
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has no roles, policies or triggers"
)


@contextmanager
def restricted() -> Iterator[None]:
    """Every connection to the tests' database takes the role from now on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {ROLE} LOGIN")
        for statement in grants(ROLE):
            cursor.execute(statement)
    options: dict[str, Any] = connection.settings_dict["OPTIONS"]
    original = DatabaseOperations.execute_sql_flush
    options["options"] = (
        f"-c role={ROLE}"  # Django's own `assume_role` waits for itself where there is a pool
    )
    _begin_anew()
    DatabaseOperations.execute_sql_flush = _flush_as_owner(original)  # type: ignore[method-assign]
    yield
    DatabaseOperations.execute_sql_flush = original  # type: ignore[method-assign]
    del options["options"]  # what removes the database is the owner
    _begin_anew()


def _begin_anew() -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's


def _flush_as_owner(original: Any) -> Any:
    """Between tests the tables are emptied, the log too: only a superuser can, who puts triggers off."""

    def flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            try:
                original(self, sql_list)
            finally:
                cursor.execute("SET session_replication_role = origin")

    return flush


@contextmanager
def as_owner() -> Iterator[None]:
    """For what a test does as somebody with full power over the database; on SQLite everybody is."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute(f"SET ROLE {ROLE}")
