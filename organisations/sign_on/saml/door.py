"""One sign-in by SAML: begun here, answered there by a form, and finished in the same browser.

The provider's form comes from another site, and with such a form a browser sends no session (SameSite=Lax).
So the form is read without one: what it says is sealed into a cookie for two minutes, and the browser is sent
on to an address of the portal, which gets session and cookie both. No cookie has to go along with what other
sites send, and no script is needed.
"""

from __future__ import annotations

import json
import secrets
import time
from base64 import b64decode
from binascii import Error
from dataclasses import asdict
from datetime import UTC, datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from organisations.models.sign_on import SignOn
from organisations.sign_on.claims import Person, Refusal, Refused, person
from organisations.sign_on.door import MINUTES, Begun, prove_again, recall, remember
from organisations.sign_on.saml import asking
from organisations.sign_on.sealed import PASSING, Unreadable, seal, unseal

SECONDS: Final = 120  # from the form to the next address, with a slow line
LONGEST: Final = 24 * 60 * 60  # seconds that a number is kept at most, whatever the provider says
FORM: Final = "application/x-www-form-urlencoded"


def cookie() -> str:
    """The name of the cookie; on https tied to this host."""
    return "__Host-saml" if settings.SESSION_COOKIE_SECURE else "saml"


def portal(sign_on: SignOn) -> str:
    """The name that the organisation's provider knows the portal by (entityID)."""
    return settings.PORTAL_URL + reverse("organisations:saml_metadata", args=[sign_on.organisation.slug])


def recipient(sign_on: SignOn) -> str:
    """The address that the provider sends its answer to; each organisation's is its own."""
    return settings.PORTAL_URL + reverse("organisations:saml_answer", args=[sign_on.organisation.slug])


def begin(
    request: HttpRequest, sign_on: SignOn, onward: str, *, again: bool = False, testing: bool = False
) -> str:
    """The address at the provider to send the browser to."""
    number = f"_{secrets.token_hex(20)}"  # an ID begins with no digit
    begun = Begun(sign_on.organisation_id, number, "", time.time(), again, onward, testing)
    question = asking.Question(
        number=number,
        entry=sign_on.entry,
        portal=portal(sign_on),
        recipient=recipient(sign_on),
        levels=sign_on.level.split(),
        again=again,
    )
    return asking.address(question, remember(request, begun))


def receive(request: HttpRequest, sign_on: SignOn) -> str:
    """What the provider's form says, sealed; why it is refused, when it is."""
    try:
        if request.content_type != FORM:
            raise Refused(Refusal.TOKEN, "geen formulier")
        told = _heard(request.POST.get("SAMLResponse", ""), sign_on)
    except Refused as refused:
        told = {"refusal": refused.refusal, "detail": refused.detail}
    state = request.POST.get("RelayState", "")[:100] if request.content_type == FORM else ""
    return seal(json.dumps({**told, "state": state}), _purpose(sign_on))


def finish(request: HttpRequest, sign_on: SignOn) -> tuple[Begun, Person | Refused]:
    """What was begun, and whom the provider says has come back, or why that does not count.

    Raises Refused when this browser had begun nothing: then it is not known whose answer it is.
    """
    try:
        told = json.loads(unseal(request.COOKIES.get(cookie(), ""), _purpose(sign_on), SECONDS))
    except Unreadable as fault:
        raise Refused(Refusal.STALE) from fault
    begun = recall(request, sign_on, told["state"])
    try:
        return begun, _found(told, begun)
    except Refused as refused:
        return begun, refused


def _purpose(sign_on: SignOn) -> bytes:
    """What the seal is for: a provider vouches for nobody of another organisation, also not by an answer that
    is brought to the other's address; and the one that was replaced meanwhile vouches for nobody.
    """
    who = json.dumps([sign_on.pk, sign_on.issuer, sign_on.entry, sign_on.certificates])
    return PASSING + sha256(who.encode()).digest()


def _found(told: dict[str, Any], begun: Begun) -> Person:
    if "refusal" in told:
        raise Refused(Refusal(told["refusal"]), told["detail"])
    if not compare_digest(told["answers"].encode(), begun.nonce.encode()):
        raise Refused(Refusal.TOKEN, "InResponseTo")
    found = Person(**{**told["person"], "roles": frozenset(told["person"]["roles"])})
    prove_again(begun, found)
    return found


def _heard(encoded: str, sign_on: SignOn) -> dict[str, Any]:
    """The person of an answer that is right, and the number of the question it answers. Raises Refused."""
    # Only with the extra is it there, and without it the portal has to start.
    from organisations.sign_on.saml.answer import Expected, verified

    try:
        document = b64decode("".join(encoded.split()), validate=True)
    except (Error, ValueError) as fault:
        raise Refused(Refusal.TOKEN, "geen base64") from fault
    now = datetime.now(UTC)
    expected = Expected(
        issuer=sign_on.issuer,
        certificates=sign_on.certificates,
        portal=portal(sign_on),
        recipient=recipient(sign_on),
        now=now,
    )
    told = verified(document, expected)
    found = person(told.claims, sign_on.rules())
    _once(sign_on, told.number, (told.until - now).total_seconds())
    return {"person": {**asdict(found), "roles": sorted(found.roles)}, "answers": told.answers}


def _once(sign_on: SignOn, number: str, seconds: float) -> None:
    """Raises Refused for an assertion that was here before.

    The question that it answers is of one session and gone with the first answer, so this is the second lock:
    the same form sent twice at once, or by who read it along the way.
    """
    digest = sha256(f"{sign_on.pk} {number}".encode()).hexdigest()
    kept = min(max(seconds, 0) + MINUTES * 60, LONGEST)
    if not cache.add(f"saml-{digest}", "", kept):
        raise Refused(Refusal.TOKEN, "al gebruikt")
