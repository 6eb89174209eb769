"""Who may know of which rounds, and what of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.db import models

from assessments.models.answer import Answer
from assessments.models.assignment import Assignment
from assessments.models.guest import GuestPass
from assessments.models.judgement import Adoption
from assessments.status import FROZEN, RUNNING, Status
from organisations.models import Organisation, User
from organisations.policy import May

if TYPE_CHECKING:
    from assessments.models.round import Assessment  # noqa: F401 - ruff does not see it used in a string


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def _of(self, user: User | AnonymousUser, act: May) -> AssessmentQuerySet:
        return self.filter(organisation__in=Organisation.objects.where_may(user, act))

    def visible_to(self, user: User | AnonymousUser) -> AssessmentQuerySet:
        """Rounds that the user may know of: those one follows, one's own tasks, and what is adopted."""
        return (
            self.followed_by(user)
            | self.results_visible_to(user)
            | self.report_visible_to(user)
            | self.asking(user)
        )

    def editable_by(self, user: User | AnonymousUser) -> AssessmentQuerySet:
        return self._of(user, May.LEAD_ROUND)

    def followed_by(self, user: User | AnonymousUser) -> AssessmentQuerySet:
        """Rounds in which the user may read everyone's named answers."""
        return self._of(user, May.READ_ANSWERS)

    def asking(self, user: User | AnonymousUser) -> AssessmentQuerySet:
        """Rounds that once opened ask something of the user, who still is a contributor or a guest there."""
        return self._with_part_of(user).filter(
            status__in=[*RUNNING, *FROZEN],
            pk__in=Assignment.objects.filter(user=user.pk or 0).values("assessment"),
        )

    def asked_before(self, user: User | AnonymousUser) -> AssessmentQuerySet:
        """Open rounds in which such a user answered something, and has nothing left to answer."""
        answers = Answer.objects.filter(contributor=user.pk or 0)
        return (
            self._with_part_of(user)
            .filter(status=Status.OPEN, pk__in=answers.values("assessment"))
            .exclude(pk__in=Assignment.objects.filter(user=user.pk or 0).values("assessment"))
        )

    def _with_part_of(self, user: User | AnonymousUser) -> AssessmentQuerySet:
        """Rounds of organisations that the user is a contributor of, and those that they are a guest in."""
        member = models.Q(organisation__in=Organisation.objects.where_may(user, May.ANSWER))
        passes = GuestPass.objects.valid().filter(user=user.pk or 0)
        return self.filter(member | models.Q(pk__in=passes.values("assessment")))

    def frozen(self) -> AssessmentQuerySet:
        """Rounds with adopted results: what the council was told stays to be read, also when withdrawn."""
        told = Adoption.objects.filter(assessment=models.OuterRef("pk"))
        return self.filter(models.Q(status__in=FROZEN) | models.Exists(told))

    def results_visible_to(self, user: User | AnonymousUser) -> AssessmentQuerySet:
        return (
            self._of(user, May.READ_RUNNING).exclude(status__in=[Status.DRAFT, Status.PREPARED])
            | self._of(user, May.READ_RESULTS).frozen()
        )

    def report_visible_to(self, user: User | AnonymousUser) -> AssessmentQuerySet:
        return self._of(user, May.READ_REPORT).frozen()

    def reaction_visible_to(self, user: User | AnonymousUser) -> AssessmentQuerySet:
        """Adopted rounds whose reaction of the college the user writes, or types in for the college."""
        return self._of(user, May.WRITE_REACTION).frozen()

    def check_visible_to(self, user: User | AnonymousUser) -> AssessmentQuerySet:
        """Adopted rounds of which the user may read the griffier's check."""
        return self._of(user, May.READ_CHECK).frozen()

    def handled_by(self, user: User | AnonymousUser) -> AssessmentQuerySet:
        """Adopted rounds that the user brings before the council as griffier."""
        return self._of(user, May.BRING_TO_COUNCIL).frozen()

    def handling_visible_to(self, user: User | AnonymousUser) -> AssessmentQuerySet:
        """Adopted rounds of which the user may read how they go before the council."""
        return self._of(user, May.ANSWER_COUNCIL).frozen()

    def for_list(self) -> AssessmentQuerySet:
        """With `told`: whether results of it were ever adopted."""
        told = models.Exists(Adoption.objects.filter(assessment=models.OuterRef("pk")))
        rounds = self.select_related("organisation").annotate(told=told)
        return rounds.order_by("organisation__name", "-year", "-pk")
