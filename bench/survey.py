"""Four thousand people who answer a survey through its pages, sixteen at once: how fast, and is all kept.

    python -m bench.survey [people]

First in 40 teams. Then the last ones of one group as large, with the others in its box beforehand: the fuller
it is, the more is written for each answer. Each person asks for 8 pages and sends 7 forms, as a browser does:
introduction, five links, sending. `sending` is the last of these. Needed: 4,000 in an hour, 1.1 a second.

CPU is of gunicorn and PostgreSQL together, for all pages of a person. `driver` is what the people themselves
took, `elsewhere` what other programs took, where each core gives 100%.
"""

from __future__ import annotations

import os
import queue
import random
import re
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import TYPE_CHECKING

from bench.cost import cpu_ms, machine_cpu_ms
from bench.server import Installation, installation
from bench.visitor import Visitor, field

if TYPE_CHECKING:
    from surveys.models import Survey

PEOPLE, AT_ONCE, TEAMS, LAST = 4000, 16, 40, 500
STATEMENT = re.compile(r'name="(PA-S\d+)" value="1"')
REMARK = "Bij ons in het team wordt hier weinig over gesproken. "


class Person(threading.Thread):
    """Takes links from the queue until it is empty, and answers by each as somebody else."""

    def __init__(self, port: int, links: queue.SimpleQueue[str], seed: int) -> None:
        super().__init__(daemon=True)
        self.visitor, self.links, self.chance = Visitor(port), links, random.Random(seed)
        self.sending: list[float] = []  # seconds
        self.failed: list[str] = []

    def run(self) -> None:
        while True:
            try:
                token = self.links.get_nowait()
            except queue.Empty:
                return
            self.visitor.cookies.clear()
            try:
                self.answer(f"/peiling/{token}/")
            except (RuntimeError, HTTPException, OSError) as wrong:
                self.failed.append(repr(wrong))

    def answer(self, url: str) -> None:
        self.send(url, self.visitor.page(url), {"together": ""})
        for step in range(1, 6):
            page = self.visitor.page(f"{url}{step}/")
            given = {id_: str(self.chance.randrange(6)) for id_ in sorted(set(STATEMENT.findall(page)))}
            self.send(
                f"{url}{step}/", page, given | {"remark": REMARK if self.chance.random() < 0.05 else ""}
            )
        last = self.visitor.page(f"{url}6/")
        before = time.perf_counter()
        self.send(f"{url}6/", last, {})
        self.sending.append(time.perf_counter() - before)
        self.visitor.page("/peiling/bedankt/")

    def send(self, url: str, page: str, fields: Mapping[str, str]) -> None:
        token = {"csrfmiddlewaretoken": field(page, "csrfmiddlewaretoken")}
        status, _ = self.visitor.ask(url, token | dict(fields))
        if status != 302:
            raise RuntimeError(f"{url} answered {status}")


def make_survey(title: str, teams: Mapping[str, int]) -> Survey:
    from assessments.models import Assessment
    from tests.surveys import make_open_survey

    round_ = Assessment.objects.filter(organisation__slug="waterrijk", status="open").latest("pk")
    round_.pk, round_.title, round_._state.adding = None, title, True
    round_.save()
    return make_open_survey(round_, round_.created_by, teams)


def links_of(survey: Survey, number: int) -> list[str]:
    """For this many people, evenly over the groups, in no order."""
    from tests.surveys import make_links

    groups = list(survey.groups.all())
    found = [token for group in groups for token in make_links(group, number // len(groups))]
    random.Random(2026).shuffle(found)
    return found


def drive(where: Installation, web: int, port: int, name: str, survey: Survey, links: Sequence[str]) -> None:
    """All of these people; prints what it took, and fails unless every answer lies in a box."""
    before_in = kept(survey)
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for link in links:
        waiting.put(link)
    people = [Person(port, waiting, seed) for seed in range(AT_ONCE)]
    before = cpu_ms(web), cpu_ms(where.database), cpu_ms(os.getpid()), machine_cpu_ms()
    start = time.perf_counter()
    for one in people:
        one.start()
    for one in people:
        one.join()
    took = time.perf_counter() - start
    after = cpu_ms(web), cpu_ms(where.database), cpu_ms(os.getpid()), machine_cpu_ms()
    portal, database, both, machine = (end - begin for begin, end in zip(before, after, strict=True))
    driver = both - portal - database  # they are children of this process
    times = sorted(one * 1000 for person in people for one in person.sending)
    failed = [wrong for person in people for wrong in person.failed]
    share = took * 10
    print(f"{name}: {len(times)} people, {len(times) / took:.1f} a second, failed: {len(failed)}")
    print(f"  sending: p50 {at(times, 50):.0f}, p95 {at(times, 95):.0f}, worst {times[-1]:.0f} ms")
    print(
        f"  CPU a person: {(portal + database) / len(times):.0f} ms, of which db {database / len(times):.0f}"
    )
    print(f"  driver {driver / share:.0f}%, elsewhere {(machine - both) / share:.0f}% of 200%")
    print(f"  largest box: {largest(survey) / 1000:.0f} KB", flush=True)
    if failed or kept(survey) - before_in != len(links):
        raise RuntimeError(f"{kept(survey) - before_in} of {len(links)} kept; {failed[:3]}")


def at(times: Sequence[float], percentage: int) -> float:
    return times[min(len(times) - 1, len(times) * percentage // 100)]


def kept(survey: Survey) -> int:
    from surveys import answers
    from surveys.models import Box

    return sum(answers.size(one.contents) for one in Box.objects.filter(group__survey=survey))


def largest(survey: Survey) -> int:
    from surveys.models import Box

    return max(len(one.contents.encode()) for one in Box.objects.filter(group__survey=survey))


def fill(survey: Survey, number: int) -> None:
    """The box of the survey's one group, with made-up answers of this many people."""
    from surveys.answers import Entry
    from surveys.models import Box

    chance = random.Random(number)
    entries = (Entry({id_: chance.randrange(6) for id_ in survey.content.ids}) for _ in range(number))
    Box.fill(survey.groups.get(), entries)


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    with installation() as where:
        where.manage("migrate")
        where.fill()
        teams = {f"Team {one}": PEOPLE // TEAMS for one in range(1, TEAMS + 1)}
        split = make_survey("In teams", teams)
        whole = make_survey("In één groep", {"Iedereen": PEOPLE})
        last = min(LAST, number)
        fill(whole, PEOPLE - last)
        with where.serving() as (web, port):
            Visitor(port).wait_for("/gezond/")
            drive(where, web, port, f"{TEAMS} teams", split, links_of(split, number))
            drive(where, web, port, "one group, its last", whole, links_of(whole, last))


if __name__ == "__main__":
    main()
