"""Who is asked what: a theme of a round, given to a person."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Assignment(models.Model):
    """A theme of a round, given to a person."""

    assessment = models.ForeignKey(
        "assessments.Assessment", models.CASCADE, related_name="assignments", verbose_name="ronde"
    )
    link = models.SlugField("schakel")
    theme = models.SlugField("thema")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments", verbose_name="deelnemer"
    )

    class Meta:
        verbose_name = "opdracht"
        verbose_name_plural = "opdrachten"
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "link", "theme", "user"], name="one_assignment_each"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.link}/{self.theme}"
