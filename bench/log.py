"""What an entry of the log costs, and going through a whole chain.

    python -m bench.log

On a PostgreSQL of its own that keeps what it acknowledged (bench/server.py). CPU is the portal's and the
database's together, of an entry in a transaction of its own, as after a page that was looked at.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import django

from bench.cost import cpu_ms
from bench.server import installation

ENTRIES = 3000
LINE = "{:<24} {:>10} {:>12} {:>14}"


def measure(name: str, database: int, work: Callable[[], object]) -> None:
    def spent() -> tuple[float, float]:
        return cpu_ms(os.getpid()), cpu_ms(database)

    (own, theirs), begin = spent(), time.perf_counter()
    work()
    seconds, (own_after, theirs_after) = time.perf_counter() - begin, spent()
    cpu, of_database = own_after - own + theirs_after - theirs, theirs_after - theirs
    print(LINE.format(name, *(f"{value / ENTRIES:.2f}" for value in (seconds * 1000, cpu, of_database))))


def main() -> None:
    with installation() as installed:
        os.environ.update(installed.environment)
        django.setup()
        from django.core.management import call_command

        from organisations.log.acts import Act
        from organisations.models.log import write

        def fill() -> None:
            for number in range(ENTRIES):
                write(Act.VIEW, f"gesprek, Jaarronde 2026, pro-actie, PA-{number}", who="Anna")

        call_command("migrate", verbosity=0)
        print(LINE.format("of one entry", "ms", "CPU ms", "of which db"))
        measure("written", installed.database, fill)
        measure("gone through", installed.database, lambda: call_command("verify_log"))


if __name__ == "__main__":
    main()
