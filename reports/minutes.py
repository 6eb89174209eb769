"""The minutes of a meeting: who was there, and of each question on its agenda what was said and agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assessments.models import Assessment, Meeting, Remark, Thread
from assessments.models.meeting import Agreed
from chain.questionnaire import Link, Question
from organisations.models import User
from reports.agenda import Item
from reports.voices import Card, cards, known_as, spreads


@dataclass(frozen=True, slots=True)
class Point:
    """A question that was on the agenda; without an agreement it was left open."""

    question: Question
    cards: Sequence[Card]
    picture: str
    picture_tall: str
    agreed: Agreed | None
    agreed_later: int | None  # where it was left open: the level that was agreed on after the meeting
    remarks: Sequence[Remark] = ()


@dataclass(frozen=True, slots=True)
class Minutes:
    """All that page and PDF show."""

    round: Assessment
    link: Link
    meeting: Meeting
    present: Sequence[str]
    points: Sequence[Point]
    with_talk: bool

    @property
    def title(self) -> str:
        return f"Gespreksverslag {self.link.title}"

    @property
    def left_open(self) -> list[Point]:
        return [point for point in self.points if not point.agreed]

    @property
    def file_name(self) -> str:
        return f"gespreksverslag-{self.link.slug}-{self.round.organisation.slug}-{self.round.year}.pdf"


def minutes_of(meeting: Meeting, *, with_talk: bool = False) -> Minutes:
    """The minutes as things were when the meeting ended, or are while it is on; ten queries at most."""
    round_ = meeting.assessment
    link, ladder = round_.content.link(meeting.link), round_.content.ladder
    agreed = meeting.agreed()
    by_question: dict[str, list[Card]] = {}
    said = meeting.said([question.id for question in link.questions])
    for question in link.questions:
        by_question[question.id] = cards([one for one in said if one.question == question.id], ladder)
    due = [one for one in link.questions if _item(one, by_question[one.id], agreed).is_due]
    left = [one.id for one in due if one.id not in agreed] if meeting.has_ended else []
    later = (
        dict(round_.agreedlevels.filter(question__in=left).values_list("question", "level")) if left else {}
    )
    remarks = Thread.objects.printable(round_, [one.id for one in due]) if with_talk else {}
    points = []
    for question in due:
        shown, settled = by_question[question.id], agreed.get(question.id)
        drawn = spreads(question, shown, ladder, settled.level if settled else None)
        points.append(
            Point(question, shown, *drawn, settled, later.get(question.id), remarks.get(question.id, ()))
        )
    present: list[User] = list(meeting.present.order_by("name", "pk"))
    return Minutes(round_, link, meeting, [known_as(one) for one in present], points, with_talk)


def _item(question: Question, shown: Sequence[Card], agreed: Mapping[str, Agreed]) -> Item:
    """The question as it was on the agenda then."""
    levels = [card.level for card in shown if card.level is not None]
    return Item(question, max(levels) - min(levels) if levels else None, question.id in agreed)
