"""Getting into the portal without the sign-in page, and more than one window."""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext

from organisations.models import User


def enter(context: BrowserContext, user: User, url: str) -> None:
    """Signs this person in to all windows of the context."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
