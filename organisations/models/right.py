"""What a member may do: one row a role, with when it begins and ends, and for whom it stands in."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format

from organisations.holding import held, lets
from organisations.log.acts import Act
from organisations.models.log import write
from organisations.models.user import User
from organisations.policy import LENT, May, may
from organisations.roles import CHOICES, Role

if TYPE_CHECKING:
    from organisations.models.organisation import Membership


LAST = "Er moet ten minste één beheerder blijven."


class RightRefused(Exception):
    """A right that cannot be given, limited or ended like this; its text says why, in Dutch."""


class MembershipRoleQuerySet(models.QuerySet["MembershipRole"]):
    def held(self) -> MembershipRoleQuerySet:
        """Those that count now."""
        return self.filter(held())

    def letting(self, *acts: May) -> MembershipRoleQuerySet:
        """Those that let somebody do at least one of these now."""
        return self.filter(lets(*acts))

    def lasting(self) -> MembershipRoleQuerySet:
        """Those of people themselves, without a last day."""
        return self.held().filter(until=None)

    def current(self) -> MembershipRoleQuerySet:
        """Those that count now or will, ready to be told of."""
        found = self.exclude(until__lt=timezone.localdate())
        return found.select_related("stands_in_for__user").order_by("pk")

    def end_expired(self) -> None:
        """Removes what is past its last day, each with its line in the log. Repeatable."""
        past = self.filter(until__lt=timezone.localdate()).select_related("membership__user")
        for one in past.order_by("pk"):
            one.end("verlopen", by="")


class MembershipRole(models.Model):
    """One role of one member: a row each, so that a role can be asked for, dated and ended by itself."""

    membership = models.ForeignKey(
        "organisations.Membership", models.CASCADE, related_name="roles", verbose_name="lidmaatschap"
    )
    role = models.CharField("rol", max_length=20, choices=CHOICES)
    since = models.DateTimeField("sinds", default=timezone.now, editable=False)
    until = models.DateField("tot en met", null=True, blank=True)
    # Whose role this is for a while. Who leaves takes the mark along; the role still ends on its last day.
    stands_in_for = models.ForeignKey(
        "organisations.Membership",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="substitutes",
        verbose_name="vervangt",
    )

    objects = MembershipRoleQuerySet.as_manager()

    class Meta:
        verbose_name = "rol"
        verbose_name_plural = "rollen"
        constraints = [
            models.UniqueConstraint(fields=["membership", "role"], name="role_once_per_member"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(stands_in_for=None) | models.Q(until__isnull=False),
                name="substitute_has_a_last_day",
            ),
            models.CheckConstraint(
                condition=models.Q(stands_in_for=None) | ~models.Q(stands_in_for=models.F("membership")),
                name="nobody_stands_in_for_themselves",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return Role(self.role).label

    @property
    def begins(self) -> date:
        """The first day on which it counts."""
        return timezone.localdate(self.since)

    @property
    def is_to_come(self) -> bool:
        return self.since > timezone.now()

    @property
    def can_be_lent(self) -> bool:
        """Whether somebody else can stand in: not for one who does so themselves."""
        return self.role in LENT and self.stands_in_for_id is None

    @property
    def told(self) -> str:
        """The role with its limits, for a list: "validator (vervangt Vera, tot en met 3 mei 2026)"."""
        limits = [f"vervangt {self.stands_in_for.user.name}"] if self.stands_in_for else []
        limits += [f"vanaf {_day(self.begins)}"] if self.is_to_come else []
        limits += [f"tot en met {_day(self.until)}"] if self.until else []
        return f"{self.label} ({', '.join(limits)})" if limits else self.label

    def is_last(self) -> bool:
        """Whether without it nobody would manage the organisation for good; at most one query."""
        if not may([self.role], May.MANAGE) or self.until or self.is_to_come:
            return False
        same = MembershipRole.objects.lasting().letting(May.MANAGE).exclude(pk=self.pk)
        return not same.filter(membership__organisation=self.membership.organisation_id).exists()

    # What happens to it

    def limit(self, until: date | None, by: User) -> None:
        """Sets its last day, or none. Raises `RightRefused`."""
        with transaction.atomic():
            now = MembershipRole.objects.select_for_update(of=("self",)).get(pk=self.pk)
            if until and until < max(timezone.localdate(), now.begins):
                raise RightRefused("De laatste dag kan niet in het verleden liggen, of voor het begin.")
            if now.membership.user == by and _later(until, now.until):
                raise RightRefused(
                    "U kunt uw eigen rol niet langer maken. Een andere beheerder kan dat doen."
                )
            if until is None and now.stands_in_for_id:
                raise RightRefused("Een vervanging heeft altijd een laatste dag.")
            told = {"rol": self.label, "tot en met": _day(until) if until else "zonder einde"}
            write(
                Act.RIGHTS, str(now.membership.user), organisation=now.membership.organisation_id, detail=told
            )
            if until and now.is_last():  # with the log held, so that of two at once the later one sees it
                raise RightRefused("Er moet ten minste één beheerder zonder einddatum blijven.")
            MembershipRole.objects.filter(pk=self.pk).update(until=until)
        self.until = until

    def lend(self, to: Membership, since: date, until: date, by: User) -> MembershipRole:
        """Lets somebody of the same organisation stand in, on these days. Raises `RightRefused`."""
        if not self.can_be_lent:
            raise RightRefused("Voor deze rol kan niemand vervangen.")
        if to.user == by:
            raise RightRefused("U kunt uzelf geen rol geven. Een andere beheerder kan dat doen.")
        if since < timezone.localdate() or until < since:
            raise RightRefused("Kies een eerste dag vanaf vandaag, en een laatste dag daarna.")
        with transaction.atomic():
            to.roles.end_expired()
            fields = {"since": _start(since), "until": until, "stands_in_for": self.membership}
            lent, is_new = MembershipRole.objects.get_or_create(
                membership=to, role=self.role, defaults=fields
            )
            if not is_new:
                raise RightRefused(f"{to.user.name} heeft deze rol al: {lent.told}.")
            told = {"rol": self.label, "vervangt": str(self.membership.user)}
            told |= {"van": _day(since), "tot en met": _day(until)}
            write(Act.RIGHTS, f"{to.user}, vervanging", organisation=to.organisation_id, detail=told)
        return lent

    def end(self, why: str, by: str | None = None) -> None:
        """Takes the role away; `by` is "" when nobody did, but time. Raises `RightRefused`."""
        with transaction.atomic():
            told = {"ingetrokken": self.label, "reden": why}
            organisation = self.membership.organisation_id
            write(Act.RIGHTS, str(self.membership.user), organisation=organisation, who=by, detail=told)
            if self.is_last():  # with the log held, so that of two at once the later one sees it
                raise RightRefused(LAST)
            self.delete()


def _later(until: date | None, than: date | None) -> bool:
    """Whether a role would last longer than it does."""
    return than is not None and (until is None or until > than)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _day(day: date) -> str:
    return date_format(day, "j F Y")
