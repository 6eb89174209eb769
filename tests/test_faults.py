"""What was acknowledged survives kill -9 of workers and of the database, and cut connections.

Real processes on a PostgreSQL of their own, connected by the role of the web as in production. Seeded, so
that a failure can be tried again; bench/faults.py does the same for longer.
"""

from __future__ import annotations

import pytest
from django.conf import settings

from tests.faults import portal
from tests.trial import Trial

ON_SQLITE = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
SECONDS = 30.0
ENOUGH = 20  # saves that were acknowledged


@pytest.mark.skipif(ON_SQLITE, reason="once, in the step on PostgreSQL: it brings its own server")
def test_nothing_acknowledged_is_lost_whatever_is_killed() -> None:
    with portal(people=5) as running:
        trial = Trial(running, seed=2026)
        for _ in range(4):  # once, unless the machine is busy with other things
            trial.run(SECONDS)
            if trial.replies["saved"] >= ENOUGH:
                break
        faults = trial.faults()
    print(trial.summary())
    assert faults == []
    assert trial.happened.total() >= 3 and trial.replies["saved"] >= ENOUGH, trial.summary()
