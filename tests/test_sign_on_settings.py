"""The administrator sets single sign-on up: faults are said where they stand, and nothing is on untested."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from organisations.models import LogEntry, Organisation, SignOn, User
from organisations.sign_on.claims import Refusal, Refused, Rules, Shape, asked, person
from tests.provider import CLIENT, SECRET, Browser, Provider, make_sign_on

ClientOf = Callable[[str], Client]
PAGE = "/organisaties/waterrijk/inloggen/"
TENANT = "https://login.microsoftonline.com/00000000-1111-2222-3333-444444444444/v2.0"


@pytest.fixture
def bea(provider: Provider, client_of: ClientOf) -> Client:
    return client_of("bea")


def fields(provider: Provider, **changes: str) -> dict[str, str]:
    filled = {"shape": "generic", "issuer": provider.address, "client_id": CLIENT, "secret": SECRET}
    filled |= {"domain_lines": "waterrijk.example", "claim": "roles", "newcomers": "invited", "level": ""}
    return filled | changes


def said(client: Client, path: str = "", **sent: str) -> str:
    """The page after sending this."""
    response = client.post(PAGE + path, sent, follow=True)
    return html.unescape(response.content.decode())


def test_from_nothing_to_signing_in(bea: Client, provider: Provider) -> None:
    assert "Er is nog niets ingesteld" in bea.get(PAGE).content.decode()
    assert "Test nu de verbinding" in said(bea, **fields(provider, values_contributor="g-1\ng-2\n"))
    assert SignOn.objects.get().roles == {"contributor": ["g-1", "g-2"]}
    assert "Test eerst de verbinding" in said(bea, "stand/", on="1")
    assert "De verbinding werkt" in said(bea, "test/")
    assert "staat nu aan" in said(bea, "stand/", on="1")
    SignOn.objects.update(roles={})
    browser = Browser(provider)
    assert (browser.signs_in("bram").status_code, browser.name) == (302, "Bram")
    told = LogEntry.objects.filter(act="settings").order_by("number").values_list("what", "result")
    assert [what.removeprefix("inloggen via de organisatie: ") for what, _ in told][1:] == [
        "verbinding getest",
        "aangezet",
    ]


def test_the_secret_is_not_given_back_to_who_is_no_longer_signed_in(cast: dict[str, User]) -> None:
    """Other texts are, so that nothing typed is lost."""
    sent = {"secret": SECRET, "issuer": "https://inloggen.waterrijk.example"}
    page = Client().post(PAGE, sent)
    assert page.status_code == 401 and sent["issuer"] in page.content.decode()
    assert SECRET not in page.content.decode()


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"client_id": "een ander"}, "kent het portaal niet"),
        ({"secret": "een ander"}, "kent het portaal niet"),
        ({"issuer": "http://127.0.0.1:1"}, "antwoordt niet"),
    ],
)
def test_the_test_says_what_does_not_work(
    changes: dict[str, str], words: str, bea: Client, provider: Provider
) -> None:
    said(bea, **fields(provider, **changes))
    assert words in said(bea, "test/")
    assert SignOn.objects.get().tested_at is None
    assert LogEntry.objects.filter(act="settings", result="failed").exists()


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"issuer": "https://10.0.0.1"}, "waar het portaal niet komt"),
        ({"issuer": "ftp://waterrijk.example"}, "Dit is geen webadres"),
        ({"shape": "entra"}, "Vul het adres van uw tenant in"),
        (
            {"shape": "entra", "issuer": TENANT.replace("00000000-1111-2222-3333-444444444444", "common")},
            "tenant",
        ),
        ({"secret": ""}, "Vul het geheim in"),
        ({"domain_lines": ""}, "ten minste één domein"),
        ({"domain_lines": "geen domein"}, "is geen domein"),
        ({"domain_lines": "vreemd.example"}, "Nog geen lid"),
        ({"domain_lines": "hoogezand.example"}, "Nog geen lid"),
        ({"newcomers": "role"}, "welke waarden een rol geven"),
        ({"values_clerk": "x\n" * 60 + "y" * 300}, "Hoogstens 50 regels"),
        ({"shape": "entra", "issuer": TENANT, "level": "c1 c2"}, "één verificatiecontext"),
    ],
)
def test_what_cannot_be_is_said_where_it_stands(
    changes: dict[str, str], words: str, bea: Client, provider: Provider
) -> None:
    response = bea.post(PAGE, fields(provider, **changes))
    page = html.unescape(response.content.decode())
    assert response.status_code == 422 and words in page and SECRET not in page
    assert not SignOn.objects.exists()


def test_a_domain_that_others_use_too_is_nobodys(
    bea: Client, provider: Provider, cast: dict[str, User]
) -> None:
    User.objects.filter(pk=cast["chris"].pk).update(email="chris@waterrijk.example")
    assert "Ook een andere organisatie" in said(bea, **fields(provider))


def test_a_saved_secret_stays_when_none_is_filled_in(bea: Client, provider: Provider) -> None:
    said(bea, **fields(provider))
    kept = SignOn.objects.get().sealed_secret
    said(bea, "test/")
    said(bea, **fields(provider, secret="", level="two-factors"))
    sign_on = SignOn.objects.get()
    assert (sign_on.sealed_secret, sign_on.level) == (kept, "two-factors") and sign_on.tested_at


def test_a_test_that_fails_opens_passwords_to_nobody(bea: Client, provider: Provider) -> None:
    sign_on = make_sign_on(provider)
    SignOn.objects.update(client_id="een ander", closes_passwords=True)
    assert "blijft aanstaan" in said(bea, "test/")
    sign_on.refresh_from_db()
    assert sign_on.is_open and sign_on.closes_passwords and sign_on.tested_at
    assert LogEntry.objects.filter(act="settings", result="failed").exists()


def test_another_provider_knows_nobody_yet_and_is_off(bea: Client, provider: Provider) -> None:
    sign_on = make_sign_on(provider)
    Browser(provider).signs_in("bram")
    said(bea, **fields(provider, client_id="een ander", secret=""))
    sign_on.refresh_from_db()
    assert not sign_on.is_open and not sign_on.tested_at and not sign_on.accounts.exists()


def test_closing_passwords_says_what_is_still_needed(bea: Client, provider: Provider) -> None:
    make_sign_on(provider)
    response = bea.post(PAGE + "wachtwoorden/", {"closed": "on"})
    assert response.status_code == 422 and "noodaccount" in response.content.decode()
    assert not SignOn.objects.get().closes_passwords


def test_the_database_holds_the_order_of_steps(provider: Provider, cast: dict[str, User]) -> None:
    sign_on = make_sign_on(provider)
    for wrong in ({"tested_at": None}, {"closes_passwords": True, "is_open": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SignOn.objects.filter(pk=sign_on.pk).update(**wrong)
    other = SignOn.objects.create(organisation=Organisation.objects.get(slug="hoogezand"))
    with pytest.raises(IntegrityError), transaction.atomic():
        other.domains.create(domain="waterrijk.example")


# The shape of Entra ID, which cannot be run here

ENTRA = Rules(Shape.ENTRA, frozenset({"waterrijk.example"}), "c1", "groups", {"validator": ["0a"]})
TOLD = {"sub": "s", "preferred_username": "Bram@waterrijk.example", "acrs": ["c1"], "groups": ["0a"]}


def test_entra_tells_the_level_and_the_address_in_its_own_way() -> None:
    found = person(TOLD, ENTRA)
    assert (found.email, found.is_strong) == ("bram@waterrijk.example", True) and found.roles == {"validator"}
    assert asked(ENTRA) == {"claims": {"id_token": {"acrs": {"essential": True, "value": "c1"}}}}


@pytest.mark.parametrize(
    "claims, why",
    [
        ({"acrs": ["c2"]}, Refusal.LEVEL),
        ({"acrs": None, "acr": "c1"}, Refusal.LEVEL),
        ({"preferred_username": "bram@kwaad.example", "email": "bram@waterrijk.example"}, Refusal.ADDRESS),
        ({"preferred_username": None, "email": "bram@waterrijk.example"}, Refusal.ADDRESS),
    ],
)
def test_entra_is_not_believed_on_what_anybody_may_fill_in(claims: dict[str, object], why: Refusal) -> None:
    with pytest.raises(Refused) as refused:
        person({**TOLD, **claims}, ENTRA)
    assert refused.value.refusal == why
