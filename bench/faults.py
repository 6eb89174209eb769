"""The fault test of the suite (tests/test_faults.py) for longer, with its figures.

    python -m bench.faults [minutes] [seed]

Exits with 1 when an acknowledged answer is lost, or a typed one does not arrive once it is calm again.
"""

from __future__ import annotations

import os
import sys


def main(minutes: float, seed: int, people: int = 12) -> int:
    # tests.trial speaks of the questionnaire through Django's models, which want settings.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    from tests.faults import portal
    from tests.trial import Trial

    with portal(people) as running:
        trial = Trial(running, seed)
        trial.run(minutes * 60)
        faults = trial.faults()
    print(f"{minutes:g} minutes, seed {seed}, {len(trial.windows)} windows. {trial.summary()}")
    print("\n".join(faults) or "Nothing was lost.")
    return 1 if faults else 0


if __name__ == "__main__":
    minutes, seed, *_ = [*sys.argv[1:], *("10", "1")[len(sys.argv) - 1 :]]
    sys.exit(main(float(minutes), int(seed)))
