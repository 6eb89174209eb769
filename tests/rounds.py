"""Rounds for the tests of scoring: written in short, or made up by hypothesis."""

from collections.abc import Iterable, Mapping
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


def _answers(question: Question, contributor: str) -> st.SearchStrategy[dict[str, Any]]:
    """What a contributor may say to a question, helps or no helps included."""
    states = ["unknown", "not_applicable", *(["not_occurred"] if question.cases_only else [])]
    plain = st.sampled_from([*range(5), *range(5), *states]).map(
        lambda said: row(question.id, contributor, said)
    )
    helps = st.builds(
        lambda level, helps: {**row(question.id, contributor, level), "helps": helps},
        st.integers(2, 4),
        st.sampled_from(["yes", "partly", "no", "unknown"]),
    )
    return plain | helps


@st.composite
def answers_files(draw: st.DrawFn, questionnaire: Questionnaire = SHORT) -> dict[str, Any]:
    """Any answers file that is in order: answers, weights, agreed levels, and evidenced ones within them."""
    data = answers_file()
    for question in questionnaire.questions:
        for number in range(draw(st.sampled_from([0, 1, 1, 2, 3, 4]))):
            data["answers"].append(draw(_answers(question, f"c{number}")))
    ids = st.sampled_from([question.id for question in questionnaire.questions])
    weights = st.sampled_from([0.1, 0.5, 1, 2, 3.75, 10])
    agreed = st.builds(lambda level: {"level": level, "reason": "besproken"}, st.integers(0, 4))
    data["weights"] = draw(st.dictionaries(ids, weights, max_size=5))
    data["agreed"] = draw(st.dictionaries(ids, agreed, max_size=3))
    claimed = {one["id"]: one["claimed"] for one in results_of(data, questionnaire)["questions"]}
    chosen = draw(st.lists(ids, max_size=6, unique=True))
    data["evidenced"] = {
        id: draw(st.integers(0, level)) for id in chosen if (level := claimed[id]) is not None
    }
    return data
