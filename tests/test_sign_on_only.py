"""Who signs in through their organisation: no way around it where that is closed, and proving anew there."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client

from organisations.models import LogEntry, Membership, Organisation, SignOn, User
from organisations.signing.kept import KEPT
from organisations.signing.proof import SECOND_FACTOR
from tests.cast import PASSWORD
from tests.factors import App, Key, factors, shown, with_password
from tests.provider import STRONG, Browser, Provider, make_sign_on
from tests.world import make_unreachable

LONG_AGO = 16 * 60
PAGES = "/account/tweede-stap/"
AGAIN = "/account/opnieuw/"


def closed(provider: Provider, cast: dict[str, User], level: str = STRONG) -> SignOn:
    """Waterrijk without other ways in, but for Bea."""
    sign_on = make_sign_on(provider, level=level)
    for name in ("anna", "bram", "bea"):
        provider.knows(name, email=f"{name}@waterrijk.example")
    Browser(provider).signs_in("bea", STRONG)
    sign_on.close_passwords(True, Membership.objects.filter(user=cast["bea"]))
    return sign_on


def without_password(user: User) -> None:
    user.set_unusable_password()
    user.save()


def tired(client: Client) -> Client:
    """The same browser, a quarter of an hour later."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {**record, "at": record["at"] - LONG_AGO} for record in session[AUTHENTICATION_METHODS_SESSION_KEY]
    ]
    session.save()
    return client


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([\w-]+)" value="([^"]*)"', page))


# No other way in


def by_passkey(user: User) -> Client:
    """A browser in which this person's passkey was right."""
    client, key = Client(), Key(user)
    address = f"{PAGES}passkeys/inloggen/"
    asked = client.get(address, headers={"X-Requested-With": "XMLHttpRequest"}).json()["request_options"]
    client.post(address, {"credential": key.answers(asked, verified=True)}, secure=True)
    return client


@pytest.mark.parametrize("name, status", [("bram", 302), ("bea", 200), ("chris", 200)])
def test_a_passkey_opens_for_an_emergency_account_and_other_organisations_only(
    name: str, status: int, provider: Provider, cast: dict[str, User]
) -> None:
    closed(provider, cast)
    assert by_passkey(cast[name]).get("/").status_code == status
    told = LogEntry.objects.filter(act="sign_in", result="refused").values_list("what", flat=True)
    assert list(told) == ["niet via de organisatie"] * (status == 302)


def test_a_code_after_the_password_opens_nothing_either(provider: Provider, cast: dict[str, User]) -> None:
    closed(provider, cast)
    apps = {name: App(cast[name]) for name in ("bram", "bea")}
    for name, status in (("bram", 302), ("bea", 200)):
        client = with_password(cast[name])
        client.post(f"{PAGES}code/", {"code": apps[name].code()})
        assert client.get("/").status_code == status


def test_a_password_code_or_passkey_is_no_proof_anew_either(
    provider: Provider, cast: dict[str, User]
) -> None:
    closed(provider, cast)
    App(cast["anna"])
    browser = Browser(provider)
    browser.signs_in("anna", STRONG)
    anna = tired(browser.portal)
    for address in ("/account/reauthenticate/", f"{PAGES}opnieuw/code/"):
        away = anna.post(f"{address}?next=/rondes/", {"password": PASSWORD})
        assert away.headers["Location"].startswith(AGAIN)
    page = anna.post(f"{PAGES}app/verwijderen/").headers["Location"]
    assert page.startswith(AGAIN) and factors(cast["anna"]) == ["recovery_codes", "totp"]


@pytest.mark.parametrize("key", ["2118446744073709551616", "9" * 19, "-1", "geen", "²"])
def test_an_emergency_account_that_nobody_has_is_refused_in_words(
    key: str, cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    make_unreachable(cast["fatima"])
    sent = {"closed": "on", "emergencies": [key]}
    refused = client_of("bea").post("/organisaties/waterrijk/inloggen/wachtwoorden/", sent)
    assert refused.status_code == 422 and "utrecht-form-field-error-message" in refused.content.decode()


# Proving anew


@pytest.fixture
def bea(provider: Provider, cast: dict[str, User]) -> Browser:
    """Signed in through Waterrijk a quarter of an hour ago, with nothing to prove it by here."""
    make_sign_on(provider, level=STRONG)
    provider.knows("bea", email="bea@waterrijk.example")
    without_password(cast["bea"])
    browser = Browser(provider)
    browser.signs_in("bea", STRONG)
    tired(browser.portal)
    return browser


CHANGE = {"job": "Controller", "roles": "validator", "team_name": "Team <b>Zuid</b>"}


def test_a_form_waits_while_it_is_proven_over_there(bea: Browser, cast: dict[str, User]) -> None:
    page = f"/leden/{cast['bram'].memberships.get().pk}/"
    asked = bea.portal.post(page, CHANGE)
    text = asked.content.decode()
    assert asked.status_code == 401 and "Ga naar Gemeente Waterrijk" in text and "again-password" not in text
    away = bea.portal.post(page, {**CHANGE, "again-organisation": "1"})
    address = away.headers["Location"]
    assert address == "/account/organisatie/waterrijk/?opnieuw=&next=%2Faccount%2Fopnieuw%2F"
    assert "Controller" not in bea.portal.session[KEPT]
    early = bea.portal.get(AGAIN).content.decode()
    assert "Wat u invulde, blijft zolang bewaard." in early and "Controller" not in early
    back = bea.signs_in("bea", STRONG, f"?{address.partition('?')[2]}")
    assert (bea.asked["prompt"], bea.asked["max_age"]) == ("login", "0")
    assert back.headers["Location"] == AGAIN
    there = bea.portal.get(AGAIN).content.decode()
    sent = hidden(there.partition(f'action="{page}"')[2])
    assert sent["team_name"] == "Team &lt;b&gt;Zuid&lt;/b&gt;"
    sent["team_name"] = CHANGE["team_name"]
    assert {name: sent[name] for name in CHANGE} == CHANGE and not any("again" in name for name in sent)
    assert bea.portal.post(page, sent).status_code == 302
    membership = cast["bram"].memberships.get()
    assert [*membership.roles.values_list("role", flat=True)] == ["validator"]
    assert KEPT not in bea.portal.session


@pytest.mark.parametrize("told", [None, 3600])
def test_coming_back_from_there_without_being_asked_anything_proves_nothing(
    told: int | None, bea: Browser, cast: dict[str, User]
) -> None:
    """Whoever sits at a screen that was left open could do that."""
    page = f"/leden/{cast['bram'].memberships.get().pk}/"
    if told:
        bea.provider.bends(claims={"auth_time": int(time.time()) - told})
    assert bea.signs_in("bea", STRONG).status_code == 302
    assert bea.portal.post(page, CHANGE).status_code == 401
    bea.portal = Client()
    bea.provider.bends(claims={"auth_time": int(time.time()) - 3600})
    assert (bea.signs_in("bea", STRONG).status_code, bea.name) == (302, "Bea")
    assert bea.portal.post(page, CHANGE).status_code == 401


def test_who_breaks_it_off_over_there_is_told_so_and_loses_nothing(
    bea: Browser, cast: dict[str, User]
) -> None:
    page = f"/leden/{cast['bram'].memberships.get().pk}/"
    bea.portal.post(page, {**CHANGE, "again-organisation": "1"})
    back = bea.way_back("bea", STRONG, "?opnieuw=&next=/account/opnieuw/")
    state = re.search(r"state=[^&]+", back)
    assert state
    response = bea.portal.get(
        f"{back.partition('?')[0]}?{state[0]}&error=access_denied&iss={bea.provider.address}"
    )
    text = response.content.decode()
    assert response.status_code == 403 and "nog ingelogd als Bea" in text and f'href="{AGAIN}"' in text
    assert "blijft zolang bewaard" in bea.portal.get(AGAIN).content.decode()
    assert bea.portal.post(page, CHANGE).status_code == 401


def test_a_second_factor_is_set_up_after_proving_it_and_without_a_circle(bea: Browser) -> None:
    away = bea.portal.get(f"{PAGES}app/").headers["Location"]
    assert away == f"{AGAIN}?next=%2Faccount%2Ftweede-stap%2Fapp%2F"
    asks = bea.portal.get(away)
    assert asks.status_code == 200
    query = asks.context["there"].partition("?")[2]
    assert bea.signs_in("bea", STRONG, f"?{query}").headers["Location"] == f"{PAGES}app/"
    page = bea.portal.get(f"{PAGES}app/")
    done = bea.portal.post(f"{PAGES}app/", {"code": shown(page.context["form"].secret)})
    assert done.headers["Location"] == f"{PAGES}herstelcodes/"


def test_a_first_password_is_chosen_after_proving_it_and_what_was_typed_is_kept_nowhere(
    bea: Browser, cast: dict[str, User]
) -> None:
    page, typed = "/account/password/set/", "een lange zin om te kiezen"
    assert f'href="{page}">Wachtwoord kiezen</a>' in bea.portal.get(PAGES).content.decode()
    away = bea.portal.get(page).headers["Location"]
    assert away == f"{AGAIN}?next=%2Faccount%2Fpassword%2Fset%2F"
    too_late = bea.portal.post(page, {"password1": typed, "password2": typed})
    assert too_late.headers["Location"] == page and typed not in str([*bea.portal.session.items()])
    query = bea.portal.get(away).context["there"].partition("?")[2]
    assert bea.signs_in("bea", STRONG, f"?{query}").headers["Location"] == page
    assert bea.portal.post(page, {"password1": typed, "password2": typed}).status_code == 302
    cast["bea"].refresh_from_db()
    assert cast["bea"].check_password(typed)


def test_who_can_prove_it_nowhere_is_told_the_way_out_and_chooses_no_password(
    bea: Browser, cast: dict[str, User]
) -> None:
    SignOn.objects.get().switch(False)
    asks = bea.portal.get("/account/password/set/", follow=True)
    assert "Log uit en kies bij het inloggen: Wachtwoord vergeten" in asks.content.decode()
    cast["bea"].refresh_from_db()
    assert not cast["bea"].has_usable_password()


def test_who_gave_the_second_step_over_there_is_not_told_to_set_one_up(bea: Browser) -> None:
    page = bea.portal.get(PAGES).content.decode()
    assert "Hier hoeft u niets in te stellen." in page and "Stel eerst een tweede stap in" not in page


def test_where_the_organisation_asks_no_second_step_one_is_set_up_here_and_then_asked(
    provider: Provider, cast: dict[str, User]
) -> None:
    closed(provider, cast, level="")
    without_password(cast["anna"])
    browser = Browser(provider)
    browser.signs_in("anna")
    anna = tired(browser.portal)
    assert anna.get("/").headers["Location"] == PAGES
    away = anna.get(f"{PAGES}app/").headers["Location"]
    query = anna.get(away).context["there"].partition("?")[2]
    assert browser.signs_in("anna", query=f"?{query}").headers["Location"] == f"{PAGES}app/"
    app = App(cast["anna"])  # as if it was set up in another browser
    assert anna.get("/").headers["Location"] == PAGES
    prove = anna.get(PAGES).headers["Location"]
    assert prove.startswith(f"{PAGES}opnieuw/code/") and anna.get(prove).status_code == 200
    assert anna.post(prove, {"code": app.code()}).status_code == 302
    assert anna.get("/").status_code == 200 and anna.session[SECOND_FACTOR] == cast["anna"].pk


def test_who_has_no_way_left_is_told_what_to_do(bea: Browser) -> None:
    SignOn.objects.get().switch(False)
    away = bea.portal.get(f"{PAGES}app/").headers["Location"]
    page = bea.portal.get(away)
    assert page.status_code == 200 and "Wachtwoord vergeten" in page.content.decode()


def test_who_has_a_password_too_may_choose(provider: Provider, cast: dict[str, User]) -> None:
    make_sign_on(provider, level=STRONG)
    provider.knows("bea", email="bea@waterrijk.example")
    browser = Browser(provider)
    browser.signs_in("bea", STRONG)
    page = f"/leden/{cast['bram'].memberships.get().pk}/"
    text = tired(browser.portal).post(page, CHANGE).content.decode()
    assert "again-password" in text and "again-organisation" in text
    assert Organisation.objects.get(slug="waterrijk").name in text


def test_with_nothing_waiting_the_page_leads_on(bea: Browser) -> None:
    bea.signs_in("bea", STRONG, "?opnieuw&next=/")
    assert bea.portal.get(AGAIN).headers["Location"] == "/"
    assert bea.portal.get(f"{AGAIN}?next=/leden/").headers["Location"] == "/leden/"
    assert bea.portal.get(f"{AGAIN}?next=https://kwaad.example/").headers["Location"] == "/"
