"""Whether what came back is the provider's own word, for this portal, and of now; and what it says.

SAML Profiles 4.1.4.2 and 4.1.4.3 say what has to hold. Everything about the person is read off the element
that signxml hands back, which holds what the signature covers and no more: an assertion that was put beside
or around the signed one is not looked at (signature wrapping).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from organisations.sign_on.claims import Refusal, Refused
from organisations.sign_on.saml.documents import (
    ASSERTION,
    PROTOCOL,
    SIGNATURE,
    Malformed,
    modest,
    read,
    text_of,
)
from organisations.sign_on.saml.metadata import certificate

LARGEST: Final = 256 * 1024  # bytes; an answer with two hundred groups is some 30,000
LEEWAY: Final = 60  # seconds that two clocks may differ
SUBJECT_LIMIT: Final = 255
SUCCESS: Final = "urn:oasis:names:tc:SAML:2.0:status:Success"
BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
FORMATS: Final = "urn:oasis:names:tc:SAML:{}:nameid-format:{}"
TRANSIENT: Final = FORMATS.format("2.0", "transient")
BY_ADDRESS: Final = FORMATS.format("1.1", "emailAddress")
MICROSOFT: Final = "http://schemas.microsoft.com/"
# As Entra ID and AD FS tell a second factor, the groups, and that these were too many to tell.
MEANS: Final = MICROSOFT + "claims/authnmethodsreferences"
GROUPS: Final = MICROSOFT + "ws/2008/06/identity/claims/groups"
TOO_MANY: Final = MICROSOFT + "claims/groups.link"
EMAIL: Final = (
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "email",
    "mail",
)
NAME: Final = (
    MICROSOFT + "identity/claims/displayname",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "displayName",
    "name",
)
# A key pair signs, with a hash that nobody finds collisions for: no HMAC, no SHA-1.
SIGNED_BY: Final = SignatureConfiguration(
    location=f"./{ASSERTION}Assertion/",
    signature_methods=frozenset(
        one
        for one in SignatureMethod
        if one.name.startswith(("RSA_SHA", "ECDSA_SHA", "SHA")) and "SHA1" not in one.name
    ),
    digest_algorithms=frozenset({DigestAlgorithm.SHA256, DigestAlgorithm.SHA384, DigestAlgorithm.SHA512}),
)
_CONDITIONS: Final = {
    f"{ASSERTION}{name}" for name in ("AudienceRestriction", "OneTimeUse", "ProxyRestriction")
}


@dataclass(frozen=True, slots=True)
class Expected:
    """Whose word it has to be, and to whom."""

    issuer: str
    certificates: Iterable[str]
    portal: str
    recipient: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """An assertion for which all of it holds."""

    number: str  # its own, by which it counts once
    answers: str  # the number of what was asked
    until: datetime
    claims: dict[str, Any]  # as `claims.person` reads them


def verified(document: bytes, expected: Expected) -> Told:
    """What the provider says. Raises Refused; its detail holds nothing of what was sent."""
    try:
        response = read(document, largest=LARGEST)
        modest(response)
        _of_success(response, expected)
        return _told(_signed(response, expected.certificates), response, expected)
    except Malformed as fault:
        raise Refused(Refusal.TOKEN, str(fault)) from fault
    except (SignXMLException, etree.LxmlError, ValueError, TypeError, LookupError, AttributeError) as fault:
        raise Refused(Refusal.TOKEN, type(fault).__name__) from fault


def _need(holds: bool, what: str) -> None:
    if not holds:
        raise Refused(Refusal.TOKEN, what)


def _of_success(response: etree._Element, expected: Expected) -> None:
    """What goes around the assertion; nothing but the assertion has to be signed, so it proves nothing."""
    _need(response.tag == f"{PROTOCOL}Response" and response.get("Version") == "2.0", "geen Response")
    _need(response.get("Destination", expected.recipient) == expected.recipient, "Destination")
    codes = [one.get("Value", "") for one in response.iterfind(f"{PROTOCOL}Status//{PROTOCOL}StatusCode")]
    _need(bool(codes), "Status")
    if codes[0] != SUCCESS:
        said = codes[-1].rpartition(":")[2][:40]
        refusal = Refusal.LEVEL if said == "NoAuthnContext" else Refusal.PROVIDER
        raise Refused(refusal, said if said.isidentifier() else "")


def _signed(response: etree._Element, certificates: Iterable[str]) -> etree._Element:
    """The one assertion, as it was signed; by any of the certificates."""
    _need(next(response.iter(f"{ASSERTION}EncryptedAssertion"), None) is None, "versleuteld")
    held = list(response.iter(f"{ASSERTION}Assertion"))
    _need(len(held) == 1 and held[0].getparent() is response, f"{len(held)} Assertions")
    _need(len(held[0].findall(f"{SIGNATURE}Signature")) == 1, "niet ondertekend")
    numbers = [value for one in response.iter() for name, value in one.items() if _is_number(name)]
    _need(len(numbers) == len(set(numbers)), "een ID staat er twee keer")
    fault: SignXMLException = SignXMLException("geen certificaat")
    for one in certificates:
        try:
            result = XMLVerifier().verify(response, x509_cert=certificate(one), expect_config=SIGNED_BY)
        except SignXMLException as why:
            fault = why
            continue
        found = None if isinstance(result, list) else result.signed_xml
        is_it = found is not None and found.tag == held[0].tag and found.get("ID") == held[0].get("ID")
        _need(is_it, "iets anders is ondertekend")
        assert found is not None
        return found
    raise fault


def _is_number(name: str) -> bool:
    """Whether an attribute can be what a signature refers to."""
    return bool(etree.QName(name).localname.lower() == "id")


def _told(assertion: etree._Element, response: etree._Element, expected: Expected) -> Told:
    _need(assertion.get("Version") == "2.0" and bool(assertion.get("ID")), "geen Assertion")
    for one in (assertion, response):
        issuer = one.find(f"{ASSERTION}Issuer")
        _need((issuer is None and one is response) or text_of(issuer) == expected.issuer, "Issuer")
    answers, until = _confirmed(assertion, expected)
    _need(response.get("InResponseTo", answers) == answers, "InResponseTo")
    _conditions(assertion, expected)
    return Told(str(assertion.get("ID")), answers, until, _claims(assertion, expected))


def _confirmed(assertion: etree._Element, expected: Expected) -> tuple[str, datetime]:
    """Which question it answers, and until when: by the confirmation that is for whoever brings it here."""
    for one in assertion.iterfind(f"{ASSERTION}Subject/{ASSERTION}SubjectConfirmation"):
        data = one.find(f"{ASSERTION}SubjectConfirmationData")
        if one.get("Method") != BEARER or data is None or data.get("NotBefore"):
            continue
        until, answers = _moment(data.get("NotOnOrAfter")), data.get("InResponseTo", "")
        if data.get("Recipient") != expected.recipient or not answers:
            continue
        if until and _ago(until, expected.now) < LEEWAY:
            return answers, until
    raise Refused(Refusal.TOKEN, "SubjectConfirmation")


def _conditions(assertion: etree._Element, expected: Expected) -> None:
    conditions = assertion.find(f"{ASSERTION}Conditions")
    _need(conditions is not None, "Conditions")
    assert conditions is not None
    _need({one.tag for one in conditions} <= _CONDITIONS, "een voorwaarde die niet bekend is")
    since, until = _moment(conditions.get("NotBefore")), _moment(conditions.get("NotOnOrAfter"))
    _need(since is None or _ago(since, expected.now) >= -LEEWAY, "NotBefore")
    _need(until is None or _ago(until, expected.now) < LEEWAY, "NotOnOrAfter")
    restrictions = conditions.findall(f"{ASSERTION}AudienceRestriction")
    _need(bool(restrictions), "Audience ontbreekt")
    for one in restrictions:
        _need(expected.portal in map(text_of, one.iterfind(f"{ASSERTION}Audience")), "Audience")


def _claims(assertion: etree._Element, expected: Expected) -> dict[str, Any]:
    attributes = _attributes(assertion)
    name_id = assertion.find(f"{ASSERTION}Subject/{ASSERTION}NameID")
    subject = text_of(name_id)
    shape = "" if name_id is None else name_id.get("Format", "")
    _need(0 < len(subject) <= SUBJECT_LIMIT and subject.isprintable(), "NameID")
    _need(shape != TRANSIENT, "NameID is elke keer een ander")
    emails = {value.lower() for name in EMAIL for value in attributes.get(name, ())}
    if not emails and shape == BY_ADDRESS:
        emails = {subject}
    if len(emails) > 1:
        raise Refused(Refusal.ADDRESS, "meer dan één adres")
    found: dict[str, Any] = {**attributes, **_signed_in(assertion, attributes, expected), "sub": subject}
    found["email"] = next(iter(emails), "")
    found["name"] = next((value for name in NAME for value in attributes.get(name, ())), "")
    if verified := attributes.get("email_verified"):
        found["email_verified"] = verified[0]
    if TOO_MANY in attributes:
        found["_claim_names"] = {GROUPS: TOO_MANY}
    return found


def _signed_in(
    assertion: etree._Element, attributes: Mapping[str, list[str]], expected: Expected
) -> dict[str, Any]:
    """When and by what means; the means also as Microsoft tells them."""
    statement = assertion.find(f"{ASSERTION}AuthnStatement")
    _need(statement is not None, "AuthnStatement")
    assert statement is not None
    ends, at = _moment(statement.get("SessionNotOnOrAfter")), _moment(statement.get("AuthnInstant"))
    _need(ends is None or _ago(ends, expected.now) < LEEWAY, "SessionNotOnOrAfter")
    _need(at is not None and _ago(at, expected.now) >= -LEEWAY, "AuthnInstant")
    assert at is not None
    means = [text_of(one) for one in statement.iter(f"{ASSERTION}AuthnContextClassRef")]
    return {"acr": [*means, *attributes.get(MEANS, ())], "auth_time": int(at.timestamp())}


def _attributes(assertion: etree._Element) -> dict[str, list[str]]:
    """The values of each attribute, by its name."""
    found: dict[str, list[str]] = {}
    for one in assertion.iterfind(f"{ASSERTION}AttributeStatement/{ASSERTION}Attribute"):
        values = found.setdefault(one.get("Name", ""), [])
        values += filter(None, _values(one))
    return found


def _values(attribute: etree._Element) -> Iterator[str]:
    yield from map(text_of, attribute.iterfind(f"{ASSERTION}AttributeValue"))


def _moment(text: str | None) -> datetime | None:
    """A moment of xs:dateTime, in UTC when it names no zone (SAML Core 1.3.3). Raises ValueError."""
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _ago(moment: datetime, now: datetime) -> float:
    """How many seconds before now; below zero for what is yet to come."""
    return (now - moment).total_seconds()
