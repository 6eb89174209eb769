"""What is written about a round as a whole: each time it is saved it is a new row, and the newest counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from assessments.status import Status
from organisations.log.acts import Act
from organisations.models import log

if TYPE_CHECKING:
    from assessments.models.round import Assessment
    from organisations.models import User


class WritingRefused(Exception):
    """It cannot be written down now; its text says why, in Dutch."""


class ChangedMeanwhile(Exception):
    """Somebody else saved it since the form was shown; `newest` is what they wrote."""

    def __init__(self, newest: Writing | None) -> None:
        super().__init__("Iemand anders heeft dit intussen veranderd.")
        self.newest = newest


class Writing(models.Model):
    """One version of something about a round, by one person. Nothing is overwritten."""

    WHEN: ClassVar[tuple[Status, ...]] = ()  # the statuses in which it can be written
    NOT_NOW: ClassVar[str] = "Dit kan nu niet meer."

    assessment = models.ForeignKey("assessments.Assessment", models.PROTECT, verbose_name="ronde")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)

    class Meta:
        abstract = True
        default_related_name = "%(class)ss"
        ordering = ["at", "pk"]

    @classmethod
    def newest(cls, round_: Assessment) -> Self | None:
        """What counts now, if anything was written; one query."""
        return cls._default_manager.filter(assessment=round_).order_by("pk").last()

    @classmethod
    def write(cls, round_: Assessment, by: User, shown: int, **fields: Any) -> Self:
        """Keeps a next version; `shown` is the key of the one that the writer saw, 0 for none.

        Raises `WritingRefused` when the round's status does not allow it, and `ChangedMeanwhile` when
        somebody else wrote since.
        """
        with transaction.atomic():
            held = type(round_)._default_manager.select_for_update().get(pk=round_.pk)
            if held.status not in cls.WHEN:
                raise WritingRefused(cls.NOT_NOW)
            newest = cls.newest(held)
            if (newest.pk if newest else 0) != shown:
                raise ChangedMeanwhile(newest)
            version = cls._default_manager.create(assessment=held, by=by, **fields)
            what = f"{cls._meta.verbose_name}, {held}"
            log.write(Act.STATUS, what, organisation=held.organisation_id, who=by, detail=version.outcome)
            return version

    @property
    def outcome(self) -> dict[str, str]:
        """What the log says of it besides that it was written: never its text."""
        return {}
