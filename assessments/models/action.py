"""The improvement plan: what will be done, by whom and when, and what became of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from organisations.models import Organisation


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
