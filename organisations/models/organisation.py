"""Organisations, their teams, and who is a member with which roles."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower

from organisations.house_style import DEFAULT, tints
from organisations.log.acts import Act
from organisations.models.log import write
from organisations.models.right import LAST, MembershipRole, RightRefused
from organisations.models.style import HouseStyle
from organisations.models.user import User
from organisations.policy import May, may
from organisations.roles import Role


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def where_may(self, user: User | AnonymousUser, *acts: May) -> OrganisationQuerySet:
        """The organisations in which the user may do at least one of these."""
        roles = MembershipRole.objects.letting(*acts)
        mine = roles.filter(membership__user=user.pk or 0, membership__user__is_active=True)
        return self.filter(pk__in=mine.values("membership__organisation_id"))

    def editable_by(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        return self.where_may(user, May.MANAGE)


def themes() -> list[str]:
    """The house styles that are there: the names of the style sheets in static/themes/."""
    return sorted(
        Path(sheet).stem
        for finder in finders.get_finders()
        for sheet, storage in finder.list([])
        # The folder's own prefix in STATICFILES_DIRS is not part of the path that a finder lists.
        if Path(getattr(storage, "prefix", None) or "", sheet).match("themes/*.css")
    )


def known_theme(slug: str) -> None:
    """Raises ValidationError unless there is a style sheet of this name."""
    if slug not in themes():
        raise ValidationError("Er is geen huisstijl met deze naam in static/themes/.")


class Organisation(models.Model):
    class Kind(models.TextChoices):
        MUNICIPALITY = "gemeente", "gemeente"
        PROVINCE = "provincie", "provincie"
        WATER_AUTHORITY = "waterschap", "waterschap"
        JOINT_ARRANGEMENT = "gemeenschappelijke-regeling", "gemeenschappelijke regeling"

    name = models.CharField("naam", max_length=120)
    slug = models.SlugField("korte naam in adressen", unique=True)
    kind = models.CharField("soort", max_length=30, choices=Kind, default=Kind.MUNICIPALITY)
    cbs_code = models.CharField(
        "CBS-code",
        max_length=10,
        unique=True,
        null=True,
        blank=True,
        help_text="Bijvoorbeeld GM0344. Mag leeg blijven.",
    )
    inhabitants = models.PositiveIntegerField("inwoners", null=True, blank=True)
    staff = models.PositiveIntegerField("medewerkers", null=True, blank=True)
    theme = models.SlugField(
        "huisstijl",
        default="portaal",
        validators=[known_theme],
        help_text="De naam van een bestand in static/themes/, zonder .css.",
    )
    # The version in use. Here and not as a mark on the version, so that a page gets it with the organisation.
    style = models.ForeignKey(
        HouseStyle,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="eigen huisstijl",
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = "organisatie"
        verbose_name_plural = "organisaties"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def theme_file(self) -> str:
        """The style sheet with this organisation's house style, below static/."""
        return f"themes/{self.theme}.css"

    @property
    def tints(self) -> dict[str, str]:
        """Its colours for mail, its own or its theme's; a query when its `style` was not fetched."""
        return self.style.tints if self.style else tints(self.theme)

    def style_told(self) -> dict[str, Any] | None:
        """What a report says of its house style; nothing when it looks like the portal itself."""
        if self.style:
            return self.style.told()
        colour = tints(self.theme)["tint500"]
        if self.theme == DEFAULT:
            return None
        return {"colour": colour, "accent": colour, "logo": "", "logo_text": "", "address": []}

    def public_facts(self) -> dict[str, Any]:
        """What the account to the council says of the organisation itself."""
        return {
            "name": self.name,
            "kind": self.kind,
            "cbs_code": self.cbs_code,
            "inhabitants": self.inhabitants,
            "staff": self.staff,
        }

    def who_may(self, act: May) -> models.QuerySet[User]:
        """Everyone who may do this here now, but for those who cannot sign in."""
        held = MembershipRole.objects.letting(act).filter(membership__organisation=self.pk)
        return User.objects.filter(is_active=True, pk__in=held.values("membership__user"))

    def admit(self, user: User, roles: Iterable[str], **details: Any) -> Membership:
        """Makes the user a member with exactly these roles; repeatable."""
        with transaction.atomic():
            membership, _ = Membership.objects.update_or_create(
                organisation=self, user=user, defaults=details
            )
            membership.set_roles(roles)
        return membership


class Team(models.Model):
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="teams", verbose_name="organisatie"
    )
    name = models.CharField("naam", max_length=120)

    class Meta:
        verbose_name = "team"
        verbose_name_plural = "teams"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("organisation", Lower("name"), name="team_name_once_per_organisation"),
        ]

    def __str__(self) -> str:
        return self.name


def by_name(name: str) -> str:
    """The key that sorts names as people do, Ö with O; SQLite would put Ö last."""
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: User | AnonymousUser) -> MembershipQuerySet:
        """Colleagues, for those who delegate or manage; for anyone else they do not exist."""
        return self.filter(organisation__in=Organisation.objects.where_may(user, May.SEE_MEMBERS))

    def editable_by(self, user: User | AnonymousUser) -> MembershipQuerySet:
        return self.filter(organisation__in=Organisation.objects.editable_by(user))

    def for_members_page(self) -> MembershipQuerySet:
        """Of each all roles that count now or will."""
        roles = models.Prefetch("roles", MembershipRole.objects.current())
        return self.select_related("user", "team", "organisation").prefetch_related(roles)

    def with_roles(self) -> MembershipQuerySet:
        """Of each only the roles that count now."""
        return self.prefetch_related(models.Prefetch("roles", MembershipRole.objects.held()))

    def who_may(self, act: May) -> MembershipQuerySet:
        """Those whose roles let them do this now, each once."""
        return self.filter(pk__in=MembershipRole.objects.letting(act).values("membership"))


class Membership(models.Model):
    """One person in one organisation; what they may do there is in `roles`."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name="organisatie"
    )
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name="gebruiker")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, verbose_name="team")
    job = models.CharField("functie", max_length=120, blank=True)
    functions = models.JSONField(
        "functies in de vragenlijst",
        default=list,
        blank=True,
        help_text="Codes uit de vragenlijst, zoals HR of CISO.",
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "lidmaatschap"
        verbose_name_plural = "lidmaatschappen"
        ordering = ["user__name"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="member_once_per_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.organisation})"

    def set_roles(self, roles: Iterable[str]) -> None:
        """Replaces the member's own roles by these. A last day stays; so does standing in for somebody,
        unless that role becomes their own. Raises `RightRefused` when nobody would manage the organisation.
        """
        wanted = {Role(role) for role in roles}
        with transaction.atomic():
            self.roles.end_expired()
            own = self.roles.filter(stands_in_for=None)
            before = set(own.values_list("role", flat=True))
            if before == wanted:
                return
            write(
                Act.RIGHTS,
                str(self.user),
                organisation=self.organisation_id,
                detail=_changed(before, wanted),
            )
            if not may(wanted, May.MANAGE):
                self._leave_an_administrator()
            own.exclude(role__in=wanted).delete()
            self.roles.filter(role__in=wanted - before).delete()
            MembershipRole.objects.bulk_create(
                MembershipRole(membership=self, role=role) for role in sorted(wanted - before)
            )

    def end(self) -> None:
        """Ends the membership with its rights; what the person answered stays.

        Raises `RightRefused` when nobody would manage the organisation any more.
        """
        with transaction.atomic():
            held = set(self.roles.values_list("role", flat=True))
            write(
                Act.RIGHTS,
                f"{self.user}, lidmaatschap beëindigd",
                organisation=self.organisation_id,
                detail=_changed(held, set()),
            )
            self._leave_an_administrator()
            self.delete()

    def join_team(self, name: str) -> None:
        """Puts the member in the team of this name, a new one if need be; none for an empty name. Saves."""
        name = name.strip()
        if not name:
            self.team = None
        else:
            team = self.organisation.teams.filter(name__iexact=name).first()
            self.team = team or Team.objects.create(organisation=self.organisation, name=name)
        self.save()

    def is_last_administrator(self) -> bool:
        """Whether nobody could manage the organisation any more without this member."""
        return any(one.is_last() for one in self.roles.lasting().letting(May.MANAGE))

    def _leave_an_administrator(self) -> None:
        """Raises `RightRefused` for the last one. After `write`, which holds the organisation's log: of two
        who take each other's role away at once, the later one sees what the first did.
        """
        if self.is_last_administrator():
            raise RightRefused(LAST)

    def told_roles(self) -> list[str]:
        """The words for the roles with their limits, in the fixed order; of `for_members_page`."""
        order = list(Role)
        return [one.told for one in sorted(self.roles.all(), key=lambda one: order.index(Role(one.role)))]


def _changed(before: AbstractSet[str], after: AbstractSet[str]) -> dict[str, str]:
    """Which roles came and which went, for the log."""
    told = {"gegeven": after - before, "ingetrokken": before - after}
    return {
        word: ", ".join(Role(one).label for one in sorted(roles)) for word, roles in told.items() if roles
    }
