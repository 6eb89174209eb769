"""Closing a survey of 12,000 people with 40 statements: the seconds, and the memory of a process for it.

    python -m bench.survey_result

120 teams of 100, all of whom answered everything, one in ten with a remark. On PostgreSQL. The memory is what
the process holds at its highest, beside what it held before.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time

from bench.server import FOLDER, installation

TEAMS, EACH = 120, 100


def prepare() -> int:
    """The key of an open survey with everybody's answers in the boxes."""
    from bench.survey import make_survey
    from surveys.answers import Entry
    from surveys.models import Box

    survey = make_survey("Sluiten", {f"Team {one}": EACH for one in range(1, TEAMS + 1)})
    chance = random.Random(2026)
    for group in survey.groups.all():
        entries = []
        for _ in range(EACH):
            given = {id_: chance.randrange(6) for id_ in survey.content.ids}
            entries.append(Entry(given, {"nazorg": "Zo is het bij ons."} if chance.random() < 0.1 else {}))
        Box.fill(group, entries)
    return survey.pk


def close(pk: int) -> None:
    """In a process of its own: prints the seconds of closing, of computing alone, and the memory."""
    import django

    django.setup()
    from surveys.models import Survey, life

    survey = Survey.objects.get(pk=pk)
    assert survey.content.ids
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter(), time.process_time()
    told = life.result(survey)
    computed = time.perf_counter(), time.process_time()
    life.close(survey)
    closed = time.perf_counter(), time.process_time()
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tell(f"computing {told['ballots']} people, {len(told['groups'])} groups", start, computed)
    tell(f"closing, computing again included, with {survey.remarks.count()} remarks", computed, closed)
    more = megabytes(highest - held)
    print(f"memory: {megabytes(highest):.0f} MB at its highest, {more:.0f} more than before")


def tell(what: str, begin: tuple[float, float], end: tuple[float, float]) -> None:
    print(f"{what}: {end[0] - begin[0]:.2f} s, of CPU {end[1] - begin[1]:.2f} s")


def megabytes(kib: int) -> float:
    return kib * 1.024 / 1000


def main() -> None:
    with installation() as where:
        where.manage("migrate")
        where.fill()
        pk = prepare()
        command = [sys.executable, "-m", "bench.survey_result", str(pk)]
        subprocess.run(command, cwd=FOLDER, env=where.environment, check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        close(int(sys.argv[1]))
    else:
        main()
