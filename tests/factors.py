"""A second factor as people have it: the app on their telephone, and the codes on paper."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from organisations.models import User
from tests.cast import PASSWORD

PERIOD = 30


class App:
    """The app of one person, set up; its codes, now or some periods away."""

    def __init__(self, user: User) -> None:
        self.secret = generate_totp_secret()
        TOTP.activate(user, self.secret)
        self.codes: list[str] = RecoveryCodes.activate(user).generate_codes()

    def code(self, periods: int = 0) -> str:
        return shown(self.secret, periods)


def shown(secret: str, periods: int = 0) -> str:
    """What an app with this secret shows."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD + periods)))


def factors(user: User) -> list[str]:
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))


def with_password(user: User, **more: str) -> Client:
    """A browser that gave the right password, and nothing else yet."""
    client = Client()
    client.post("/account/login/", {"login": user.email, "password": PASSWORD, **more})
    return client
