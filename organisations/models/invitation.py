"""Invitations by e-mail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils import timezone

from organisations.log.acts import Act
from organisations.models.log import write
from organisations.models.organisation import Organisation
from organisations.models.right import MembershipRole
from organisations.models.user import User
from organisations.tokens import digest, fresh

INVITATION_DAYS = 14


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def editable_by(self, user: User | AnonymousUser) -> InvitationQuerySet:
        return self.filter(organisation__in=Organisation.objects.editable_by(user))

    def pending(self) -> InvitationQuerySet:
        return self.filter(accepted_at=None, expires_at__gt=timezone.now())

    def with_token(self, token: str) -> InvitationQuerySet:
        """The invitation that can still be accepted by this token, or none."""
        return self.pending().filter(token_digest=digest(token))


class InvitationGone(Exception):
    """An invitation that cannot be accepted any more."""


class Invitation(models.Model):
    """An invitation by e-mail. Only a digest of its token is kept, so the table lets nobody in."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    email = models.EmailField("e-mailadres")
    name = models.CharField("naam", max_length=120)
    job = models.CharField("functie", max_length=120, blank=True)
    roles = models.JSONField("rollen", default=list)
    functions = models.JSONField("functies in de vragenlijst", default=list, blank=True)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField("geldig tot")
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "uitnodiging"
        verbose_name_plural = "uitnodigingen"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.email} ({self.organisation})"

    def renew(self) -> str:
        """A new token and period, saved; returns the token, which is known nowhere else."""
        token = fresh()
        self.token_digest = digest(token)
        self.expires_at = timezone.now() + timedelta(days=INVITATION_DAYS)
        self.save()
        return token

    def accept(self, user: User | None = None, **account: Any) -> User:
        """Makes the user, or a new one with this name and password, a member with the invitation's roles.

        Without a password (None) they sign in through their organisation.
        Who was a guest at this address becomes the new one, with all that they answered; who became a member
        meanwhile keeps the roles they have.
        Once: raises `InvitationGone` when it was used, withdrawn or ended meanwhile.
        """
        with transaction.atomic():
            if not Invitation.objects.pending().select_for_update().filter(pk=self.pk).exists():
                raise InvitationGone
            self.accepted_at = timezone.now()
            self.save(update_fields=["accepted_at"])
            user = user or User.objects.open_account(self.email, **account)
            write(Act.JOIN, self.email, organisation=self.organisation, who=user)
            own = MembershipRole.objects.held().filter(stands_in_for=None, membership__user=user)
            kept = own.filter(membership__organisation=self.organisation_id).values_list("role", flat=True)
            self.organisation.admit(user, {*self.roles, *kept}, job=self.job, functions=self.functions)
            return user
