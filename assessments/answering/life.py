"""The life of an answer: its revisions, told as the steps that people took. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

Value = TypeVar("Value")
FOLD = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Kept(Generic[Value]):
    """A revision as it was stored; `actor` is a user's id."""

    actor: int
    name: str
    at: datetime
    value: Value


@dataclass(frozen=True, slots=True)
class Step(Generic[Value]):
    """What one person made of an answer in one go: from the value before (none at first) to the one after."""

    actor: int
    name: str
    began: datetime
    ended: datetime
    saves: int
    before: Value | None
    after: Value

    @property
    def is_one_moment(self) -> bool:
        return self.began.replace(second=0, microsecond=0) == self.ended.replace(second=0, microsecond=0)


def steps(revisions: Iterable[Kept[Value]]) -> list[Step[Value]]:
    """The revisions, oldest first, as steps: what one person saved within `FOLD` of a first save is one."""
    found: list[Step[Value]] = []
    for kept in revisions:
        last = found[-1] if found else None
        if last and last.actor == kept.actor and kept.at - last.began <= FOLD:
            found[-1] = Step(
                last.actor, last.name, last.began, kept.at, last.saves + 1, last.before, kept.value
            )
        else:
            before = last.after if last else None
            found.append(Step(kept.actor, kept.name, kept.at, kept.at, 1, before, kept.value))
    return found
