"""The database may restart without anybody seeing an error of a connection that went with it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg
import pytest
from django.conf import settings
from django.db import connection

pytestmark = pytest.mark.django_db(transaction=True)
EVERYBODY_ELSE = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


def ask() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def fill_the_pool() -> None:
    """As after a busy hour: as many idle connections as there may be."""
    connection.close()
    everybody = Barrier(settings.DATABASE_POOL_SIZE)

    def one() -> None:
        ask()
        everybody.wait(30)
        connection.close()  # back into the pool

    with ThreadPoolExecutor(settings.DATABASE_POOL_SIZE) as threads:
        for done in [threads.submit(one) for _ in range(settings.DATABASE_POOL_SIZE)]:
            done.result()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connections to lose")
def test_connections_that_the_database_dropped_are_not_handed_out() -> None:
    fill_the_pool()
    own = {key: value for key, value in connection.get_connection_params().items() if key != "pool"}
    own.pop("cursor_factory", None)
    own.pop("context", None)
    own.pop("options", None)  # as the superuser, not in the role of the web
    with psycopg.connect(**own) as other:
        other.execute(EVERYBODY_ELSE)
    for _ in range(5):
        ask()
        connection.close()
