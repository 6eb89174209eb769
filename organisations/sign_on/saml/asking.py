"""What the portal asks a provider: a request for one sign-in, in the address that the browser is sent to."""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml import etree

from organisations.sign_on.saml.documents import ASSERTION, POST, PROTOCOL


@dataclass(frozen=True, slots=True)
class Question:
    """One sign-in to ask for."""

    number: str  # comes back as InResponseTo
    entry: str  # the provider's address
    portal: str  # the name that it knows the portal by
    recipient: str  # where the answer has to go
    levels: Iterable[str] = ()  # authentication contexts, of which it has to be one
    again: bool = False  # also of who has a session there


def address(question: Question, state: str) -> str:
    """Where to send the browser (SAML Bindings 3.4.4.1: deflated, in base64, in the query)."""
    deflating = zlib.compressobj(wbits=-15)
    deflated = deflating.compress(request(question)) + deflating.flush()
    asking = {"SAMLRequest": b64encode(deflated).decode(), "RelayState": state}
    there = urlsplit(question.entry)
    # What the provider's address has of its own stays, but it cannot set what we ask.
    kept = [(name, value) for name, value in parse_qsl(there.query) if name not in asking]
    return there._replace(query=urlencode([*kept, *asking.items()]), fragment="").geturl()


def request(question: Question) -> bytes:
    """The AuthnRequest. It names no kind of NameID: many a provider refuses one it was not set up for."""
    spaces = {"samlp": PROTOCOL[1:-1], "saml": ASSERTION[1:-1]}
    told = {
        "ID": question.number,
        "Version": "2.0",
        "IssueInstant": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Destination": question.entry,
        "ProtocolBinding": POST,
        "AssertionConsumerServiceURL": question.recipient,
    }
    if question.again:
        told["ForceAuthn"] = "true"
    root = etree.Element(f"{PROTOCOL}AuthnRequest", told, nsmap=spaces)
    etree.SubElement(root, f"{ASSERTION}Issuer").text = question.portal
    levels = list(question.levels)
    if levels:
        asked = etree.SubElement(root, f"{PROTOCOL}RequestedAuthnContext", {"Comparison": "exact"})
        for level in levels:
            etree.SubElement(asked, f"{ASSERTION}AuthnContextClassRef").text = level
    return bytes(etree.tostring(root))
