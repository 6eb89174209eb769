"""Who is asked what: a theme of a round, or one question of it, given to a person."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from assessments import asked
from assessments.models.answer import RoundIsClosed
from chain.documents import digest as checksum
from organisations.models import MembershipRole, User
from organisations.policy import May

if TYPE_CHECKING:
    from assessments.models.round import Assessment


class HandInRefused(Exception):
    """What cannot be handed in or taken back now; its text says why, in Dutch."""


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def present(self) -> AssignmentQuerySet:
        """Those of people who can still answer: contributors of the organisation, and guests with a pass."""
        contributors = MembershipRole.objects.letting(May.ANSWER).filter(
            membership__organisation=models.OuterRef("assessment__organisation"),
            membership__user=models.OuterRef("user"),
            membership__user__is_active=True,
        )
        guests = User.objects.filter(
            pk=models.OuterRef("user"),
            guest_passes__assessment=models.OuterRef("assessment"),
            guest_passes__revoked_at=None,
            guest_passes__expires_at__gt=timezone.now(),
        )
        return self.filter(models.Exists(contributors) | models.Exists(guests))

    def reachable(self) -> AssignmentQuerySet:
        """Those of people who can be written to: a guest has no account, so is not active in that sense."""
        return self.filter(models.Q(user__is_active=True) | models.Q(user__is_guest=True))

    def waiting(self) -> AssignmentQuerySet:
        """Those of which somebody with an earlier turn at the same has not handed in yet.

        Nobody waits for who cannot hand in any more, because they left.
        """
        return self.filter(_earlier(), turn__gt=1)

    def people_waiting(self) -> int:
        """How many people wait for a colleague's turn with any of these; one query."""
        return self.waiting().filter(handed_in_at=None).order_by().values("user").distinct().count()

    def ready(self) -> AssignmentQuerySet:
        """The others: what their person can answer now, as far as the round allows it."""
        return self.filter(models.Q(turn=1) | ~_earlier())

    def with_waits(self) -> AssignmentQuerySet:
        """With `waits`: whether it is one of `waiting`. No query more."""
        # Nobody comes before a first turn, the most usual: there the database need not look for whom.
        first = models.When(turn=1, then=models.Value(False))
        return self.annotate(
            **{"waits": models.Case(first, default=_earlier(), output_field=models.BooleanField())}
        )

    def handed_in(self) -> tuple[int, int]:
        """How many people these are of, and how many of them handed in everything; one query."""
        left = models.Count("pk", filter=models.Q(handed_in_at=None))
        counts = list(self.order_by().values("user").annotate(left=left).values_list("left", flat=True))
        return len(counts), counts.count(0)

    def of_theme(self, link: str, theme: str) -> AssignmentQuerySet:
        return self.filter(link=link, theme=theme)

    def mark(self) -> str:
        """Tells who has what, and when: a form that was made with another mark is out of date. One query."""
        return checksum(repr(sorted(self.values_list("link", "theme", "question", "user_id", "turn"))))[:16]


_SAME = {name: models.OuterRef(name) for name in ("assessment", "link", "theme", "question")}


def _earlier() -> models.Exists:
    """Whether anybody comes before it, and is not done."""
    before = Assignment.objects.filter(**_SAME, turn__lt=models.OuterRef("turn"), handed_in_at=None)
    return models.Exists(before.present())


class Assignment(models.Model):
    """A theme of a round, or one question in it, given to a person."""

    assessment = models.ForeignKey(
        "assessments.Assessment", models.CASCADE, related_name="assignments", verbose_name="ronde"
    )
    link = models.SlugField("schakel")
    theme = models.SlugField("thema")
    question = models.CharField("vraag", max_length=20, blank=True, help_text="Leeg is het hele thema.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments", verbose_name="deelnemer"
    )
    # People with the same turn at the same theme or question answer at once; a later turn waits until all
    # earlier ones handed in.
    turn = models.PositiveSmallIntegerField("beurt", default=1)
    note = models.TextField("briefje", blank=True)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="overgedragen door",
    )
    handed_in_at = models.DateTimeField("ingediend op", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    waits: bool  # only from `with_waits`

    class Meta:
        verbose_name = "opdracht"
        verbose_name_plural = "opdrachten"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "link", "theme", "question", "user"], name="one_assignment_each"
            ),
            models.CheckConstraint(condition=models.Q(turn__gte=1), name="assignment_turn_from_1"),
        ]

    def __str__(self) -> str:
        return self.question or f"{self.link}/{self.theme}"

    @property
    def key(self) -> asked.Key:
        return self.link, self.theme, self.question

    # What happens to it

    @classmethod
    def hand_in(cls, round_: Assessment, user: User, units: Collection[int]) -> list[Assignment]:
        """Hands in these assignments (pks) of the user; gives those that were not handed in before.

        Others' are passed over. Raises `RoundIsClosed`, and `HandInRefused` when another's turn comes first.
        """
        with transaction.atomic():
            _hold_open(round_)
            mine = cls.objects.filter(assessment=round_, user=user, pk__in=units, handed_in_at=None)
            if mine.waiting().exists():
                raise HandInRefused("U bent hier nog niet aan de beurt. Er is nog niets ingediend.")
            new = list(mine.order_by("pk"))
            now = timezone.now()
            cls.objects.filter(pk__in=[one.pk for one in new]).update(handed_in_at=now)
            for one in new:
                one.handed_in_at = now
            return new

    def take_back(self) -> None:
        """Makes it open to its person again; one that was not handed in stays as it is.

        Raises `RoundIsClosed`, and `HandInRefused` once somebody with a later turn went on with it.
        """
        with transaction.atomic():
            content = _hold_open(self.assessment).content
            questions = [one.id for one in asked.questions(content, [self.key])]
            same = {name: getattr(self, name) for name in _SAME}
            later = Assignment.objects.filter(**same, turn__gt=self.turn)
            answers = self.assessment.answers.given().filter(
                contributor__in=later.values("user"), question__in=questions
            )
            if later.exclude(handed_in_at=None).exists() or answers.exists():
                raise HandInRefused("Een collega na u is hier al mee verdergegaan. Terughalen kan niet meer.")
            Assignment.objects.filter(pk=self.pk).update(handed_in_at=None)
        self.handed_in_at = None


def _hold_open(round_: Assessment) -> Assessment:
    """The round, kept from closing until this transaction is done. Raises `RoundIsClosed`."""
    held = type(round_)._default_manager.select_for_update().get(pk=round_.pk)
    if not held.takes_answers:
        raise RoundIsClosed
    return held
