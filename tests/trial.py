"""Windows that answer without pause while things are killed, and what must hold afterwards."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

from tests.answering import Window
from tests.cast import THEME, questionnaire
from tests.faults import Portal, harass

QUESTIONS = [question.id for question in questionnaire().theme(*THEME).questions]
CALM = 30.0  # seconds in which everything that waits must arrive once nothing is killed any more
CUTS = 0.05  # the part of the requests of which the connection is cut


class Trial:
    """The first person has two windows open, which collide; everybody else has one."""

    def __init__(self, running: Portal, seed: int) -> None:
        self.running, self.seed = running, seed
        self.happened: Counter[str] = Counter()
        self.waited = 0  # texts without an acknowledgement when the killing stopped
        facts = running.facts
        theme = f"/rondes/{facts['round']}/vragen/{'/'.join(THEME)}/"
        people = list(facts["sessions"])
        self.shared = people[0]
        self.windows = [
            Window(
                person,
                f"w{number}",
                facts["sessions"][person],
                running.port,
                theme,
                facts["digest"],
                seed + number,
            )
            for number, person in enumerate([*people, self.shared])
        ]

    def run(self, seconds: float) -> None:
        """Answers and kills for so long, and then lets everything that waits arrive; may be done again."""
        until = time.monotonic() + seconds
        for window in self.windows:
            window.cuts = CUTS
        with ThreadPoolExecutor(len(self.windows)) as threads:
            work = [threads.submit(window.work, QUESTIONS, until) for window in self.windows]
            self.happened += harass(self.running, until, self.seed + self.happened.total())
            for one in work:
                one.result()
            self.waited += sum(len(window.waiting) for window in self.windows)
            list(threads.map(_arrive, self.windows))

    @property
    def replies(self) -> Counter[str]:
        return sum((window.replies for window in self.windows), Counter())

    def faults(self) -> list[str]:
        """What does not hold; nothing, if all is well."""
        revisions, now = self.running.revisions(), self.running.answers_now()
        typed = set().union(*(window.typed for window in self.windows))
        found = [f"reply {reply}" for reply in self.replies if reply.startswith("wrong")]
        if not self.running.tend_again():
            found.append("the worker does nothing any more")
        for window in self.windows:
            for question, draft in window.drafts.items():
                stored = revisions.get((window.person, question), {})
                for version, text in draft.acknowledged:
                    if stored.get(version) != text:
                        found.append(f"lost: {window.name} {question} {version}")
                if draft.waits:
                    found.append(f"still waits: {window.name} {question}")
                elif window.person != self.shared:
                    if now[window.person, question][1] != draft.typed:
                        found.append(f"not the newest: {window.name} {question}")
                    if len(stored) != len(set(stored.values())):
                        found.append(f"stored twice: {window.name} {question}")
        for (person, question), stored in revisions.items():
            if list(stored) != list(range(1, len(stored) + 1)):
                found.append(f"versions missing: {person} {question}")
            if not typed.issuperset(stored.values()):
                found.append(f"nobody typed this: {person} {question}")
            if now[person, question] != list(stored.items())[-1]:
                found.append(f"the answer is not its last revision: {person} {question}")
        return found

    def summary(self) -> str:
        seconds = sorted(second for window in self.windows for second in window.seconds)
        p95 = quantiles(seconds, n=20)[-1] * 1000 if len(seconds) > 1 else 0
        killed = ", ".join(f"{name.removeprefix('kill_')} {times}" for name, times in self.happened.items())
        told = ", ".join(f"{name} {times}" for name, times in self.replies.most_common())
        return (
            f"killed: {killed}. Replies: {told}. Saved in {p95:.0f} ms (p95), at most "
            f"{max(seconds, default=0) * 1000:.0f} ms. Waiting when it became calm: {self.waited}."
        )


def _arrive(window: Window) -> None:
    """Sends what waits; no connection is cut and nothing new is typed any more."""
    until = time.monotonic() + CALM
    window.cuts = 0
    for draft in window.waiting:
        window.settle(draft, until, types_on=False)
