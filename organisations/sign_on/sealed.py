"""A secret as it lies in the database: unreadable without the key, which is in the environment."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"integrity-portal/sign-on/1"


class Unreadable(Exception):
    """A secret that was sealed with another key: it has to be filled in again."""


def seal(secret: str) -> str:
    """The secret, encrypted and authenticated (AES-128-CBC with HMAC-SHA256)."""
    return _box().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret. Raises Unreadable."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as fault:
        raise Unreadable from fault


def _box() -> Fernet:
    key = settings.SIGN_ON_KEY or settings.SECRET_KEY
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
