"""What the council does with a report: when it was offered and treated, what it asked, what was promised."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from organisations.models import Organisation


class Handling(models.Model):
    """How the griffier puts one round's report before the council."""

    assessment = models.OneToOneField(
        "assessments.Assessment", models.PROTECT, related_name="handling", verbose_name="ronde"
    )
    number = models.CharField("zaak- of stuknummer", max_length=60, blank=True)
    offered_on = models.DateField("aangeboden op", null=True, blank=True)
    meeting_on = models.DateField("op de agenda van", null=True, blank=True)
    treated_on = models.DateField("behandeld op", null=True, blank=True)
    outcome = models.TextField("uitkomst", max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)

    class Meta:
        verbose_name = "behandeling in de raad"
        verbose_name_plural = "behandelingen in de raad"

    def __str__(self) -> str:
        return self.number or str(self.assessment)


class CouncilQuestion(models.Model):
    """A question of the council about a report, and its answer."""

    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="council_questions", verbose_name="ronde"
    )
    asked_by = models.CharField("gevraagd door", max_length=120, help_text="Een fractie of de hele raad.")
    text = models.TextField("vraag", max_length=4000)
    asked_on = models.DateField("gevraagd op", default=timezone.localdate)
    due = models.DateField("antwoord uiterlijk op", null=True, blank=True)
    answer = models.TextField("antwoord", max_length=8000, blank=True)
    answered_on = models.DateField("beantwoord op", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)

    class Meta:
        verbose_name = "vraag van de raad"
        verbose_name_plural = "vragen van de raad"
        ordering = ["asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer="", answered_on=None)
                | (~models.Q(answer="") & models.Q(answered_on__isnull=False)),
                name="council_answer_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class CouncilPromise(models.Model):
    """What the college promised the council (a toezegging); it comes back in the next report."""

    class Outcome(models.TextChoices):
        OPEN = "open", "open"
        DONE = "done", "nagekomen"
        MOVED = "moved", "verschoven"
        DROPPED = "dropped", "vervallen"

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="council_promises", verbose_name="organisatie"
    )
    # The round of whose report it was made.
    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="council_promises", verbose_name="ronde"
    )
    text = models.TextField("toezegging", max_length=1000)
    owner = models.CharField("wie", max_length=120, help_text="Een functie of portefeuille, geen naam.")
    made_on = models.DateField("toegezegd op")
    due = models.DateField("klaar op")
    outcome = models.CharField("uitkomst", max_length=10, choices=Outcome, default=Outcome.OPEN)
    moved_to = models.DateField("verschoven naar", null=True, blank=True)
    reason = models.TextField("waarom verschoven of vervallen", max_length=1000, blank=True)
    settled_on = models.DateField("nagekomen of vervallen op", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)

    class Meta:
        verbose_name = "toezegging"
        verbose_name_plural = "toezeggingen"
        ordering = ["made_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["open", "done"]) | ~models.Q(reason=""),
                name="promise_changed_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="moved", moved_to__isnull=False)
                | (~models.Q(outcome="moved") & models.Q(moved_to=None)),
                name="promise_moved_to_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]
