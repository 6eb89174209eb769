"""What was acknowledged survives kill -9 of workers and of the database, and cut connections.

Real processes on a PostgreSQL of their own. Seeded, so that a failure can be tried again; bench/faults.py
does the same for longer.
"""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.faults import portal
from tests.trial import Trial

ON_SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
SECONDS = 30.0


@pytest.mark.skipif(ON_SQLITE, reason="once, in the step on PostgreSQL: it brings its own server")
def test_nothing_acknowledged_is_lost_whatever_is_killed() -> None:
    with portal(people=5) as running:
        trial = Trial(running, seed=2026)
        trial.run(SECONDS)
        faults = trial.faults()
    print(trial.summary())
    assert faults == []
    # Something was tried, however busy the machine is.
    assert sum(trial.happened.values()) >= 3 and trial.replies["saved"] >= 20, trial.summary()
