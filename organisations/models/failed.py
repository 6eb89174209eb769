"""Tries to sign in that let nobody in: counted, so that somebody's guesses do not drown the log."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone

from organisations.log.acts import RESULT_CHOICES, Result
from organisations.models.user import User

WINDOW = timedelta(minutes=15)


class FailedSignInQuerySet(models.QuerySet["FailedSignIn"]):
    def held(self, user: User | None, result: Result) -> FailedSignIn:
        """The count for this account (none: addresses that nobody has), held until the transaction ends."""
        key = f"{user.pk if user else '-'}/{result}"
        return self.select_for_update().get_or_create(key=key, defaults={"user": user, "result": result})[0]

    def over(self) -> FailedSignInQuerySet:
        """The windows that ended, held until the transaction does."""
        return self.select_for_update(of=("self",)).filter(since__lte=timezone.now() - WINDOW)


class FailedSignIn(models.Model):
    """Of one account and one result: since when tries are counted, and how many came after the first."""

    key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    result = models.CharField(max_length=10, choices=RESULT_CHOICES)
    since = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=0)

    objects = FailedSignInQuerySet.as_manager()

    class Meta:
        verbose_name = "mislukte pogingen om in te loggen"
        verbose_name_plural = "mislukte pogingen om in te loggen"

    def __str__(self) -> str:
        return self.rest

    @property
    def is_running(self) -> bool:
        """Whether the first try is told already, and this one only counts."""
        return bool(self.tries) and self.since > timezone.now() - WINDOW

    @property
    def rest(self) -> str:
        """What the log says of the tries after the first; nothing when there were none."""
        if self.tries < 2:
            return ""
        since, until = (f"{timezone.localtime(at):%H:%M}" for at in (self.since, self.last_at))
        return f"nog {self.tries - 1} keer tussen {since} en {until}"

    def count(self) -> None:
        """One more; after the end of a window it is the first of a next one. Saves."""
        running, self.last_at = self.is_running, timezone.now()
        self.since, self.tries = (self.since, self.tries + 1) if running else (self.last_at, 1)
        self.save(update_fields=["since", "last_at", "tries"])
