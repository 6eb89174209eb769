"""Talking beside the answer: one thread per question of a round, kept apart from what is answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


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

    class Meta:
        verbose_name = "gesprek"
        verbose_name_plural = "gesprekken"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="one_thread_a_question"),
        ]

    def __str__(self) -> str:
        return f"gesprek bij {self.question}"


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
