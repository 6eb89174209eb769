"""Personal links and codes: how they are made. Pure.

A link is worked out from the portal's secret and the invitation, so that a reminder can bring the same link
without a change to anybody's row (docs/anonimiteit.md). A code is chance.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

# Without look-alikes (I and 1, O and 0, L, U and V read aloud): 30 signs, 30 to the power of 8 codes.
CODE_SIGNS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
CODE_LENGTH = 8


def token(secret: str, group: int, place: int, email: str) -> str:
    """The token of this invitation: 32 bytes as 43 characters; without the secret nobody can work it out."""
    key = hashlib.sha256(b"surveys.links" + secret.encode()).digest()
    worked_out = hmac.new(key, f"{group}/{place}/{email}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(worked_out).decode().rstrip("=")


def fresh_code() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))


def spaced(code: str) -> str:
    """The code as one reads it from a poster."""
    return f"{code[:4]} {code[4:]}"
