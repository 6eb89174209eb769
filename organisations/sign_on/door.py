"""One sign-in by a provider: begun here, answered there, and finished in the same browser."""

from __future__ import annotations

import json
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from organisations.models.sign_on import SignOn
from organisations.sign_on.claims import Person, Refusal, Refused, asked, person
from organisations.sign_on.id_token import LEEWAY
from organisations.sign_on.provider import Provider, claims_for, discover

WAITING: Final = "sign_on"  # in the session: what was begun, by its state
MOST: Final = 5  # windows in which somebody may have begun
MINUTES: Final = 10


@dataclass(frozen=True, slots=True)
class Begun:
    """What this browser must show again when it comes back from the provider."""

    organisation: int
    nonce: str
    verifier: str
    at: float
    again: bool  # somebody who is signed in proves that it is still them
    onward: str
    testing: bool = False  # the administrator tries the connection, and nobody is signed in by it


def begin(request: HttpRequest, sign_on: SignOn, onward: str, *, again: bool) -> str:
    """The address at the provider to send the browser to; authorization code with PKCE. Raises Refused."""
    provider = discover(sign_on.issuer)
    begun = Begun(
        organisation=sign_on.organisation_id,
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        at=time.time(),
        again=again,
        onward=onward,
    )
    return _address(provider, sign_on, begun, remember(request, begun))


def finish(request: HttpRequest, sign_on: SignOn) -> tuple[Begun, Person]:
    """Whom the provider says has come back, and what they had begun. Raises Refused; a state opens once."""
    begun = recall(request, sign_on, request.GET.get("state", ""))
    if error := request.GET.get("error"):
        refusal = Refusal.CANCELLED if error == "access_denied" else Refusal.PROVIDER
        raise Refused(refusal, error[:60] if error.isidentifier() else "")
    provider = discover(sign_on.issuer)
    named = request.GET.get("iss")
    if named != sign_on.issuer and (named is not None or provider.names_itself):
        raise Refused(Refusal.TOKEN, "iss in het antwoord")
    code, rules = request.GET.get("code", ""), sign_on.rules()
    claims = claims_for(
        provider,
        sign_on.client(),
        code,
        begun.verifier,
        begun.nonce,
        back(sign_on),
        more=sign_on.asks_userinfo,
    )
    found = person(claims, rules)
    prove_again(begun, found)
    return begun, found


def prove_again(begun: Begun, found: Person) -> None:
    """Raises Refused when it had to be proven anew, and was not."""
    if begun.again and (found.signed_in_at is None or found.signed_in_at < begun.at - LEEWAY):
        raise Refused(Refusal.TOKEN, "auth_time")


def back(sign_on: SignOn) -> str:
    """The address that the provider sends people back to; each organisation's is its own (RFC 9700, 2.1)."""
    return settings.PORTAL_URL + reverse("organisations:sign_on_back", args=[sign_on.organisation.slug])


def _address(provider: Provider, sign_on: SignOn, begun: Begun, state: str) -> str:
    challenge = urlsafe_b64encode(sha256(begun.verifier.encode()).digest()).decode().rstrip("=")
    asking: dict[str, Any] = {
        "response_type": "code",
        "client_id": sign_on.client_id,
        "redirect_uri": back(sign_on),
        "scope": "openid profile email",
        "state": state,
        "nonce": begun.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **asked(sign_on.rules()),
    }
    if begun.again:
        asking |= {"prompt": "login", "max_age": "0"}
    if "claims" in asking:
        asking["claims"] = json.dumps(asking["claims"], separators=(",", ":"))
    there = urlsplit(provider.authorization_endpoint)
    # What the provider's address has of its own stays, but it cannot set what we ask.
    own = [(name, value) for name, value in parse_qsl(there.query) if name not in asking]
    return there._replace(query=urlencode([*own, *asking.items()]), fragment="").geturl()


def _waiting(request: HttpRequest) -> dict[str, dict[str, Any]]:
    """What was begun in this browser and is not too old."""
    kept = request.session.get(WAITING)
    limit = time.time() - MINUTES * 60
    return {state: one for state, one in kept.items() if one["at"] > limit} if isinstance(kept, dict) else {}


def remember(request: HttpRequest, begun: Begun) -> str:
    """Keeps in this browser's session what was begun; the state to find it by."""
    state = secrets.token_urlsafe(32)
    waiting = dict(sorted(_waiting(request).items(), key=lambda item: item[1]["at"])[-(MOST - 1) :])
    request.session[WAITING] = {**waiting, state: asdict(begun)}
    return state


def recall(request: HttpRequest, sign_on: SignOn, state: str) -> Begun:
    """What belongs to the state that came back; gone, so that it opens once. Raises Refused."""
    waiting = _waiting(request)
    found = waiting.pop(state, None)
    if found is None or found["organisation"] != sign_on.organisation_id:
        raise Refused(Refusal.STALE)
    request.session[WAITING] = waiting
    return Begun(**found)
