"""Single sign-on by SAML goes to a real provider and back in one browser; no other way back opens a thing."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.conf import settings as portal_settings
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver
from lxml import etree
from pytest_django import Settings

from organisations.models import LogEntry, SignOn, User
from organisations.sign_on.door import WAITING
from organisations.sign_on.saml.door import FORM
from tests.cast import PASSWORD
from tests.saml import (
    STRONG,
    SamlBrowser,
    SamlProvider,
    assertion_of,
    document,
    make_saml,
    question,
    sent,
    signed_anew,
    unsigned,
)

START = "/account/organisatie/waterrijk/"


@pytest.fixture
def sign_on(saml_provider: SamlProvider, cast: dict[str, User]) -> SignOn:
    return make_saml(saml_provider, level=STRONG)


@pytest.fixture
def visitor(sign_on: SignOn) -> SamlBrowser:
    return SamlBrowser()


def refused(visitor: SamlBrowser, form: dict[str, str], status: int = 403) -> str:
    """What the portal says to who comes back with it; nobody is signed in by it."""
    response = visitor.brings(form)
    assert (response.status_code, visitor.name) == (status, "")
    return response.content.decode()


def logged() -> list[tuple[str, str, str, str]]:
    """Who, with what result, why and what of it, of all attempts to sign in."""
    entries = LogEntry.objects.filter(organisation__slug="waterrijk", act="sign_in").order_by("number")
    told = [(one, one.detail) for one in entries]
    return [
        (one.who.split(" ")[0], one.result, detail.get("reden", ""), detail.get("bijzonderheid", ""))
        for one, detail in told
    ]


def test_a_member_signs_in_with_the_account_of_the_organisation(visitor: SamlBrowser) -> None:
    response = visitor.signs_in("bram", STRONG, "?next=/account/berichten/")
    assert (response.status_code, response.headers["Location"]) == (302, "/account/berichten/")
    assert visitor.name == "Bram" and logged() == [("Bram", "done", "", "")]
    assert response.cookies["saml"].value == ""


def test_it_asks_by_redirect_with_a_number_of_its_own_and_the_level(visitor: SamlBrowser) -> None:
    visitor.form("bram", STRONG)
    first, _ = visitor.asked, visitor.form("bram", STRONG)
    one, other = etree.fromstring(first), etree.fromstring(visitor.asked)
    assert one.get("ID") != other.get("ID") and len(one.get("ID") or "") > 32
    assert (
        "".join(one.itertext())
        == "http://testserver/organisaties/waterrijk/inloggen/saml/metadata.xml" + STRONG
    )
    assert one.get("ForceAuthn") is None


def test_the_providers_form_is_read_without_a_session_and_leaves_a_sealed_cookie(
    visitor: SamlBrowser,
) -> None:
    """A browser sends no session with a form of another site; it would overwrite it if it got a new one."""
    form = visitor.form("bram", STRONG)
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(f"{START}saml/", urlencode(form), content_type=FORM)
    assert (response.status_code, response.headers["Location"]) == (303, f"{START}saml/klaar/")
    assert set(response.cookies) == {"saml"}
    cookie = response.cookies["saml"]
    assert (cookie["samesite"], cookie["httponly"], cookie["max-age"]) == ("Lax", True, 120)
    assert "bram" not in cookie.value.lower() and "no-store" in response.headers["Cache-Control"]


def test_only_this_one_address_takes_forms_from_elsewhere() -> None:
    """All others want the portal's own token."""

    def exempt(resolver: URLResolver) -> Iterator[str]:
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                yield from exempt(one)
            elif getattr(one.callback, "csrf_exempt", False):
                yield str(one.name)

    assert list(exempt(get_resolver())) == ["saml_answer"]


@pytest.mark.parametrize("state", ["", "een andere", "\x00", "x" * 5000])
def test_what_was_not_asked_for_opens_nothing(state: str, visitor: SamlBrowser) -> None:
    form = visitor.form("bram", STRONG)
    assert "begon in een ander venster" in refused(visitor, {**form, "RelayState": state}, 400)
    assert logged() == []  # anybody could fill the log with these


def test_an_answer_to_another_question_opens_nothing(visitor: SamlBrowser) -> None:
    """Each has its own number, also of the same browser; the state alone is not enough."""
    first, second = visitor.form("bram", STRONG), visitor.form("bram", STRONG)
    refused(visitor, {**first, "RelayState": second["RelayState"]})
    assert logged() == [("onbekend", "refused", "token", "InResponseTo")]


def test_what_one_browser_began_no_other_can_finish(visitor: SamlBrowser) -> None:
    """Nobody can be signed in as somebody else by a form that they are made to send."""
    form, victim = visitor.form("bram", STRONG), SamlBrowser()
    victim.portal.get(victim.start)
    refused(victim, form, 400)


def test_an_assertion_counts_once(visitor: SamlBrowser) -> None:
    """Also when the session still has the question: sent twice at once, or by who read it along the way."""
    form = visitor.form("bram", STRONG)
    waiting = visitor.portal.session[WAITING]
    assert visitor.brings(form).status_code == 302
    visitor.portal.logout()
    refused(visitor, form, 400)
    visitor.portal.get(START)
    session = visitor.portal.session
    session[WAITING] = waiting
    session.save()
    refused(visitor, form)
    assert logged()[-1] == ("onbekend", "refused", "token", "al gebruikt")


def test_an_answer_is_of_the_organisation_where_it_began(
    visitor: SamlBrowser, saml_provider: SamlProvider
) -> None:
    make_saml(saml_provider, "hoogezand")
    elsewhere = SamlBrowser("hoogezand")
    elsewhere.portal = visitor.portal
    refused(elsewhere, visitor.form("bram", STRONG), 400)


@pytest.mark.parametrize("how", ["of another organisation", "that was replaced"])
def test_what_a_provider_says_counts_at_no_other(
    how: str, visitor: SamlBrowser, sign_on: SignOn, saml_provider: SamlProvider
) -> None:
    """Whoever has a provider in one municipality can have it answer a question of another, about anybody's
    number there; taken at their own address, it is not to be cashed at that of the other.
    """
    visitor.signs_in("bram", STRONG)
    attacker = SamlBrowser()
    there = attacker.portal.get(START).headers["Location"]
    asked, state = question(there)
    if how == "that was replaced":
        own, address = attacker.answer(there, "bram", STRONG), START
    else:
        make_saml(saml_provider, "hoogezand", level=STRONG)
        saml_provider.knows("chris", email="chris@hoogezand.example")
        own, address = SamlBrowser("hoogezand").form("chris", STRONG), "/account/organisatie/hoogezand/"
    response = document(own)
    response.set("InResponseTo", asked)
    for one in response.iter("{*}SubjectConfirmationData"):
        one.set("InResponseTo", asked)
    for one in response.iter("{*}NameID"):
        one.text = "bram"
    form = {**sent(own, signed_anew(response)), "RelayState": state}
    taken = Client().post(f"{address}saml/", urlencode(form), content_type=FORM)
    attacker.portal.cookies["saml"] = taken.cookies["saml"].value
    if how == "that was replaced":
        SignOn.objects.filter(pk=sign_on.pk).update(issuer="https://een-ander.example")
    assert attacker.portal.get(f"{START}saml/klaar/").status_code == 400 and attacker.name == ""


def test_an_answer_that_took_too_long_opens_nothing(
    visitor: SamlBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = visitor.form("bram", STRONG)
    session = visitor.portal.session
    for begun in session[WAITING].values():
        begun["at"] = time.time() - 601
    session.save()
    refused(visitor, form, 400)


def test_a_cookie_of_the_portal_opens_for_two_minutes_and_no_other_does(
    visitor: SamlBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for wrong in ("", "onzin", "x" * 4000):
        visitor.portal.cookies["saml"] = wrong
        assert visitor.portal.get(f"{START}saml/klaar/").status_code == 400
    monkeypatch.setattr("organisations.sign_on.saml.door.SECONDS", -1)
    refused(visitor, visitor.form("bram", STRONG), 400)


def test_an_answer_that_nobody_signed_opens_nothing_and_stands_in_the_log(visitor: SamlBrowser) -> None:
    form = visitor.form("bram", STRONG)
    response = document(form)
    unsigned(assertion_of(response))
    assert "klopt niet" in refused(visitor, sent(form, response))
    assert logged() == [("onbekend", "refused", "token", "niet ondertekend")]


@pytest.mark.parametrize("encoded", ["", "geen base64!", "%00", "é"])
def test_what_is_no_answer_opens_nothing(encoded: str, visitor: SamlBrowser) -> None:
    refused(visitor, {**visitor.form("bram", STRONG), "SAMLResponse": encoded})


def test_only_a_plain_form_by_post_is_taken(visitor: SamlBrowser) -> None:
    form = visitor.form("bram", STRONG)
    assert visitor.portal.get(f"{START}saml/", form).status_code == 405
    taken = visitor.portal.post(f"{START}saml/", form)  # in parts, as with files
    assert taken.status_code == 303
    assert visitor.portal.get(taken.headers["Location"]).status_code == 400 and visitor.name == ""
    large = urlencode({**form, "more": "x" * 2_000_000})
    assert Client().post(f"{START}saml/", large, content_type=FORM).status_code in (400, 413)


def test_who_comes_too_often_is_told_to_wait(visitor: SamlBrowser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("organisations.sign_on.views.RATE", {"sign_on": "2/m/ip"})
    statuses = [
        Client().post(f"{START}saml/", "x=1", content_type=FORM, REMOTE_ADDR="192.0.2.7").status_code
        for _ in range(3)
    ]
    assert statuses == [303, 303, 429]


@pytest.mark.parametrize("level", ["urn:oasis:names:tc:SAML:2.0:ac:classes:Password", ""])
def test_who_did_not_give_the_second_factor_that_is_asked_stays_out(level: str, visitor: SamlBrowser) -> None:
    assert "met een tweede stap" in refused(visitor, visitor.form("bram", level))
    assert logged()[0][:3] == ("onbekend", "refused", "level")


def test_the_second_factor_over_there_counts_here_and_without_it_ours_is_asked(
    visitor: SamlBrowser, sign_on: SignOn, settings: Settings
) -> None:
    settings.SECOND_FACTOR_REQUIRED = True
    visitor.signs_in("bea", STRONG)
    assert visitor.portal.get("/leden/").status_code == 200
    SignOn.objects.filter(pk=sign_on.pk).update(level="")
    other = SamlBrowser()
    other.signs_in("bea", STRONG)
    assert other.name == "" and other.portal.get("/leden/").status_code == 302


@pytest.mark.parametrize(
    "said, words", [("AuthnFailed", "kon u niet inloggen"), ("NoAuthnContext", "tweede stap")]
)
def test_what_the_provider_refuses_is_told(said: str, words: str, visitor: SamlBrowser) -> None:
    response = visitor.brings(visitor.form("bram", deny=said))
    assert response.status_code in (403, 502) and words in response.content.decode()


def test_who_is_signed_in_can_prove_again_that_it_is_them(visitor: SamlBrowser) -> None:
    visitor.signs_in("bram", STRONG)
    response = visitor.signs_in("bram", STRONG, "?opnieuw&next=/account/berichten/")
    assert etree.fromstring(visitor.asked).get("ForceAuthn") == "true"
    assert response.headers["Location"] == "/account/berichten/" and visitor.name == "Bram"
    records = visitor.portal.session["account_authentication_methods"]
    assert [record["method"] for record in records] == ["sign_on", "sign_on"]


def test_proving_it_again_takes_a_new_sign_in_over_there(visitor: SamlBrowser) -> None:
    visitor.signs_in("bram", STRONG)
    form = visitor.form("bram", STRONG, "?opnieuw")
    response = document(form)
    (statement,) = response.iter("{*}AuthnStatement")
    statement.set("AuthnInstant", "2026-01-01T00:00:00Z")
    assert visitor.brings(sent(form, signed_anew(response))).status_code == 403
    assert visitor.brings(visitor.form("bea", STRONG, "?opnieuw")).status_code == 403
    assert visitor.name == "Bram"


@pytest.mark.parametrize("elsewhere", ["https://kwaad.example/", "//kwaad.example/"])
def test_it_leads_to_no_other_site(elsewhere: str, visitor: SamlBrowser) -> None:
    response = visitor.signs_in("bram", STRONG, "?" + urlencode({"next": elsewhere}))
    assert response.headers["Location"] == "/"


def test_the_provider_gives_and_takes_roles(
    visitor: SamlBrowser, sign_on: SignOn, saml_provider: SamlProvider
) -> None:
    SignOn.objects.update(claim="afdeling", roles={"clerk": ["griffie"]})
    saml_provider.knows("eva", email="bram@waterrijk.example", afdeling=["griffie", "raad"])
    visitor.signs_in("eva", STRONG)
    held = User.objects.get(name="Bram").memberships.get().roles.values_list("role", flat=True)
    assert "clerk" in held and sign_on.accounts.get().subject == "eva"
    saml_provider.knows("eva", email="bram@waterrijk.example")
    visitor.signs_in("eva", STRONG)
    assert "clerk" not in held.all()


def test_where_passwords_are_closed_it_is_the_only_way_but_for_an_emergency(
    visitor: SamlBrowser, sign_on: SignOn, cast: dict[str, User], settings: Settings
) -> None:
    visitor.signs_in("bea", STRONG)
    sign_on.close_passwords(True, [cast["bea"].memberships.get()])

    def signs_in(name: str) -> HttpResponse:
        login = {"login": f"{name}@waterrijk.example", "password": PASSWORD}
        return Client().post("/account/login/", login)  # type: ignore[return-value]

    assert signs_in("bram").status_code == 403 and signs_in("bea").status_code == 302
    settings.SAML = False  # what the portal no longer speaks cannot be the only way
    assert signs_in("bram").status_code == 302


def test_what_is_off_does_not_exist(visitor: SamlBrowser, sign_on: SignOn, settings: Settings) -> None:
    form = visitor.form("bram", STRONG)
    sign_on.switch(False)
    assert visitor.portal.get(START).status_code == 404
    assert visitor.brings(form).status_code == 404 and visitor.name == ""
    settings.SAML = False
    assert visitor.portal.post(f"{START}saml/", urlencode(form), content_type=FORM).status_code == 404
    assert visitor.portal.get(f"{START}saml/klaar/").status_code == 404


def test_a_code_of_openid_connect_is_nothing_here(visitor: SamlBrowser) -> None:
    assert visitor.portal.get(f"{START}terug/?state=x&code=x").status_code == 404
    assert portal_settings.SESSION_COOKIE_SAMESITE == "Lax"
