"""What may be told of an anonymous survey: page, PDF, export and API all get it from here. Pure.

The rules of stream B: shares in whole percentages, Wilson's interval with a correction for small populations,
and the protection of small groups (docs/anonimiteit.md). A group that is hidden must stay hidden: its numbers
may not follow from what is shown beside it. So beside the groups that are too small others are hidden,
until no number of answers below the least can be worked out: for the split, and for each statement in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import NotRequired, TypedDict

Z = Decimal("1.96")  # 95 %
LOW_RESPONSE = Fraction(40, 100)
LEAST_FOR_TEXT = 25  # people; of fewer no open text is told
SHARES = ("agree", "neutral", "disagree", "unknown")  # also the order in which a tie of remainders is settled


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each answer was given to one statement: 1 (helemaal oneens) to 5 (eens), and unknown."""

    values: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)
    unknown: int = 0

    @property
    def base(self) -> int:
        return sum(self.values) + self.unknown

    @property
    def shares(self) -> tuple[int, int, int, int]:
        """Agree, neutral, disagree and unknown, as counts."""
        one, two, three, four, five = self.values
        return four + five, three, one + two, self.unknown

    def __add__(self, other: Counts) -> Counts:
        one, two, three, four, five = (a + b for a, b in zip(self.values, other.values, strict=True))
        return Counts((one, two, three, four, five), self.unknown + other.unknown)


@dataclass(frozen=True, slots=True)
class Tally:
    """The answers of one group: its population, who answered anything, and the counts per statement."""

    slug: str
    population: int
    ballots: int
    counts: Mapping[str, Counts]

    def base(self, statement: str) -> int:
        return self.counts[statement].base if statement in self.counts else 0


@dataclass(frozen=True, slots=True)
class Least:
    """The smallest population and number of answers that are reported; at least 10 (a council 9) and 5."""

    population: int = 10
    answers: int = 5


class StatementDocument(TypedDict):
    """One statement in one group. Without a base it is hidden: too few answered it, or it protects others."""

    id: str
    base: int | None
    agree: NotRequired[int]
    neutral: NotRequired[int]
    disagree: NotRequired[int]
    unknown: NotRequired[int]
    interval: NotRequired[list[int]]  # of agree: lowest and highest, whole percentages


class GroupDocument(TypedDict):
    slug: str
    population: int
    ballots: int
    statements: list[StatementDocument]


class SurveyDocument(TypedDict):
    """All that is told. `statements` is empty when the whole is too small; `groups` has the visible ones."""

    population: int
    ballots: int
    low_response: bool
    least: dict[str, int]
    statements: list[StatementDocument]
    groups: list[GroupDocument]
    hidden: list[str]


def publish(statements: Sequence[str], groups: Iterable[Tally], least: Least = Least()) -> SurveyDocument:
    """What may be told of these groups together and apart; of a single group, of the whole only."""
    split = sorted(groups, key=lambda one: one.slug)
    whole = _whole(statements, split)
    shown = visible(split, least) if len(split) > 1 and reportable(whole, least) else frozenset()
    told = {id_: _told(split, shown, id_, least) for id_ in statements}
    return SurveyDocument(
        population=whole.population,
        ballots=whole.ballots,
        low_response=whole.ballots < LOW_RESPONSE * whole.population,
        least={"population": least.population, "answers": least.answers},
        statements=_statements(statements, whole, _large_enough(statements, whole, least)),
        groups=[
            GroupDocument(
                slug=one.slug,
                population=one.population,
                ballots=one.ballots,
                statements=_statements(statements, one, {id_ for id_ in statements if one.slug in told[id_]}),
            )
            for one in split
            if one.slug in shown
        ],
        hidden=[one.slug for one in split if one.slug not in shown] if len(split) > 1 else [],
    )


def reportable(group: Tally, least: Least) -> bool:
    """Whether a group on its own is large enough."""
    return group.population >= least.population and group.ballots >= least.answers


def named_with_text(populations: Mapping[str, int], shown: Set[str]) -> frozenset[str]:
    """The groups whose name may stand beside an open text: shown ones with 25 people or more.

    What bears no name comes from the other groups together. So these too must be 25 people or more, or none.
    """
    order = sorted(populations, key=lambda slug: (-populations[slug], slug))
    named = [slug for slug in order if slug in shown and populations[slug] >= LEAST_FOR_TEXT]
    nameless = sum(populations.values()) - sum(populations[slug] for slug in named)
    while named and 0 < nameless < LEAST_FOR_TEXT:
        nameless += populations[named.pop()]
    return frozenset(named)


def text_is_told(whole: SurveyDocument) -> bool:
    """Whether any open text may be told: of 25 people or more, and only where their figures are told."""
    answered = any(one["base"] is not None for one in whole["statements"])
    return whole["population"] >= LEAST_FOR_TEXT and answered


def visible(split: Sequence[Tally], least: Least) -> frozenset[str]:
    """The slugs of the groups that can be shown beside their whole; none when the split cannot be shown."""
    return _protected(
        [
            _Part(one.slug, one.ballots, one.population, one.population, reportable(one, least))
            for one in split
        ],
        least,
    )


def _told(split: Sequence[Tally], shown: frozenset[str], statement: str, least: Least) -> frozenset[str]:
    """The groups in which this statement can be shown: by the same rule, with its own base."""
    parts = [
        _Part(
            one.slug,
            one.base(statement),
            one.population,
            one.ballots if one.slug in shown else one.population,
            one.slug in shown and one.base(statement) >= least.answers,
        )
        for one in split
    ]
    return _protected(parts, least)


@dataclass(frozen=True, slots=True)
class _Part:
    """A group as the rule sees it. `most` is how many can have answered, as far as anyone knows."""

    slug: str
    answers: int
    population: int
    most: int
    large_enough: bool


def _protected(parts: Sequence[_Part], least: Least) -> frozenset[str]:
    """Hides the smallest visible part too until nothing follows of the hidden ones; then, what is left."""
    shown = [one for one in parts if one.large_enough]
    hidden = [one for one in parts if not one.large_enough]
    while hidden and shown and _follows(hidden, least):
        smallest = min(shown, key=lambda one: (one.answers, one.population, one.slug))
        shown.remove(smallest)
        hidden.append(smallest)
    return frozenset(one.slug for one in shown)


def _follows(hidden: Sequence[_Part], least: Least) -> bool:
    """Whether a number below `least` of a hidden part follows from the sum of the hidden, which all can take.

    It does for a single part, and for a sum that is small itself. And when everybody in the other parts must
    have answered to make up the sum: with populations of 3 and 4 a sum of 7 leaves no doubt.
    By a code more can answer than there are people; a sum that is larger than that leaves no doubt either.
    """
    answers = sum(one.answers for one in hidden)
    most = sum(one.most for one in hidden)
    if len(hidden) == 1 or answers < least.answers:
        return True
    for one in hidden:
        lowest = max(0, answers - (most - one.most))
        highest = min(one.most, answers)
        if lowest >= highest and highest < least.answers:
            return True
    return False


def _whole(statements: Sequence[str], split: Sequence[Tally]) -> Tally:
    counts = {
        id_: sum((one.counts[id_] for one in split if id_ in one.counts), Counts()) for id_ in statements
    }
    return Tally("", sum(one.population for one in split), sum(one.ballots for one in split), counts)


def _large_enough(ids: Sequence[str], whole: Tally, least: Least) -> Set[str]:
    """The statements that enough people answered, when enough people answered at all."""
    return {id_ for id_ in ids if reportable(whole, least) and whole.base(id_) >= least.answers}


def _statements(ids: Sequence[str], group: Tally, told: Set[str]) -> list[StatementDocument]:
    return [
        _statement(id_, group.counts[id_], group.population)
        if id_ in told
        else StatementDocument(id=id_, base=None)
        for id_ in ids
    ]


def _statement(id_: str, counts: Counts, population: int) -> StatementDocument:
    agree, neutral, disagree, unknown = percentages(counts.shares)
    lowest, highest = interval(Fraction(counts.shares[0], counts.base), counts.base, population)
    return StatementDocument(
        id=id_,
        base=counts.base,
        agree=agree,
        neutral=neutral,
        disagree=disagree,
        unknown=unknown,
        interval=[lowest, highest],
    )


def printed(share: int) -> str:
    """A whole percentage as it is printed: unanimity in words and not as a figure, as the method asks."""
    return {100: "bijna iedereen", 0: "bijna niemand"}.get(share, f"{share}%")


def percentages(counts: Sequence[int]) -> list[int]:
    """Whole percentages that add up to 100, by the largest remainder; ties go to what stands first.

    Raises ZeroDivisionError when there is nothing to share.
    """
    total = sum(counts)
    exact = [Fraction(100 * one, total) for one in counts]
    whole = [int(one) for one in exact]
    order = sorted(range(len(counts)), key=lambda at: (whole[at] - exact[at], at))
    for at in order[: 100 - sum(whole)]:
        whole[at] += 1
    return whole


def interval(share: Fraction, base: int, population: int) -> tuple[int, int]:
    """The 95 % interval of a share in whole percentages: Wilson's, corrected for a small population.

    b' = b(N − 1)/(N − b); when everybody answered, the share itself. `base` must be at least 1.
    """
    if base >= population:
        return _half_up(share * 100), _half_up(share * 100)
    with localcontext() as context:
        context.prec = 40
        n = Decimal(base) * (population - 1) / (population - base)
        p = Decimal(share.numerator) / share.denominator
        square = Z * Z
        middle = (p + square / (2 * n)) / (1 + square / n)
        reach = Z * (p * (1 - p) / n + square / (4 * n * n)).sqrt() / (1 + square / n)
        return _half_up(Fraction(100 * (middle - reach))), _half_up(Fraction(100 * (middle + reach)))


def _half_up(value: Fraction) -> int:
    """The nearest whole number, a half to the larger; within 0 to 100."""
    return min(100, max(0, (2 * value + 1).__floor__() // 2))
