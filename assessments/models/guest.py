"""A person from outside who answers some questions of one round, by a personal link with an end."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone


class GuestPass(models.Model):
    """What lets a guest in: only to the questions given to them in this round, and only until it ends."""

    assessment = models.ForeignKey(
        "assessments.Assessment", models.CASCADE, related_name="guest_passes", verbose_name="ronde"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="guest_passes", verbose_name="gast"
    )
    token_digest = models.CharField("SHA-256 van de link", max_length=64, unique=True)
    expires_at = models.DateTimeField("geldig tot")
    revoked_at = models.DateTimeField("ingetrokken op", null=True, blank=True)
    used_at = models.DateTimeField("laatst gebruikt op", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="gemaakt door"
    )
    made_at = models.DateTimeField("gemaakt op", default=timezone.now)

    class Meta:
        verbose_name = "gastlink"
        verbose_name_plural = "gastlinks"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "user"], name="one_pass_a_guest"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, tot {timezone.localtime(self.expires_at):%d-%m-%Y}"
