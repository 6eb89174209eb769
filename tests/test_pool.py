"""The database may restart without anybody seeing an error of a connection that went with it."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)
EVERYBODY_ELSE = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


def ask() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connections to lose")
def test_connections_that_the_database_dropped_are_not_handed_out() -> None:
    ask()
    own = {key: value for key, value in connection.get_connection_params().items() if key != "pool"}
    connection.close()  # back into the pool
    own.pop("cursor_factory", None)
    own.pop("context", None)
    with psycopg.connect(**own) as other:
        other.execute(EVERYBODY_ELSE)
    for _ in range(5):
        ask()
        connection.close()
