"""Nobody can work out a count below five: tried as somebody who knows the rule and all that was printed.

The attacker goes through every set of numbers that fits, and looks at what each hidden one can still be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.counting.content import figure_list
from assessments.counting.told import Counts, key, told_figures
from assessments.supplement import FigureDocument
from chain.small_numbers import (
    APART,
    CASES_OF,
    EMPTY,
    PERIOD,
    SMALL,
    STOCKS,
    closes_period,
    told,
    told_median,
    told_split,
    told_together,
)
from chain.yearly import TYPED

WHOLE_RANGE = {0, 1, 2, 3, 4}


def divisions(total: int, size: int) -> Iterator[tuple[int, ...]]:
    """Every way to divide a total over so many parts."""
    if size == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *rest) for rest in divisions(total - first, size - 1))


# One count


def test_a_count_is_exact_from_five_and_zero_looks_like_four() -> None:
    assert [told(number) for number in (0, 4, 5, 12)] == [SMALL, SMALL, "5", "12"]
    assert SMALL == "0 tot en met 4"


def test_what_was_not_filled_in_is_not_what_is_hidden() -> None:
    assert told(None) == told_median(None, 9) == EMPTY
    assert len({EMPTY, SMALL, APART}) == 3


# Parts that add up


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((9, 6, 5), "9 6 5"),  # nothing is small
        ((2, 1, 1), ". . ."),  # the total itself is hidden
        ((20, 3, 2, 1), "20 . . ."),  # the small ones are together six: each can be 0 and 4
        ((3, 20, 30), ". . 30"),  # one small one would follow from the total: a second is hidden
        ((30, 6, 2, 1, 0, 0, 0), "30 . . . . . ."),  # together three, with six it is nine
        ((4, 4, 30, 20), ". . 30 20"),  # together eight: one of them could be the eight
        ((4, 4, 20, 6), ". . 20 ."),  # eight is more than six: both would be four
        ((3, 20), ". ."),
        ((12, 0), ". ."),
    ],
)
def test_parts_are_hidden_until_nothing_can_be_subtracted(parts: Sequence[int], expected: str) -> None:
    found = told_split(sum(parts), parts)
    assert " ".join("." if word == APART else word for word in found) == expected


@pytest.mark.parametrize(("size", "most"), [(1, 12), (2, 36), (3, 30), (4, 24), (5, 18), (6, 14)])
def test_every_hidden_part_of_every_division_can_still_be_anything_from_0_to_4(size: int, most: int) -> None:
    for total in range(most + 1):
        possible: dict[tuple[str, ...], list[set[int]]] = defaultdict(lambda: [set() for _ in range(size)])
        for parts in divisions(total, size):
            for number, found in zip(parts, possible[tuple(told_split(total, parts))], strict=True):
                found.add(number)
        for printed, cells in possible.items():
            for word, numbers in zip(printed, cells, strict=True):
                assert word != APART or total < 5 or numbers >= WHOLE_RANGE, (total, printed, numbers)


@given(st.lists(st.integers(0, 200), min_size=2, max_size=10))
@settings(deadline=None)
def test_for_any_division_there_is_another_with_each_hidden_part_at_each_value(parts: list[int]) -> None:
    """The larger ones cannot all be gone through: a witness is built, as docs/kleine-aantallen.md does."""
    total = sum(parts)
    printed = told_split(total, parts)
    hidden = [place for place, word in enumerate(printed) if word == APART]
    if total < 5:
        assert printed == [APART] * len(parts)
        return
    for place, value in product(hidden, WHOLE_RANGE):
        others = [one for one in hidden if one != place]
        rest = sum(parts[one] for one in hidden) - value
        assert any(
            told_split(total, _with(parts, {place: value, **dict(zip(others, spread, strict=True))}))
            == printed
            for spread in _spreads(rest, len(others))
        ), (parts, printed, place, value)


def _with(parts: Sequence[int], changed: dict[int, int]) -> list[int]:
    return [changed.get(place, number) for place, number in enumerate(parts)]


def _spreads(rest: int, size: int) -> Iterator[list[int]]:
    """All of it in one part; every part filled to four in turn; and as evenly as can be."""
    yield [rest, *[0] * (size - 1)]
    filled, left = [], rest
    for _ in range(size):
        filled.append(min(4, left))
        left -= filled[-1]
    if not left:
        yield filled
    yield [rest // size + (place < rest % size) for place in range(size)]


def test_a_split_looks_the_same_whatever_hidden_total_it_belongs_to() -> None:
    assert {tuple(told_split(sum(one), one)) for one in product(range(2), repeat=4)} == {(APART,) * 4}


# Parts that do not add up, a median, a stock


def test_parts_that_do_not_add_up_are_each_told_by_themselves() -> None:
    counts = {"op-tijd": 12, "op-tijd/bevestiging": 11, "op-tijd/bericht": 2}
    figure = _figure(counts, "op-tijd")
    assert (figure["told"], [part["told"] for part in figure["parts"]]) == ("12", ["11", SMALL])


def test_of_such_parts_each_can_be_anything_that_its_total_lets_it_be() -> None:
    for total in range(12):
        possible = defaultdict(set)
        for part in range(total + 1):
            possible[told(part)].add(part)
        assert total < 4 or possible[SMALL] == WHOLE_RANGE


@pytest.mark.parametrize(("cases", "expected"), [(None, APART), (0, APART), (4, APART), (5, "31")])
def test_a_median_needs_five_cases(cases: int | None, expected: str) -> None:
    assert told_median(31, cases) == expected


def test_the_median_is_over_the_investigations_that_were_concluded() -> None:
    assert _figure({"doorlooptijd": 61, "onderzoeken-afgerond": 4}, "doorlooptijd")["told"] == APART
    assert _figure({"doorlooptijd": 61, "onderzoeken-afgerond": 5}, "doorlooptijd")["told"] == "61"


def test_what_is_still_open_is_never_told() -> None:
    """Open then + started - concluded = open now: three of them would give the fourth, years back too."""
    assert {_figure({"openstaand": number}, "openstaand")["told"] for number in range(40)} == {APART}
    assert _figure({}, "openstaand")["told"] == EMPTY


def test_the_figures_that_the_rule_names_are_in_the_content() -> None:
    there = {figure.slug for figure in figure_list().figures}
    assert there >= {*STOCKS, *CASES_OF, *CASES_OF.values(), *TYPED}


# Types of violation


def test_types_are_hidden_like_parts_and_what_was_not_divided_counts_as_one() -> None:
    counts = {"meldingen": 30, "meldingen/soort/giften": 18, "meldingen/soort/corruptie": 2}
    types = {one["slug"]: one["told"] for one in _figure(counts, "meldingen")["types"]}
    assert len(types) == 10
    assert types.pop("giften") == "18"
    assert set(types.values()) == {APART}


def test_a_figure_that_was_not_divided_has_no_parts() -> None:
    figure = _figure({"meldingen": 30}, "meldingen")
    assert (figure["parts"], figure["types"]) == ([], [])


# Three years together


def test_three_years_are_together_only_when_each_is_hidden() -> None:
    assert told_together([2, 1, 4]) == "7"
    assert told_together([2, 1, 5]) == told_together([2, 1]) == told_together([2, None, 4]) == ""
    assert told_together([0, 1, 3]) == told_together([4, 4, 4]) == ""


def test_each_of_three_years_can_still_be_anything_from_0_to_4() -> None:
    possible: dict[tuple[str, ...], list[set[int]]] = defaultdict(lambda: [set(), set(), set()])
    for years in product(range(8), repeat=3):
        printed = (*(told(number) for number in years), told_together(years))
        for number, found in zip(years, possible[printed], strict=True):
            found.add(number)
    for printed, cells in possible.items():
        for word, numbers in zip(printed, cells, strict=False):
            assert word != SMALL or numbers == WHOLE_RANGE, printed


def test_periods_of_three_years_never_overlap() -> None:
    closing = [year for year in range(2020, 2040) if closes_period(year)]
    assert all(later - earlier >= PERIOD for earlier, later in pairwise(closing))


# Everything of a year at once


@st.composite
def years(draw: st.DrawFn) -> dict[str, int]:
    """Counts as the form lets them through."""
    counts: dict[str, int] = {}
    for figure in figure_list().figures:
        if draw(st.booleans()):
            continue
        parts = [draw(st.integers(0, 14)) for _ in figure.parts]
        counts[figure.slug] = sum(parts) if figure.adds_up else max([draw(st.integers(0, 30)), *parts])
        if draw(st.booleans()):
            counts |= {
                key(figure.slug, one.slug): number for one, number in zip(figure.parts, parts, strict=True)
            }
    return counts


@given(years())
@settings(deadline=None)
def test_nothing_printed_of_a_year_is_a_count_below_five(counts: dict[str, int]) -> None:
    document = told_figures(figure_list(), counts, 2026)
    for figure in document["figures"]:
        for word in [figure["told"], *(part["told"] for part in figure["parts"])]:
            assert figure["unit"] == "days" or word in (EMPTY, SMALL, APART) or int(word) >= 5


@given(years(), st.data())
@settings(deadline=None)
def test_a_year_with_another_small_total_is_printed_the_same(
    counts: dict[str, int], data: st.DataObject
) -> None:
    """Whatever else is told, a hidden total can be exchanged for each of 0 to 4 without anybody seeing it."""
    small = [
        figure.slug
        for figure in figure_list().figures
        if figure.unit == "count" and counts.get(figure.slug, 9) < 5
    ]
    if not small:
        return
    slug = data.draw(st.sampled_from(small))
    printed = told_figures(figure_list(), counts, 2026)
    parts = {name for name in counts if name.startswith(f"{slug}/")}
    for number in WHOLE_RANGE:
        other = {**counts, **dict.fromkeys(parts, 0), slug: number}
        if parts and next(one for one in figure_list().figures if one.slug == slug).adds_up:
            other[min(parts)] = number
        assert told_figures(figure_list(), other, 2026) == printed


def _figure(counts: Counts, slug: str) -> FigureDocument:
    return next(one for one in told_figures(figure_list(), counts, 2026)["figures"] if one["slug"] == slug)
