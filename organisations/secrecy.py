"""What nobody may read in the database or a back-up of it: encrypted with the portal's own key."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """Something was encrypted with a key that the portal does not have any more."""


def _keys(purpose: str) -> MultiFernet:
    """A key for each purpose (HKDF, RFC 5869); the newest SECRET_KEY encrypts, older ones still read."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = (
        HKDF(SHA256(), 32, salt=None, info=f"integrity portal: {purpose}".encode()).derive(secret.encode())
        for secret in secrets
    )
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


def conceal(text: str, purpose: str) -> str:
    """The text, encrypted (AES-128-CBC with HMAC-SHA256); it opens for no other purpose."""
    return _keys(purpose).encrypt(text.encode()).decode()


def reveal(concealed: str, purpose: str) -> str:
    """The text again. Raises `Unreadable` when its key is gone, or when it was touched."""
    try:
        return _keys(purpose).decrypt(concealed.encode()).decode()
    except InvalidToken as wrong:
        raise Unreadable from wrong
