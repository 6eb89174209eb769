"""Rounds for the tests of scoring: written in short, or made up by hypothesis."""

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from chain.questionnaire import Question, Questionnaire
from chain.reading import read_folder
from chain.scoring import ResultsDocument, parse, score

FOLDER = Path(__file__).parent.parent / "fixtures" / "questionnaire"
CHAIN = read_folder(FOLDER)
# The first theme of each link: 15 questions, so that a made-up round soon answers a whole link.
SHORT = replace(CHAIN, links=tuple(replace(link, themes=link.themes[:1]) for link in CHAIN.links))
IDS = st.sampled_from([question.id for question in SHORT.questions])

Said = Mapping[str, Iterable[int | str]]


def answers_file(said: Said = MappingProxyType({}), **rest: Any) -> dict[str, Any]:
    """An answers file in which contributors c1, c2 … say these levels (numbers) and states (words)."""
    return {
        "questionnaire": {"slug": CHAIN.slug, "version": CHAIN.version},
        "answers": [row(id, f"c{n}", word) for id, words in said.items() for n, word in enumerate(words, 1)],
        **rest,
    }


def row(question: str, contributor: str, said: int | str) -> dict[str, Any]:
    answer: dict[str, Any] = {"question": question, "contributor": contributor}
    if isinstance(said, int):
        return {**answer, "level": said}
    return {**answer, "state": said} | ({"reason": "past niet"} if said == "not_applicable" else {})


def results_of(data: object, questionnaire: Questionnaire = CHAIN) -> ResultsDocument:
    return score(questionnaire, parse(questionnaire, data)).as_document()


def _sayings() -> list[list[tuple[int | str, str | None]]]:
    """What contributors may say to one question, and of its help; few words first, for short examples."""
    chance = random.Random(2019)
    words: list[int | str] = [*range(5), *range(5), "unknown", "unknown", "not_applicable", "not_occurred"]
    helps = [None, None, "yes", "partly", "no", "unknown"]
    sizes = [0, 1, 1, 2, 3, 4] * 30
    return sorted(
        ([(chance.choice(words), chance.choice(helps)) for _ in range(size)] for size in sizes), key=len
    )


SAYINGS = st.sampled_from(_sayings())


def _rows(question: Question, sayings: list[tuple[int | str, str | None]]) -> Iterator[dict[str, Any]]:
    """The answers in which c0, c1 … say this, as far as the question allows it."""
    for number, (word, helps) in enumerate(sayings):
        allowed = "unknown" if word == "not_occurred" and not question.cases_only else word
        answer = row(question.id, f"c{number}", allowed)
        yield answer | {"helps": helps} if helps and isinstance(word, int) and word >= 2 else answer


@st.composite
def answers_files(draw: st.DrawFn) -> dict[str, Any]:
    """Any answers file that is in order: answers, weights, agreed levels, and evidenced ones within them."""
    data = answers_file(weights={}, agreed={}, evidenced={})
    for question in SHORT.questions:
        data["answers"] += _rows(question, draw(SAYINGS))
    for id in draw(st.lists(IDS, max_size=3, unique=True)):
        data["weights"][id] = draw(st.sampled_from([0.1, 0.5, 1, 2, 3.75, 10]))
    for id in draw(st.lists(IDS, max_size=3, unique=True)):
        data["agreed"][id] = {"level": draw(st.integers(0, 4)), "reason": "besproken"}
    claimed = {one["id"]: one["claimed"] for one in results_of(data, SHORT)["questions"]}
    for id in draw(st.lists(IDS, max_size=6, unique=True)):
        if (level := claimed[id]) is not None:
            data["evidenced"][id] = min(level, draw(st.integers(0, 4)))
    return data
