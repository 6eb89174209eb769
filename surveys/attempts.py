"""Wrong codes are counted for all together: to count them for each visitor would need their address."""

from __future__ import annotations

from django.core.cache import cache

KEY = "surveys.wrong-codes"
PERIOD = 5 * 60  # seconds
MOST = 300  # in that period; a code has 30 to the power of 8 possibilities


def too_many() -> bool:
    return int(cache.get(KEY, 0)) >= MOST


def note_wrong() -> None:
    cache.add(KEY, 0, PERIOD)
    cache.incr(KEY)
