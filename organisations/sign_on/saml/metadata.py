"""Who the two sides say that they are: the provider's metadata as read, the portal's as written."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from organisations.sign_on.saml.documents import (
    METADATA,
    POST,
    PROTOCOL,
    REDIRECT,
    SIGNATURE,
    Malformed,
    read,
    text_of,
)

LARGEST: Final = 512 * 1024  # bytes; that of AD FS, with all it can do, is some 80,000
LONGEST: Final = 300  # characters of a name or an address, as the model keeps them
LEAST_BITS: Final = 2048  # of an RSA key (NIST SP 800-57 part 1, 5.6)
HERE: Final = ("http://127.0.0.1:", "http://localhost:")  # a provider on this machine, for trying


@dataclass(frozen=True, slots=True)
class Named:
    """A provider as its metadata has it."""

    entity_id: str
    entry: str  # where browsers are sent with a question
    certificates: tuple[str, ...]  # that it may sign with: base64 of DER, without line ends


def provider(document: bytes) -> Named:
    """Who the provider is. Raises Malformed, with what is wrong in Dutch."""
    root = read(document, largest=LARGEST, comments=True)
    found = [one for one in root.iter(f"{METADATA}IDPSSODescriptor") if PROTOCOL[1:-1] in _speaks(one)]
    if len(found) != 1:
        raise Malformed(f"Er staan {len(found)} inlogdiensten voor SAML 2.0 in; het moet er één zijn.")
    around = found[0].getparent()
    entity_id = ("" if around is None else around.get("entityID", "")).strip()
    if not 0 < len(entity_id) <= LONGEST or not entity_id.isprintable():
        raise Malformed("De naam van de inlogdienst (entityID) ontbreekt of is te lang.")
    return Named(entity_id, _entry(found[0]), _certificates(found[0]))


def _speaks(descriptor: etree._Element) -> list[str]:
    return (descriptor.get("protocolSupportEnumeration") or "").split()


def _entry(descriptor: etree._Element) -> str:
    for one in descriptor.iterfind(f"{METADATA}SingleSignOnService"):
        location = (one.get("Location") or "").strip()
        if one.get("Binding") != REDIRECT:
            continue
        if len(location) <= LONGEST and _leads_somewhere(location):
            return location
    raise Malformed(
        "Er staat geen https-adres in om mensen heen te sturen (SingleSignOnService, HTTP-Redirect)."
    )


def _leads_somewhere(location: str) -> bool:
    """Whether it is an address of https and no more than that: no name or password in it, no white space."""
    try:
        there = urlsplit(location)
        is_whole = bool(there.hostname) and there.username is None and (there.port is None or there.port > 0)
    except ValueError:
        return False
    is_plain = location.isprintable() and not any(map(str.isspace, location))
    return is_whole and is_plain and location.startswith(("https://", *HERE))


def _certificates(descriptor: etree._Element) -> tuple[str, ...]:
    texts = []
    for one in descriptor.iterfind(f"{METADATA}KeyDescriptor"):
        if one.get("use", "signing") == "signing":
            texts += [text_of(held) for held in one.iter(f"{SIGNATURE}X509Certificate")]
    found = [certificate("".join(text.split())) for text in dict.fromkeys(texts)]
    if not any(one.not_valid_after_utc > datetime.now(UTC) for one in found):
        raise Malformed("Er staat geen certificaat in om mee te controleren, of het is verlopen.")
    return tuple(b64encode(one.public_bytes(Encoding.DER)).decode() for one in found)


def certificate(text: str) -> x509.Certificate:
    """The certificate of a base64 text. Raises Malformed when it is none, or its key is weak."""
    try:
        found = x509.load_der_x509_certificate(b64decode(text, validate=True))
        key = found.public_key()
    except (Error, ValueError, TypeError) as fault:
        raise Malformed("Een certificaat is niet te lezen.") from fault
    if isinstance(key, rsa.RSAPublicKey):
        is_strong = key.key_size >= LEAST_BITS
    else:
        is_strong = isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= 256
    if not is_strong:
        raise Malformed(
            f"Een certificaat heeft een sleutel die te zwak is: RSA van {LEAST_BITS} bits of meer."
        )
    return found


def own(entity_id: str, recipient: str) -> bytes:
    """The portal's metadata, for whoever runs the provider: it wants assertions signed, and by POST."""
    spaces = {"md": METADATA[1:-1]}
    root = etree.Element(f"{METADATA}EntityDescriptor", {"entityID": entity_id}, nsmap=spaces)
    how = {"AuthnRequestsSigned": "false", "WantAssertionsSigned": "true"}
    how["protocolSupportEnumeration"] = PROTOCOL[1:-1]
    portal = etree.SubElement(root, f"{METADATA}SPSSODescriptor", how)
    name = etree.SubElement(portal, f"{METADATA}NameIDFormat")
    name.text = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
    back = {"Binding": POST, "Location": recipient, "index": "0", "isDefault": "true"}
    etree.SubElement(portal, f"{METADATA}AssertionConsumerService", back)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
