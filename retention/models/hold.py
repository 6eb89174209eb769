"""A hold: what stays as long as there is a procedure about it, whatever its period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils import timezone

from organisations.log.acts import Act
from organisations.models import Organisation, User
from organisations.models.log import write

if TYPE_CHECKING:
    from assessments.models import Assessment


class HoldRefused(Exception):
    """What cannot be done with a hold now; its text says why, in Dutch."""


class HoldQuerySet(models.QuerySet["Hold"]):
    def editable_by(self, user: User | AnonymousUser) -> HoldQuerySet:
        return self.filter(organisation__in=Organisation.objects.editable_by(user))

    def in_force(self) -> HoldQuerySet:
        return self.filter(lifted_at=None)


class Hold(models.Model):
    """Nothing of one round is destroyed, or nothing of a whole organisation, until this is lifted."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="holds", verbose_name="organisatie"
    )
    assessment = models.ForeignKey(
        "assessments.Assessment",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="holds",
        verbose_name="ronde",
    )
    reason = models.CharField("waarom", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("sinds", default=timezone.now)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="opgeheven door"
    )
    lifted_at = models.DateTimeField("opgeheven op", null=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = "bewaring wegens een procedure"
        verbose_name_plural = "bewaringen wegens een procedure"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lifted_at=None, lifted_by=None)
                | models.Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="hold_lifted_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return str(self.assessment) if self.assessment else "alles"

    @classmethod
    def place(cls, organisation: Organisation, round_: Assessment | None, reason: str, by: User) -> Hold:
        """Holds the round, or everything; the log says that, and not why."""
        with transaction.atomic():
            Organisation.objects.select_for_update().get(pk=organisation.pk)  # what is being destroyed first
            hold = cls.objects.create(organisation=organisation, assessment=round_, reason=reason, by=by)
            hold._told("bewaren wegens een procedure", by)
        return hold

    def lift(self, by: User) -> None:
        """From now on the periods count again. Raises `HoldRefused` when it was lifted before."""
        with transaction.atomic():
            lifted = {"lifted_by": by, "lifted_at": timezone.now()}
            if not Hold.objects.in_force().filter(pk=self.pk).update(**lifted):
                raise HoldRefused("Dit is intussen al opgeheven.")
            self._told("bewaren wegens een procedure opgeheven", by)

    def _told(self, what: str, by: User) -> None:
        write(Act.SETTINGS, f"{what}: {self}", organisation=self.organisation_id, who=by)
