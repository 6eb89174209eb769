"""CPU time of chain.score in process: parse, score and as_document for 30 contributors on every question.

    python -m bench.scoring

Prints the median, the least and the most of 21 runs in milliseconds, and the time to read the folder.
"""

import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from chain.questionnaire import Questionnaire
from chain.reading import read_folder
from chain.scoring import parse, score

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "questionnaire"
CONTRIBUTORS = 30
RUNS = 21


def answers_file(questionnaire: Questionnaire) -> dict[str, Any]:
    """Every contributor answers every question, some are weighed, agreed or evidenced; always the same."""
    chance = random.Random(2026)
    answers: list[dict[str, Any]] = []
    for question in questionnaire.questions:
        for number in range(CONTRIBUTORS):
            row: dict[str, Any] = {"question": question.id, "contributor": f"c{number}"}
            if chance.random() < 0.1:
                row["state"] = "unknown"
            else:
                row["level"] = chance.choice([0, 1, 2, 2, 3, 3, 4])
                if row["level"] >= 2:
                    row["helps"] = chance.choice(["yes", "partly", "no", "unknown"])
            answers.append(row)
    ids = [question.id for question in questionnaire.questions]
    return {
        "questionnaire": {"slug": questionnaire.slug, "version": questionnaire.version},
        "weights": {question: chance.choice([0.5, 1.5, 2]) for question in ids[::9]},
        "answers": answers,
        "agreed": {question: {"level": 3, "reason": "besproken"} for question in ids[::5]},
        "evidenced": dict.fromkeys(ids[::5], 2),
    }


def timed(work: Callable[[], object]) -> float:
    """The milliseconds of CPU that one call takes."""
    before = time.process_time()
    work()
    return (time.process_time() - before) * 1000


def main() -> None:
    questionnaire = read_folder(FOLDER)
    data = answers_file(questionnaire)
    rows = f"{len(questionnaire.questions)} questions x {CONTRIBUTORS} contributors"
    for name, work in {
        f"parse, score, document ({rows})": lambda: score(
            questionnaire, parse(questionnaire, data)
        ).as_document(),
        "  of which parse": lambda: parse(questionnaire, data),
        "read_folder": lambda: read_folder(FOLDER),
    }.items():
        times = [timed(work) for _ in range(RUNS)]
        print(f"{name}: median {statistics.median(times):.1f} ms, {min(times):.1f} to {max(times):.1f} ms")


if __name__ == "__main__":
    main()
