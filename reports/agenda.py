"""What a meeting is about: the questions on which answers differ, link by link."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from assessments.models import Meeting
from chain.questionnaire import Link, Question
from chain.results import QuestionDocument
from chain.scoring import DISCUSS_FROM


@dataclass(frozen=True, slots=True)
class Item:
    """A question: how many levels its answers lie apart (None without a level), and whether it is settled."""

    question: Question
    spread: int | None
    agreed: bool

    @property
    def is_due(self) -> bool:
        """Whether it is on the agenda; it stays there once a level was agreed on."""
        return self.agreed or (self.spread is not None and self.spread >= DISCUSS_FROM)


@dataclass(frozen=True, slots=True)
class Agenda:
    """A link, all its questions, and the meeting about it if that began."""

    link: Link
    items: Sequence[Item]
    meeting: Meeting | None

    @property
    def due(self) -> list[Item]:
        return [item for item in self.items if item.is_due]

    @property
    def others(self) -> list[Item]:
        """What can be put on the agenda all the same."""
        return [item for item in self.items if not item.is_due]

    @property
    def open(self) -> list[Item]:
        return [item for item in self.due if not item.agreed]

    @property
    def settled(self) -> int:
        return sum(item.agreed for item in self.items)

    @property
    def first(self) -> Item | None:
        """Where to go on: the first question without an agreement, else the first."""
        return next(iter(self.open or self.due), None)

    def beside(self, question: Question) -> tuple[Item | None, Item | None]:
        """The questions on the agenda before and after this one, which need not be on it itself."""
        order = [item.question.id for item in self.items]
        place = order.index(question.id)
        due = [(order.index(item.question.id), item) for item in self.due]
        before = [item for number, item in due if number < place]
        after = [item for number, item in due if number > place]
        return (before[-1] if before else None), (after[0] if after else None)

    def place(self, question: Question) -> int | None:
        """The number of this question on the agenda, from 1; None when it is not on it."""
        due = [item.question.id for item in self.due]
        return due.index(question.id) + 1 if question.id in due else None


def agendas(
    links: Iterable[Link],
    results: Iterable[QuestionDocument],
    agreed: Collection[str],
    meetings: Iterable[Meeting],
) -> list[Agenda]:
    """For each link what there is to discuss."""
    spreads = {one["id"]: one["spread"] for one in results}
    held = {meeting.link: meeting for meeting in meetings}
    return [
        Agenda(
            link,
            [Item(question, spreads[question.id], question.id in agreed) for question in link.questions],
            held.get(link.slug),
        )
        for link in links
    ]
