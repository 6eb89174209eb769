"""PostgreSQL that knows for whom each statement is, and whose pool comes back at once after a restart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg import ClientCursor
from psycopg_pool import ConnectionPool

from organisations import walls

# What reads or writes rows. Whatever else there is gets no setting, and so no row of any organisation.
WITH_ROWS = re.compile(r"\W*(SELECT|INSERT|UPDATE|DELETE|WITH|EXPLAIN)\b", re.IGNORECASE)


class Cursor(base.CursorMixin, ClientCursor[Any]):
    """Sends each statement together with the organisations that it may touch (organisations/walls.py).

    Both go as one query, so it costs no round trip; and what is set holds until the end of the transaction at
    most, which without an open one is the end of the statement. So nothing remains in a connection for who
    gets it next, and within a transaction each statement sets it anew.
    """

    def execute(self, query: Any, params: Any = None, **how: Any) -> Cursor:
        if not (isinstance(query, str) and WITH_ROWS.match(query)):
            super().execute(query, params, **how)
            return self
        scope = walls.now()
        person = scope.ask()
        super().execute(f"{_setting(scope, person)}; {query}", params, **how)
        if person:
            (organisations, *_) = self.fetchone() or ("",)
            scope.learn(person, organisations)
        self.nextset()
        return self

    def executemany(self, query: Any, params_seq: Iterable[Any], **how: Any) -> None:
        """One after another: the driver's own sends no more than one statement at a time."""
        for params in params_seq:
            self.execute(query, params)


def _setting(scope: walls.Scope, person: int | None) -> str:
    """The statement that sets it. The organisations of a person who is new here it asks and tells as well."""
    told = scope.told
    if person is None:
        return f"SELECT set_config('portal.organisations', '{told}', true)"
    asked = f"walls_of({person})"
    both = f"concat_ws(',', nullif('{told}', ''), nullif(asked.told, ''))"
    return f"SELECT asked.told, set_config('portal.organisations', {both}, true) FROM {asked} asked(told)"


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        # A pool has to make cursors of this kind by itself too.
        return {**super().get_connection_params(), "cursor_factory": Cursor}

    @property
    def pool(self) -> ConnectionPool[Any] | None:
        """The pool that all threads share, as Django makes it, but for its check.

        psycopg's own check throws away only the dead connection that it came upon, and waits twice as long
        before each next: with eight idle ones a visitor after a restart waited for 30 s, for an error.
        """
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        pools: dict[str, ConnectionPool[Any]] = self._connection_pools  # type: ignore[attr-defined]  # not in the stubs
        if self.alias not in pools:
            pools.setdefault(self.alias, self._new_pool(options))
        return pools[self.alias]

    def _new_pool(self, options: dict[str, Any]) -> ConnectionPool[Any]:
        def check(connection: Any) -> None:
            try:
                ConnectionPool.check_connection(connection)
            except Exception:
                pool.drain()
                raise

        pool = ConnectionPool(
            kwargs={**self.get_connection_params(), "autocommit": True},
            open=False,
            configure=self._configure_connection,  # type: ignore[attr-defined]
            check=check,
            **options,
        )
        return pool
