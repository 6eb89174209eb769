"""What `manage.py check --database default` has to say besides what Django says."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

OWNER = Warning(
    "PostgreSQL's policies do not hold for the role in DATABASE_URL: it owns the tables, or is a superuser.",
    hint="Let the web and the worker use a role of their own: manage.py web_role, docs/production.md.",
    id="integrity_portal.W001",
)


@register(Tags.database)
def second_wall(databases: Sequence[str] | None = None, **how: Any) -> list[CheckMessage]:
    """Warns when the second wall between organisations is not there for whoever is connected."""
    from integrity_portal.postgresql.roles import passes_by  # needs psycopg's library, which SQLite does not

    on_postgresql = [alias for alias in databases or () if connections[alias].vendor == "postgresql"]
    return [OWNER for alias in on_postgresql if passes_by(alias)]
