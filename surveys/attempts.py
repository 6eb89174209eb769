"""Wrong codes are counted for all together: to count them for each visitor would need their address.

The codes of reports, and the files that anybody may have checked, have keys of their own.
"""

from __future__ import annotations

from django.core.cache import cache

KEY = "surveys.wrong-codes"
PERIOD = 5 * 60  # seconds
MOST = 300  # in that period; a code has 30 to the power of 8 possibilities


def too_many(key: str = KEY, most: int = MOST) -> bool:
    return int(cache.get(key, 0)) >= most


def note_wrong(key: str = KEY) -> None:
    cache.add(key, 0, PERIOD)
    cache.incr(key)
