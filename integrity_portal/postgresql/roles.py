"""What the role of the web and the worker may do, and whether the one that is connected is no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections
from psycopg import sql

EVERYTHING = "SELECT, INSERT, UPDATE, DELETE"
# What nobody may do who is not the owner: change the log, or say which migrations there were.
REFUSED = {
    "organisations_logentry": "UPDATE, DELETE",
    "organisations_loghead": "DELETE",
    "django_migrations": "INSERT, UPDATE, DELETE",
}


def grants(role: str) -> Iterator[str]:
    """The statements, for the owner of the tables after a `migrate`; repeatable. The role must be there.

    In one transaction: what was granted before, and perhaps was more, is taken back first.
    """
    name = sql.Identifier(role).as_string(None)
    yield f"GRANT USAGE ON SCHEMA public TO {name}"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}"
    yield f"GRANT {EVERYTHING} ON ALL TABLES IN SCHEMA public TO {name}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}"
    yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {EVERYTHING} ON TABLES TO {name}"
    yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {name}"
    for table, what in REFUSED.items():
        yield f"REVOKE {what} ON {table} FROM {name}"


def passes_by(alias: str) -> bool:
    """Whether policies do not hold for the connected role: a superuser, or the owner of a table."""
    tables = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_roles"
            " WHERE rolname = current_user AND (rolsuper OR rolbypassrls))"
            " OR EXISTS (SELECT 1 FROM pg_class WHERE relname = ANY(%s) AND relrowsecurity"
            " AND pg_has_role(current_user, relowner, 'USAGE'))",
            [tables],
        )
        found: Any = cursor.fetchone()
    return bool(found[0])
