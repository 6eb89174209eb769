"""An answer that the validator sends back with a question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from assessments.models.judgement import OWN, EvidencedLevel, JudgementRefused, hold, own_questions
from assessments.models.round import Assessment
from assessments.status import Status

if TYPE_CHECKING:
    from organisations.models import User


class SentBackQuerySet(models.QuerySet["SentBack"]):
    def open(self) -> SentBackQuerySet:
        """Those that nobody replied to or took back yet."""
        return self.filter(settled_at=None)

    def waiting_for(self, user: User) -> SentBackQuerySet:
        """Those that the user can reply to now; after adoption what was left open waits no more."""
        rounds = Assessment.objects.asking(user).filter(status=Status.VALIDATION)
        return self.open().filter(contributor=user, assessment__in=rounds)


class SentBack(models.Model):
    """One person's answer on a question, given back by the validator with a question of their own.

    Open until the person replies or the validator takes it back; meanwhile the answer can be changed.
    """

    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="sent_back", verbose_name="ronde"
    )
    question = models.CharField("vraag", max_length=20)
    contributor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="sent_back", verbose_name="deelnemer"
    )
    text = models.TextField("vraag van de validator")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)
    reply = models.TextField("antwoord aan de validator", blank=True)
    settled_at = models.DateTimeField("afgehandeld op", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="afgehandeld door",
    )

    objects = SentBackQuerySet.as_manager()

    class Meta:
        verbose_name = "teruggegeven antwoord"
        verbose_name_plural = "teruggegeven antwoorden"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question", "contributor"],
                condition=models.Q(settled_at=None),
                name="one_open_sending_back",
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at=None, settled_by=None)
                | models.Q(settled_at__isnull=False, settled_by__isnull=False),
                name="sending_back_settled_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.text[:40]}"

    @property
    def was_taken_back(self) -> bool:
        return self.settled_by_id not in (None, self.contributor_id)

    # What happens to it

    @classmethod
    def send(cls, round_: Assessment, question: str, contributor: User, text: str, by: User) -> SentBack:
        """Gives the answer back with a question; what was evidenced there is withdrawn.

        Raises `JudgementRefused` when the round is not in validation, when `by` answered the question too or
        gave evidence, when there is nothing of this person that they can change, and when it was sent back
        already.
        """
        if not text.strip():
            raise JudgementRefused("Schrijf op wat u wilt weten.")
        if contributor == by:
            raise JudgementRefused("Dit is uw eigen antwoord. Dat kunt u niet aan uzelf teruggeven.")
        with transaction.atomic():
            held = hold(round_)
            if question in own_questions(held, by):
                raise JudgementRefused(OWN)
            if not held.answers.given().filter(question=question, contributor=contributor).exists():
                raise JudgementRefused(f"{contributor.label} heeft deze vraag niet beantwoord.")
            if not _is_asked(held, question, contributor):
                raise JudgementRefused(_gone(contributor))
            if held.sent_back.open().filter(question=question, contributor=contributor).exists():
                raise JudgementRefused(f"U wacht al op {contributor.label}.")
            EvidencedLevel.withdraw(held, question, f"Teruggegeven aan {contributor.label}.", by)
            return cls.objects.create(
                assessment=held, question=question, contributor=contributor, text=text.strip(), by=by
            )

    def settle(self, by: User, reply: str = "") -> None:
        """By the contributor: a reply, with words or without. By somebody else: taken back.

        Raises `JudgementRefused` when that happened already, and when the round is not in validation.
        """
        with transaction.atomic():
            # Before the round, in the order of a save (answer.py): so neither waits for the other for ever.
            mine = SentBack.objects.select_for_update().get(pk=self.pk)
            hold(mine.assessment)
            if mine.settled_at:
                raise JudgementRefused("Deze vraag is intussen afgehandeld.")
            settled = {"settled_by": by, "settled_at": timezone.now(), "reply": reply.strip()}
            SentBack.objects.filter(pk=self.pk).update(**settled)


def _gone(user: User) -> str:
    """Why there is nobody to ask, and for a guest what helps."""
    if user.is_guest:
        return (
            f"De link van {user.label} werkt niet meer. De coördinator kan bij Gasten een nieuwe link sturen."
        )
    return f"{user.name} krijgt deze vraag niet meer te zien."


def _is_asked(round_: Assessment, question: str, user: User) -> bool:
    """Whether the person still has this question among those that they were given."""
    link, theme = round_.content.link_of(question), round_.content.theme_of(question)
    given = round_.assignments.present().filter(user=user, link=link.slug, theme=theme.slug)
    return given.filter(question__in=["", question]).exists()
