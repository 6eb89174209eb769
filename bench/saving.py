"""Saving an answer as the page's script does it, by eight people at once who answer question after question.

    python -m bench.saving

CPU is of gunicorn and PostgreSQL together; a working process that gunicorn renews meanwhile counts with it.
Saves a second and their times mean something only as far as `elsewhere` is small: what other programs took of
the machine in that time, where each core gives 100%. `driver` is what the eight people themselves took.
"""

from __future__ import annotations

import os
import re
import statistics
import threading
import time
from itertools import cycle

from bench.cost import cpu_ms, machine_cpu_ms, memory_mb, tree
from bench.people import PASSWORD, Asked, ask_everything_of_eight
from bench.server import Installation, installation
from bench.visitor import Visitor, field

WARM_UP, ROUNDS, SECONDS = 5.0, 5, 6.0
EXPLANATION = "In het overleg van het team komt dit aan de orde; de afspraken staan op papier. " * 3
SAVED = re.compile(r'data-saved="(\d+)"')
COLUMNS = "{:<8} {:>8} {:>8} {:>8} {:>8} {:>12} {:>12} {:>10} {:>10}"
HEAD = "round", "saves/s", "p50, ms", "p95, ms", "worst", "CPU ms/save", "of which db", "driver", "elsewhere"


class Contributor(threading.Thread):
    """Somebody who answers; `done` has the moment and the seconds of each save."""

    def __init__(self, port: int, asked: Asked, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.visitor, self.stop = Visitor(port), stop
        self.done: list[tuple[float, float]] = []
        self.visitor.sign_in(asked.email, PASSWORD)
        self.urls: dict[str, str] = {}
        self.versions: dict[str, str] = {}
        for path, questions in asked.themes.items():
            page = self.visitor.page(path)
            self.same = {name: field(page, name) for name in ("csrfmiddlewaretoken", "questionnaire")}
            self.urls |= {one: f"{path}{one}/" for one in questions}
            self.versions |= {one: field(page, f"{one}-version") for one in questions}

    def run(self) -> None:
        for number, question in enumerate(cycle(self.urls)):
            if self.stop.is_set():
                return
            before = time.perf_counter()
            self.save(question, number)
            self.done.append((time.perf_counter(), time.perf_counter() - before))

    def save(self, question: str, number: int) -> None:
        """Another answer than the last on this question; raises when the reply does not say it is stored."""
        choice = (number + int(self.versions[question])) % 5
        given = {
            "choice": str(choice),
            "reason": "",
            "helps": "yes" if choice >= 2 else "",
            "explanation": EXPLANATION + str(number),
            "version": self.versions[question],
        }
        fields = self.same | {f"{question}-{name}": value for name, value in given.items()}
        reply = self.visitor.page(self.urls[question], fields, {"HX-Request": "true"})
        saved = SAVED.search(reply)
        if saved is None:
            raise RuntimeError(f"{question} was not saved: {reply}")
        self.versions[question] = saved[1]


def measure(where: Installation, web: int, people: list[Contributor]) -> list[float]:
    """One round: the columns after its name."""
    before = cpu_ms(web), cpu_ms(where.database), cpu_ms(os.getpid()), machine_cpu_ms()
    start = time.perf_counter()
    time.sleep(SECONDS)
    now = time.perf_counter()
    after = cpu_ms(web), cpu_ms(where.database), cpu_ms(os.getpid()), machine_cpu_ms()
    portal, database, both, machine = (end - begin for begin, end in zip(before, after, strict=True))
    driver = both - portal - database  # they are children of this process
    times = sorted(took * 1000 for one in people for at, took in list(one.done) if start < at <= now)
    if not times or not all(one.is_alive() for one in people):
        raise RuntimeError("Somebody's saving went wrong.")
    rate, share = len(times) / (now - start), (now - start) * 10
    middle, late = times[len(times) // 2], times[len(times) * 95 // 100]
    costs = [(portal + database) / len(times), database / len(times)]
    return [rate, middle, late, times[-1], *costs, driver / share, (machine - both) / share]


def drive(where: Installation, web: int, people: list[Contributor]) -> None:
    """Prints the rounds and their median."""
    for one in people:
        one.start()
    time.sleep(WARM_UP)
    print(COLUMNS.format(*HEAD))
    rounds = []
    for number in range(ROUNDS):
        rounds.append(measure(where, web, people))
        show(str(number + 1), rounds[-1])
    show("median", [statistics.median(column) for column in zip(*rounds, strict=True)])
    people[0].stop.set()
    for one in people:
        one.join()
    counts = [(len(one.done), one.visitor.repeats) for one in people]
    saves, repeats = (sum(numbers) for numbers in zip(*counts, strict=True))
    print(f"{saves} saves in all; {repeats} sent twice, the connection having been closed meanwhile")


def show(name: str, values: list[float]) -> None:
    cells = [f"{value:.0f}" for value in values[:4]] + [f"{value:.2f}" for value in values[4:6]]
    print(COLUMNS.format(name, *cells, *(f"{value:.0f}%" for value in values[6:])), flush=True)


def tell_statements(where: Installation, one: Contributor) -> None:
    """Of a changed answer: the first one has each process read the questionnaire."""
    for number in range(2):
        one.save("PA-01", number)
    asked = where.statements(lambda: one.save("PA-01", 2))
    print(f"statements of a save, beside BEGIN and COMMIT: {len(asked)} (target: at most 6)")
    for statement in asked:
        print(f"  {statement[:100]}")


def main() -> None:
    with installation() as where:
        where.manage("migrate")
        where.fill()
        asked = ask_everything_of_eight()
        with where.serving() as (web, port):
            Visitor(port).wait_for("/gezond/")
            stop = threading.Event()
            people = [Contributor(port, one, stop) for one in asked]
            tell_statements(where, people[0])
            print("target: 150 saves a second, 11 ms of CPU")
            drive(where, web, people)
            for worker in tree(web)[1:]:
                pss, rss = memory_mb(worker)
                print(f"a web process afterwards: {pss:.0f} MB (PSS), {rss:.0f} MB (RSS)")


if __name__ == "__main__":
    main()
