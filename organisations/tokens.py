"""What stands in a link that lets somebody in. Only its digest is kept, so the tables let nobody in."""

from __future__ import annotations

import hashlib
import secrets


def fresh() -> str:
    """A token of 32 random bytes, 43 characters that fit in an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """64 hex digits. Plain SHA-256: what is random all through needs no salt and no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()
