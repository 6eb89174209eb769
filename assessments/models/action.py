"""The improvement plan: what will be done, by whom and when, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from assessments.counting.content import area_titles
from assessments.improving.barriers import title as barrier_title
from assessments.improving.steps import (
    CLOSED,
    DECIDING,
    DUE,
    PROPOSING,
    Stage,
    Step,
    can_edit,
    can_move,
    steps_from,
)
from assessments.status import FROZEN, Status
from assessments.supplement import ActionDocument
from chain.documents import canonical_json, digest
from organisations.log.acts import Act
from organisations.models import Organisation
from organisations.models.log import write

if TYPE_CHECKING:
    from assessments.models.round import Assessment
    from organisations.models import User

WORDS = ("what", "why", "owner", "due", "barrier", "change")  # that lie fixed once they were offered


class ActionRefused(Exception):
    """It cannot be done with the improvement now; its text says why, in Dutch."""


class ActionChanged(ActionRefused):
    """Somebody else changed the improvement since the form was shown."""

    def __init__(self) -> None:
        super().__init__("Iemand anders heeft deze actie intussen veranderd. Kijk eerst wat er nu staat.")


class ActionQuerySet(models.QuerySet["Action"]):
    def of_plan(self, round_: Assessment) -> ActionQuerySet:
        """The plan of a round: what was proposed in it, and what the organisation's earlier rounds left open.

        What was closed before this round was made is no part of it. Of a round without results yet, or one
        that was withdrawn, only what was decided goes along.
        """
        earlier = models.Q(
            organisation=round_.organisation_id, assessment__created_at__lt=round_.created_at
        ) & (models.Q(closed_at=None) | models.Q(closed_at__gte=round_.created_at))
        public = models.Q(assessment__status__in=FROZEN) | ~models.Q(status=Stage.PROPOSED)
        return self.filter(models.Q(assessment=round_.pk) | (earlier & public))

    def for_plan_page(self) -> ActionQuerySet:
        return self.select_related("assessment", "responsible")

    def open(self) -> ActionQuerySet:
        return self.exclude(status__in=CLOSED)

    def of_report(self) -> ActionQuerySet:
        """What a report tells: not what was proposed and dropped before anybody decided on it."""
        decided = ActionStep.objects.filter(action=models.OuterRef("pk"), target=Stage.DECIDED)
        return self.filter(~models.Q(status=Stage.DROPPED) | models.Exists(decided))

    def to_remind(self, until: date) -> ActionQuerySet:
        """What somebody looks after and has to be ready on this day or before it."""
        return self.filter(status__in=DUE, responsible__is_active=True, due__lte=until).select_related(
            "organisation", "assessment", "responsible"
        )


class Action(models.Model):
    """One improvement of an organisation. It goes along from round to round until it is closed."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", "voorgesteld"
        DECIDED = "decided", "besloten"
        RUNNING = "running", "in uitvoering"
        REPORTED = "reported", "gereed gemeld"
        VERIFIED = "verified", "geverifieerd"
        DROPPED = "dropped", "vervallen"

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="actions", verbose_name="organisatie"
    )
    # The round in which it was proposed.
    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="actions", verbose_name="ronde"
    )
    what = models.CharField("wat", max_length=200)
    why = models.TextField("waarom", max_length=1000, blank=True)
    owner = models.CharField("eigenaar", max_length=120, blank=True, help_text="Een functie, geen naam.")
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="wie een herinnering krijgt",
    )
    due = models.DateField("klaar op", null=True, blank=True)
    status = models.CharField("status", max_length=10, choices=Status, default=Status.PROPOSED)
    reason = models.TextField("waarom vervallen", max_length=1000, blank=True)
    barrier = models.SlugField("wat in de weg staat", blank=True)
    change = models.TextField("wat het moet veranderen", max_length=1000, blank=True)
    # What it came from: a question of the questionnaire, a link, or a vulnerable area; or nothing of these.
    link = models.SlugField("schakel", blank=True)
    question = models.CharField("vraag", max_length=20, blank=True)
    area = models.SlugField("kwetsbaar gebied", blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField("voorgesteld op", default=timezone.now, editable=False)
    closed_at = models.DateTimeField("geverifieerd of vervallen op", null=True, blank=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        verbose_name = "verbeteractie"
        verbose_name_plural = "verbeteracties"
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["proposed", "decided", "running", "reported", "verified", "dropped"]
                ),
                name="action_status_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="dropped") | ~models.Q(reason=""), name="dropped_with_a_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["proposed", "dropped"])
                | (~models.Q(owner="") & models.Q(due__isnull=False)),
                name="decided_with_owner_and_date",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["verified", "dropped"], closed_at__isnull=False)
                | (~models.Q(status__in=["verified", "dropped"]) & models.Q(closed_at=None)),
                name="action_closed_or_not",
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def stage(self) -> Stage:
        return Stage(self.status)

    @property
    def is_late(self) -> bool:
        """Whether its day is past today and it is still to be done."""
        return self.is_late_on(timezone.localdate())

    def is_late_on(self, day: date) -> bool:
        return self.status in DUE and self.due is not None and self.due < day

    @property
    def barrier_title(self) -> str:
        return barrier_title(self.barrier) if self.barrier else ""

    @property
    def mark(self) -> str:
        """Of its words as they stand, so that a form knows whether they changed since."""
        return digest(canonical_json([str(getattr(self, name)) for name in (*WORDS, "status")]))[:16]

    def can_edit(self) -> bool:
        return can_edit(self.status, self.assessment.status)

    def is_proposal_of(self, user: User) -> bool:
        """Whether this user proposed it and nobody decided on it."""
        return self.status == Stage.PROPOSED and self.created_by_id == user.pk

    def can_move(self) -> bool:
        return can_move(self.status, self.assessment.status)

    def can_decide(self, plan: Assessment) -> bool:
        """Whether the round of this plan, or its own, lies before the executive or did."""
        return bool({plan.status, self.assessment.status} & set(DECIDING))

    def steps_for(self, plan: Assessment, user: User, roles: Iterable[str]) -> list[Step]:
        """The steps that this user may ask for in the plan of this round."""
        is_responsible = self.responsible_id == user.pk
        deciding = self.can_decide(plan)
        return steps_from(self.status, roles, responsible=is_responsible, deciding=deciding)

    # What happens to it

    @classmethod
    def propose(cls, round_: Assessment, by: User, **fields: Any) -> tuple[Action, bool]:
        """Puts an improvement in the plan, and whether it is new: a second click gives the first.

        Raises `ActionRefused` when nothing can be proposed any more.
        """
        with transaction.atomic():
            held = type(round_)._default_manager.select_for_update().get(pk=round_.pk)
            if held.status not in PROPOSING:
                raise ActionRefused(
                    f"De ronde is intussen {Status(held.status).label}. Een nieuwe actie kan niet meer."
                )
            same = {name: fields.get(name, "") for name in ("what", "link", "question", "area")}
            if first := cls.objects.open().filter(assessment=held, created_by=by, **same).first():
                return first, False
            action = cls.objects.create(
                organisation_id=held.organisation_id, assessment=held, created_by=by, **fields
            )
            ActionStep.keep(action, by, target=Stage.PROPOSED)
            return action, True

    def edit(self, by: User, shown: str, **fields: Any) -> None:
        """Changes its words; `shown` is the mark of what the writer saw.

        Raises `ActionChanged` when somebody else changed it since, and `ActionRefused` once it was offered to
        the council.
        """
        with transaction.atomic():
            now = self._hold()
            if not now.can_edit():
                raise ActionRefused("De tekst ligt vast: deze actie is al aan de raad beloofd of afgerond.")
            if now.mark != shown:
                raise ActionChanged
            Action.objects.filter(pk=self.pk).update(**fields)
            ActionStep.keep(now, by, source=now.status, target=now.status, note="Tekst gewijzigd.")

    def take(self, step: Step, plan: Assessment, by: User, note: str = "") -> None:
        """Takes the step and writes it down, in the plan of this round. Raises `ActionRefused`."""
        with transaction.atomic():
            now = self._hold(plan)
            if now.status != step.source:
                raise ActionRefused(f"De actie is intussen {now.stage.label}.")
            if step.target == Stage.DECIDED:
                now._must_be_decidable(plan)
            if step.asks and not note.strip():
                raise ActionRefused("Vul dit in.")
            closed = timezone.now() if step.target in CLOSED else None
            reason = note.strip() if step.target == Stage.DROPPED else ""
            Action.objects.filter(pk=self.pk).update(status=step.target, closed_at=closed, reason=reason)
            ActionStep.keep(now, by, source=step.source, target=step.target, note=note.strip())

    def _must_be_decidable(self, plan: Assessment) -> None:
        plan.refresh_from_db(fields=["status"])
        if not self.can_decide(plan):
            raise ActionRefused("Besluiten kan pas als het verslag bij het college ligt.")
        if not self.owner or self.due is None:
            raise ActionRefused("Vul eerst de eigenaar en de datum in. Zonder die twee is het geen besluit.")

    def move(self, due: date, note: str, by: User, shown: str) -> None:
        """Gives it another day, with why. Raises `ActionRefused`, `ActionChanged`."""
        with transaction.atomic():
            now = self._hold()
            if not now.can_move():
                raise ActionRefused(f"De datum kan niet meer schuiven: de actie is {now.stage.label}.")
            if now.mark != shown:
                raise ActionChanged
            Action.objects.filter(pk=self.pk).update(due=due)
            days = {"due_before": now.due, "due_after": due}
            ActionStep.keep(now, by, source=now.status, target=now.status, note=note, **days)

    def entrust(self, responsible: User | None) -> None:
        """Says who looks after it and gets the reminders; nobody for None. It is not in the report."""
        Action.objects.filter(pk=self.pk).update(responsible=responsible)

    def _hold(self, plan: Assessment | None = None) -> Action:
        """This row as it stands now, held with its round (and the round of the plan) until the end."""
        rounds = {self.assessment_id, *([plan.pk] if plan else [])}
        model = type(self.assessment)
        list(model._default_manager.select_for_update().filter(pk__in=rounds).order_by("pk"))
        held = Action.objects.select_for_update(of=("self",)).select_related("assessment")
        return held.get(pk=self.pk)

    # What the report says of it

    @classmethod
    def told(cls, round_: Assessment) -> list[ActionDocument]:
        """The plan of the round as it stands, for the supplement; two queries."""
        plan = cls.objects.of_plan(round_).of_report().select_related("assessment")
        return [one.document(area_titles()) for one in plan.order_by("due", "pk")]

    def document(self, areas: Mapping[str, str]) -> ActionDocument:
        """It as it stands, in words; `areas` are the titles of vulnerable areas by slug."""
        return {
            "key": self.pk,
            "what": self.what,
            "why": self.why,
            "owner": self.owner,
            "due": self.due.isoformat() if self.due else None,
            "status": self.status,
            "reason": self.reason,
            "barrier": self.barrier_title,
            "change": self.change,
            "link": self.link,
            "question": self.question,
            "area": areas.get(self.area, self.area),
            "since": str(self.assessment),
        }


class ActionStep(models.Model):
    """A change of an action that others must be able to see: of its status or its date, with why."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="steps", verbose_name="verbeteractie")
    source = models.CharField("van", max_length=10, choices=Action.Status, blank=True)
    target = models.CharField("naar", max_length=10, choices=Action.Status)
    due_before = models.DateField("klaar op, eerst", null=True, blank=True)
    due_after = models.DateField("klaar op, daarna", null=True, blank=True)
    note = models.TextField("toelichting", max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)

    class Meta:
        verbose_name = "stap van een actie"
        verbose_name_plural = "stappen van acties"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"

    @classmethod
    def keep(cls, action: Action, by: User, **fields: Any) -> None:
        """Writes it down, also in the log. In the transaction of the change."""
        step = cls.objects.create(action=action, by=by, **fields)
        told = {"van": step.get_source_display(), "naar": step.get_target_display()}
        what = f"verbeteractie {action.pk}, {action.assessment}"
        write(Act.STATUS, what, organisation=action.organisation_id, who=by, detail=told)
