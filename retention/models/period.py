"""The periods that an organisation set itself, each from a day on; what it did not set has the default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from organisations.log.acts import Act
from organisations.models import Organisation, User
from organisations.models.log import write
from retention.kinds import Kind
from retention.periods import WAIT_DAYS, in_words


class PeriodRefused(Exception):
    """A period that cannot be; its text says why, in Dutch."""


@dataclass(frozen=True, slots=True)
class InForce:
    """The period of a kind now, and the next one when that was set already."""

    kind: Kind
    months: int | None
    next: Period | None = None

    @property
    def words(self) -> str:
        return in_words(self.months)

    @property
    def ground(self) -> str:
        return self.kind.rule.ground(self.months)

    @property
    def is_default(self) -> bool:
        return self.months == self.kind.rule.months


class PeriodQuerySet(models.QuerySet["Period"]):
    def in_force(self, organisation: Organisation, day: date) -> dict[Kind, InForce]:
        """What counts for each kind on this day: of those that began by then the last one set. One query.

        What still waited when the next one was set never begins: that one was a mistake.
        """
        rows: dict[Kind, list[Period]] = {kind: [] for kind in Kind}
        for one in self.filter(organisation=organisation).order_by("pk"):
            set_on = timezone.localdate(one.at)
            rows[Kind(one.kind)] = [*(row for row in rows[Kind(one.kind)] if row.starts_on <= set_on), one]
        return {kind: _on(day, kind, rows[kind]) for kind in Kind}


def _on(day: date, kind: Kind, rows: list[Period]) -> InForce:
    begun = [row for row in rows if row.starts_on <= day]
    waiting = rows[-1] if len(begun) < len(rows) else None
    return InForce(kind, begun[-1].months if begun else kind.rule.months, waiting)


class Period(models.Model):
    """How long an organisation keeps a kind of data, from this day on. A next one comes beside it."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="periods", verbose_name="organisatie"
    )
    kind = models.CharField("wat", max_length=20, choices=[(kind.value, kind.rule.title) for kind in Kind])
    months = models.PositiveSmallIntegerField("maanden", null=True)  # none: always
    starts_on = models.DateField("geldt vanaf")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = "bewaartermijn"
        verbose_name_plural = "bewaartermijnen"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(months=None) | models.Q(months__gte=1), name="period_of_a_month_or_more"
            ),
            models.CheckConstraint(
                condition=models.Q(months__isnull=False) | models.Q(kind="record"),
                name="only_the_record_always_stays",
            ),
        ]

    def __str__(self) -> str:
        return f"{Kind(self.kind).rule.title}: {in_words(self.months)}"

    @property
    def words(self) -> str:
        return in_words(self.months)

    @classmethod
    def set(cls, organisation: Organisation, kind: Kind, months: int | None, by: User) -> Period | None:
        """Sets the period: a longer one from today, a shorter one after WAIT_DAYS; none when it was so.

        Raises `PeriodRefused`.
        """
        if objection := kind.rule.objection(months):
            raise PeriodRefused(objection)
        today = timezone.localdate()
        with transaction.atomic():
            Organisation.objects.select_for_update().get(pk=organisation.pk)
            now = cls.objects.in_force(organisation, today)[kind]
            if (now.next.months if now.next else now.months) == months:
                return None
            wait = timedelta(days=WAIT_DAYS if is_shorter(months, now.months) else 0)
            fields = {"kind": kind, "months": months, "starts_on": today + wait, "by": by}
            period = cls.objects.create(organisation=organisation, **fields)
            told = {
                "van": in_words(now.months),
                "naar": period.words,
                "vanaf": period.starts_on.isoformat(),
            }
            what = f"bewaartermijn: {kind.rule.title}"
            write(Act.SETTINGS, what, organisation=organisation, who=by, detail=told)
        return period


def is_shorter(months: int | None, than: int | None) -> bool:
    return months is not None and (than is None or months < than)
