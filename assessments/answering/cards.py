"""The questions of a theme as its page shows them: what was answered, how far it is, what lies beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import F, Q, QuerySet, Value
from django.http import QueryDict
from django.utils import timezone
from django.utils.safestring import SafeString

from assessments import turns
from assessments.answering import fragments
from assessments.answering.desk import Desk, sent_back
from assessments.forms import AnswerForm
from assessments.models import (
    Answer,
    Assessment,
    Content,
    Evidence,
    EvidencedLevel,
    Remark,
    SentBack,
)
from assessments.models.answer import Saved
from assessments.standing import Shut, Standing, shut, standing
from assessments.turns import Given
from chain.questionnaire import Question

NOW = timedelta(minutes=10)  # who saved something this recently is at work
CHOICES = [("mine", "Wat in dit venster staat"), ("stored", "Het opgeslagen antwoord")]
JOIN = ("join", "Mijn keuze, met beide toelichtingen onder elkaar")
EVIDENCE, REMARK, LEVEL = "evidence", "remark", "level"


@dataclass
class Card:
    """A question on the page: its form, how far it is, and what became of what was sent."""

    form: AnswerForm
    url: str
    digest: str
    given: Given | None = None
    standing: Standing = Standing.NOT_STARTED
    why_shut: Shut | None = None
    waits_for: list[str] = field(default_factory=list)
    sent_back: SentBack | None = None
    evidence: int = 0
    remarks: int = 0
    earlier: list[tuple[str, Answer]] = field(default_factory=list)
    saved: Saved | None = None
    conflict: Answer | None = None
    message: str = ""

    @property
    def question(self) -> Question:
        return self.form.question

    @property
    def is_open(self) -> bool:
        return self.why_shut is None

    @property
    def is_untouched(self) -> bool:
        """Whether the page brought back what was stored when it came: nothing to save, nothing to collide."""
        return self.form.is_valid() and not self.form.says_something_new

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What one can do in a conflict; joining needs a second text."""
        return [*CHOICES, JOIN] if self.conflict and self.conflict.explanation else CHOICES

    @property
    def version(self) -> int:
        """The version that the page shows from now on."""
        if self.saved:
            return self.saved.version
        if self.conflict:
            return self.conflict.version
        return self.form.stored.version if self.form.stored else 0

    @property
    def text(self) -> SafeString:
        return fragments.text(self.digest, self.question.id)

    @property
    def levels(self) -> SafeString:
        return fragments.options(self.digest, self.question.id, "choice", self.form.chosen("choice"))

    @property
    def help_options(self) -> SafeString:
        return fragments.options(self.digest, self.question.id, "helps", self.form.chosen("helps"))


def lay_out(desk: Desk, url: str, answers: Iterable[Answer], data: QueryDict | None = None) -> list[Card]:
    """The cards of the theme with all that is known of each question; at most three queries.

    `answers` are the user's and the others' (`answers_at`); `url` is the theme's.
    """
    stored = {one.question: one for one in answers if one.contributor_id == desk.user.pk}
    back = sent_back(desk.round, desk.user)
    counts = Counter(_things(desk))
    cards = []
    for question in desk.questions:
        given = turns.giving(desk.here, desk.user.pk, question.id)
        assert given  # questions are those that a row gives
        why = shut(
            status=desk.round.status,
            sent_back=question.id in back,
            handed_in=given.handed_in_at is not None,
            waiting=given.key in desk.waits,
        )
        # One that took no answers had no fields on the page, so that nothing of it is missing.
        sent = data if why is None or _speaks_of(data, question) else None
        card = Card(
            AnswerForm(question, stored.get(question.id), desk.round.content, sent),
            f"{url}{question.id}/",
            desk.round.questionnaire_id,
            given,
            why_shut=why,
            waits_for=desk.waits.get(given.key, []),
            sent_back=back.get(question.id),
            evidence=counts[EVIDENCE, question.id],
            remarks=counts[REMARK, question.id],
        )
        card.standing = _standing(card, desk.round, validated=bool(counts[LEVEL, question.id]))
        card.earlier = [] if card.waits_for else _earlier(desk, given, question, answers)
        cards.append(card)
    return cards


def _speaks_of(data: QueryDict | None, question: Question) -> bool:
    return data is not None and any(name.startswith(f"{question.id}-") for name in data)


def _standing(card: Card, round_: Assessment, *, validated: bool) -> Standing:
    stored = card.form.stored
    handed_in = card.given is not None and card.given.handed_in_at is not None
    return standing(
        touched=stored is not None and stored.content != Content(),
        handed_in=handed_in or not round_.takes_answers,
        sent_back=card.sent_back is not None,
        validated=validated,
    )


def answers_at(desk: Desk) -> QuerySet[Answer]:
    """The user's answers in this theme, those of earlier turns, and those that others saved just now."""
    first = {row.user for mine in desk.mine for row in turns.before(mine, desk.here)}
    return Answer.objects.filter(
        Q(contributor=desk.user) | Q(contributor__in=first) | Q(saved_at__gt=timezone.now() - NOW),
        assessment=desk.round,
        question__in=[question.id for question in desk.questions],
    )


def at_work(desk: Desk, answers: Iterable[Answer]) -> list[str]:
    """The names of who saved an answer here just now and can go on with it."""
    if not desk.round.takes_answers:
        return []
    since = timezone.now() - NOW
    recent = {one.contributor_id for one in answers if one.saved_at > since}
    going_on = (row for row in desk.others if row.user in recent and row.handed_in_at is None)
    return sorted(set(turns.names(going_on)))


def _earlier(
    desk: Desk, given: Given, question: Question, answers: Iterable[Answer]
) -> list[tuple[str, Answer]]:
    """What people whose turn came before said, by name, in their order."""
    said = {one.contributor_id: one for one in answers if one.question == question.id}
    return [
        (row.name, said[row.user])
        for row in turns.before(given, desk.here)
        if row.user in said and said[row.user].content != Content()
    ]


def _things(desk: Desk) -> Iterable[tuple[str, str]]:
    """A row for each piece of evidence, remark and evidenced level at these questions; one query."""
    ids = [question.id for question in desk.questions]
    evidence = Evidence.objects.present().filter(assessment=desk.round, question__in=ids)
    remarks = Remark.objects.filter(
        thread__assessment=desk.round, thread__question__in=ids, taken_back_at=None
    )
    levels = EvidencedLevel.objects.filter(assessment=desk.round, question__in=ids)
    return (
        evidence.order_by()
        .values_list(Value(EVIDENCE), "question")
        .union(
            remarks.order_by().values_list(Value(REMARK), F("thread__question")),
            levels.order_by().values_list(Value(LEVEL), "question"),
            all=True,
        )
    )
