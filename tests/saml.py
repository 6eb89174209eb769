"""A real SAML provider on this machine, a browser that goes there and back, and how to bend what it says."""

from __future__ import annotations

import json
import re
import subprocess
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, quote, urlencode, urljoin, urlsplit

import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, SignatureMethod
from signxml.signer import XMLSigner

from organisations.models import Organisation, SignOn
from organisations.sign_on.claims import Shape
from organisations.sign_on.saml.documents import ASSERTION, SIGNATURE
from organisations.sign_on.saml.door import FORM, portal, recipient
from organisations.sign_on.saml.metadata import own
from organisations.sign_on.saml.metadata import provider as read_provider
from tests.provider import NODE

Key = rsa.RSAPrivateKey
Signer = tuple[Key, x509.Certificate]
STRONG = "https://refeds.org/profile/mfa"


@cache
def signer(name: str, ends: int = 30, bits: int = 2048) -> Signer:
    """A key of this name and its certificate, which ends in so many days."""
    key, now = rsa.generate_private_key(65537, bits), datetime.now(UTC)
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    begun = x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
    dated = begun.not_valid_before(now - timedelta(days=60)).not_valid_after(now + timedelta(days=ends))
    return key, dated.serial_number(x509.random_serial_number()).sign(key, SHA256())


def pem(key: Key) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()


class SamlProvider:
    """What a test may say to the provider besides signing in."""

    def __init__(self, address: str) -> None:
        self.address = address

    @property
    def metadata(self) -> str:
        return requests.get(f"{self.address}/metadata", timeout=10).text

    def knows(self, account: str, **attributes: Any) -> None:
        """From now on somebody can sign in there as `account`; that is their NameID too."""
        self._put(f"accounts/{quote(account, safe='')}", json.dumps(attributes).encode())

    def serves(self, metadata: bytes) -> None:
        """From now on it answers the portal of this metadata."""
        self._put("portal", metadata)

    def _put(self, path: str, content: bytes) -> None:
        requests.put(f"{self.address}/{path}", data=content, timeout=10).raise_for_status()


@contextmanager
def running() -> Iterator[SamlProvider]:
    """The provider, for as long as this is open."""
    key, certificate = signer("provider")
    program = [str(NODE), str(Path(__file__).with_name("saml_provider.mjs"))]
    pipe = subprocess.PIPE
    with subprocess.Popen(program, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) as process:
        assert process.stdin and process.stdout
        told = {"key": pem(key), "certificate": certificate.public_bytes(Encoding.PEM).decode()}
        process.stdin.write(json.dumps(told).encode() + b"\n")
        process.stdin.flush()
        address = process.stdout.readline().decode().strip()
        assert address, "the provider did not start: npm ci?"
        try:
            yield SamlProvider(address)
        finally:
            process.stdin.close()


def make_saml(provider: SamlProvider, slug: str = "waterrijk", **fields: Any) -> SignOn:
    """An organisation's sign-on by this provider, tested and on, for the addresses of its cast."""
    named = read_provider(provider.metadata.encode())
    sign_on = SignOn(organisation=Organisation.objects.get(slug=slug), shape=Shape.SAML)
    sign_on.issuer, sign_on.entry = named.entity_id, named.entry
    sign_on.certificates = list(named.certificates)
    for name, value in fields.items():
        setattr(sign_on, name, value)
    sign_on.configure("", [f"{slug}.example"], ["alles"])
    sign_on.tested_at, sign_on.is_open = timezone.now(), True
    sign_on.save()
    provider.serves(own(portal(sign_on), recipient(sign_on)))
    return sign_on


class SamlBrowser:
    """One browser: what the portal keeps in it. Of a form from elsewhere it sends no session along."""

    def __init__(self, slug: str = "waterrijk") -> None:
        self.slug, self.portal = slug, Client()
        self.asked = b""

    @property
    def start(self) -> str:
        return f"/account/organisatie/{self.slug}/"

    def form(self, account: str, level: str = "", query: str = "", **more: str) -> dict[str, str]:
        """What the provider's page sends to the portal after signing in as `account`."""
        begun = self.portal.get(self.start + query)
        assert begun.status_code == 302, begun.content.decode()
        return self.answer(begun.headers["Location"], account, level, **more)

    def answer(self, address: str, account: str, level: str = "", **more: str) -> dict[str, str]:
        """The same, of a question that was put already."""
        self.asked = asked(address)
        page = requests.get(address, timeout=10)
        (onward,) = re.findall('action="([^"]+)"', page.text)
        filled = {"account": account, **({"level": level} if level else {}), **more}
        page = requests.post(urljoin(address, onward), data=filled, timeout=10)
        assert page.ok, page.text
        named = re.findall('name="([^"]+)" value="([^"]*)"', page.text)
        return {name: unescape(value) for name, value in named}

    def brings(self, form: dict[str, str]) -> HttpResponse:
        """The portal's answer at last to the provider's form: taken without a session, and gone on from."""
        elsewhere = Client()
        taken = elsewhere.post(f"{self.start}saml/", urlencode(form), content_type=FORM)
        assert (taken.status_code, set(taken.cookies)) == (303, {"saml"}), taken.content.decode()
        self.portal.cookies["saml"] = taken.cookies["saml"].value
        return cast(HttpResponse, self.portal.get(taken.headers["Location"]))

    def signs_in(self, account: str, level: str = "", query: str = "", **more: str) -> HttpResponse:
        return self.brings(self.form(account, level, query, **more))

    @property
    def name(self) -> str:
        """Who is signed in here, by the greeting; empty for nobody."""
        home = self.portal.get("/")
        return home.context["user"].name if home.status_code == 200 else ""


def asked(address: str) -> bytes:
    """The question in an address of the provider."""
    (packed,) = parse_qs(urlsplit(address).query)["SAMLRequest"]
    return zlib.decompress(b64decode(packed), wbits=-15)


def question(address: str) -> tuple[str, str]:
    """The number of the question, and the state that goes with it."""
    (state,) = parse_qs(urlsplit(address).query)["RelayState"]
    return str(etree.fromstring(asked(address)).get("ID")), state


def document(form: dict[str, str]) -> etree._Element:
    return etree.fromstring(b64decode(form["SAMLResponse"]))


def sent(form: dict[str, str], content: bytes | etree._Element) -> dict[str, str]:
    """The same form with this answer in it."""
    content = content if isinstance(content, bytes) else etree.tostring(content)
    return {**form, "SAMLResponse": b64encode(content).decode()}


def assertion_of(response: etree._Element) -> etree._Element:
    found = response.find(f"{ASSERTION}Assertion")
    assert found is not None
    return found


def unsigned(element: etree._Element) -> etree._Element:
    for one in element.findall(f"{SIGNATURE}Signature"):
        element.remove(one)
    return element


def signed_anew(
    response: etree._Element, by: Signer | None = None, method: str = "RSA_SHA256"
) -> etree._Element:
    """The answer with its assertion signed as it is now; by another key when that is given."""
    key, certificate = by or signer("provider")
    held = unsigned(assertion_of(response))
    how = XMLSigner(
        signature_algorithm=SignatureMethod[method],
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    done = how.sign(held, key=key, cert=[certificate], reference_uri=held.get("ID"))
    done.insert(1, done[-1])  # after the issuer, where the schema has it
    response.replace(held, done)
    return response
