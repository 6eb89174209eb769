"""A person from outside who answers some questions of one round, by a personal link with an end."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from assessments.asked import Key
from assessments.models.assignment import Assignment
from assessments.models.delegation import make_comparable
from assessments.status import DELEGATING, FROZEN, RUNNING
from organisations import walls
from organisations.log.acts import Act
from organisations.models import User
from organisations.models.log import write
from organisations.tokens import digest, fresh

if TYPE_CHECKING:
    from assessments.models.round import Assessment

LONGEST = timedelta(days=183)


class GuestRefused(Exception):
    """What cannot be done with a guest now; its text says why, in Dutch."""


class GuestPassQuerySet(models.QuerySet["GuestPass"]):
    def valid(self) -> GuestPassQuerySet:
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())

    def with_token(self, token: str) -> GuestPassQuerySet:
        """The pass whose link opens something now, or none. Who has an account by now signs in with that."""
        return self.valid().filter(
            token_digest=digest(token), user__is_guest=True, assessment__status__in=[*RUNNING, *FROZEN]
        )


def end_of(day: date) -> datetime:
    """The moment at which the day is over."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


class GuestPass(models.Model):
    """What lets a guest in: only to the questions given to them in this round, and only until it ends."""

    assessment = models.ForeignKey(
        "assessments.Assessment", models.CASCADE, related_name="guest_passes", verbose_name="ronde"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="guest_passes", verbose_name="gast"
    )
    # As the coordinator of this round typed it; another organisation may have typed another (`User.name`).
    name = models.CharField("naam", max_length=120)
    note = models.TextField("briefje", blank=True)
    token_digest = models.CharField("SHA-256 van de link", max_length=64, unique=True)
    expires_at = models.DateTimeField("geldig tot")
    revoked_at = models.DateTimeField("ingetrokken op", null=True, blank=True)
    used_at = models.DateTimeField("laatst gebruikt op", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="gemaakt door"
    )
    made_at = models.DateTimeField("gemaakt op", default=timezone.now)

    objects = GuestPassQuerySet.as_manager()

    class Meta:
        verbose_name = "gastlink"
        verbose_name_plural = "gastlinks"
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "user"], name="one_pass_a_guest"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, tot en met {self.last_day:%d-%m-%Y}"

    @property
    def last_day(self) -> date:
        """The last day on which the link works."""
        return timezone.localdate(self.expires_at - timedelta(seconds=1))

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def state(self) -> str:
        """In a word."""
        if self.revoked_at:
            return "ingetrokken"
        return "geldig" if self.is_valid else "verlopen"

    # What happens to it

    @classmethod
    def give(
        cls,
        round_: Assessment,
        email: str,
        name: str,
        keys: Collection[Key],
        until: date,
        by: User,
        note: str = "",
    ) -> GuestPass:
        """Gives these questions to somebody without account. Nobody has the link before `renew` makes one.

        Raises `GuestRefused` once the round is closed, for an address with an account, and for a guest twice.
        """
        with transaction.atomic():
            _hold(round_, DELEGATING, "De ronde is intussen gesloten. U kunt niemand meer toevoegen.")
            user = User.objects.guest(email, name)
            if not user.is_guest:
                raise GuestRefused("Dit adres heeft al een account. Geef de vragen via de verdeling.")
            if cls.objects.filter(assessment=round_, user=user).exists():
                raise GuestRefused("Deze persoon is al gast in deze ronde. Stuur een nieuwe link.")
            user.rename(cls._name_for_all(round_, user, name))
            Assignment.objects.bulk_create(
                Assignment(assessment=round_, link=link, theme=theme, question=question, user=user)
                for link, theme, question in sorted(keys)
            )
            for link, theme in {(link, theme) for link, theme, _ in keys}:
                make_comparable(round_, link, theme)
            return cls.objects.create(
                assessment=round_,
                user=user,
                name=name,
                note=note,
                token_digest=digest(fresh()),
                expires_at=end_of(until),
                made_by=by,
            )

    @classmethod
    def _name_for_all(cls, round_: Assessment, user: User, name: str) -> str:
        """How all organisations see the guest: by this name, unless another one typed another.

        What one typed is none of the other's business; the address both know.
        """
        others = cls.objects.filter(user=user).exclude(assessment__organisation=round_.organisation_id)
        with walls.everywhere():
            return user.email if others.exclude(name=name).exists() else name

    def renew(self, until: date) -> str:
        """A new link until this day, also where it was ended; gives the token, which is known nowhere else.

        The old link is dead, and whoever came in by it is out. Raises `GuestRefused` in a round that is over.
        """
        token = fresh()
        with transaction.atomic():
            self._move_end(until, token_digest=digest(token), revoked_at=None)
            self.user.end_sessions()
            self._told("nieuwe link")
        return token

    def extend(self, until: date) -> None:
        """Moves the end to this day, with the same link. Raises `GuestRefused` in a round that is over."""
        with transaction.atomic():
            self._move_end(until)
            self._told("nieuw einde")

    def _told(self, what: str) -> None:
        """Writes in the log what a guest may do now."""
        detail = {"wat": what, "tot en met": self.last_day.isoformat()}
        words = f"gast {self.user.email}, {self.assessment}"
        write(Act.RIGHTS, words, organisation=self.assessment.organisation_id, detail=detail)

    def _move_end(self, until: date, **fields: object) -> None:
        _hold(self.assessment, (*DELEGATING, *RUNNING), "De ronde is afgelopen. De link verandert niet meer.")
        for name, value in {"expires_at": end_of(until), **fields}.items():
            setattr(self, name, value)
        self.save()

    def revoke(self) -> None:
        """Ends it now, and the guest's session with it; what they answered stays and counts."""
        if self.revoked_at is None:
            self.revoked_at = timezone.now()
            with transaction.atomic():
                self.save(update_fields=["revoked_at"])
                self._told("link ingetrokken")

    def note_use(self) -> None:
        self.used_at = timezone.now()
        self.save(update_fields=["used_at"])


def _hold(round_: Assessment, statuses: Collection[str], refusal: str) -> None:
    """Keeps the round as it is until this transaction is done. Raises `GuestRefused` in another status."""
    held = type(round_)._default_manager.select_for_update().get(pk=round_.pk)
    if held.status not in statuses:
        raise GuestRefused(refusal)
