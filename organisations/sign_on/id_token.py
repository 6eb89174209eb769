"""Whether a token is of this provider, for this portal, about this sign-in, and of now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hmac import compare_digest
from typing import Any, Final

import jwt

from organisations.sign_on.claims import Refusal, Refused

# Signatures by a key pair. No HS256: it would make the client's secret a key that signs, and never "none".
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY: Final = 60  # seconds that two clocks may differ
NEEDED: Final = ["iss", "sub", "aud", "exp", "iat", "nonce"]
SUBJECT_LIMIT: Final = 255  # OpenID Connect Core 2


def verified(
    token: str, keys: Iterable[Mapping[str, Any]], *, issuer: str, client_id: str, nonce: str
) -> dict[str, Any]:
    """The claims of a token for which all of OpenID Connect Core 3.1.3.7 holds. Raises Refused.

    `keys` are the provider's, as in its JWK set.
    """
    try:
        header = jwt.get_unverified_header(token)
        key = _key(header, keys)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            audience=client_id,
            issuer=issuer,
            leeway=LEEWAY,
            options={"require": NEEDED},
        )
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as fault:
        raise Refused(Refusal.TOKEN, type(fault).__name__) from fault
    _of_this_sign_in(claims, client_id, nonce)
    return claims


def _key(header: Mapping[str, Any], keys: Iterable[Mapping[str, Any]]) -> jwt.PyJWK:
    """The key that the header names, or the only one. How it signs is the key's word, or the standard's."""
    algorithm, kid = header.get("alg"), header.get("kid")
    fitting = []
    for one in keys:
        if one.get("use", "sig") != "sig" or (kid is not None and one.get("kid") != kid):
            continue
        if algorithm in ALGORITHMS and one.get("alg", algorithm) == algorithm:
            fitting.append(one)
    if len(fitting) != 1:
        raise Refused(Refusal.TOKEN, f"{len(fitting)} sleutels passen")
    return jwt.PyJWK(dict(fitting[0]), algorithm)  # raises when the key is of another kind than the algorithm


def _of_this_sign_in(claims: Mapping[str, Any], client_id: str, nonce: str) -> None:
    told = claims["nonce"]
    if not isinstance(told, str) or not compare_digest(told.encode(), nonce.encode()):
        raise Refused(Refusal.TOKEN, "nonce")
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and "azp" not in claims:
        raise Refused(Refusal.TOKEN, "azp ontbreekt")
    if claims.get("azp", client_id) != client_id:
        raise Refused(Refusal.TOKEN, "azp")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LIMIT:
        raise Refused(Refusal.TOKEN, "sub")
