"""What a session has proven of whose it is: by how many factors, and how long ago."""

from __future__ import annotations

import time

from allauth.account import app_settings
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from organisations.models import MembershipRole, User
from organisations.roles import WITH_SECOND_FACTOR

SECOND_FACTOR = "second_factor"  # in the session: the key of the user who gave one


def give_second_factor(request: HttpRequest, user: User) -> None:
    """From now on this session counts as signed in with a second factor.

    For who gave one, set one up just now, or was asked for one by the organisation's own sign-on.
    """
    request.session[SECOND_FACTOR] = user.pk


def has_second_factor(request: HttpRequest) -> bool:
    """Whether whoever is signed in gave a second factor in this session; asks the database nothing more."""
    return bool(request.user.pk) and request.session.get(SECOND_FACTOR) == request.user.pk


def needs_second_factor(user: User) -> bool:
    """Whether the user may do what no password alone opens: by a role, or as technical staff. One query."""
    if not settings.SECOND_FACTOR_REQUIRED or user.is_guest:
        return False
    held = MembershipRole.objects.held().filter(membership__user=user, role__in=WITH_SECOND_FACTOR)
    return user.is_staff or held.exists()


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether the user proved in the last minutes that it is them, by whatever they sign in with."""
    records = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in records), default=0)
    return bool(time.time() - newest < app_settings.REAUTHENTICATION_TIMEOUT)


def signs_in_elsewhere(request: HttpRequest) -> str:
    """What brings the user back when a password does not: "organisation", "second factor", or "".

    As the session knows it; asks the database nothing.
    """
    by = {record["method"] for record in get_authentication_records(request, request.user)}
    return "organisation" if "sign_on" in by else "second factor" if "mfa" in by else ""
