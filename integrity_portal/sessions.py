"""Sessions with an end (a SESSION_ENGINE): one that is used, and so written anew, lasts no longer for it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.sessions.backends import db

BEGAN = "began"  # in the session: when, in seconds since 1970


class SessionStore(db.SessionStore):
    """Django counts from the last time that something was kept in the session; this from signing in."""

    def cycle_key(self) -> None:
        """By signing in, or by another password: from here it counts."""
        self[BEGAN] = int(time.time())
        super().cycle_key()

    def save(self, must_create: bool = False) -> None:
        if self.keys():
            self.setdefault(BEGAN, int(time.time()))
        super().save(must_create)

    def get_expiry_date(self, **how: Any) -> datetime:
        began = datetime.fromtimestamp(self.get(BEGAN, time.time()), UTC)
        return min(super().get_expiry_date(**how), began + timedelta(seconds=self.get_session_cookie_age()))
