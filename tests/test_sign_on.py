"""Single sign-on goes to a real provider and back; what comes back wrong, bent or late lets nobody in."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import requests
from django.test import Client
from pytest_django import Settings

from organisations.models import LogEntry, SignOn, User
from organisations.sign_on.door import WAITING
from organisations.sign_on.sealed import Unreadable, seal, unseal
from tests.cast import PASSWORD
from tests.provider import SECRET, STRONG, Browser, Provider, make_sign_on


@pytest.fixture
def sign_on(provider: Provider, cast: dict[str, User]) -> SignOn:
    return make_sign_on(provider, level=STRONG)


@pytest.fixture
def visitor(sign_on: SignOn, provider: Provider) -> Browser:
    return Browser(provider)


def refused(visitor: Browser, back: str, status: int = 403) -> str:
    """What the portal says to who comes back there; nobody is signed in by it."""
    response = visitor.portal.get(back)
    assert (response.status_code, visitor.name) == (status, "")
    assert response.headers["Cache-Control"].startswith("max-age=0") or "no-store" in str(response.headers)
    return str(response.content.decode())


def logged() -> list[tuple[str, str, str]]:
    """Who, with what result and why, of all attempts to sign in."""
    entries = LogEntry.objects.filter(organisation__slug="waterrijk", act="sign_in").order_by("number")
    return [(one.who.split(" ")[0], one.result, one.detail.get("reden", "")) for one in entries]


def changed(address: str, **how: str) -> str:
    """The address with other parameters; without those that are empty."""
    parts = urlsplit(address)
    kept = {**dict(parse_qsl(parts.query)), **how}
    return parts._replace(query=urlencode({name: one for name, one in kept.items() if one})).geturl()


def test_a_member_signs_in_with_the_account_of_the_organisation(visitor: Browser) -> None:
    response = visitor.signs_in("bram", STRONG, "?next=/account/berichten/")
    assert (response.status_code, response.headers["Location"]) == (302, "/account/berichten/")
    assert visitor.name == "Bram"
    assert logged() == [("Bram", "done", "")]


def test_it_asks_for_a_code_with_pkce_a_state_a_nonce_and_the_level(visitor: Browser) -> None:
    visitor.signs_in("bram", STRONG)
    first, asked = visitor.asked, {**visitor.asked}
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert asked["acr_values"] == STRONG and asked["scope"] == "openid profile email"
    visitor.portal.logout()
    visitor.signs_in("bram", STRONG)
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 43 and first[name] != visitor.asked[name]


def test_the_provider_refuses_who_asks_without_pkce(visitor: Browser) -> None:
    """So that it lets the portal through, above, proves that the portal gives it."""
    address = visitor.portal.get(visitor.start).headers["Location"]
    bare = changed(address, code_challenge="", code_challenge_method="")
    answer = requests.get(bare, allow_redirects=False, timeout=10)
    assert "error=invalid_request" in answer.headers["Location"] and "PKCE" in answer.headers["Location"]


def test_a_code_without_its_verifier_opens_nothing(visitor: Browser) -> None:
    back = visitor.way_back("bram", STRONG)
    session = visitor.portal.session
    for begun in session[WAITING].values():
        begun["verifier"] = "x" * 64
    session.save()
    assert "kon u niet inloggen" in refused(visitor, back, 502)
    assert logged() == [("onbekend", "failed", "provider")]


@pytest.mark.parametrize("state", ["", "een andere", "\x00"])
def test_another_state_opens_nothing(state: str, visitor: Browser) -> None:
    back = visitor.way_back("bram", STRONG)
    assert "begon in een ander venster" in refused(visitor, changed(back, state=state), 400)
    assert logged() == []  # anybody could fill the log with these
    assert visitor.portal.get(back).status_code == 302  # and the real one still works


def test_what_one_browser_began_no_other_can_finish(visitor: Browser, provider: Provider) -> None:
    """Nobody can be signed in as somebody else by a link that they are made to follow."""
    back, victim = visitor.way_back("bram", STRONG), Browser(provider)
    victim.portal.get(victim.start)
    refused(victim, back, 400)


def test_an_answer_counts_once(visitor: Browser) -> None:
    back = visitor.way_back("bram", STRONG)
    assert visitor.portal.get(back).status_code == 302
    visitor.portal.logout()
    refused(visitor, back, 400)


def test_an_answer_is_of_the_organisation_where_it_began(visitor: Browser, provider: Provider) -> None:
    make_sign_on(provider, "hoogezand")
    back = visitor.way_back("bram", STRONG)
    refused(visitor, back.replace("waterrijk", "hoogezand"), 400)


def test_an_answer_that_took_too_long_opens_nothing(visitor: Browser) -> None:
    back = visitor.way_back("bram", STRONG)
    session = visitor.portal.session
    for begun in session[WAITING].values():
        begun["at"] = time.time() - 601
    session.save()
    refused(visitor, back, 400)


NOW = time.time()
BENT = {
    "the nonce of another sign-in": {"claims": {"nonce": "x" * 43}},
    "no nonce": {"without": ["nonce"]},
    "another issuer": {"claims": {"iss": "https://kwaad.example"}},
    "no issuer": {"without": ["iss"]},
    "for another portal": {"claims": {"aud": "een ander"}},
    "for more, and not said by whom it was asked": {
        "claims": {"aud": ["portaal", "een ander"]},
        "without": ["azp"],
    },
    "asked by another": {"claims": {"azp": "een ander"}},
    "expired": {"claims": {"exp": int(NOW) - 120}},
    "without an end": {"without": ["exp"]},
    "of the future": {"claims": {"iat": int(NOW) + 3600}},
    "no subject": {"without": ["sub"]},
    "an empty subject": {"claims": {"sub": ""}},
    "a subject without end": {"claims": {"sub": "x" * 256}},
    "signed by a stranger": {"signedBy": "stranger"},
    "by a key that is not there": {"kid": "two"},
    "not signed": {"alg": "none"},
    "signed by what everybody knows": {"alg": "HS256"},
    "no token": {"whole": "geen.echt.token"},
    "nested without end": {"whole": "e30." + "W1tb" * 20000 + ".x"},
    "nothing": {"whole": None},
}


@pytest.mark.parametrize("how", BENT.values(), ids=BENT.keys())
def test_a_token_that_is_not_right_opens_nothing(
    how: dict[str, object], visitor: Browser, provider: Provider
) -> None:
    back = visitor.way_back("bram", STRONG)
    provider.bends(**how)
    assert "klopt niet" in refused(visitor, back)
    assert logged() == [("onbekend", "refused", "token")]


def test_a_token_signed_anew_by_the_provider_itself_does_open(visitor: Browser, provider: Provider) -> None:
    """So what the tests above refuse is what was bent, and not that something was."""
    back = visitor.way_back("bram", STRONG)
    provider.bends(claims={"aud": ["portaal"]})
    assert visitor.portal.get(back).status_code == 302


@pytest.mark.parametrize("issuer", ["https://kwaad.example", ""])
def test_an_answer_must_name_the_provider_that_was_asked(issuer: str, visitor: Browser) -> None:
    assert "iss=" in (back := visitor.way_back("bram", STRONG))
    assert "klopt niet" in refused(visitor, changed(back, iss=issuer))


@pytest.mark.parametrize("acr", ["one-factor", None])
def test_who_did_not_give_the_second_factor_that_is_asked_stays_out(
    acr: str | None, visitor: Browser
) -> None:
    assert "met een tweede stap" in refused(visitor, visitor.way_back("bram", acr))
    assert logged() == [("onbekend", "refused", "level")]


def test_the_second_factor_over_there_counts_here(visitor: Browser, settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    visitor.signs_in("bea", STRONG)
    assert visitor.portal.get("/leden/").status_code == 200


def test_without_a_level_the_portal_asks_for_its_own_second_factor(
    visitor: Browser, sign_on: SignOn, settings: Settings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    SignOn.objects.filter(pk=sign_on.pk).update(level="")
    visitor.signs_in("bea", STRONG)
    assert visitor.name == "" and visitor.portal.get("/leden/").status_code == 302
    assert "acr_values" not in visitor.asked


def test_who_stops_over_there_is_told_so(visitor: Browser) -> None:
    assert "afgebroken" in refused(visitor, visitor.way_back("bram", deny="1"))
    assert logged() == [("onbekend", "refused", "cancelled")]


def test_a_provider_that_gives_no_answer_lets_nobody_in(visitor: Browser, settings: Settings) -> None:
    back = visitor.way_back("bram", STRONG)
    settings.OUTGOING_NETWORKS = []  # as if it were somewhere that the portal does not go
    assert "antwoordt niet" in refused(visitor, back, 502)
    assert visitor.portal.get(visitor.start).status_code == 502


def test_the_secret_is_in_no_page_no_log_and_not_readable_in_the_database(
    visitor: Browser, sign_on: SignOn, settings: Settings
) -> None:
    visitor.signs_in("bea", STRONG)
    page = visitor.portal.get("/organisaties/waterrijk/inloggen/").content.decode()
    assert "inlogdienst" in page and SECRET not in page and sign_on.sealed_secret not in page
    assert SECRET not in str(SignOn.objects.values()) + str(LogEntry.objects.values_list("what", "detail"))
    settings.SIGN_ON_KEY = "een andere sleutel"
    visitor.portal.logout()
    assert "kon u niet inloggen" in refused(visitor, visitor.way_back("bea", STRONG), 502)


def test_another_secret_key_leaves_the_secrets_readable_as_long_as_the_earlier_one_is_there(
    settings: Settings,
) -> None:
    sealed, earlier = seal(SECRET), settings.SECRET_KEY
    settings.SECRET_KEY = "another-key-of-the-portal" * 3
    with pytest.raises(Unreadable):
        unseal(sealed)
    settings.SECRET_KEY_FALLBACKS = [earlier]
    assert unseal(sealed) == SECRET
    settings.SIGN_ON_KEY = "een-eigen-sleutel" * 3
    with pytest.raises(Unreadable):
        unseal(sealed)


def test_what_anybody_can_cause_does_not_drown_the_log(visitor: Browser, provider: Provider) -> None:
    for _ in range(22):
        visitor.portal.get(visitor.start)
        state = next(iter(visitor.portal.session[WAITING]))
        refused(visitor, f"{visitor.start}terug/?state={state}&error=access_denied")
    assert logged() == [("onbekend", "refused", "cancelled")] * 20
    provider.knows("nora", email="nora@buiten.example")
    visitor.signs_in("nora", STRONG)  # who has an account over there is told all the same
    assert logged()[20:] == [("onbekend", "refused", "address")]


def test_who_is_signed_in_can_prove_again_that_it_is_them(visitor: Browser) -> None:
    visitor.signs_in("bram", STRONG)
    response = visitor.signs_in("bram", STRONG, "?opnieuw&next=/account/berichten/")
    assert (visitor.asked["prompt"], visitor.asked["max_age"]) == ("login", "0")
    assert response.headers["Location"] == "/account/berichten/" and visitor.name == "Bram"
    records = visitor.portal.session["account_authentication_methods"]
    assert [record["method"] for record in records] == ["sign_on", "sign_on"]


def test_proving_it_again_takes_a_new_sign_in_over_there(visitor: Browser, provider: Provider) -> None:
    visitor.signs_in("bram", STRONG)
    back = visitor.way_back("bram", STRONG, "?opnieuw")
    provider.bends(claims={"auth_time": int(time.time()) - 3600})
    assert visitor.portal.get(back).status_code == 403


def test_one_person_cannot_prove_it_for_another(visitor: Browser) -> None:
    visitor.signs_in("bram", STRONG)
    visitor.there.cookies.clear()
    assert visitor.signs_in("bea", STRONG, "?opnieuw").status_code == 403
    assert visitor.name == "Bram"


def test_another_person_in_the_same_browser_gets_a_session_of_their_own(visitor: Browser) -> None:
    visitor.signs_in("bea", STRONG)
    session = visitor.portal.session
    session["of-bea"] = "x"
    session.save()
    visitor.there.cookies.clear()
    visitor.signs_in("bram", STRONG)
    assert visitor.name == "Bram" and "of-bea" not in visitor.portal.session


@pytest.mark.parametrize("elsewhere", ["https://kwaad.example/", "//kwaad.example/", "javascript:alert(1)"])
def test_it_leads_to_no_other_site(elsewhere: str, visitor: Browser) -> None:
    response = visitor.signs_in("bram", STRONG, "?" + urlencode({"next": elsewhere}))
    assert response.headers["Location"] == "/"


def test_what_is_off_does_not_exist(visitor: Browser, sign_on: SignOn) -> None:
    back = visitor.way_back("bram", STRONG)
    sign_on.switch(False)
    assert {visitor.portal.get(address).status_code for address in (visitor.start, back)} == {404}


def test_the_page_goes_by_the_domain_and_tells_nobody_who_has_an_account(visitor: Browser) -> None:
    def said(email: str) -> str:
        page = Client().post("/account/organisatie/", {"email": email}).content.decode()
        return str(page.split("<main")[1]).replace(email, "")

    assert said("bram@waterrijk.example") == said("niemand@waterrijk.example")
    assert "Ga naar Gemeente Waterrijk" in said("Bram@Waterrijk.Example")
    assert "kan dit niet" in said("chris@hoogezand.example")
    assert Client().post("/account/organisatie/", {"email": "geen adres"}).status_code == 422


def test_a_password_still_opens_while_that_is_allowed(visitor: Browser) -> None:
    visitor.portal.post("/account/login/", {"login": "bram@waterrijk.example", "password": PASSWORD})
    assert visitor.name == "Bram"
