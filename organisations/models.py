"""The people: users, organisations, their teams, memberships with roles, and invitations."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone

from organisations.outbox import Message as Message  # a model of this app, so known from here
from organisations.outbox import Muted as Muted
from organisations.roles import CHOICES, Role

INVITATION_DAYS = 14


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """A new user; the address is kept in lower case, because people type it both ways."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in; the e-mail address is the name by which they do."""

    email = models.EmailField("e-mailadres", unique=True)
    name = models.CharField("naam", max_length=120)
    is_staff = models.BooleanField("mag in het technisch beheer", default=False)
    is_active = models.BooleanField("actief", default=True)
    date_joined = models.DateTimeField("sinds", default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "gebruiker"
        verbose_name_plural = "gebruikers"
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0]


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def with_role(self, user: User | AnonymousUser, *roles: Role) -> OrganisationQuerySet:
        """The organisations in which the user holds at least one of the roles."""
        return self.filter(
            pk__in=MembershipRole.objects.filter(
                membership__user=user.pk or 0, membership__user__is_active=True, role__in=roles
            ).values("membership__organisation_id")
        )

    def visible_to(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        return self.filter(memberships__user=user.pk or 0, memberships__user__is_active=True)

    def editable_by(self, user: User | AnonymousUser) -> OrganisationQuerySet:
        return self.with_role(user, Role.ADMINISTRATOR)


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

    def public_facts(self) -> dict[str, Any]:
        """What the account to the council says of the organisation itself."""
        return {
            "name": self.name,
            "kind": self.kind,
            "cbs_code": self.cbs_code,
            "inhabitants": self.inhabitants,
            "staff": self.staff,
        }

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
        return self.filter(
            organisation__in=Organisation.objects.with_role(user, Role.COORDINATOR, Role.ADMINISTRATOR)
        )

    def editable_by(self, user: User | AnonymousUser) -> MembershipQuerySet:
        return self.filter(organisation__in=Organisation.objects.editable_by(user))

    def for_members_page(self) -> MembershipQuerySet:
        return self.select_related("user", "team", "organisation").prefetch_related("roles")

    def with_role(self, role: Role) -> MembershipQuerySet:
        return self.filter(roles__role=role)


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
        """Replaces the roles by these."""
        wanted = {Role(role) for role in roles}
        self.roles.exclude(role__in=wanted).delete()
        held = set(self.roles.values_list("role", flat=True))
        MembershipRole.objects.bulk_create(
            MembershipRole(membership=self, role=role) for role in wanted - held
        )

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
        others = Membership.objects.filter(organisation=self.organisation_id).exclude(pk=self.pk)
        is_one = self.roles.filter(role=Role.ADMINISTRATOR).exists()
        return is_one and not others.with_role(Role.ADMINISTRATOR).exists()

    def role_labels(self) -> list[str]:
        """The words for the roles, in the fixed order; costs a query unless `roles` was prefetched."""
        held = {held.role for held in self.roles.all()}
        return [role.label for role in Role if role in held]


class MembershipRole(models.Model):
    """One role of one member: a row each, so that a role can be asked for, dated and ended by itself."""

    membership = models.ForeignKey(
        Membership, models.CASCADE, related_name="roles", verbose_name="lidmaatschap"
    )
    role = models.CharField("rol", max_length=20, choices=CHOICES)
    since = models.DateTimeField("sinds", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "rol"
        verbose_name_plural = "rollen"
        constraints = [
            models.UniqueConstraint(fields=["membership", "role"], name="role_once_per_member"),
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in Role]), name="role_known"
            ),
        ]

    def __str__(self) -> str:
        return Role(self.role).label


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def editable_by(self, user: User | AnonymousUser) -> InvitationQuerySet:
        return self.filter(organisation__in=Organisation.objects.editable_by(user))

    def pending(self) -> InvitationQuerySet:
        return self.filter(accepted_at=None, expires_at__gt=timezone.now())

    def with_token(self, token: str) -> InvitationQuerySet:
        """The invitation that can still be accepted by this token, or none."""
        return self.pending().filter(token_digest=_digest(token))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


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
        token = secrets.token_urlsafe(32)
        self.token_digest = _digest(token)
        self.expires_at = timezone.now() + timedelta(days=INVITATION_DAYS)
        self.save()
        return token

    def accept(self, user: User | None = None, **account: str) -> User:
        """Makes the user, or a new one with this name and password, a member with the invitation's roles.

        Once: raises `InvitationGone` when it was used, withdrawn or ended meanwhile.
        """
        with transaction.atomic():
            if not Invitation.objects.pending().select_for_update().filter(pk=self.pk).exists():
                raise InvitationGone
            self.accepted_at = timezone.now()
            self.save(update_fields=["accepted_at"])
            user = user or User.objects.create_user(self.email, **account)
            self.organisation.admit(user, self.roles, job=self.job, functions=self.functions)
            return user
