"""Fixtures that every test may use; the people themselves are in cast.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import hypothesis
import pytest
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.db import connection
from django.dispatch import receiver
from django.http import HttpRequest
from django.test import Client
from pytest_django import DjangoDbBlocker, Settings

from organisations import walls
from organisations.models import User
from organisations.signing.proof import give_second_factor
from reports import printing
from tests.cast import make_cast
from tests.provider import Provider, running
from tests.restricted import restricted
from tests.saml import SamlProvider
from tests.saml import running as running_saml

# How long an example takes says how busy the machine is; times are taken in bench/.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")


@receiver(user_logged_in)
def _with_a_second_factor(request: HttpRequest, user: User, **_: object) -> None:
    """Whom a test puts in a session (`force_login`, which has no address) gave a second factor just now.

    Who signs in through the page did not.
    """
    if not request.path:
        record_authentication(request, user, "password")
        give_second_factor(request, user)


@pytest.fixture(autouse=True)
def _nobody_tried() -> None:
    """The counts of what was tried in vain outlive a test; no other may find them."""
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """On PostgreSQL as the web's own role. What a test does itself it does everywhere, a request only where
    it may.
    """
    walls.lift_outside_requests()
    if connection.vendor != "postgresql":
        yield
        return
    with django_db_blocker.unblock():
        restriction = restricted()
        restriction.__enter__()
    yield
    with django_db_blocker.unblock():
        restriction.__exit__(None, None, None)


@pytest.fixture
def cast(db: None) -> dict[str, User]:
    return make_cast()


@pytest.fixture
def client_of(cast: dict[str, User]) -> Callable[[str], Client]:
    """A browser in which this member of the cast is signed in; of nobody for "anonymous"."""

    def signed_in(name: str) -> Client:
        client = Client()
        if name != "anonymous":
            client.force_login(cast[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


@pytest.fixture
def quick_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """A report or other paper is printed at once, and holds nothing: for tests of who may have it."""
    for name in ("print_pdf", "print_paper"):
        monkeypatch.setattr(printing, name, lambda html, **how: printing.Printed(b"%PDF-", 1))
    monkeypatch.setattr(printing, "check_pdf", lambda content, variant: [])


@pytest.fixture(scope="session")
def _provider() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(_provider: Provider, settings: Settings) -> Provider:
    """A real provider of sign-ins on this machine, to which the portal may connect; it knows Bram and Bea."""
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    for name in ("bram", "bea"):
        _provider.knows(name, email=f"{name}@waterrijk.example", name=name.capitalize())
    return _provider


@pytest.fixture(scope="session")
def saml_provider() -> Iterator[SamlProvider]:
    """A real SAML provider on this machine; it knows Bram and Bea."""
    with running_saml() as provider:
        for name in ("bram", "bea"):
            provider.knows(name, email=f"{name}@waterrijk.example", displayName=name.capitalize())
        yield provider
