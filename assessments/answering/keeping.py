"""The key of what a browser keeps until it is acknowledged (static/src/keep.js)."""

from __future__ import annotations

from django.utils.crypto import salted_hmac


def key_of(user: int) -> str:
    """64 hex digits with which this user's (id) browser seals it; only pages of the user's own have them."""
    return salted_hmac("assessments.keep", str(user), algorithm="sha256").hexdigest()
