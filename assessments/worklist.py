"""What a round asks of one person, and how far they are. Pure: rows in, counts out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Set
from dataclasses import dataclass

from assessments.asked import Key, in_theme
from assessments.standing import Standing, standing
from chain.questionnaire import Link, Question, Questionnaire, Theme

MINUTES_A_QUESTION = 5 / 3  # 12 questions take about 20 minutes: reading, looking something up, a note


@dataclass(frozen=True, slots=True)
class Task:
    """One theme to answer, or the questions of it that were given."""

    link: Link
    theme: Theme
    questions: tuple[Question, ...]
    answered: int
    left: int  # to be answered now: not answered, not handed in, and it is one's turn
    waiting: int  # answered or not: a colleague's turn comes first
    standing: Standing

    @property
    def total(self) -> int:
        return len(self.questions)

    @property
    def key(self) -> tuple[str, str]:
        return self.link.slug, self.theme.slug

    @property
    def ids(self) -> str:
        """The codes of its questions, for the page's script (static/src/unsent.js)."""
        return " ".join(question.id for question in self.questions)


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
        return sum(task.left for task in self.tasks)

    @property
    def waiting(self) -> int:
        return sum(task.waiting for task in self.tasks)

    @property
    def is_answered(self) -> bool:
        return self.answered == self.total

    @property
    def is_sent_back(self) -> bool:
        """Whether the validator waits for something of it."""
        return any(task.standing == Standing.SENT_BACK for task in self.tasks)

    @property
    def is_handed_in(self) -> bool:
        return all(task.standing == Standing.HANDED_IN for task in self.tasks)

    @property
    def waiting_tasks(self) -> list[Task]:
        """The themes in which there is nothing to do but to wait for a colleague."""
        return [task for task in self.tasks if task.waiting and not task.left]

    @property
    def minutes(self) -> int:
        """About how long the rest takes, in whole minutes, to the next five."""
        return math.ceil(self.left * MINUTES_A_QUESTION / 5) * 5

    @property
    def next(self) -> Task | None:
        """The first theme with something to do now; none when there is nothing."""
        return next((task for task in self.tasks if task.left), None)

    def by_link(self) -> list[tuple[Link, list[Task]]]:
        """The themes link by link, without those that wait."""
        groups: dict[str, tuple[Link, list[Task]]] = {}
        waiting = self.waiting_tasks
        for task in self.tasks:
            if task in waiting:
                continue
            groups.setdefault(task.link.slug, (task.link, []))[1].append(task)
        return list(groups.values())

    def around(self, link: str, theme: str) -> tuple[Task | None, Task | None]:
        """The tasks before and after this one."""
        keys = [task.key for task in self.tasks]
        here = keys.index((link, theme))
        before = self.tasks[here - 1] if here else None
        return before, self.tasks[here + 1] if here + 1 < len(keys) else None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one person's work in a round, beside what they were given and answered."""

    noted: Set[str] = frozenset()  # questions with anything stored, if only a note
    waiting: Set[Key] = frozenset()  # given, and not their turn yet
    handed_in: Set[Key] = frozenset()
    sent_back: Set[str] = frozenset()  # questions
    is_closed: bool = False  # the round is past open


NOTHING = Known()


def worklist(
    content: Questionnaire, keys: Iterable[Key], answered: Set[str], known: Known = NOTHING
) -> Worklist:
    """The worklist of someone who was given these themes and questions, and answered these (ids)."""
    given = set(keys)
    return Worklist(
        tuple(
            _task(link, theme, questions, given, answered, known)
            for link in content.links
            for theme in link.themes
            if (questions := in_theme(link.slug, theme, given))
        )
    )


def _task(
    link: Link,
    theme: Theme,
    questions: tuple[Question, ...],
    given: Set[Key],
    answered: Set[str],
    known: Known,
) -> Task:
    ids = {question.id for question in questions}
    waiting = {question.id for question in in_theme(link.slug, theme, given & known.waiting)}
    handed_in = {question.id for question in in_theme(link.slug, theme, given & known.handed_in)}
    return Task(
        link,
        theme,
        questions,
        answered=len(ids & answered),
        left=len(ids - waiting - handed_in - answered),
        waiting=len(waiting - handed_in),
        standing=standing(
            touched=bool(ids & (answered | known.noted)),
            handed_in=known.is_closed or ids <= handed_in,
            sent_back=bool(ids & known.sent_back),
            validated=False,  # is told of a question, not of a theme
        ),
    )
