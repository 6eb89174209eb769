"""How far a round is: per person, per theme, and who said what. Pure: rows in, counts out.

Three figures are kept apart: what was asked, what was answered, and what was validated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chain.questionnaire import Link, Question, Questionnaire, Theme

ThemeKey = tuple[str, str]
SHORT = {"": "–", "unknown": "weet ik niet", "not_applicable": "n.v.t.", "not_occurred": "niet voorgekomen"}


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
    """A question with what each of the theme's people answered: a choice, or nothing."""

    question: Question
    cells: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        return [SHORT.get(cell, cell) for cell in self.cells]


@dataclass(frozen=True, slots=True)
class ThemeProgress:
    link: Link
    theme: Theme
    names: tuple[str, ...]
    rows: tuple[QuestionRow, ...]

    @property
    def lines(self) -> list[tuple[Question, list[tuple[str, str]]]]:
        """Each question with everyone's name and word on it."""
        return [(row.question, list(zip(self.names, row.words, strict=True))) for row in self.rows]

    @property
    def answered(self) -> int:
        """Questions with an answer by anyone."""
        return sum(any(row.cells) for row in self.rows)


def per_person(
    content: Questionnaire,
    assigned: Iterable[tuple[int, ThemeKey]],
    answered: Iterable[tuple[int, str]],
    names: Mapping[int, str],
) -> list[PersonProgress]:
    """One line for each person who was asked something, by name."""
    questions: dict[int, set[str]] = {}
    for user, (link, theme) in assigned:
        asked = (question.id for question in content.theme(link, theme).questions)
        questions.setdefault(user, set()).update(asked)
    done = set(answered)
    people = [
        PersonProgress(user, names[user], len(asked), sum((user, question) in done for question in asked))
        for user, asked in questions.items()
    ]
    return sorted(people, key=lambda person: person.name)


def per_theme(
    content: Questionnaire,
    assigned: Iterable[tuple[int, ThemeKey]],
    choices: Mapping[tuple[int, str], str],
    names: Mapping[int, str],
) -> list[ThemeProgress]:
    """Who answered what: for each theme its questions, with a cell for everyone who was asked or answered."""
    asked: dict[ThemeKey, set[int]] = {}
    for user, key in assigned:
        asked.setdefault(key, set()).add(user)
    who: dict[str, set[int]] = {}
    for user, question in choices:
        who.setdefault(question, set()).add(user)
    return [
        _theme(link, theme, asked.get((link.slug, theme.slug), set()), who, choices, names)
        for link in content.links
        for theme in link.themes
    ]


def _theme(
    link: Link,
    theme: Theme,
    asked: set[int],
    who: Mapping[str, set[int]],
    choices: Mapping[tuple[int, str], str],
    names: Mapping[int, str],
) -> ThemeProgress:
    users = asked.union(*(who.get(question.id, set()) for question in theme.questions))
    people = sorted(users, key=lambda user: names[user])
    rows = tuple(
        QuestionRow(question, tuple(choices.get((user, question.id), "") for user in people))
        for question in theme.questions
    )
    return ThemeProgress(link, theme, tuple(names[user] for user in people), rows)
