"""Fixtures that every test may use; the people themselves are in cast.py."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from organisations.models import User
from tests.cast import make_cast


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
