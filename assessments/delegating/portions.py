"""What one person hands in: theme by theme, how far each is, and what of it is handed in. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from assessments.asked import Key, in_theme
from chain.questionnaire import Link, Question, Questionnaire, Theme


class Unit(NamedTuple):
    """An assignment of this person as a row; `waits` while somebody with an earlier turn is not done."""

    pk: int
    key: Key
    handed_in_at: datetime | None
    waits: bool


@dataclass(frozen=True)
class Portion:
    """A theme as far as it was given to one person."""

    link: Link
    theme: Theme
    units: tuple[Unit, ...]
    answered: Set[str]  # ids of all questions that the person answered

    @property
    def name(self) -> str:
        """How a form calls it."""
        return f"{self.link.slug}/{self.theme.slug}"

    @cached_property
    def open(self) -> tuple[Unit, ...]:
        """What can be handed in now."""
        return tuple(unit for unit in self.units if unit.handed_in_at is None and not unit.waits)

    @cached_property
    def waiting(self) -> tuple[Unit, ...]:
        """What has to wait for a colleague."""
        return tuple(unit for unit in self.units if unit.handed_in_at is None and unit.waits)

    @cached_property
    def handed_in(self) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.handed_in_at is not None)

    @property
    def handed_in_at(self) -> datetime | None:
        """When the last of it was handed in; none when nothing was."""
        return max((unit.handed_in_at for unit in self.units if unit.handed_in_at), default=None)

    def questions(self, units: Iterable[Unit]) -> tuple[Question, ...]:
        return in_theme(self.link.slug, self.theme, (unit.key for unit in units))

    @property
    def to_hand_in(self) -> tuple[Question, ...]:
        return self.questions(self.open)

    @property
    def missing(self) -> list[Question]:
        """The questions without an answer of what can be handed in now."""
        return [question for question in self.to_hand_in if question.id not in self.answered]

    @property
    def answered_to_hand_in(self) -> int:
        return len(self.to_hand_in) - len(self.missing)


def portions(content: Questionnaire, units: Iterable[Unit], answered: Set[str]) -> list[Portion]:
    """The portions of somebody who was given these units, in the order of the questionnaire."""
    given = list(units)
    found = []
    for link in content.links:
        for theme in link.themes:
            here = tuple(unit for unit in given if unit.key[:2] == (link.slug, theme.slug))
            if in_theme(link.slug, theme, [unit.key for unit in here]):
                found.append(Portion(link, theme, here, answered))
    return found
