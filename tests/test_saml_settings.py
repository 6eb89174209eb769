"""The administrator sets SAML up from the provider's own metadata; without the setting there is no SAML."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from lxml import etree
from pytest_django import Settings

from organisations.models import LogEntry, SignOn, User
from organisations.sign_on.saml.documents import ASSERTION, METADATA, Malformed
from organisations.sign_on.saml.metadata import LARGEST
from organisations.sign_on.saml.metadata import provider as read_provider
from tests.provider import Provider, make_sign_on
from tests.saml import SamlBrowser, SamlProvider, document, make_saml, sent, signed_anew, signer

ClientOf = Callable[[str], Client]
PAGE = "/organisaties/waterrijk/inloggen/saml/"
OPENID = "/organisaties/waterrijk/inloggen/"


@pytest.fixture
def bea(cast: dict[str, User], client_of: ClientOf) -> Client:
    return client_of("bea")


def fields(metadata: str, **changes: Any) -> dict[str, Any]:
    filled = {"metadata": metadata, "domain_lines": "waterrijk.example", "claim": "groups", "level": ""}
    return filled | {"newcomers": "invited"} | changes


def said(client: Client, path: str, **posted: Any) -> str:
    """The page after sending this."""
    return html.unescape(client.post(path, posted, follow=True).content.decode())


def tried(bea: Client, account: str = "bea", change: Callable[[etree._Element], None] | None = None) -> str:
    """What the administrator reads after following "Test de verbinding" to the provider and back."""
    browser = SamlBrowser()
    browser.portal = bea
    form = browser.answer(bea.get(f"{PAGE}test/").headers["Location"], account)
    if change:
        response = document(form)
        change(response)
        form = sent(form, signed_anew(response))
    arrived = browser.brings(form)
    assert (arrived.status_code, arrived.headers["Location"]) == (302, PAGE)
    return html.unescape(bea.get(PAGE).content.decode())


def test_from_nothing_to_signing_in(bea: Client, saml_provider: SamlProvider) -> None:
    assert "Stel SAML in" in bea.get(OPENID).content.decode()
    saml_provider.serves(bea.get(f"{PAGE}metadata.xml").content)
    assert "Test nu de verbinding" in said(bea, PAGE, **fields(saml_provider.metadata))
    sign_on = SignOn.objects.get()
    assert (sign_on.issuer, sign_on.entry) == (saml_provider.address, f"{saml_provider.address}/sso")
    assert "Test eerst de verbinding" in said(bea, f"{OPENID}stand/", on="1")
    assert "De verbinding werkt: de inlogdienst noemt u bea@waterrijk.example" in tried(bea)
    assert "staat nu aan" in said(bea, f"{OPENID}stand/", on="1")
    browser = SamlBrowser()
    assert (browser.signs_in("bram").status_code, browser.name) == (302, "Bram")
    told = LogEntry.objects.filter(act="settings").order_by("number").values_list("what", flat=True)
    assert [what.removeprefix("inloggen via de organisatie: ") for what in told][1:] == [
        "verbinding getest",
        "aangezet",
    ]


def test_the_test_says_what_does_not_work_and_what_is_on_stays_on(
    bea: Client, saml_provider: SamlProvider
) -> None:
    make_saml(saml_provider)

    def elsewhere(response: etree._Element) -> None:
        (audience,) = response.iter(f"{ASSERTION}Audience")
        audience.text = "https://een-ander.example"

    assert "blijft aanstaan" in (page := tried(bea, change=elsewhere)) and "(Audience)" in page
    sign_on = SignOn.objects.get()
    assert sign_on.is_open and sign_on.tested_at
    sign_on.switch(on=False)
    assert "De verbinding werkt niet" in tried(bea, change=elsewhere)
    assert SignOn.objects.get().tested_at is None
    assert LogEntry.objects.filter(act="settings", result="failed").exists()
    assert not LogEntry.objects.filter(act="sign_in").exists()


def test_a_test_signs_nobody_in_and_is_of_who_manages(
    bea: Client, saml_provider: SamlProvider, client_of: ClientOf
) -> None:
    make_saml(saml_provider)
    tried(bea, "bram")
    assert bea.get("/").context["user"].name == "Bea" and not SignOn.objects.get().accounts.exists()
    assert client_of("anna").get(f"{PAGE}test/").status_code == 404
    assert bea.post(f"{OPENID}test/").status_code == 404  # there is nobody whom the portal can ask itself


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_link_on_another_site_begins_a_test(site: str, bea: Client, saml_provider: SamlProvider) -> None:
    """One that fails puts the sign-on off, and opens the passwords again."""
    make_saml(saml_provider)
    assert bea.get(f"{PAGE}test/", headers={"Sec-Fetch-Site": site}).headers["Location"] == PAGE
    begun = bea.get(f"{PAGE}test/", headers={"Sec-Fetch-Site": "same-origin"})
    assert begun.headers["Location"].startswith(saml_provider.address)


def key(bits: int = 2048, ends: int = 30) -> str:
    certificate = signer("zwak", ends, bits)[1].public_bytes(Encoding.PEM).decode()
    return "".join(certificate.splitlines()[1:-1])


def with_certificate(text: str) -> Callable[[str], str]:
    return lambda metadata: re.sub(
        "(X509Certificate>)[^<]+", lambda found: found[1] + text, metadata, count=1
    )


def without(pattern: str, instead: str = "") -> Callable[[str], str]:
    return lambda metadata: re.sub(pattern, instead, metadata)


WRONG: dict[str, tuple[Callable[[str], str], str]] = {
    "nothing": (lambda _: "", "Plak de metadata van uw inlogdienst"),
    "an address": (lambda _: "https://inloggen.example/metadata", "geen XML"),
    "a DOCTYPE": (lambda metadata: "<!DOCTYPE a>" + metadata, "meer dan elementen en tekst"),
    "an entity": (lambda _: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "meer dan"),
    "another document": (lambda _: "<a/>", "Er staan 0 inlogdiensten"),
    "two of them": (
        lambda metadata: (
            f'<EntitiesDescriptor xmlns="{METADATA[1:-1]}">{metadata}{metadata}</EntitiesDescriptor>'
        ),
        "Er staan 2 inlogdiensten",
    ),
    "no name": (without(' entityID="[^"]+"'), "entityID"),
    "no address": (without('Binding="[^"]+"', 'Binding="x"'), "geen https-adres"),
    "an address that is not kept secret": (
        without('http://[^"]+/sso', "http://inloggen.example/sso"),
        "https",
    ),
    "an address that is a script": (without('http://[^"]+/sso', "javascript:alert(1)"), "https"),
    "an address with a name in it": (
        without('http://[^"]+/sso', "http://localhost:x@kwaad.example/"),
        "https",
    ),
    "an address of nowhere": (without('http://[^"]+/sso', "https://[kwaad/"), "https"),
    "a provider without anything around it": (
        lambda metadata: re.search("<IDPSSODescriptor.*</IDPSSODescriptor>", metadata, re.S)[0].replace(  # type: ignore[index]
            "<IDPSSODescriptor", f'<IDPSSODescriptor xmlns="{METADATA[1:-1]}"', 1
        ),
        "entityID",
    ),
    "no certificate": (without("<KeyDescriptor.*</KeyDescriptor>"), "geen certificaat"),
    "a certificate for another use": (without('use="signing"', 'use="encryption"'), "geen certificaat"),
    "a certificate that is none": (with_certificate("AAAA"), "niet te lezen"),
    "a weak key": (lambda metadata: with_certificate(key(1024))(metadata), "te zwak"),
    "a certificate that ended": (lambda metadata: with_certificate(key(ends=-1))(metadata), "verlopen"),
}


@pytest.mark.parametrize("change, words", WRONG.values(), ids=WRONG.keys())
def test_metadata_that_will_not_do_is_said_where_it_stands(
    change: Callable[[str], str], words: str, bea: Client, saml_provider: SamlProvider
) -> None:
    response = bea.post(PAGE, fields(change(saml_provider.metadata)))
    assert response.status_code == 422 and words in html.unescape(response.content.decode())
    assert not SignOn.objects.exists()


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"domain_lines": "vreemd.example"}, "Nog geen lid"),
        ({"newcomers": "role"}, "welke waarden een rol geven"),
    ],
)
def test_the_other_settings_are_held_to_the_same(
    changes: dict[str, str], words: str, bea: Client, saml_provider: SamlProvider
) -> None:
    response = bea.post(PAGE, fields(saml_provider.metadata, **changes))
    assert response.status_code == 422 and words in response.content.decode()


def test_a_file_will_do_and_comments_in_it_too(bea: Client, saml_provider: SamlProvider) -> None:
    metadata = f'\ufeff<?xml version="1.0" encoding="utf-8"?>\n<!-- van Jan -->\n{saml_provider.metadata}'
    file = SimpleUploadedFile("metadata.xml", metadata.encode())
    both = bea.post(PAGE, fields(saml_provider.metadata, file=file))
    assert both.status_code == 422 and "niet allebei" in both.content.decode()
    file.seek(0)
    assert "opgeslagen" in said(bea, PAGE, **fields("", file=file))
    too_large = SimpleUploadedFile("metadata.xml", b"x" * (LARGEST + 1))
    assert bea.post(PAGE, fields("", file=too_large)).status_code == 422


def test_a_new_certificate_is_tested_anew_and_another_provider_knows_nobody(
    bea: Client, saml_provider: SamlProvider
) -> None:
    make_saml(saml_provider)
    SamlBrowser().signs_in("bram")
    said(bea, PAGE, **fields("", level="een-niveau"))
    sign_on = SignOn.objects.get()
    assert (sign_on.level, sign_on.is_open) == ("een-niveau", True)
    said(bea, PAGE, **fields(with_certificate(key())(saml_provider.metadata)))
    sign_on.refresh_from_db()
    assert not sign_on.is_open and not sign_on.tested_at and sign_on.accounts.exists()
    said(bea, PAGE, **fields(without('entityID="[^"]+"', 'entityID="een-ander"')(saml_provider.metadata)))
    sign_on.refresh_from_db()
    assert sign_on.issuer == "een-ander" and not sign_on.accounts.exists()


def test_saml_and_openid_connect_take_each_others_place(
    bea: Client, saml_provider: SamlProvider, provider: Provider
) -> None:
    sign_on = make_sign_on(provider)
    assert "vervangt dat OpenID Connect" in bea.get(PAGE).content.decode()
    said(bea, PAGE, **fields(saml_provider.metadata))
    sign_on.refresh_from_db()
    assert (sign_on.shape, sign_on.sealed_secret, sign_on.is_open) == ("saml", "", False)
    assert bea.get(OPENID).headers["Location"] == PAGE
    page = bea.get(f"{OPENID}?openid").content.decode()
    assert "vervangt dat SAML" in page and saml_provider.address not in page
    told = {"shape": "generic", "issuer": provider.address, "client_id": "portaal", "secret": "geheim"}
    said(bea, OPENID, **told, domain_lines="waterrijk.example", claim="roles", newcomers="invited", level="")
    sign_on.refresh_from_db()
    assert (sign_on.shape, sign_on.entry, sign_on.certificates) == ("generic", "", [])


def test_the_portals_metadata_wants_what_the_portal_asks_of_an_answer(bea: Client) -> None:
    response = bea.get(f"{PAGE}metadata.xml")
    root = etree.fromstring(response.content)
    (portal,) = root
    assert root.get("entityID") == "http://testserver/organisaties/waterrijk/inloggen/saml/metadata.xml"
    assert portal.get("WantAssertionsSigned") == "true"
    assert portal[-1].get("Location") == "http://testserver/account/organisatie/waterrijk/saml/"
    assert "attachment" in response.headers["Content-Disposition"]


def test_the_database_knows_no_saml_without_an_address(saml_provider: SamlProvider, bea: Client) -> None:
    sign_on = make_saml(saml_provider)
    for wrong in ({"entry": ""}, {"shape": "generic"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SignOn.objects.filter(pk=sign_on.pk).update(**wrong)


def test_without_the_setting_nothing_speaks_of_saml(bea: Client, settings: Settings) -> None:
    settings.SAML = False
    assert "SAML" not in bea.get(OPENID).content.decode()
    assert {bea.get(PAGE + path).status_code for path in ("", "test/", "metadata.xml")} == {404}


def test_what_was_on_is_told_to_be_off_without_the_setting(
    bea: Client, saml_provider: SamlProvider, settings: Settings
) -> None:
    SignOn.objects.filter(pk=make_saml(saml_provider).pk).update(closes_passwords=True)
    settings.SAML = False
    page = bea.get(OPENID)
    shown = page.content.decode()
    assert page.status_code == 200 and "staat <strong>uit" in shown and f"{PAGE}test/" not in shown
    assert "dat staat in dit portaal nu uit" in shown and "niet meer</strong>" not in shown
    assert bea.post("/account/organisatie/", {"email": "bea@waterrijk.example"}).context["sign_on"] is None


def test_only_one_module_needs_the_extra() -> None:
    """And that is loaded when an answer comes in: without the package the portal starts."""
    top = Path(__file__).parent.parent
    files = [*(top / "organisations").rglob("*.py"), *(top / "integrity_portal").rglob("*.py")]
    using = [one.name for one in files if re.search(r"^\s*(from|import) signxml", one.read_text(), re.M)]
    assert using == ["answer.py"]
    loading = [one for one in files if re.search(r"^(from|import) .*saml\.answer", one.read_text(), re.M)]
    assert not loading


def test_metadata_without_end_is_refused() -> None:
    with pytest.raises(Malformed):
        read_provider(b"<a>" + b" " * LARGEST)
