"""Talking beside the answer: one thread per question of a round, kept apart from what is answered.

Who may see the question reads and writes along: whoever was given it, the coordinators and the validators.
One talks while the round runs (open, closed, in validation): before that nobody was asked anything, and from
the adoption on nothing can be said that the results could still heed. What was said can be read as long as
the round can.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.utils import timezone

from assessments import asked
from assessments.models.assignment import Assignment
from assessments.models.readers import AssessmentQuerySet
from assessments.models.round import Assessment
from assessments.status import RUNNING, Status
from chain.questionnaire import Question
from organisations.models import MembershipRole, User
from organisations.policy import May

REMARK_LIMIT = 2000
# The same text of the same person within this time is a button that was pressed twice.
TWICE = timedelta(minutes=1)


class TalkIsOver(Exception):
    """The round does not run (any more), so nothing can be said in its threads."""


def rounds_with_talk(user: User | AnonymousUser) -> AssessmentQuerySet:
    """Rounds that began, and of which the user follows all questions or was given some."""
    begun = Assessment.objects.followed_by(user).exclude(status__in=[Status.DRAFT, Status.PREPARED])
    return begun | Assessment.objects.asking(user)


def questions_with_talk(round_: Assessment, user: User | AnonymousUser) -> tuple[Question, ...]:
    """The questions of the round whose threads the user may read; at most two queries.

    Of a round from `rounds_with_talk`: it does not ask again whether that has begun.
    """
    if Assessment.objects.followed_by(user).filter(pk=round_.pk).exists():
        return round_.content.questions
    asking = Assessment.objects.asking(user).filter(pk=round_.pk)
    mine = Assignment.objects.filter(user=user.pk or 0, assessment__in=asking)
    return asked.questions(round_.content, mine.values_list("link", "theme", "question"))


def readers(round_: Assessment, question: str) -> models.QuerySet[User]:
    """Everyone who can read along with this question's thread now, by name; one query."""
    content = round_.content
    given = round_.assignments.present().filter(
        link=content.link_of(question).slug,
        theme=content.theme_of(question).slug,
        question__in=["", question],
    )
    following = MembershipRole.objects.letting(May.READ_ANSWERS).filter(
        membership__organisation=round_.organisation_id
    )
    return User.objects.filter(
        # A guest has no account, so is not active in that sense.
        Q(is_active=True) | Q(is_guest=True),
        Q(pk__in=given.values("user")) | Q(pk__in=following.values("membership__user")),
    ).order_by("name", "pk")


@dataclass(frozen=True, slots=True)
class Listed:
    """A thread as a list shows it: how many remarks stand in it, and the newest of those."""

    thread: Thread
    remarks: int
    newest: Remark | None
    mentions_user: bool


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, user: User | AnonymousUser, round_: Assessment) -> ThreadQuerySet:
        """The threads of this round (from `rounds_with_talk`) that the user may read."""
        found = questions_with_talk(round_, user)
        return self.filter(assessment=round_, question__in=[question.id for question in found])

    def for_list(self, user: User) -> list[Listed]:
        """Open ones first, of those the ones that mention the user, newest first; two queries."""
        remarks = Remark.objects.filter(thread=OuterRef("pk"), taken_back_at=None)
        plain: models.QuerySet[Thread] = self
        found = plain.annotate(
            count=models.Count("remarks", filter=Q(remarks__taken_back_at=None)),
            last_at=Max("remarks__at"),
            newest=Subquery(remarks.order_by("-at", "-pk").values("pk")[:1]),
            mentions_user=Exists(remarks.filter(mentioned=user)),
        ).order_by(models.F("settled_at").desc(nulls_first=True), "-mentions_user", "-last_at", "pk")
        threads = list(found)
        newest = Remark.objects.select_related("author").in_bulk(
            [one.newest for one in threads if one.newest]
        )
        return [
            Listed(one, one.count, newest.get(one.newest or 0), mentions_user=one.mentions_user)
            for one in threads
        ]

    def counted(self, round_: Assessment, questions: Iterable[str]) -> Counter[str]:
        """How many remarks each of these questions has in its thread; one query."""
        here = Remark.objects.filter(
            thread__assessment=round_, thread__question__in=list(questions), taken_back_at=None
        )
        found = here.order_by().values("thread__question").annotate(n=models.Count("pk"))
        return Counter(dict(found.values_list("thread__question", "n")))

    def printable(self, round_: Assessment, questions: Iterable[str]) -> dict[str, list[Remark]]:
        """What was said about these questions and not taken back, oldest first; only questions with remarks.

        For paper on which somebody chose to have it, and never for the report. Each remark has its author and
        whom it mentions; two queries. Who prints must be allowed to read these questions.
        """
        remarks = Remark.objects.filter(
            thread__assessment=round_, thread__question__in=list(questions), taken_back_at=None
        )
        found: dict[str, list[Remark]] = {}
        for remark in remarks.select_related("author", "thread").prefetch_related("mentioned"):
            found.setdefault(remark.thread.question, []).append(remark)
        return found


class Thread(models.Model):
    """The conversation about one question of a round; settled when nothing is left to say."""

    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="threads", verbose_name="ronde"
    )
    question = models.CharField("vraag", max_length=20)
    settled_at = models.DateTimeField("afgerond op", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="afgerond door",
    )

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = "gesprek"
        verbose_name_plural = "gesprekken"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="one_thread_a_question"),
        ]

    def __str__(self) -> str:
        return f"gesprek bij {self.question}"

    @classmethod
    def say(
        cls, round_: Assessment, question: str, author: User, text: str, mentioned: Collection[User] = ()
    ) -> Remark:
        """Adds a remark, and opens the thread again if it was settled. Said twice it is there once.

        `text` is not empty. Raises `TalkIsOver`.
        """
        with transaction.atomic():
            held = _hold(round_)
            thread, _ = cls.objects.get_or_create(assessment=held, question=question)
            now = timezone.now()
            before = thread.remarks.filter(author=author).last()
            if before and before.text == text and before.at > now - TWICE:
                return before
            remark = thread.remarks.create(author=author, text=text, at=now)
            remark.mentioned.set([user for user in mentioned if user != author])
            cls.objects.filter(pk=thread.pk).exclude(settled_at=None).update(settled_at=None, settled_by=None)
            return remark

    def settle(self, by: User) -> None:
        """Nothing is left to say, until somebody does. Who settled it first, did. Raises `TalkIsOver`."""
        with transaction.atomic():
            _hold(self.assessment)
            Thread.objects.filter(pk=self.pk, settled_at=None).update(
                settled_at=timezone.now(), settled_by=by
            )

    def reopen(self) -> None:
        """Takes a settled thread up again. Raises `TalkIsOver`."""
        with transaction.atomic():
            _hold(self.assessment)
            Thread.objects.filter(pk=self.pk).update(settled_at=None, settled_by=None)


class Remark(models.Model):
    """What one person said in a thread. It is never edited; its author may take it back."""

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="remarks", verbose_name="gesprek")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="remarks", verbose_name="door"
    )
    text = models.TextField("opmerking", blank=True)
    at = models.DateTimeField("op", default=timezone.now)
    mentioned = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="mentioned_in", blank=True, verbose_name="genoemd"
    )
    taken_back_at = models.DateTimeField("teruggenomen op", null=True, blank=True)

    class Meta:
        verbose_name = "opmerking"
        verbose_name_plural = "opmerkingen"
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken_back_at=None) & ~models.Q(text="")
                | models.Q(taken_back_at__isnull=False, text=""),
                name="remark_says_something_or_is_taken_back",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    def take_back(self, by: User) -> bool:
        """Wipes the text and whom it mentions; that something was said here stays. Whether it was theirs.

        Whatever the state of the round: a name that slipped in cannot wait.
        """
        with transaction.atomic():
            mine = Remark.objects.filter(pk=self.pk, author=by)
            if mine.filter(taken_back_at=None).update(text="", taken_back_at=timezone.now()):
                self.mentioned.clear()
            return mine.exists()


def _hold(round_: Assessment) -> Assessment:
    """Keeps the round as it is until this transaction is done. Raises `TalkIsOver` when it does not run."""
    held = Assessment.objects.select_for_update().get(pk=round_.pk)
    if held.status not in RUNNING:
        raise TalkIsOver
    return held
