"""The second factor: who must have one gets nowhere without."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from io import StringIO
from typing import Any

import pytest
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from organisations.log.acts import Act
from organisations.models import LogEntry, User
from organisations.roles import Role
from organisations.secrecy import Unreadable, conceal, reveal
from organisations.signing.proof import SECOND_FACTOR, has_second_factor
from tests.factors import App, Key, factors, shown, with_password

ClientOf = Callable[[str], Client]
PAGES = "/account/tweede-stap/"


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
    assert with_password(cast["anna"]).get("/").headers["Location"] == PAGES


def test_the_demo_can_be_looked_at_with_a_password(settings: Settings, client_of: ClientOf) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    assert without(client_of("anna")).get("/").status_code == 200


# Setting one up


def test_an_app_is_set_up_and_then_the_portal_is_open(cast: dict[str, User]) -> None:
    client = with_password(cast["anna"])
    page = client.get(f"{PAGES}app/")
    secret = page.context["form"].secret
    assert "<svg" in page.content.decode() and "data:" not in page.content.decode()
    refused = client.post(f"{PAGES}app/", {"code": "000000"})
    assert refused.status_code == 422 and "Deze code klopt niet" in refused.content.decode()
    done = client.post(f"{PAGES}app/", {"code": shown(secret)})
    assert done.headers["Location"] == f"{PAGES}herstelcodes/"
    codes = client.get(f"{PAGES}herstelcodes/").context["unused_codes"]
    assert len(set(codes)) == 10
    again = client.get(f"{PAGES}herstelcodes/").content.decode()
    assert "al getoond" in again and not any(code in again for code in codes)
    assert client.get("/").status_code == 200
    assert factors(cast["anna"]) == ["recovery_codes", "totp"]
    told = LogEntry.objects.filter(act=Act.SECOND_FACTOR).get()
    assert (told.what, told.who) == ("app toegevoegd", "Anna <anna@waterrijk.example>")


def test_the_secret_of_the_app_cannot_be_read_in_the_database(cast: dict[str, User]) -> None:
    app = App(cast["anna"])
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert app.secret not in kept and not any(code in kept for code in app.codes)


def test_a_secret_is_read_with_an_earlier_key_and_not_without(
    cast: dict[str, User], settings: Settings
) -> None:
    concealed = conceal("geheim", "test")
    earlier, settings.SECRET_KEY = settings.SECRET_KEY, "another-key-of-the-portal" * 3
    with pytest.raises(Unreadable):
        reveal(concealed, "test")
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert reveal(concealed, "test") == "geheim"
    with pytest.raises(Unreadable):
        reveal(concealed, "something else")


# Giving it


def test_the_password_alone_opens_nothing_for_who_has_an_app(cast: dict[str, User]) -> None:
    app = App(cast["bram"])
    client = with_password(cast["bram"], next="/rondes/")
    assert client.get("/").headers["Location"].startswith("/account/login/")
    refused = client.post(f"{PAGES}code/", {"code": "123456"})
    assert refused.status_code == 422 and client.get("/").status_code == 302
    assert client.post(f"{PAGES}code/", {"code": app.code()}).headers["Location"] == "/rondes/"
    assert has_second_factor(client.get("/").wsgi_request)
    told = LogEntry.objects.filter(act=Act.SIGN_IN).order_by("number").values_list("what", "result")
    assert list(told) == [("code van de tweede stap", "failed"), ("met een code", "done")]


def test_a_code_works_once_as_long_as_it_is_valid(cast: dict[str, User]) -> None:
    app = App(cast["anna"])
    code = app.code()
    assert with_password(cast["anna"]).post(f"{PAGES}code/", {"code": code}).status_code == 302
    for key in [key for key in cache._cache if "totp.used" in key]:  # type: ignore[attr-defined]
        cache._cache.pop(key)  # type: ignore[attr-defined]  # as after the half minute that allauth remembers
    assert with_password(cast["anna"]).post(f"{PAGES}code/", {"code": code}).status_code == 422


def test_a_recovery_code_works_once(cast: dict[str, User]) -> None:
    app = App(cast["anna"])
    used = app.codes[3]
    assert with_password(cast["anna"]).post(f"{PAGES}code/", {"code": used}).status_code == 302
    assert with_password(cast["anna"]).post(f"{PAGES}code/", {"code": used}).status_code == 422


def test_guessing_codes_ends_soon(cast: dict[str, User]) -> None:
    app = App(cast["anna"])
    client = with_password(cast["anna"])
    for number in range(5):
        client.post(f"{PAGES}code/", {"code": f"00000{number}"})
    assert client.post(f"{PAGES}code/", {"code": app.code()}).status_code == 422


# Changing and losing it


def test_who_only_gave_a_password_changes_nothing_of_a_second_factor(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    client = without(client_of("anna"))
    App(cast["anna"])
    for address in ("app/verwijderen/", "herstelcodes/nieuw/", "passkeys/nieuw/"):
        for response in (client.get(f"{PAGES}{address}"), client.post(f"{PAGES}{address}")):
            assert response.headers["Location"] == PAGES
    assert client.get(PAGES).headers["Location"].startswith(f"{PAGES}opnieuw/code/")
    assert factors(cast["anna"]) == ["recovery_codes", "totp"]


def test_a_code_given_later_counts_as_well(cast: dict[str, User], client_of: ClientOf) -> None:
    client = without(client_of("anna"))
    app = App(cast["anna"])
    assert client.get("/").status_code == 302
    assert client.post(f"{PAGES}opnieuw/code/", {"code": app.code()}).status_code == 302
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("name, status, left", [("anna", 422, ["recovery_codes", "totp"]), ("bram", 302, [])])
def test_the_last_factor_stays_with_who_needs_one(
    name: str, status: int, left: list[str], cast: dict[str, User], client_of: ClientOf
) -> None:
    App(cast[name])
    assert client_of(name).post(f"{PAGES}app/verwijderen/").status_code == status
    assert factors(cast[name]) == left


def test_an_administrator_takes_away_what_was_lost(cast: dict[str, User], client_of: ClientOf) -> None:
    app = App(cast["anna"])
    anna = with_password(cast["anna"])
    anna.post(f"{PAGES}code/", {"code": app.code()})
    bea, member = client_of("bea"), cast["anna"].memberships.get().pk
    page = f"/leden/{member}/tweede-stap/"
    assert "wissen?" in bea.get(page).content.decode()
    assert bea.post(page).status_code == 302
    assert factors(cast["anna"]) == [] and anna.get("/").status_code == 302
    told = LogEntry.objects.get(act=Act.SECOND_FACTOR)
    assert (told.who.split()[0], told.what) == ("Bea", "gewist van Anna")
    assert mail.outbox[-1].to == ["anna@waterrijk.example"] and "Beheerder Bea" in str(mail.outbox[-1].body)
    assert with_password(cast["anna"]).get("/").headers["Location"] == PAGES


def test_nobody_takes_away_their_own_nor_that_of_another_organisation(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    for name, status in (("bea", 409), ("chris", 404)):
        App(cast[name])
        member = cast[name].memberships.get().pk
        assert client_of("bea").post(f"/leden/{member}/tweede-stap/").status_code == status
        assert factors(cast[name]) == ["recovery_codes", "totp"]


def test_on_the_server_it_is_taken_away_by_a_command(cast: dict[str, User]) -> None:
    App(cast["bea"])
    call_command("forget_second_factor", "Bea@waterrijk.example", stdout=StringIO())
    assert factors(cast["bea"]) == []
    with pytest.raises(CommandError):
        call_command("forget_second_factor", "bea@waterrijk.example")


# A key alone


def lets_in(client: Client, key: Key, options: Mapping[str, Any], *, verified: bool) -> bool:
    answer = key.answers(options, verified=verified)
    client.post(f"{PAGES}passkeys/inloggen/", {"credential": answer}, secure=True)
    return SESSION_KEY in client.session


@pytest.mark.parametrize("verified", [True, False])
def test_a_key_alone_lets_in_who_it_verified_and_not_who_only_touched_it(
    verified: bool, cast: dict[str, User]
) -> None:
    client, key = Client(), Key(cast["bea"])
    options = client.get(f"{PAGES}passkeys/inloggen/", headers={"X-Requested-With": "XMLHttpRequest"}).json()
    assert lets_in(client, key, options["request_options"], verified=verified) is verified


def test_what_was_asked_as_a_second_step_of_one_is_no_sign_in_of_another(cast: dict[str, User]) -> None:
    """There a touch is enough. Whoever found Bea's key and has a password of their own would come in by it,
    once their own sign-in is over its time and what was asked still waits in the session.
    """
    stolen, own = Key(cast["bea"]), Key(cast["bram"])
    client = with_password(cast["bram"])
    options = json.loads(client.get(f"{PAGES}code/").context["options"])
    session = client.session
    session[LOGIN_SESSION_KEY]["initiated_at"] -= 16 * 60
    session.save()
    assert not lets_in(client, stolen, options, verified=False)
    assert LogEntry.objects.filter(act=Act.SIGN_IN, result="failed").exists()
    client = with_password(cast["bram"])
    options = json.loads(client.get(f"{PAGES}code/").context["options"])
    client.post(f"{PAGES}code/", {"credential": own.answers(options, verified=False)}, secure=True)
    assert SESSION_KEY in client.session  # as the second step it is for who gave the password
