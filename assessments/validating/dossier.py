"""One question as the validator has it on the table: everyone's answer, and what was asked back about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils import timezone

from assessments.models import Answer, AnswerRevision, Assessment, Content, GuestPass, SentBack
from assessments.standing import Standing, standing
from assessments.validating.forms import SendBackForm
from organisations.models import User


@dataclass(frozen=True, slots=True)
class Exchange:
    """What the validator asked, and what the answer was then and is since."""

    sent: SentBack
    before: Content
    after: Content

    @property
    def is_open(self) -> bool:
        return self.sent.settled_at is None


@dataclass(frozen=True, slots=True)
class Card:
    """One person's answer; `form` asks about it, where that is allowed now."""

    answer: Answer
    standing: Standing
    is_own: bool  # of who looks at it
    exchanges: list[Exchange]
    form: SendBackForm | None
    cannot_come: bool  # a guest whose personal link ended while something waits for them

    @property
    def waiting(self) -> SentBack | None:
        return next((one.sent for one in self.exchanges if one.is_open), None)

    def waits_for(self, sent: str) -> bool:
        """Whether this is the id of what is asked back here now."""
        return self.waiting is not None and str(self.waiting.pk) == sent


def cards(
    round_: Assessment, question: str, user: User, *, may_ask: bool, data: QueryDict | None = None
) -> list[Card]:
    """Everyone who answered, or whose answer was sent back, by name; at most five queries.

    `data` is what was asked of the person whom its `contributor` names (their id).
    """
    sent: dict[int, list[SentBack]] = {}
    for one in round_.sent_back.filter(question=question).select_related("by", "settled_by"):
        sent.setdefault(one.contributor_id, []).append(one)
    answers = (
        round_.answers.filter(question=question)
        .select_related("contributor")
        .order_by("contributor__name", "pk")
    )
    shown = [one for one in answers if one.content.is_answer or one.contributor_id in sent]
    revisions = _revisions(shown) if sent else {}
    validated = round_.evidencedlevels.filter(question=question).exists()
    gone = _gone(round_, shown, sent)
    found = []
    for answer in shown:
        asked = sent.get(answer.contributor_id, [])
        waits, is_own = any(one.settled_at is None for one in asked), answer.contributor_id == user.pk
        typed = data if data and data.get("contributor") == str(answer.contributor_id) else None
        form = SendBackForm(typed, prefix=f"back-{answer.contributor_id}")
        found.append(
            Card(
                answer,
                standing(touched=True, handed_in=True, sent_back=waits, validated=validated),
                is_own,
                [_exchange(one, answer, revisions.get(answer.pk, [])) for one in asked],
                form if may_ask and not waits and not is_own else None,
                cannot_come=answer.contributor_id in gone,
            )
        )
    return found


def _gone(round_: Assessment, shown: Sequence[Answer], sent: Mapping[int, Sequence[SentBack]]) -> set[int]:
    """The guests (id) that something waits for and who cannot come to it; no query when there are none."""
    guests = {
        one.contributor_id
        for one in shown
        if one.contributor.is_guest
        and any(asked.settled_at is None for asked in sent.get(one.contributor_id, []))
    }
    if not guests:
        return guests
    passes = GuestPass.objects.valid().filter(assessment=round_, user__in=guests)
    return guests - set(passes.values_list("user_id", flat=True))


def _revisions(answers: Sequence[Answer]) -> dict[int, list[AnswerRevision]]:
    """The revisions of each answer (id), oldest first; one query."""
    found: dict[int, list[AnswerRevision]] = {}
    for one in AnswerRevision.objects.filter(answer__in=answers).order_by("version"):
        found.setdefault(one.answer_id, []).append(one)
    return found


def _exchange(sent: SentBack, answer: Answer, revisions: list[AnswerRevision]) -> Exchange:
    def at(moment: datetime) -> Content:
        until = [one.content for one in revisions if one.saved_at <= moment]
        return until[-1] if until else answer.content

    return Exchange(sent, at(sent.at), at(sent.settled_at or timezone.now()))
