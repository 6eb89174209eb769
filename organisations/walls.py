"""The second wall between organisations: which of them the database may show to whoever it works for now.

The first wall is `visible_to` and `editable_by`. This one stands in PostgreSQL (row_security.py): it shows a
row only when the statement came with the row's organisation in `portal.organisations`. What that holds is
decided here, for each request anew, and integrity_portal/postgresql/base.py sends it along with each
statement, for that one alone. Whoever says nothing is nobody and sees no row of any organisation. Pure;
SQLite ignores it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

EVERYWHERE: Final = "*"
PORTAL: Final = 0  # in place of an organisation, for what belongs to none: the portal's own log


def nobody() -> None:
    return None


class Scope:
    """What one request, task or command may touch.

    That is the organisations of the person it is for, and those that it entered by a link of theirs or by
    what they published.
    """

    def __init__(
        self,
        person: Callable[[], int | None] = nobody,
        entered: Iterable[int] = (),
        *,
        is_everywhere: bool = False,
    ) -> None:
        self.person = person
        self.entered = set(entered)
        self.is_everywhere = is_everywhere
        self._learnt: tuple[int, str] | None = None

    def enter(self, organisation: int) -> None:
        self.entered.add(organisation)

    def ask(self) -> int | None:
        """The person whose organisations the database has to tell first; None when it is all known."""
        person = None if self.is_everywhere else self.person()
        return person if person and (self._learnt is None or self._learnt[0] != person) else None

    def learn(self, person: int, organisations: str) -> None:
        """Keeps what the database told: the keys of the organisations of this person, with commas."""
        self._learnt = person, organisations

    @property
    def told(self) -> str:
        """The setting, as far as it is known: keys of organisations with commas between them, or "*"."""
        if self.is_everywhere:
            return EVERYWHERE
        keys = [str(one) for one in sorted(self.entered)]
        if self._learnt and self._learnt[1] and self._learnt[0] == self.person():
            keys.append(self._learnt[1])
        return ",".join(keys)


_scope: ContextVar[Scope] = ContextVar("scope")
_outside = Scope()


def now() -> Scope:
    """What holds for the next statement; outside requests, tasks and commands that is nobody's."""
    return _scope.get(_outside)


@contextmanager
def scope(scope: Scope) -> Iterator[Scope]:
    """While this is open, exactly this holds, whatever held outside."""
    token = _scope.set(scope)
    try:
        yield scope
    finally:
        _scope.reset(token)


@contextmanager
def everywhere() -> Iterator[Scope]:
    """For what looks over all organisations: where a link leads, and the portal's own work.

    tests/test_walls.py lists who does, with the reason.
    """
    with scope(Scope(is_everywhere=True)) as found:
        yield found


@contextmanager
def only(organisation: int | None) -> Iterator[Scope]:
    """For work on one organisation alone; None is the portal itself."""
    with scope(Scope(entered=[PORTAL if organisation is None else organisation])) as found:
        yield found


@contextmanager
def of_person(person: int | None) -> Iterator[Scope]:
    """For work in the organisations that this person is a member of."""
    with scope(Scope(lambda: person)) as found:
        yield found


def enter(organisation: int) -> None:
    """For the rest of this request the organisation is open too: a link or a publication of it led here."""
    now().enter(organisation)


def lift_outside_requests() -> None:
    """For a process of whoever runs the portal (manage.py): outside of requests it looks everywhere."""
    _outside.is_everywhere = True
