"""What lies where others come: unreadable without the key, which is in the environment.

Secrets in the database, and in a cookie what has to wait until the browser is back.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"integrity-portal/sign-on/1"
PASSING = b"integrity-portal/sign-on-passing/1"  # what is sealed for one purpose opens for no other


class Unreadable(Exception):
    """What was sealed with another key, or too long ago; a secret has to be filled in again."""


def seal(secret: str, purpose: bytes = PURPOSE) -> str:
    """The secret, encrypted and authenticated (AES-128-CBC with HMAC-SHA256)."""
    return _box(purpose).encrypt(secret.encode()).decode()


def unseal(sealed: str, purpose: bytes = PURPOSE, seconds: int | None = None) -> str:
    """The secret, when it was sealed no longer ago than so many seconds. Raises Unreadable."""
    try:
        return _box(purpose).decrypt(sealed.encode(), ttl=seconds).decode()
    except InvalidToken as fault:
        raise Unreadable from fault


def _box(purpose: bytes) -> MultiFernet:
    """SIGN_ON_KEY alone; without it SECRET_KEY, and earlier ones of it still read."""
    earlier = [] if settings.SIGN_ON_KEY else settings.SECRET_KEY_FALLBACKS
    derived = (
        HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(key.encode())
        for key in (settings.SIGN_ON_KEY or settings.SECRET_KEY, *earlier)
    )
    return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in derived])
