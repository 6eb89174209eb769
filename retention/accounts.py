"""Accounts of people who are a member nowhere any more: closed in time, and then forgotten."""

from __future__ import annotations

from datetime import date
from typing import Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.db import models, transaction
from django.db.models.functions import Coalesce, Greatest

from assessments.models import GuestPass
from organisations import walls
from organisations.models import Membership, Muted, User
from retention.kinds import ACCOUNT_MONTHS
from retention.people import keys
from retention.periods import months_after
from retention.rounds import EVIDENCE, GUESTS, WORKING
from retention.small import midnight, nowhere

FORGOTTEN: Final = "Oud-gebruiker"
KEYS: Final[tuple[type[models.Model], ...]] = (
    *(EmailAddress, Authenticator, SocialAccount, UserSession),
    Muted,
)
# As long as one of these is of somebody, their name belongs to it.
NAMED: Final = frozenset(table[0] for table in (*WORKING, *EVIDENCE, *GUESTS))


def gone(today: date) -> models.QuerySet[User]:
    """Who is a member nowhere, nor a guest, and did not sign in since the period began."""
    mine = {"user": models.OuterRef("pk")}
    latest = Greatest(Coalesce("last_login", "date_joined"), "date_joined")
    return (
        User.objects.filter(is_staff=False, is_superuser=False)
        .exclude(name=FORGOTTEN)
        .exclude(models.Exists(Membership.objects.filter(**mine)))
        .exclude(models.Exists(GuestPass.objects.filter(**mine)))
        .alias(latest=latest)
        .filter(latest__lt=midnight(months_after(today, -ACCOUNT_MONTHS)))
        .order_by("pk")
    )


@walls.everywhere()
def forget(today: date) -> int:
    """Closes the accounts of who is gone, and forgets whose name is needed nowhere any more; how many."""
    changed = 0
    for user in gone(today):
        with transaction.atomic():
            changed += _forget(user)
    return changed


def _forget(user: User) -> bool:
    """Whether anything about this person changed."""
    was_open = user.email != nowhere(user)
    if was_open:
        for key in KEYS:
            key._default_manager.filter(user=user).delete()
        user.email, user.password, user.is_active = nowhere(user), make_password(None), False
        user.save(update_fields=["email", "password", "is_active"])
    fixed = list(_fixed(user))
    if any(model in NAMED for model in fixed):
        return was_open
    if fixed:
        user.rename(FORGOTTEN)
    else:
        user.delete()
    return True


def _fixed(user: User) -> list[type[models.Model]]:
    """The models with rows that hold on to this person, or bear their name; a query each."""
    return [
        key.model
        for key in keys()
        if (key.protects or key.is_list or key.model in NAMED)
        and key.model._default_manager.filter(**{key.name: user}).exists()
    ]
