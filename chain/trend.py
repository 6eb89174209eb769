"""What changed between two rounds: only over the questions that both asked in the same words. Pure.

The rule: only questions whose id and text are the same in both rounds' content versions; the change is the
difference of the means over exactly those questions, with their number beside it. A question counts when it
has a level in both rounds, and all weigh the same: a round's own weights would show as a change. A legal
minimum did not change either when there was nothing to show of it in one of the years, as without a case.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from chain.questionnaire import Questionnaire
from chain.results import ResultsDocument, two_decimals

SHOWN: Final = "shown"
NOTHING_TO_SHOW: Final = ("not_applicable", "not_occurred")


@dataclass(frozen=True, slots=True)
class Measured:
    """The results of a round with the questionnaire that it asked: of its track, not more."""

    questionnaire: Questionnaire
    results: ResultsDocument


@dataclass(frozen=True, slots=True)
class LinkTrend:
    """A link in both rounds: what was printed, in halves, and the change over the same questions."""

    slug: str
    before: float | None
    now: float | None
    change: float | None  # -4 to 4 in two decimals; None without a question or a printed level to compare
    questions: int  # that the change is over


@dataclass(frozen=True, slots=True)
class Trend:
    links: tuple[LinkTrend, ...]  # those of the later round, in its order
    newly_shown: tuple[str, ...]  # questions whose legal minimum is shown now and was not
    no_longer_shown: tuple[str, ...]


def trend(before: Measured, now: Measured) -> Trend:
    """What changed between an earlier and a later round."""
    same = set(_same(before.questionnaire, now.questionnaire))
    earlier, later = _shown(before), _shown(now)
    comparable = [
        question
        for question in later
        if question in same
        and question in earlier
        and before.questionnaire.question(question).legal_minimum
        == now.questionnaire.question(question).legal_minimum
    ]
    return Trend(
        links=tuple(_link(link.slug, same, before, now) for link in now.questionnaire.links),
        newly_shown=tuple(one for one in comparable if later[one] and not earlier[one]),
        no_longer_shown=tuple(one for one in comparable if earlier[one] and not later[one]),
    )


def _same(before: Questionnaire, now: Questionnaire) -> Iterator[str]:
    """The questions with the same id and text in both, in every language."""
    for question in now.questions:
        if before.has(question.id) and before.question(question.id).text == question.text:
            yield question.id


def _shown(measured: Measured) -> dict[str, bool]:
    """Whether each legal minimum was shown by evidence; without those of which there was nothing to show."""
    legal = measured.results["legal"]
    return {one["question"]: one["status"] == SHOWN for one in legal if one["status"] not in NOTHING_TO_SHOW}


def _levels(measured: Measured) -> dict[str, int]:
    """The level of each question that has one."""
    return {one["id"]: one["claimed"] for one in measured.results["questions"] if one["claimed"] is not None}


def _link(slug: str, same: set[str], before: Measured, now: Measured) -> LinkTrend:
    earlier, later = _levels(before), _levels(now)
    asked = [one.id for one in now.questionnaire.link(slug).questions]
    compared = [one for one in asked if one in same and one in earlier and one in later]
    was, is_ = _printed(before, slug), _printed(now, slug)
    change = None
    if compared and was is not None and is_ is not None:
        change = two_decimals(Fraction(sum(later[one] - earlier[one] for one in compared), len(compared)))
    return LinkTrend(slug, was, is_, change, len(compared))


def _printed(measured: Measured, slug: str) -> float | None:
    return next((one["printed"] for one in measured.results["links"] if one["slug"] == slug), None)
