"""How far a round is: per person, per theme, and who said what. Pure: rows in, counts out.

Three figures are kept apart: what was asked, what was answered, and what was validated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from assessments import asked
from assessments.standing import Standing, standing
from chain.questionnaire import Link, Question, Questionnaire, Theme

SHORT = {
    "unknown": "weet ik niet",
    "not_applicable": "n.v.t.",
    "not_occurred": "niet voorgekomen",
}


Given = tuple[int, asked.Key]  # a user, and a theme or question that they were given


@dataclass(frozen=True, slots=True)
class PersonProgress:
    user: int
    name: str
    asked: int
    answered: int
    handed_in: int = 0  # questions, answered or not

    @property
    def left(self) -> int:
        return self.asked - self.answered

    @property
    def percentage(self) -> int:
        """Whole percentage answered, rounded down so that 100 means all."""
        return 100 * self.answered // self.asked if self.asked else 0


@dataclass(frozen=True, slots=True)
class Cell:
    """What one person made of one question: the choice, or nothing (""), and how far it is."""

    choice: str
    standing: Standing

    @property
    def word(self) -> str:
        return SHORT.get(self.choice, self.choice)


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question with a cell for each of the theme's people, none for who was not asked; and what the
    validator found, a level or nothing yet.
    """

    question: Question
    cells: tuple[Cell | None, ...]
    evidenced: int | None = None


@dataclass(frozen=True, slots=True)
class ThemeProgress:
    link: Link
    theme: Theme
    names: tuple[str, ...]
    rows: tuple[QuestionRow, ...]

    @property
    def lines(self) -> list[tuple[QuestionRow, list[tuple[str, Cell | None]]]]:
        """Each question with everyone's name and cell."""
        return [(row, list(zip(self.names, row.cells, strict=True))) for row in self.rows]

    @property
    def answered(self) -> int:
        """Questions with an answer by anyone."""
        return sum(any(cell and cell.choice for cell in row.cells) for row in self.rows)

    @property
    def validated(self) -> int:
        return sum(row.evidenced is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class Known:
    """What became of what people were given, beside what they chose."""

    handed_in: Set[Given] = frozenset()
    sent_back: Set[tuple[int, str]] = frozenset()  # user and question
    evidenced: Mapping[str, int] = field(default_factory=dict)  # the level that the evidence carries
    is_closed: bool = False  # the round is past open


NOTHING = Known()


def per_person(
    content: Questionnaire,
    assigned: Iterable[Given],
    answered: Iterable[tuple[int, str]],
    names: Mapping[int, str],
    handed_in: Iterable[Given] = (),
) -> list[PersonProgress]:
    """One line for each person who was asked something, by name."""
    done, gone = set(answered), _ids(content, handed_in)
    people = [
        PersonProgress(
            user,
            names[user],
            asked=len(questions),
            answered=sum((user, question) in done for question in questions),
            handed_in=len(questions & gone.get(user, set())),
        )
        for user, questions in _ids(content, assigned).items()
    ]
    return sorted(people, key=lambda person: person.name)


def _ids(content: Questionnaire, given: Iterable[Given]) -> dict[int, set[str]]:
    """For each user the ids of the questions that these give."""
    keys: dict[int, set[asked.Key]] = {}
    for user, key in given:
        keys.setdefault(user, set()).add(key)
    return {user: {one.id for one in asked.questions(content, mine)} for user, mine in keys.items()}


def per_theme(
    content: Questionnaire,
    assigned: Iterable[Given],
    choices: Mapping[tuple[int, str], str],
    names: Mapping[int, str],
    known: Known = NOTHING,
) -> list[ThemeProgress]:
    """Who answered what: for each theme its questions, with a cell for everyone who was asked or answered.

    `choices` has what is stored, by user and question; "" for a note alone.
    """
    given = {(user, one) for user, questions in _ids(content, assigned).items() for one in questions}
    gone = {(user, one) for user, ids in _ids(content, known.handed_in).items() for one in ids}

    def cell(user: int, question: str) -> Cell | None:
        place = (user, question)
        if place not in given and place not in choices:
            return None
        station = standing(
            touched=place in choices,
            handed_in=known.is_closed or place in gone,
            sent_back=place in known.sent_back,
            validated=False,  # is told beside it: it is of the question, not of a person
        )
        return Cell(choices.get(place, ""), station)

    themes = []
    for link in content.links:
        for theme in link.themes:
            here = {question.id for question in theme.questions}
            users = {user for user, question in [*given, *choices] if question in here}
            people = sorted(users, key=lambda user: names[user])
            rows = tuple(
                QuestionRow(one, tuple(cell(user, one.id) for user in people), known.evidenced.get(one.id))
                for one in theme.questions
            )
            themes.append(ThemeProgress(link, theme, tuple(names[user] for user in people), rows))
    return themes
