"""A round: a year's assessment of one organisation, from concept to archive, and who is asked what in it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from assessments import account
from assessments.models import delegation
from assessments.models.annex import Annex
from assessments.models.answer import AnswerQuerySet
from assessments.models.edition import Edition
from assessments.models.facts import facts
from assessments.models.judgement import Adoption
from assessments.models.readers import AssessmentQuerySet
from assessments.status import (
    CHOICES,
    DELEGATING,
    FROZEN,
    RUNNING,
    Facts,
    Status,
    StepRefused,
    Transition,
    steps_from,
)
from chain.documents import digest as checksum
from chain.models import PublishedQuestionnaire, load
from chain.questionnaire import Questionnaire
from chain.results import ResultsDocument
from organisations.log.acts import Act
from organisations.models import MembershipRole, Organisation, User
from organisations.models.log import write


class Assessment(models.Model):
    class Track(models.TextChoices):
        FULL = "full", "volledig"
        LIGHT = "light", "licht"

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="assessments", verbose_name="organisatie"
    )
    questionnaire = models.ForeignKey(
        PublishedQuestionnaire, models.PROTECT, related_name="+", verbose_name="vragenlijst"
    )
    year = models.PositiveSmallIntegerField("jaar")
    title = models.CharField("naam", max_length=80, default="Jaarronde")
    track = models.CharField("soort ronde", max_length=10, choices=Track, default=Track.FULL)
    status = models.CharField("status", max_length=12, choices=CHOICES, default=Status.DRAFT, editable=False)
    deadline = models.DateField("invullen tot en met", null=True, blank=True)
    weights = models.JSONField("gewichten", default=dict, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AssessmentQuerySet.as_manager()

    answers: AnswerQuerySet

    class Meta:
        verbose_name = "ronde"
        verbose_name_plural = "rondes"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year", "title"],
                condition=~models.Q(status="withdrawn"),
                name="round_once_a_year",
                violation_error_message="Er is al een ronde met deze naam in dit jaar.",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[status for status, _ in CHOICES]), name="round_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.year}"

    # What the round is about

    @cached_property
    def content(self) -> Questionnaire:
        """The questionnaire as this round asks it, full or light; no query once the process knows it."""
        return load(self.questionnaire_id).for_track("light" if self.track == self.Track.LIGHT else "full")

    @cached_property
    def withdrawal(self) -> StatusChange | None:
        """When and why it was withdrawn; one query for a round that was."""
        return self.history.filter(target=Status.WITHDRAWN).last() if self.is_withdrawn else None

    @property
    def takes_answers(self) -> bool:
        return self.status == Status.OPEN

    @property
    def has_begun(self) -> bool:
        """Whether it was opened and goes on: not yet adopted or withdrawn."""
        return self.status in RUNNING

    @property
    def takes_delegation(self) -> bool:
        return self.status in DELEGATING

    @property
    def takes_judgements(self) -> bool:
        return self.status == Status.VALIDATION

    @cached_property
    def is_frozen(self) -> bool:
        """Whether results were adopted; one query for a round that was withdrawn."""
        return self.status in FROZEN or (self.is_withdrawn and self.adoption is not None)

    @property
    def is_withdrawn(self) -> bool:
        return self.status == Status.WITHDRAWN

    @property
    def days_left(self) -> int | None:
        """Days until the deadline, below zero when it has passed; none without a deadline."""
        return (self.deadline - timezone.localdate()).days if self.deadline else None

    # Results

    def gather(self) -> account.Gathered:
        """Everything that results are computed from; three queries."""
        answers = self.answers.given().order_by("contributor_id", "question")
        columns = ("question", "contributor_id", "level", "state", "reason", "helps")
        return account.Gathered(
            content=self.content,
            track=self.track,
            weights=self.weights,
            answers=[account.Given(*row) for row in answers.values_list(*columns)],
            agreed={
                one.question: {"level": one.level, "reason": one.reason} for one in self.agreedlevels.all()
            },
            evidenced=dict(self.evidencedlevels.values_list("question", "level")),
        )

    @cached_property
    def adoption(self) -> Adoption | None:
        """The newest frozen document; one query."""
        return self.adoptions.last()

    @property
    def correction(self) -> str:
        """Why adopted results are looked at again now; empty when they are not. Two queries, or one."""
        return self.why_corrected(self.adoption.number + 1) if self.takes_judgements and self.adoption else ""

    def why_corrected(self, number: int) -> str:
        """Why there is an adoption of this number; empty for the first. One query, or none."""
        if number == 1:
            return ""
        reasons = self.history.filter(source__in=FROZEN, target=Status.VALIDATION)
        return dict(enumerate(reasons.values_list("reason", flat=True), 2)).get(number, "")

    def results(self) -> ResultsDocument:
        """Frozen results when there are any, otherwise as the answers stand now; at most four queries."""
        if self.is_frozen and self.adoption:
            return self.adoption.results()
        return self.gather().results

    def claimed(self, question: str) -> int | None:
        """The level of a question as its answers and agreement stand now; three queries."""
        found = (one["claimed"] for one in self.gather().results["questions"] if one["id"] == question)
        return next(found, None)

    def facts(self) -> Facts:
        """What decides whether the round may take a next step; see `facts.facts`."""
        return facts(self)

    # What happens to it

    def roles_of(self, user: User) -> set[str]:
        """The roles that the user holds now in the round's organisation; one query."""
        held = MembershipRole.objects.held().filter(
            membership__organisation=self.organisation_id, membership__user=user
        )
        return set(held.values_list("role", flat=True))

    def step_to(self, target: str, user: User) -> Transition | None:
        """The step to this status, if it exists and this user's roles allow it; one query."""
        steps = steps_from(self.status, self.roles_of(user))
        return next((step for step in steps if step.target == target), None)

    def next_step(self, user: User) -> Transition | None:
        """The natural next step in the round's life, if it is this user's to take; one query."""
        steps = steps_from(self.status, self.roles_of(user))
        return next((step for step in steps if not step.needs_reason), None)

    def take(self, step: Transition, user: User, reason: str = "") -> None:
        """Takes the step and writes it down; freezes the results when it adopts. Raises `StepRefused`."""
        with transaction.atomic():
            current = Assessment.objects.select_for_update().get(pk=self.pk)
            if current.status != step.source:
                raise StepRefused(f"De ronde is intussen {Status(current.status).label}.")
            objections = current.facts() if step.conditions else None
            if objections and (refused := step.objections(objections)):
                raise StepRefused(*refused)
            if step.needs_reason and not reason.strip():
                raise StepRefused("Schrijf op waarom.")
            self.status = step.target
            self.save(update_fields=["status"])
            StatusChange.objects.create(
                assessment=self, source=step.source, target=step.target, by=user, reason=reason.strip()
            )
            self.follow(step.target, user)
            told = {"van": step.source.label, "naar": step.target.label}
            write(Act.STATUS, str(self), organisation=self.organisation_id, who=user, detail=told)

    def follow(self, target: Status, user: User) -> None:
        """What comes with a status: results are frozen, the report is frozen, it becomes public."""
        if target == Status.ADOPTED:
            self.freeze(user)
        elif target == Status.SUBMITTED:
            Edition.freeze(self, user)
        elif target == Status.PUBLISHED:
            Edition.publish(self, user)

    def reached(self, status: Status) -> datetime:
        """When the round last came to this status, or now when it never did; one query."""
        change = self.history.filter(target=status).last()
        return change.at if change else timezone.now()

    def freeze(self, user: User) -> Adoption:
        """Computes the results and keeps them, with all they follow from, as a next adoption."""
        adoption = self.drawn_up(user)
        adoption.save()
        Annex.freeze(adoption)
        return adoption

    def drawn_up(self, user: User) -> Adoption:
        """The next adoption as it would be now, not kept: with it one can look at the report to come."""
        number = self.adoptions.count() + 1
        document = self.gather().freeze(
            self.organisation.public_facts(),
            self._public_facts(number),
            self.questionnaire_id,
            self.samples.told(),
            self.surveys.told(),
        )
        return Adoption(
            assessment=self, number=number, document=document, digest=checksum(document), adopted_by=user
        )

    def _public_facts(self, number: int) -> dict[str, Any]:
        """What the account says of the round itself; two queries."""
        days = {change.target: change.day.isoformat() for change in self.history.all()}
        return {
            "title": self.title,
            "year": self.year,
            "track": self.track,
            "version": number,
            "opened": days.get(Status.OPEN),
            "closed": days.get(Status.CLOSED),
            "adopted": days.get(Status.ADOPTED, timezone.localdate().isoformat()),
            "validators": self.evidencedlevels.values("by").distinct().count(),
        }

    def change(self, **fields: Any) -> None:
        """Changes the name, year or deadline and nothing else. Raises `StepRefused` once it is closed."""
        with transaction.atomic():
            if not Assessment.objects.select_for_update().get(pk=self.pk).takes_delegation:
                raise StepRefused("De gegevens liggen vast sinds de ronde gesloten is.")
            Assessment.objects.filter(pk=self.pk).update(**fields)

    def delegation(self) -> str:
        """A mark of who has what now, so that a form knows whether that changed; one query."""
        return self.assignments.mark()

    def delegate(self, people: Mapping[tuple[str, str], Set[int]], shown: str | None = None) -> None:
        """Gives each theme (link, theme) to exactly these people (user ids): see `delegation.delegate`."""
        delegation.delegate(self, people, shown)


class StatusChange(models.Model):
    """A step that was taken: from, to, by whom, when and why."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="history", verbose_name="ronde")
    source = models.CharField("van", max_length=12, choices=CHOICES)
    target = models.CharField("naar", max_length=12, choices=CHOICES)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)
    reason = models.TextField("reden", blank=True)

    class Meta:
        verbose_name = "stap"
        verbose_name_plural = "stappen"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{Status(self.source).label} → {Status(self.target).label}"

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)
