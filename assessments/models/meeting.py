"""The consensus meeting about one link: who was there, when, and what stands in its minutes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class Meeting(models.Model):
    """One link of one round, discussed; what was agreed stands with the questions (`AgreedLevel`)."""

    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="meetings", verbose_name="ronde"
    )
    link = models.SlugField("schakel")
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="gespreksleider"
    )
    present = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="meetings", blank=True, verbose_name="aanwezig"
    )
    others = models.CharField("ook aanwezig", max_length=300, blank=True)
    minutes_a_question = models.PositiveSmallIntegerField("minuten per vraag", default=5)
    started_at = models.DateTimeField("begonnen", default=timezone.now)
    ended_at = models.DateTimeField("afgesloten", null=True, blank=True)
    closing = models.TextField("slotopmerking", blank=True)

    class Meta:
        verbose_name = "overleg"
        verbose_name_plural = "overleggen"
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "link"], name="one_meeting_a_link"),
            models.CheckConstraint(
                condition=models.Q(minutes_a_question__range=(1, 60)), name="meeting_minutes_1_to_60"
            ),
        ]

    def __str__(self) -> str:
        return f"overleg over {self.link}"
