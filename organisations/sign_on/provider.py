"""A provider of sign-ins: what it says of itself, its keys, and what it says of who comes with a code."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus, urlsplit

from requests import RequestException

from organisations.outgoing import AddressRefused, session
from organisations.sign_on.claims import Refusal, Refused
from organisations.sign_on.id_token import verified

WELL_KNOWN: Final = "/.well-known/openid-configuration"
NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Client:
    """The portal as the provider knows it."""

    issuer: str
    id: str
    secret: str


@dataclass(frozen=True, slots=True)
class Provider:
    """What a provider says of itself (OpenID Connect Discovery 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    takes_basic: bool  # the client's secret in a header; otherwise in the form
    names_itself: bool  # in what it answers to the browser (RFC 9207)


def discover(issuer: str) -> Provider:
    """Asks the provider what it is. Raises Refused: unreachable, or not who it should be."""
    said = _json("GET", issuer.rstrip("/") + WELL_KNOWN)
    if said.get("issuer") != issuer:
        raise Refused(Refusal.PROVIDER, f"de dienst noemt zich {str(said.get('issuer'))[:200]}")
    missing = [name for name in NEEDED if not _is_address(said.get(name))]
    if missing:
        raise Refused(Refusal.PROVIDER, f"ontbreekt: {', '.join(missing)}")
    methods = said.get("token_endpoint_auth_methods_supported") or [
        "client_secret_basic"
    ]  # its default there
    userinfo = said.get("userinfo_endpoint")
    return Provider(
        issuer=issuer,
        authorization_endpoint=said["authorization_endpoint"],
        token_endpoint=said["token_endpoint"],
        jwks_uri=said["jwks_uri"],
        userinfo_endpoint=str(userinfo) if _is_address(userinfo) else "",
        takes_basic="client_secret_basic" in methods,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def claims_for(
    provider: Provider, client: Client, code: str, verifier: str, nonce: str, back: str, *, more: bool
) -> dict[str, Any]:
    """What the provider says of who came back with this code; with `more` also what its userinfo adds.

    Raises Refused.
    """
    tokens = _exchange(provider, client, code=code, code_verifier=verifier, redirect_uri=back)
    token = tokens.get("id_token")
    if not isinstance(token, str):
        raise Refused(Refusal.TOKEN, "geen id_token")
    claims = verified(token, keys(provider), issuer=provider.issuer, client_id=client.id, nonce=nonce)
    access = tokens.get("access_token")
    if not more or not provider.userinfo_endpoint or not isinstance(access, str):
        return claims
    told = _json("GET", provider.userinfo_endpoint, headers={"Authorization": f"Bearer {access}"})
    if told.get("sub") != claims["sub"]:  # Core 5.3.2
        raise Refused(Refusal.TOKEN, "userinfo is van iemand anders")
    return told | claims


def keys(provider: Provider) -> list[Mapping[str, Any]]:
    """The provider's keys, asked anew each time: a key that was withdrawn opens nothing. Raises Refused."""
    found = _json("GET", provider.jwks_uri).get("keys")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def knows_client(provider: Provider, client: Client, back: str) -> bool:
    """Whether the provider takes the client's number and secret: it is handed a code that nobody gave out.

    Who is known gets "invalid_grant", who is not "invalid_client" (RFC 6749, 5.2). Raises Refused.
    """
    form = {"code": "geen-code", "code_verifier": "x" * 43, "redirect_uri": back}
    try:
        _exchange(provider, client, **form)
    except Refused as refused:
        if refused.refusal is not Refusal.PROVIDER:
            raise
        return "invalid_grant" in refused.detail
    return False


def _exchange(provider: Provider, client: Client, **form: str) -> dict[str, Any]:
    form |= {"grant_type": "authorization_code", "client_id": client.id}
    headers = {}
    if provider.takes_basic:  # each half as a form would write it (RFC 6749, 2.3.1)
        pair = f"{quote_plus(client.id)}:{quote_plus(client.secret)}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    else:
        form["client_secret"] = client.secret
    return _json("POST", provider.token_endpoint, data=form, headers=headers)


def _json(method: str, url: str, **how: Any) -> dict[str, Any]:
    """The object that an address answers with. Raises Refused, with the `error` that the provider names."""
    how["headers"] = {"Accept": "application/json", **how.get("headers", {})}
    try:
        with session() as asking:
            answer = asking.request(method, url, **how)
        said = answer.json()
    except AddressRefused as refused:
        raise Refused(Refusal.UNREACHABLE, str(refused)) from refused
    except (RequestException, RecursionError) as fault:
        raise Refused(Refusal.UNREACHABLE, f"{urlsplit(url).hostname}: {type(fault).__name__}") from fault
    if answer.status_code != 200 or not isinstance(said, dict):
        error = said.get("error") if isinstance(said, dict) else None
        raise Refused(Refusal.PROVIDER, f"{answer.status_code} {error or ''}"[:100].strip())
    return said


def _is_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://")) and len(value) <= 2000


def fault_of(client: Client, back: str) -> str:
    """What is wrong with a connection, in Dutch for whoever sets it up; empty when it would work."""
    try:
        provider = discover(client.issuer)
        if not keys(provider):
            return "De inlogdienst noemt geen sleutels om mee te controleren wat zij zegt."
        if not knows_client(provider, client, back):
            return "De inlogdienst kent het portaal niet met dit client-id en dit geheim."
    except Refused as refused:
        return f"{refused.refusal.words} ({refused.detail})"
    return ""
