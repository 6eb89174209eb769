"""The consensus meeting about one link: who was there, when, and what was said and agreed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils import timezone

from assessments.models.answer import AnswerRevision, Content
from assessments.models.assignment import Assignment
from assessments.models.judgement import JudgementRefused, JudgementRevision, hold
from assessments.status import FROZEN, Status
from organisations.models import Organisation, User
from organisations.policy import May

if TYPE_CHECKING:
    from assessments.models.round import Assessment


@dataclass(frozen=True, slots=True)
class Said:
    """What one person answered on a question."""

    question: str
    person: User
    content: Content


@dataclass(frozen=True, slots=True)
class Agreed:
    """A level that was agreed on, and why; `changed_to`: what was agreed instead after the meeting."""

    question: str
    level: int
    reason: str
    minority: str
    changed_to: int | None = None


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def minutes_visible_to(self, user: User | AnonymousUser) -> MeetingQuerySet:
        """Meetings whose minutes the user may read: those of a round one follows, and, once ended, those of
        a link that one was at or was asked about. Nobody's once the round is withdrawn."""
        known = self.filter(assessment__status__in=[Status.VALIDATION, *FROZEN])
        where_may = Organisation.objects.where_may
        followed = where_may(user, May.READ_ANSWERS)
        asked = Assignment.objects.filter(
            assessment=models.OuterRef("assessment"), link=models.OuterRef("link"), user=user.pk or 0
        )
        there = Meeting.present.through.objects.filter(meeting=models.OuterRef("pk"), user=user.pk or 0)
        return known.filter(assessment__organisation__in=followed) | known.filter(
            models.Exists(there) | models.Exists(asked),
            ended_at__isnull=False,
            assessment__organisation__in=where_may(user, May.ANSWER),
        )


class Meeting(models.Model):
    """One link of one round, discussed; what was agreed stands with the questions (`AgreedLevel`)."""

    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="meetings", verbose_name="ronde"
    )
    link = models.SlugField("schakel")
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="gespreksleider"
    )
    present = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="meetings", blank=True, verbose_name="aanwezig"
    )
    others = models.CharField("ook aanwezig", max_length=300, blank=True)
    minutes_a_question = models.PositiveSmallIntegerField("minuten per vraag", default=5)
    started_at = models.DateTimeField("begonnen", default=timezone.now)
    ended_at = models.DateTimeField("afgesloten", null=True, blank=True)
    closing = models.TextField("slotopmerking", blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "overleg"
        verbose_name_plural = "overleggen"
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "link"], name="one_meeting_a_link"),
            models.CheckConstraint(
                condition=models.Q(minutes_a_question__range=(1, 60)), name="meeting_minutes_1_to_60"
            ),
        ]

    def __str__(self) -> str:
        return f"overleg over {self.link}"

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None

    # What happens to it

    @classmethod
    def begin(cls, round_: Assessment, link: str, present: Iterable[User], **facts: Any) -> Meeting:
        """Begins the meeting about a link; `facts` are its other columns. Raises `JudgementRefused`."""
        with transaction.atomic():
            held = hold(round_)
            if held.meetings.filter(link=link).exists():
                raise JudgementRefused("Iemand anders is dit overleg intussen begonnen.")
            meeting = cls.objects.create(assessment=held, link=link, **facts)
            meeting.present.set(present)
            return meeting

    def note(self, present: Iterable[User], **facts: Any) -> None:
        """Puts down anew who leads it and who is there. Raises `JudgementRefused` once it has ended."""
        with transaction.atomic():
            if self._held().has_ended:
                raise JudgementRefused("Het overleg is intussen afgesloten.")
            Meeting.objects.filter(pk=self.pk).update(**facts)
            self.present.set(present)

    def end(self, closing: str) -> None:
        """Closes it: from now on the minutes stay as they are. Raises `JudgementRefused`."""
        with transaction.atomic():
            if self._held().has_ended:
                raise JudgementRefused("Het overleg is al afgesloten.")
            Meeting.objects.filter(pk=self.pk).update(ended_at=timezone.now(), closing=closing.strip())

    def reopen(self) -> None:
        """Goes on with it: the closing remark stays until it ends again. Raises `JudgementRefused`."""
        with transaction.atomic():
            self._held()
            Meeting.objects.filter(pk=self.pk).update(ended_at=None)

    def _held(self) -> Meeting:
        """The meeting as it is now; its round is held until the transaction ends."""
        hold(self.assessment)
        return Meeting.objects.get(pk=self.pk)

    # What its minutes tell

    def said(self, questions: Collection[str]) -> list[Said]:
        """Everyone's answers on these questions, by name, as they were when it ended; two queries.

        An answer that the validator sent back may have been changed since.
        """
        answers = list(
            self.assessment.answers.filter(question__in=questions)
            .select_related("contributor")
            .order_by("question", "contributor__name", "contributor_id")
        )
        earlier: dict[int, Content] = {}
        for one in AnswerRevision.objects.filter(
            answer__in=[answer.pk for answer in answers if self._is_later(answer.saved_at)],
            saved_at__lte=self.ended_at or timezone.now(),
        ).order_by("version"):
            earlier[one.answer_id] = one.content
        found = [
            Said(
                one.question,
                one.contributor,
                earlier.get(one.pk, Content()) if self._is_later(one.saved_at) else one.content,
            )
            for one in answers
        ]
        return [one for one in found if one.content.is_answer]

    def agreed(self) -> dict[str, Agreed]:
        """What was agreed by question, as it was when the meeting ended; two queries, over all links."""
        now = {one.question: one for one in self.assessment.agreedlevels.all()}
        found = {
            one.question: Agreed(one.question, one.level, one.reason, one.minority)
            for one in now.values()
            if not self._is_later(one.at)
        }
        for one in JudgementRevision.objects.filter(
            assessment=self.assessment_id,
            kind="agreedlevel",
            question__in=set(now) - set(found),
            at__lte=self.ended_at or timezone.now(),
        ):
            found[one.question] = Agreed(
                one.question, one.level, one.words, one.minority, now[one.question].level
            )
        return found

    def _is_later(self, moment: datetime) -> bool:
        return self.ended_at is not None and moment > self.ended_at
