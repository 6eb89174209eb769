"""What functionaries say beside what staff and council members notice: in words, question by question. Pure.

The two are never subtracted and never one figure: a difference is something to talk about, not a score.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chain.questionnaire import Link, Question, Rung
from chain.results import QuestionDocument
from reports import words
from reports.outcome import Outcome, Row


@dataclass(frozen=True, slots=True)
class Noticed:
    """A statement that stands beside a question, and how one audience answered it."""

    people: str
    row: Row


@dataclass(frozen=True, slots=True)
class Beside:
    """A question with its level, and the statements that the list of statements puts beside it."""

    question: Question
    said: str
    checked: str
    noticed: tuple[Noticed, ...]


def beside(
    link: Link,
    results: Mapping[str, QuestionDocument],
    ladder: Sequence[Rung],
    outcomes: Sequence[Outcome],
) -> list[Beside]:
    """The questions of the link that a statement of a survey stands beside, in the questionnaire's order."""
    found: dict[str, list[Noticed]] = {}
    for outcome in outcomes:
        for statement in outcome.statements.statements:
            for question in statement.beside:
                row = outcome.whole.rows[statement.id]
                found.setdefault(question, []).append(Noticed(outcome.people, row))
    return [
        Beside(
            question,
            words.whole_level(results[question.id]["claimed"], ladder, results[question.id]["state"]),
            _checked(results[question.id], ladder),
            tuple(found[question.id]),
        )
        for question in link.questions
        if question.id in found
    ]


def _checked(result: QuestionDocument, ladder: Sequence[Rung]) -> str:
    """What the evidence carries, in a sentence; "" without a level."""
    if result["claimed"] is None:
        return ""
    if result["evidenced"] is None:
        return "Niemand keek naar het bewijs."
    return f"Volgens het bewijs: {words.whole_level(result['evidenced'], ladder)}."
