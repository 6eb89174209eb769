"""The validator's two tools beside a level: an answer sent back with a question, and a drawn sample."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


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


class Sample(models.Model):
    """A draw of questions for the validator to check beside the legal minimums; the newest one counts.

    Who has the seed, the size and the rule (assessments/sampling.py) can draw it again.
    """

    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="samples", verbose_name="ronde"
    )
    seed = models.CharField("startwaarde", max_length=32)
    size = models.PositiveSmallIntegerField("vragen per schakel")
    questions = models.JSONField("getrokken vragen")
    reason = models.TextField("waarom opnieuw getrokken", blank=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="getrokken door"
    )
    drawn_at = models.DateTimeField("getrokken op", default=timezone.now)

    class Meta:
        verbose_name = "steekproef"
        verbose_name_plural = "steekproeven"
        ordering = ["drawn_at", "pk"]

    def __str__(self) -> str:
        return f"{len(self.questions)} vragen, startwaarde {self.seed}"
