"""The yearly look at who may do what: of each right since when and when last used, and whether it stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from organisations.log.acts import Act, Result
from organisations.models.log import LogEntry, write
from organisations.models.organisation import Membership, Organisation, by_name
from organisations.models.right import MembershipRole
from organisations.models.user import User
from organisations.roles import Role
from organisations.use import SIGNS

EVERY = timedelta(days=365)
KEEP, END = "keep", "end"


@dataclass(frozen=True, slots=True)
class Held:
    """One right of one member, as the reviewer sees it; the moments as the log tells them, if it does."""

    right: MembershipRole
    used: datetime | None
    signed_in: datetime | None

    @property
    def person(self) -> User:
        return self.right.membership.user

    def told(self, decision: str) -> dict[str, Any]:
        """How the review keeps it: words and days, which stay readable when the person is gone."""
        return {
            "name": self.person.name,
            "email": self.person.email,
            "role": self.right.told,
            "since": self.right.begins.isoformat(),
            "used": _day(self.used),
            "signed_in": _day(self.signed_in),
            "is_ended": decision == END,
        }


def rights_held(organisation: Organisation) -> list[Held]:
    """Every right in the organisation, by name and in the order of the roles; two queries."""
    rights = MembershipRole.objects.current().filter(membership__organisation=organisation)
    found = rights.select_related("membership__user", "stands_in_for__user")
    order = list(Role)
    seen = _last_seen(organisation)

    def place(one: MembershipRole) -> tuple[str, int, int]:
        return by_name(one.membership.user.name), one.membership_id, order.index(Role(one.role))

    def with_times(one: MembershipRole) -> Held:
        times = seen.get(one.membership.user_id, {})
        return Held(one, times.get(one.role), times.get("signed_in"))

    return [with_times(one) for one in sorted(found, key=place)]


def _last_seen(organisation: Organisation) -> dict[int, dict[str, datetime]]:
    """Per person (id) and role the newest line of the log that shows it used; one query."""
    signs = {role.value: models.Max("at", filter=_shown_by(role)) for role in Role}
    signs["signed_in"] = models.Max("at", filter=models.Q(act=Act.SIGN_IN))
    lines = LogEntry.objects.filter(organisation=organisation, result=Result.DONE).order_by()
    rows: Any = lines.values("who_id").annotate(**signs)
    return {row["who_id"]: row for row in rows}


def _shown_by(role: Role) -> models.Q:
    return reduce(or_, (models.Q(act=act, what__startswith=what) for act, what in SIGNS[role]))


class RightsReviewQuerySet(models.QuerySet["RightsReview"]):
    def due(self, organisation: Organisation, today: date) -> date | None:
        """The day by which the next review is due; None for an organisation without members. Two queries."""
        last = self.filter(organisation=organisation).order_by("at").last()
        if last:
            return timezone.localdate(last.at) + EVERY
        members = Membership.objects.filter(organisation=organisation)
        first = members.aggregate(first=models.Min("roles__since"))["first"]
        return min(timezone.localdate(first), today) + EVERY if first else None


class RightsReview(models.Model):
    """One review as it was done: every right with what was decided. Never changed; gone after its period."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="rights_reviews", verbose_name="organisatie"
    )
    at = models.DateTimeField("op", default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="door"
    )
    by_name = models.CharField("naam van wie", max_length=120)
    lines = models.JSONField("rechten en besluiten")

    objects = RightsReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "herziening van rechten"
        verbose_name_plural = "herzieningen van rechten"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.at:%Y-%m-%d}"

    @property
    def ended(self) -> int:
        """How many rights were ended."""
        return sum(line["is_ended"] for line in self.lines)

    @property
    def told(self) -> list[dict[str, Any]]:
        """The lines with their days as days, for the page."""
        days = ("since", "used", "signed_in")
        read = date.fromisoformat
        return [
            {**line, **{name: read(line[name]) if line[name] else None for name in days}}
            for line in self.lines
        ]

    @classmethod
    def record(
        cls, organisation: Organisation, by: User, held: Sequence[Held], decisions: Mapping[int, str]
    ) -> RightsReview:
        """Keeps the review, and ends what was not to be kept (`decisions` by the key of the right).

        Raises `RightRefused` when nobody would manage the organisation any more; then nothing happened.
        """
        with transaction.atomic():
            lines = [one.told(decisions[one.right.pk]) for one in held]
            for one in held:
                if decisions[one.right.pk] == END:
                    one.right.end("herziening van rechten")
            review = cls.objects.create(organisation=organisation, by=by, by_name=by.name, lines=lines)
            told = {"rechten": len(lines), "beëindigd": review.ended}
            write(Act.RIGHTS, "herziening van rechten", organisation=organisation, detail=told)
        return review


def _day(at: datetime | None) -> str:
    return timezone.localdate(at).isoformat() if at else ""
