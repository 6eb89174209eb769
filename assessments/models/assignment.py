"""Who is asked what: a theme of a round, or one question of it, given to a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models


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
