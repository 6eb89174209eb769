"""Whom a single sign-on is for: domains of addresses, the accounts it opens, and those for an emergency."""

from __future__ import annotations

from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from organisations.models.organisation import Membership
from organisations.models.user import User


class SignOnDomain(models.Model):
    """What stands behind the @ of an organisation's addresses. No two organisations have the same one."""

    sign_on = models.ForeignKey("organisations.SignOn", models.CASCADE, related_name="domains")
    domain = models.CharField("domein", max_length=190, unique=True)

    class Meta:
        verbose_name = "domein"
        verbose_name_plural = "domeinen"
        ordering = ["domain"]
        constraints = [
            models.CheckConstraint(condition=models.Q(domain=Lower("domain")), name="domain_lower_case"),
        ]

    def __str__(self) -> str:
        return self.domain


class SignOnAccount(models.Model):
    """Which account at the provider is whose: by the number that the provider never gives to another."""

    sign_on = models.ForeignKey("organisations.SignOn", models.CASCADE, related_name="accounts")
    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="gebruiker")
    subject = models.CharField("nummer bij de inlogdienst", max_length=255)
    since = models.DateTimeField("sinds", default=timezone.now)
    used_at = models.DateTimeField("laatst gebruikt")

    class Meta:
        verbose_name = "gekoppeld account"
        verbose_name_plural = "gekoppelde accounts"
        constraints = [
            models.UniqueConstraint(fields=["sign_on", "subject"], name="account_once_per_sign_on"),
            models.UniqueConstraint(fields=["sign_on", "user"], name="user_once_per_sign_on"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.sign_on})"

    def loosen(self) -> None:
        """Forgets whose account it is; the next sign-in finds the person by their address again."""
        with transaction.atomic():
            self.sign_on.note(f"koppeling van {self.user} losgemaakt")
            self.delete()


class EmergencyAccount(models.Model):
    """A member who can always come in by password: when the provider is down, or set up wrongly."""

    sign_on = models.ForeignKey("organisations.SignOn", models.CASCADE, related_name="emergencies")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "noodaccount"
        verbose_name_plural = "noodaccounts"
        constraints = [
            models.UniqueConstraint(fields=["sign_on", "membership"], name="emergency_account_once"),
        ]

    def __str__(self) -> str:
        return str(self.membership)
