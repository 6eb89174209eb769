"""What a round asks of one person, and how far they are. Pure: rows in, counts out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Set
from dataclasses import dataclass

from assessments.asked import Key, in_theme
from chain.questionnaire import Link, Question, Questionnaire, Theme

MINUTES_A_QUESTION = 5 / 3  # 12 questions take about 20 minutes: reading, looking something up, a note


@dataclass(frozen=True, slots=True)
class Task:
    """One theme to answer, or the questions of it that were given."""

    link: Link
    theme: Theme
    questions: tuple[Question, ...]
    answered: int

    @property
    def total(self) -> int:
        return len(self.questions)

    @property
    def left(self) -> int:
        return self.total - self.answered

    @property
    def key(self) -> tuple[str, str]:
        return self.link.slug, self.theme.slug


@dataclass(frozen=True, slots=True)
class Worklist:
    """The themes of one person in the order of the questionnaire."""

    tasks: tuple[Task, ...]

    @property
    def total(self) -> int:
        return sum(task.total for task in self.tasks)

    @property
    def answered(self) -> int:
        return sum(task.answered for task in self.tasks)

    @property
    def left(self) -> int:
        return self.total - self.answered

    @property
    def minutes(self) -> int:
        """About how long the rest takes, in whole minutes, to the next five."""
        return math.ceil(self.left * MINUTES_A_QUESTION / 5) * 5

    @property
    def next(self) -> Task | None:
        """The first theme with something left; none when all is answered."""
        return next((task for task in self.tasks if task.left), None)

    def by_link(self) -> list[tuple[Link, list[Task]]]:
        groups: dict[str, tuple[Link, list[Task]]] = {}
        for task in self.tasks:
            groups.setdefault(task.link.slug, (task.link, []))[1].append(task)
        return list(groups.values())

    def around(self, link: str, theme: str) -> tuple[Task | None, Task | None]:
        """The tasks before and after this one."""
        keys = [task.key for task in self.tasks]
        here = keys.index((link, theme))
        before = self.tasks[here - 1] if here else None
        return before, self.tasks[here + 1] if here + 1 < len(keys) else None


def worklist(content: Questionnaire, keys: Iterable[Key], answered: Set[str]) -> Worklist:
    """The worklist of someone who was given these themes and questions, and answered these (ids)."""
    given = set(keys)
    return Worklist(
        tuple(
            Task(link, theme, questions, sum(question.id in answered for question in questions))
            for link in content.links
            for theme in link.themes
            if (questions := in_theme(link.slug, theme, given))
        )
    )
