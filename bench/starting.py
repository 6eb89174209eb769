"""What setting up and starting cost: migrations, the time until the first answer, the memory of each process.

    python -m bench.starting

The clock runs from the start of gunicorn; CPU is gunicorn's and PostgreSQL's until that answer. MB are 10^6
bytes: PSS shares out what processes have in common, RSS counts it in each.
"""

from __future__ import annotations

import statistics
import sys
import time

from bench.cost import cpu_ms, memory_mb, tree
from bench.people import PASSWORD, ask_everything_of_eight
from bench.server import Installation, installation
from bench.visitor import Visitor

STARTS = 3
HEALTH = "/gezond/"
SETTLE, PATIENCE = 3.0, 120.0  # seconds


def first_answer(where: Installation, path: str, cookies: dict[str, str]) -> tuple[float, float]:
    """Seconds and milliseconds of CPU from a start until this page, the first one that is asked for."""
    database, began = cpu_ms(where.database), time.perf_counter()
    with where.serving() as (web, port):
        visitor = Visitor(port)
        visitor.cookies = cookies
        visitor.wait_for(path)
        return time.perf_counter() - began, cpu_ms(web) + cpu_ms(where.database) - database


def tell_starts(where: Installation, path: str, what: str, cookies: dict[str, str]) -> None:
    starts = [first_answer(where, path, cookies) for _ in range(STARTS)]
    seconds, cpu = (sorted(column) for column in zip(*starts, strict=True))
    clock = f"median {statistics.median(seconds):.2f} s, {seconds[0]:.2f} to {seconds[-1]:.2f}"
    taken = f"{statistics.median(cpu) / 1000:.2f} s of CPU"
    print(f"first answer, {what}: {clock}; {taken} (target: within 2 s)", flush=True)


def tell_memory(what: str, pid: int) -> None:
    pss, rss = memory_mb(pid)
    print(f"memory of {what}: {pss:.0f} MB (PSS), {rss:.0f} MB (RSS)", flush=True)


def tell_worker(where: Installation) -> None:
    """The worker for background tasks as it starts, and after it had the reports of the demo printed."""
    from assessments.models import Adoption
    from reports.tasks import ask_for

    with where.running(sys.executable, "manage.py", "worker") as pid:
        time.sleep(SETTLE)
        tell_memory("the worker that waits (target: at most 110 MB)", pid)
        until = time.monotonic() + PATIENCE
        while not all(ask_for(adoption).is_made for adoption in Adoption.objects.all()):
            if time.monotonic() > until:
                raise RuntimeError("The worker made no report.")
            time.sleep(1)
        tell_memory("the worker after a report", pid)


def main() -> None:
    with installation() as where:
        taken = where.manage("migrate")
        print(
            f"migrations on an empty database: {taken / 1000:.2f} s of CPU (target: under 10 s)", flush=True
        )
        where.fill()
        asked = ask_everything_of_eight()[0]
        theme = next(iter(asked.themes))
        with where.serving() as (web, port):
            visitor = Visitor(port)
            visitor.wait_for(HEALTH)
            visitor.sign_in(asked.email, PASSWORD)
            visitor.page(theme)
            for pid in tree(web)[1:]:
                tell_memory("a web process that started", pid)
        tell_starts(where, HEALTH, HEALTH, {})
        tell_starts(where, theme, "a theme page", visitor.cookies)
        tell_worker(where)


if __name__ == "__main__":
    main()
