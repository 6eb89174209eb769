"""A SAML answer counts when all of it is right; each way to bend, wrap or swell one is refused."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from lxml import etree

from organisations.sign_on.claims import Refusal, Refused, Rules, Shape, person
from organisations.sign_on.saml.answer import (
    BY_ADDRESS,
    GROUPS,
    LARGEST,
    MEANS,
    TOO_MANY,
    TRANSIENT,
    Expected,
    verified,
)
from organisations.sign_on.saml.asking import Question, address
from organisations.sign_on.saml.documents import ASSERTION, PROTOCOL, SIGNATURE
from organisations.sign_on.saml.metadata import own
from organisations.sign_on.saml.metadata import provider as read_provider
from tests.saml import SamlBrowser, SamlProvider, assertion_of, signed_anew, signer, unsigned

pytestmark = pytest.mark.anywhere
PORTAL, RECIPIENT = "https://portaal.example/metadata.xml", "https://portaal.example/saml/"
NUMBER = "_0123456789abcdef"
Change = Callable[[etree._Element], object]


@pytest.fixture(scope="module")
def genuine(saml_provider: SamlProvider) -> bytes:
    """What the provider itself says of Bram."""
    saml_provider.serves(own(PORTAL, RECIPIENT))
    question = Question(NUMBER, f"{saml_provider.address}/sso", PORTAL, RECIPIENT)
    return b64decode(SamlBrowser().answer(address(question, "x"), "bram")["SAMLResponse"])


@pytest.fixture(scope="module")
def expected(saml_provider: SamlProvider) -> Expected:
    named = read_provider(saml_provider.metadata.encode())
    return Expected(named.entity_id, named.certificates, PORTAL, RECIPIENT, datetime.now(UTC))


def at(response: etree._Element, path: str) -> etree._Element:
    """The element at the end of a path of the assertion's own names."""
    found = response.find(f".//{ASSERTION}" + f"/{ASSERTION}".join(path.split("/")))
    assert found is not None, path
    return found


def refusal(content: bytes | etree._Element, expected: Expected) -> Refused:
    with pytest.raises(Refused) as refused:
        verified(content if isinstance(content, bytes) else etree.tostring(content), expected)
    return refused.value


def test_what_the_provider_says_is_taken(genuine: bytes, expected: Expected) -> None:
    told = verified(genuine, expected)
    assert (told.answers, told.claims["sub"], told.claims["name"]) == (NUMBER, "bram", "Bram")
    assert told.claims["email"] == "bram@waterrijk.example"
    assert abs(told.claims["auth_time"] - expected.now.timestamp()) < 600


def test_a_signature_on_the_whole_is_in_nobodys_way(genuine: bytes, expected: Expected) -> None:
    """Many a provider signs both; what counts is that of the assertion."""
    response = etree.fromstring(genuine)
    response.insert(1, deepcopy(at(response, "Assertion").find(f"{SIGNATURE}Signature")))
    assert verified(etree.tostring(response), expected).claims["sub"] == "bram"
    at(response, "Assertion").remove(at(response, "Assertion").find(f"{SIGNATURE}Signature"))
    assert refusal(response, expected).refusal == Refusal.TOKEN


def test_one_of_several_certificates_is_enough(genuine: bytes, expected: Expected) -> None:
    """While a provider goes over to a new one, its metadata has both."""
    assert verified(genuine, replace(expected, certificates=[_other(), *expected.certificates]))
    assert refusal(genuine, replace(expected, certificates=[_other()])).refusal == Refusal.TOKEN
    assert refusal(genuine, replace(expected, certificates=[])).refusal == Refusal.TOKEN


def _other() -> str:
    return b64encode(signer("een ander")[1].public_bytes(Encoding.DER)).decode()


def later(path: str, name: str, **by: float) -> Change:
    """By the clock when it is changed: the suite is long."""

    def change(response: etree._Element) -> None:
        moment = datetime.now(UTC) + timedelta(**by)
        at(response, path).set(name, moment.strftime("%Y-%m-%dT%H:%M:%SZ"))

    return change


def told(path: str, name: str, value: str) -> Change:
    return lambda response: at(response, path).set(name, value)


def text(path: str, value: str) -> Change:
    return lambda response: setattr(at(response, path), "text", value)


def without(path: str, name: str = "") -> Change:
    def change(response: etree._Element) -> None:
        element = at(response, path)
        if name:
            del element.attrib[name]
        else:
            parent = element.getparent()
            assert parent is not None
            parent.remove(element)

    return change


def more(path: str, tag: str) -> Change:
    return lambda response: etree.SubElement(at(response, path), tag)


HERE = "Assertion/Subject/SubjectConfirmation"
DATA = f"{HERE}/SubjectConfirmationData"
CONDITIONS = "Assertion/Conditions"
BENT: dict[str, Change] = {
    "another issuer": text("Assertion/Issuer", "https://kwaad.example"),
    "no issuer": without("Assertion/Issuer"),
    "another version": told("Assertion", "Version", "1.1"),
    "for another portal": text(f"{CONDITIONS}/AudienceRestriction/Audience", "https://kwaad.example"),
    "for nobody in particular": without(f"{CONDITIONS}/AudienceRestriction"),
    "for this portal and for nobody": more(CONDITIONS, f"{ASSERTION}AudienceRestriction"),
    "a condition that is not known": more(CONDITIONS, f"{ASSERTION}Condition"),
    "no conditions": without(CONDITIONS),
    "not yet": later(CONDITIONS, "NotBefore", minutes=5),
    "no more": later(CONDITIONS, "NotOnOrAfter", minutes=-2),
    "no time": told(CONDITIONS, "NotOnOrAfter", "gisteren"),
    "brought elsewhere": told(DATA, "Recipient", "https://kwaad.example/saml/"),
    "brought anywhere": without(DATA, "Recipient"),
    "brought too late": later(DATA, "NotOnOrAfter", minutes=-2),
    "brought whenever": without(DATA, "NotOnOrAfter"),
    "not to be brought yet": later(DATA, "NotBefore", minutes=-5),
    "not asked for": without(DATA, "InResponseTo"),
    "asked for by another question": told(DATA, "InResponseTo", "_een-andere"),
    "for who holds a key": told(HERE, "Method", "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"),
    "confirmed by nothing": without(HERE),
    "of nobody": without("Assertion/Subject/NameID"),
    "of an empty name": text("Assertion/Subject/NameID", " "),
    "of a name without end": text("Assertion/Subject/NameID", "x" * 256),
    "of a name for this once": told("Assertion/Subject/NameID", "Format", TRANSIENT),
    "signed in at no time": without("Assertion/AuthnStatement", "AuthnInstant"),
    "signed in tomorrow": later("Assertion/AuthnStatement", "AuthnInstant", days=1),
    "a session that ended": later("Assertion/AuthnStatement", "SessionNotOnOrAfter", minutes=-2),
    "not signed in": without("Assertion/AuthnStatement"),
}


@pytest.mark.parametrize("change", BENT.values(), ids=BENT.keys())
def test_what_the_provider_signed_and_is_not_right_opens_nothing(
    change: Change, genuine: bytes, expected: Expected
) -> None:
    response = etree.fromstring(genuine)
    change(response)
    assert refusal(signed_anew(response), expected).refusal == Refusal.TOKEN


@pytest.mark.parametrize("method", ["RSA_SHA256", "RSA_SHA512", "SHA256_RSA_MGF1"])
def test_the_same_signed_anew_does_open(method: str, genuine: bytes, expected: Expected) -> None:
    """So what is refused above is what was bent, and not that something was."""
    assert verified(etree.tostring(signed_anew(etree.fromstring(genuine), method=method)), expected)


def test_a_signature_by_a_stranger_counts_for_nothing(genuine: bytes, expected: Expected) -> None:
    """Also with the stranger's certificate in it: only those of the metadata are believed."""
    assert (
        refusal(signed_anew(etree.fromstring(genuine), signer("een ander")), expected).detail
        == "InvalidSignature"
    )


@pytest.mark.parametrize("old", ["rsa-sha1", "hmac-sha256"])
def test_a_weak_way_of_signing_is_not_taken(old: str, genuine: bytes, expected: Expected) -> None:
    name = {"rsa-sha1": "http://www.w3.org/2000/09/xmldsig#rsa-sha1"}
    response = etree.fromstring(genuine)
    method = response.find(f".//{SIGNATURE}SignatureMethod")
    assert method is not None
    method.set("Algorithm", name.get(old, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"))
    assert refusal(response, expected).detail == "InvalidInput"


def test_a_certificate_that_ended_counts_no_more(genuine: bytes, expected: Expected) -> None:
    key, certificate = signer("provider", ends=-1)
    response = signed_anew(etree.fromstring(genuine), (key, certificate))
    ended = b64encode(certificate.public_bytes(Encoding.DER)).decode()
    assert refusal(response, replace(expected, certificates=[ended])).detail == "InvalidCertificate"


def test_without_a_signature_of_its_own_an_assertion_counts_for_nothing(
    genuine: bytes, expected: Expected
) -> None:
    response = etree.fromstring(genuine)
    unsigned(assertion_of(response))
    assert refusal(response, expected).detail == "niet ondertekend"


@pytest.mark.parametrize("path", ["Assertion/Subject/NameID", "Attribute/AttributeValue", "Assertion/Issuer"])
def test_a_letter_that_was_changed_is_seen(path: str, genuine: bytes, expected: Expected) -> None:
    response = etree.fromstring(genuine)
    at(response, path).text = "bea"
    assert refusal(response, expected).refusal == Refusal.TOKEN


# Signature wrapping: the signed assertion is in there, and another one where it is looked for. After those of
# Somorovsky and others, "On Breaking SAML" (USENIX Security 2012).


def _evil(response: etree._Element) -> tuple[etree._Element, etree._Element]:
    """The signed assertion taken out, and one of Bea with another number in its place."""
    held = assertion_of(response)
    evil = deepcopy(held)
    unsigned(evil).set("ID", "_kwaad")
    at(evil, "Subject/NameID").text = "bea"
    for one in evil.iter(f"{ASSERTION}AttributeValue"):
        one.text = (one.text or "").replace("bram", "bea")
    response.replace(held, evil)
    return held, evil


def _beside(response: etree._Element, held: etree._Element, evil: etree._Element) -> None:
    response.append(held)


def _before(response: etree._Element, held: etree._Element, evil: etree._Element) -> None:
    response.insert(0, held)


def _in_extensions(response: etree._Element, held: etree._Element, evil: etree._Element) -> None:
    extensions = etree.Element(f"{PROTOCOL}Extensions")
    extensions.append(held)
    response.insert(1, extensions)


def _in_the_evil_one(response: etree._Element, held: etree._Element, evil: etree._Element) -> None:
    evil.append(held)


def _in_its_signature(response: etree._Element, held: etree._Element, evil: etree._Element) -> None:
    """The evil one carries the signature, and in an Object of that the assertion that it is of."""
    signature = held.find(f"{SIGNATURE}Signature")
    assert signature is not None
    evil.insert(1, signature)
    etree.SubElement(signature, f"{SIGNATURE}Object").append(held)


def _beside_with_its_signature(response: etree._Element, held: etree._Element, evil: etree._Element) -> None:
    signature = held.find(f"{SIGNATURE}Signature")
    assert signature is not None
    evil.insert(1, signature)
    response.append(held)


def _with_its_number(response: etree._Element, held: etree._Element, evil: etree._Element) -> None:
    evil.set("ID", held.get("ID") or "")
    evil.insert(1, deepcopy(held.findall(f"{SIGNATURE}Signature")[0]))
    response.append(held)


def _in_another_space(response: etree._Element, held: etree._Element, evil: etree._Element) -> None:
    """As something that is no Assertion by its name, with the number that the signature speaks of."""
    signature = held.find(f"{SIGNATURE}Signature")
    assert signature is not None
    evil.insert(1, signature)
    held.tag = "{urn:kwaad}Assertion"
    response.append(held)


def _around(response: etree._Element, held: etree._Element, evil: etree._Element) -> None:
    """The whole true answer inside, as the old breaks did it."""
    inner = deepcopy(response)
    inner.replace(inner.findall(f"{ASSERTION}Assertion")[0], held)
    etree.SubElement(response, f"{PROTOCOL}Extensions").append(inner)


WRAPPED = [
    _beside,
    _before,
    _in_extensions,
    _in_the_evil_one,
    _in_its_signature,
    _beside_with_its_signature,
    _with_its_number,
    _in_another_space,
    _around,
]


@pytest.mark.parametrize("wrap", WRAPPED)
def test_a_signed_assertion_lends_its_signature_to_no_other(
    wrap: Callable[[etree._Element, etree._Element, etree._Element], None], genuine: bytes, expected: Expected
) -> None:
    response = etree.fromstring(genuine)
    wrap(response, *_evil(response))
    assert refusal(response, expected).refusal == Refusal.TOKEN


# What is around the assertion


@pytest.mark.parametrize(
    "name, value", [("Version", "1.1"), ("Destination", "https://kwaad.example"), ("InResponseTo", "_x")]
)
def test_what_goes_around_it_must_fit(name: str, value: str, genuine: bytes, expected: Expected) -> None:
    response = etree.fromstring(genuine)
    response.set(name, value)
    assert refusal(response, expected).refusal == Refusal.TOKEN


def test_an_encrypted_assertion_is_told_apart(genuine: bytes, expected: Expected) -> None:
    response = etree.fromstring(genuine)
    etree.SubElement(response, f"{ASSERTION}EncryptedAssertion")
    assert refusal(response, expected).detail == "versleuteld"


@pytest.mark.parametrize(
    "said, why",
    [("NoAuthnContext", Refusal.LEVEL), ("AuthnFailed", Refusal.PROVIDER), ("", Refusal.PROVIDER)],
)
def test_a_provider_that_says_no_is_heard(said: str, why: Refusal, expected: Expected) -> None:
    status = (
        f'<p:StatusCode Value="urn:status:Responder"><p:StatusCode Value="urn:status:{said}"/></p:StatusCode>'
    )
    answer = (
        f'<p:Response xmlns:p="{PROTOCOL[1:-1]}" Version="2.0"><p:Status>{status}</p:Status></p:Response>'
    )
    refused = refusal(answer.encode(), expected)
    assert (refused.refusal, refused.detail) == (why, said)


# XML that is more than it seems

LAUGHS = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
SWOLLEN = {
    "a DOCTYPE": b'<!DOCTYPE a SYSTEM "http://kwaad.example/a.dtd"><a/>',
    "a file of this machine": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "a billion laughs": f'<!DOCTYPE a [<!ENTITY a0 "ha">{LAUGHS}]><a>&a9;</a>'.encode(),
    "a DOCTYPE in UTF-16": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "y">]><a/>'.encode(
        "utf-16"
    ),
    "a DOCTYPE in UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>',
    "an instruction": b'<?xml-stylesheet href="file:///etc/passwd"?><a/>',
    "CDATA": b"<a><![CDATA[x]]></a>",
    "an entity that is not there": b"<a>&x;</a>",
    "nested without end": b"<a>" * 20_000,
    "no XML": b"geen xml",
    "nothing": b"",
    "too much": b"<a>" + b"x" * LARGEST + b"</a>",
    "no UTF-8": b"<a>\xff</a>",
    "a NUL": b"<a>\x00</a>",
    "another document": b"<a/>",
}


SPACES = " ".join(f'xmlns:n{number}="u:{number}"' for number in range(400))
MANY: dict[str, Change] = {
    "namespaces": lambda response: response.insert(0, etree.fromstring(f"<a {SPACES}><b/></a>")),
    "attributes": lambda response: [response.set(f"a{number}", "") for number in range(400)],
    "elements": lambda response: [etree.SubElement(response, "a") for _ in range(6000)],
    "prefixes": lambda response: response.set("PrefixList", "a " * 400),
}


@pytest.mark.parametrize("change", MANY.values(), ids=MANY.keys())
def test_what_would_take_minutes_to_verify_is_not_begun_at(
    change: Change, genuine: bytes, expected: Expected
) -> None:
    """What canonical XML does grows with the third power, and comes before the signature."""
    response = etree.fromstring(genuine)
    change(response)
    assert refusal(response, expected).detail == "meer namen of elementen dan nodig"


def test_an_answer_with_two_hundred_groups_is_no_such_thing(genuine: bytes, expected: Expected) -> None:
    response = etree.fromstring(genuine)
    for number in range(200):
        one = etree.SubElement(at(response, "AttributeStatement"), f"{ASSERTION}Attribute", {"Name": GROUPS})
        value = etree.SubElement(one, f"{ASSERTION}AttributeValue", nsmap={"xs": "urn:xs", "xsi": "urn:xsi"})
        value.text = f"groep {number}"
    assert len(verified(etree.tostring(signed_anew(response)), expected).claims[GROUPS]) == 200


@pytest.mark.parametrize("content", SWOLLEN.values(), ids=SWOLLEN.keys())
def test_xml_of_another_kind_is_not_read(content: bytes, expected: Expected) -> None:
    assert refusal(content, expected).refusal == Refusal.TOKEN


def test_a_comment_cannot_part_a_name_in_two(genuine: bytes, expected: Expected) -> None:
    """Canonical XML drops it, so the signature would stay right (CVE-2017-11427 and its kin)."""
    parted = genuine.replace(b"bram@waterrijk", b"bram@water<!-- -->rijk")
    assert parted != genuine and refusal(parted, expected).detail == "meer dan elementen en tekst"


@hypothesis(max_examples=60)
@given(data=st.data())
def test_whatever_is_changed_is_refused_or_says_the_same(
    genuine: bytes, expected: Expected, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(genuine) - 1))
    end = min(len(genuine), start + data.draw(st.integers(0, 300)))
    middle = data.draw(st.one_of(st.binary(max_size=20), st.just(genuine[end : end + 200])))
    whole = verified(genuine, expected)
    try:
        assert verified(genuine[:start] + middle + genuine[end:], expected) == whole
    except Refused as refused:
        assert refused.refusal in (Refusal.TOKEN, Refusal.PROVIDER)


# What it says


def _of(
    genuine: bytes, expected: Expected, attributes: dict[str, list[str]], name_format: str = ""
) -> dict[str, object]:
    response = etree.fromstring(genuine)
    statement = at(response, "AttributeStatement")
    del statement[:]
    for name, values in attributes.items():
        one = etree.SubElement(statement, f"{ASSERTION}Attribute", {"Name": name})
        for value in values:
            etree.SubElement(one, f"{ASSERTION}AttributeValue").text = value
    if name_format:
        name_id = at(response, "Assertion/Subject/NameID")
        name_id.text, name_id.attrib["Format"] = "bram@waterrijk.example", name_format
    return verified(etree.tostring(signed_anew(response)), expected).claims


RULES = Rules(Shape.SAML, frozenset({"waterrijk.example"}), "een-niveau", GROUPS, {"clerk": ["g-1"]})
EMAIL = {"http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress": ["Bram@Waterrijk.example"]}


def test_attributes_give_roles_and_microsofts_way_of_telling_the_second_step(
    genuine: bytes, expected: Expected
) -> None:
    claims = _of(genuine, expected, {**EMAIL, MEANS: ["een-niveau"], GROUPS: ["g-1", "g-2"]})
    found = person(claims, RULES)
    assert (found.email, found.is_strong) == ("bram@waterrijk.example", True) and found.roles == {"clerk"}


def test_a_person_must_be_told_apart(genuine: bytes, expected: Expected) -> None:
    claims = _of(genuine, expected, {MEANS: ["een-niveau"]}, BY_ADDRESS)
    assert person(claims, RULES).email == "bram@waterrijk.example"
    for attributes, why in (
        ({MEANS: ["een-niveau"]}, Refusal.ADDRESS),
        ({**EMAIL, MEANS: ["een-niveau"], TOO_MANY: ["https://graph"]}, Refusal.OVERAGE),
        ({**EMAIL}, Refusal.LEVEL),
    ):
        with pytest.raises(Refused) as refused:
            person(_of(genuine, expected, attributes), RULES)
        assert refused.value.refusal == why
    with pytest.raises(Refused) as refused:
        _of(genuine, expected, {**EMAIL, "mail": ["bea@waterrijk.example"]})
    assert refused.value.refusal == Refusal.ADDRESS


def test_one_address_written_in_two_ways_is_one(genuine: bytes, expected: Expected) -> None:
    claims = _of(genuine, expected, {**EMAIL, "mail": ["bram@waterrijk.example"]})
    assert claims["email"] == "bram@waterrijk.example"


@pytest.mark.parametrize("before", ["", "a b", "a\r\nbcc: b", "a\x00", "\u202ea", "x" * 240])
def test_what_is_no_address_gets_no_account(before: str) -> None:
    with pytest.raises(Refused) as refused:
        person({"sub": "bram", "email": f"{before}@waterrijk.example"}, replace(RULES, level=""))
    assert refused.value.refusal == Refusal.ADDRESS


def test_no_attribute_passes_for_what_the_assertion_says_itself(genuine: bytes, expected: Expected) -> None:
    claims = _of(genuine, expected, {**EMAIL, "sub": ["bea"], "acr": ["een-niveau"], "auth_time": ["9"]})
    assert claims["sub"] == "bram" and "een-niveau" not in str(claims["acr"])
    assert claims["auth_time"] != ["9"]
