"""What the validator goes through, and in what order: legal minimums, the sample, then the rest. Pure."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

from assessments.standing import Standing, standing
from chain.questionnaire import Question, Questionnaire
from chain.results import QuestionDocument, ResultsDocument


class Why(StrEnum):
    """Why a question is where it is in the list; the value is the heading."""

    LEGAL = "Vragen met een wettelijk minimum"
    SAMPLE = "De steekproef"
    DIFFERS = "Vragen waarover de antwoorden uiteenlopen"
    OTHER = "Alle andere vragen"


@dataclass(frozen=True, slots=True)
class Check:
    """One question in the list, and how far it is."""

    question: Question
    result: QuestionDocument
    why: Why
    agreed: bool
    sent_back: bool
    came_back: bool  # the validator asked something, and everybody replied
    is_own: bool  # of the validator who looks at it: they answered it or gave evidence

    @property
    def must(self) -> bool:
        """Whether the validator checks it: it has a level, and is a legal minimum or in the sample."""
        return self.why in (Why.LEGAL, Why.SAMPLE) and self.result["claimed"] is not None

    @property
    def is_done(self) -> bool:
        return self.result["evidenced"] is not None

    @property
    def waits(self) -> bool:
        """Whether it is the validator's turn now; never with what is their own."""
        return (self.must or self.came_back) and not (self.is_done or self.sent_back or self.is_own)

    @property
    def to_do(self) -> bool:
        """Whether anybody has something to do: the validator, or all together."""
        return self.waits or self.result["discuss"]

    @property
    def standing(self) -> Standing:
        """Of the question as a whole, once the round is closed."""
        answered = self.result["state"] != "unanswered"
        return standing(
            touched=answered, handed_in=answered, sent_back=self.sent_back, validated=self.is_done
        )


@dataclass(frozen=True, slots=True)
class Checklist:
    """All questions of a round in the validator's order."""

    checks: tuple[Check, ...]

    @property
    def total(self) -> int:
        """How many questions the validator checks: those of legal minimums and the sample with a level."""
        return sum(check.must for check in self.checks)

    @property
    def done(self) -> int:
        return sum(check.must and check.is_done for check in self.checks)

    @property
    def extra(self) -> int:
        """How many others were checked all the same."""
        return sum(check.is_done and not check.must for check in self.checks)

    @property
    def sent_back(self) -> int:
        return sum(check.sent_back for check in self.checks)

    @property
    def waiting(self) -> int:
        """How many wait for the validator now, those after a reply among them."""
        return sum(check.waits for check in self.checks)

    @property
    def came_back(self) -> int:
        """How many wait for the validator after a reply."""
        return sum(check.came_back and check.waits for check in self.checks)

    def groups(self, shown: Set[str] | None = None) -> list[tuple[Why, list[Check]]]:
        """The questions under their headings, in order; of just these ids when given."""
        return [
            (
                why,
                [
                    one
                    for one in self.checks
                    if one.why is why and (shown is None or one.question.id in shown)
                ],
            )
            for why in Why
        ]

    def of(self, question: str) -> Check:
        return next(check for check in self.checks if check.question.id == question)

    @property
    def begin(self) -> str | None:
        """The first question that waits for the validator."""
        return next((check.question.id for check in self.checks if check.waits), None)

    def after(self, question: str) -> str | None:
        """The next one that waits, from here on and then from the top; none when no other does."""
        here = self.checks.index(self.of(question))
        onwards = [*self.checks[here + 1 :], *self.checks[:here]]
        return next((check.question.id for check in onwards if check.waits), None)

    def following(self, question: str, *, waiting: bool) -> str | None:
        """The next question in this order; for who is to check them the next that waits."""
        if waiting:
            return self.after(question)
        ids = [check.question.id for check in self.checks]
        return next(iter(ids[ids.index(question) + 1 :]), None)


def checklist(
    content: Questionnaire,
    results: ResultsDocument,
    *,
    sample: Set[str],
    agreed: Set[str],
    sent_back: Set[str],
    asked_back: Set[str],
    own: Set[str] = frozenset(),
) -> Checklist:
    """Of a questionnaire and its results. The rest are ids of questions: drawn, with an agreed level, with an
    answer that is sent back now, with one that ever was and came back with a reply, and of the validator who
    asks.
    """
    found = {one["id"]: one for one in results["questions"]}
    checks = [
        Check(
            question=question,
            result=found[question.id],
            why=_why(question, found[question.id], sample, agreed),
            agreed=question.id in agreed,
            sent_back=question.id in sent_back,
            came_back=question.id in asked_back and question.id not in sent_back,
            is_own=question.id in own,
        )
        for question in content.questions
    ]
    order = list(Why)
    return Checklist(tuple(sorted(checks, key=lambda check: order.index(check.why))))


def _why(question: Question, result: QuestionDocument, sample: Set[str], agreed: Set[str]) -> Why:
    if question.legal_minimum is not None:
        return Why.LEGAL
    if question.id in sample:
        return Why.SAMPLE
    return Why.DIFFERS if result["discuss"] or question.id in agreed else Why.OTHER
