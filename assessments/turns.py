"""Who has the same questions, and whose turn comes before whose. Pure: assignments as rows in, people out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from assessments.asked import Key


class Given(NamedTuple):
    """An assignment as a row: to whom what was given, in which turn, and what became of it."""

    user: int
    name: str
    link: str
    theme: str
    question: str
    turn: int
    note: str
    by: str | None  # the name of who handed it over
    handed_in_at: datetime | None

    @property
    def key(self) -> Key:
        return self.link, self.theme, self.question


def giving(rows: Iterable[Given], user: int, question: str) -> Given | None:
    """The row, of one theme's rows, that gives this question to the user."""
    return next((row for row in rows if row.user == user and row.question in ("", question)), None)


def before(one: Given, rows: Iterable[Given]) -> list[Given]:
    """The rows whose turn at the same comes earlier, in the order in which they came."""
    return [row for row in rows if row.key == one.key and row.turn < one.turn]


def after(one: Given, rows: Iterable[Given]) -> list[Given]:
    """The rows whose turn at the same comes later."""
    return [row for row in rows if row.key == one.key and row.turn > one.turn]


def names(rows: Iterable[Given]) -> list[str]:
    """Each name once, in the order of the rows."""
    return list(dict.fromkeys(row.name for row in rows))
