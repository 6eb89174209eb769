"""The second factor: who must have one gets nowhere without."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from organisations.models import User
from organisations.roles import Role
from organisations.signing.proof import SECOND_FACTOR
from tests.cast import PASSWORD

ClientOf = Callable[[str], Client]


def without(client: Client) -> Client:
    """The same browser, signed in with a password alone."""
    session = client.session
    del session[SECOND_FACTOR]
    session.save()
    return client


@pytest.mark.parametrize("name", ["anna", "vera", "greet", "bea", "chris"])
def test_who_has_a_weighty_role_gets_nowhere_without_a_second_factor(name: str, client_of: ClientOf) -> None:
    client = without(client_of(name))
    for address in ("/", "/rondes/", "/leden/", "/techniek/"):
        response = client.get(address)
        assert (response.status_code, response.headers["Location"]) == (302, "/account/tweede-stap/")
    assert client.get("/", headers={"HX-Request": "true"}).status_code == 401
    refused = client.post("/rondes/nieuw/", {"title": "Een titel die ik net had getypt"})
    assert refused.status_code == 403 and "Een titel die ik net had getypt" in refused.content.decode()


@pytest.mark.parametrize("name", ["bram", "guus"])
def test_who_only_answers_or_reads_may_do_without(name: str, client_of: ClientOf) -> None:
    assert without(client_of(name)).get("/").status_code == 200


def test_a_role_that_comes_meanwhile_asks_for_it_at_once(cast: dict[str, User], client_of: ClientOf) -> None:
    client = without(client_of("bram"))
    cast["bram"].memberships.get().set_roles([Role.CONTRIBUTOR, Role.COORDINATOR])
    assert client.get("/").status_code == 302


def test_the_technical_pages_ask_for_it_whatever_the_roles(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    User.objects.filter(pk=cast["bram"].pk).update(is_staff=True)
    assert without(client_of("bram")).get("/techniek/").headers["Location"] == "/account/tweede-stap/"


def test_what_is_for_everybody_stays_so(client_of: ClientOf) -> None:
    client = without(client_of("anna"))
    assert client.get("/gezond/").status_code == client.get("/account/logout/").status_code == 200


def test_the_page_of_sign_in_leads_there(cast: dict[str, User]) -> None:
    client = Client()
    client.post("/account/login/", {"login": "anna@waterrijk.example", "password": PASSWORD})
    assert client.get("/").headers["Location"] == "/account/tweede-stap/"


def test_the_demo_can_be_looked_at_with_a_password(settings: Settings, client_of: ClientOf) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    assert without(client_of("anna")).get("/").status_code == 200
