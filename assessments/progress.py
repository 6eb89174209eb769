"""How far a round is: per person, per theme, and who said what. Pure: rows in, counts out.

Three figures are kept apart: what was asked, what was answered, and what was validated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from assessments import asked
from chain.questionnaire import Link, Question, Questionnaire, Theme

SHORT = {
    "": "nog niet",
    "unknown": "weet ik niet",
    "not_applicable": "n.v.t.",
    "not_occurred": "niet voorgekomen",
}


@dataclass(frozen=True, slots=True)
class PersonProgress:
    user: int
    name: str
    asked: int
    answered: int

    @property
    def left(self) -> int:
        return self.asked - self.answered

    @property
    def percentage(self) -> int:
        """Whole percentage answered, rounded down so that 100 means all."""
        return 100 * self.answered // self.asked if self.asked else 0


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with what each of the theme's people answered: a choice, nothing yet (""), or not asked."""

    question: Question
    cells: tuple[str | None, ...]

    @property
    def words(self) -> list[str | None]:
        return [None if cell is None else SHORT.get(cell, cell) for cell in self.cells]


@dataclass(frozen=True, slots=True)
class ThemeProgress:
    link: Link
    theme: Theme
    names: tuple[str, ...]
    rows: tuple[QuestionRow, ...]

    @property
    def lines(self) -> list[tuple[Question, list[tuple[str, str | None]]]]:
        """Each question with everyone's name and word on it."""
        return [(row.question, list(zip(self.names, row.words, strict=True))) for row in self.rows]

    @property
    def answered(self) -> int:
        """Questions with an answer by anyone."""
        return sum(any(row.cells) for row in self.rows)


def per_person(
    content: Questionnaire,
    assigned: Iterable[tuple[int, asked.Key]],
    answered: Iterable[tuple[int, str]],
    names: Mapping[int, str],
) -> list[PersonProgress]:
    """One line for each person who was asked something, by name."""
    keys: dict[int, set[asked.Key]] = {}
    for user, key in assigned:
        keys.setdefault(user, set()).add(key)
    done = set(answered)
    people = []
    for user, given in keys.items():
        questions = asked.questions(content, given)
        count = sum((user, question.id) in done for question in questions)
        people.append(PersonProgress(user, names[user], len(questions), count))
    return sorted(people, key=lambda person: person.name)


def per_theme(
    content: Questionnaire,
    assigned: Iterable[tuple[int, asked.Key]],
    choices: Mapping[tuple[int, str], str],
    names: Mapping[int, str],
) -> list[ThemeProgress]:
    """Who answered what: for each theme its questions, with a cell for everyone who was asked or answered."""
    keys: dict[int, set[asked.Key]] = {}
    for user, key in assigned:
        keys.setdefault(user, set()).add(key)
    given = {
        (user, question.id) for user, mine in keys.items() for question in asked.questions(content, mine)
    }
    return [_theme(link, theme, given, choices, names) for link in content.links for theme in link.themes]


def _theme(
    link: Link,
    theme: Theme,
    given: Set[tuple[int, str]],
    choices: Mapping[tuple[int, str], str],
    names: Mapping[int, str],
) -> ThemeProgress:
    here = {question.id for question in theme.questions}
    users = {user for user, question in [*given, *choices] if question in here}
    people = sorted(users, key=lambda user: names[user])
    rows = tuple(
        QuestionRow(
            question,
            tuple(
                choices.get((user, question.id), "" if (user, question.id) in given else None)
                for user in people
            ),
        )
        for question in theme.questions
    )
    return ThemeProgress(link, theme, tuple(names[user] for user in people), rows)
