"""What is told of an anonymous survey gives nobody away: tried as somebody who solves what can be solved."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction

import pytest

from surveys.protection import (
    Counts,
    Least,
    SurveyDocument,
    Tally,
    interval,
    percentages,
    printed,
    publish,
    visible,
)

LEAST = Least()


def tally(slug: str, population: int, *answers: Counts) -> Tally:
    """A group in which as many answered anything as answered the statement that most did."""
    counts = {f"S{number}": one for number, one in enumerate(answers, 1)}
    return Tally(slug, population, max((one.base for one in answers), default=0), counts)


def agreeing(number: int, *, unknown: int = 0) -> Counts:
    return Counts((0, 0, 0, number, 0), unknown)


def shown(*groups: Tally) -> list[str]:
    return [one["slug"] for one in publish(["S1"], groups)["groups"]]


# Shares and their interval


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((1, 1, 1, 0), [34, 33, 33, 0]),
        ((1, 1, 0, 1), [34, 33, 0, 33]),
        ((2, 1, 0, 0), [67, 33, 0, 0]),
        ((7, 0, 0, 0), [100, 0, 0, 0]),
        ((1, 2, 3, 1), [14, 29, 43, 14]),
        ((1, 1, 1, 3), [17, 17, 16, 50]),
        ((199, 1, 0, 0), [100, 0, 0, 0]),  # 99.5 and 0.5: the tie goes to who agrees
    ],
)
def test_percentages_are_whole_and_add_up_to_a_hundred(counts: Sequence[int], expected: list[int]) -> None:
    assert percentages(counts) == expected


# Worked out by hand and with another program's Wilson interval, on the effective base b(N - 1)/(N - b).
@pytest.mark.parametrize(
    ("share", "base", "population", "expected"),
    [
        ("0.7", 36, 90, (57, 80)),
        ("0.7", 10, 12, (57, 80)),
        ("0.7", 10, 25, (46, 87)),
        ("0.7", 10, 10, (70, 70)),
        ("0", 5, 10, (0, 30)),
        ("1", 5, 10, (70, 100)),
        ("0.5", 100, 1_000_000, (40, 60)),
        ("0.5", 20, 40, (35, 65)),
        ("0.2", 50, 60, (16, 25)),
        ("0.4", 5, 200, (12, 77)),
        ("0.925", 40, 400, (81, 97)),
        ("0.5", 11, 10, (50, 50)),  # more answers than people: a code was passed on
    ],
)
def test_the_interval_is_wilsons_with_the_base_of_a_small_population(
    share: str, base: int, population: int, expected: tuple[int, int]
) -> None:
    assert interval(Fraction(share), base, population) == expected


@pytest.mark.parametrize(
    ("share", "words"), [(100, "bijna iedereen"), (0, "bijna niemand"), (99, "99%"), (1, "1%")]
)
def test_of_everybody_and_nobody_no_figure_is_printed(share: int, words: str) -> None:
    assert printed(share) == words


# What is shown


def test_a_group_is_shown_from_ten_people_and_five_answers() -> None:
    big = [tally(f"team-{number}", 40, agreeing(20)) for number in range(4)]
    assert shown(*big, tally("net", 10, agreeing(5))) == ["net", "team-0", "team-1", "team-2", "team-3"]
    assert "klein" not in shown(*big, tally("klein", 9, agreeing(9)))
    assert "stil" not in shown(*big, tally("stil", 50, agreeing(4)))


def test_beside_one_hidden_group_the_smallest_other_is_hidden_too() -> None:
    groups = [tally("a", 40, agreeing(20)), tally("b", 40, agreeing(12)), tally("c", 40, agreeing(3))]
    told = publish(["S1"], groups)
    assert [one["slug"] for one in told["groups"]] == ["a"] and told["hidden"] == ["b", "c"]


def test_of_equals_the_smaller_population_and_then_the_first_name_is_hidden() -> None:
    hidden = tally("x", 40, agreeing(3))
    assert shown(tally("a", 40, agreeing(9)), tally("b", 30, agreeing(9)), hidden) == ["a"]
    assert shown(tally("a", 40, agreeing(9)), tally("b", 40, agreeing(9)), hidden) == ["b"]


def test_two_hidden_groups_with_fewer_than_five_answers_together_need_a_third() -> None:
    groups = [tally("a", 40, agreeing(20)), tally("b", 40, agreeing(12))]
    small = [tally("c", 20, agreeing(2)), tally("d", 20, agreeing(2))]
    assert shown(*groups, *small) == ["a"]


def test_when_nothing_would_be_left_the_split_is_not_shown() -> None:
    told = publish(["S1"], [tally("a", 40, agreeing(20)), tally("b", 40, agreeing(3))])
    assert not told["groups"] and told["hidden"] == ["a", "b"]
    assert told["statements"][0]["base"] == 23


def test_two_tiny_teams_that_all_answered_hide_a_third() -> None:
    """Populations 3 and 4, and 7 answers: everybody in both answered, so that 3 follows."""
    groups = [tally("a", 40, agreeing(20)), tally("b", 40, agreeing(15))]
    tiny = [tally("c", 3, agreeing(3)), tally("d", 4, agreeing(4))]
    assert shown(*groups, *tiny) == ["a"]


def test_a_statement_that_few_answered_in_one_group_is_hidden_in_a_second() -> None:
    groups = [
        tally("a", 40, agreeing(20), agreeing(20)),
        tally("b", 40, agreeing(12), agreeing(12)),
        tally("c", 40, agreeing(10), agreeing(4)),
    ]
    told = publish(["S1", "S2"], groups)
    bases = {one["slug"]: [s["base"] for s in one["statements"]] for one in told["groups"]}
    assert bases == {"a": [20, 20], "b": [12, None], "c": [10, None]}
    assert [one["base"] for one in told["statements"]] == [42, 36]


def test_too_small_a_whole_tells_its_response_and_nothing_else() -> None:
    told = publish(["S1"], [tally("a", 9, agreeing(9))])
    assert told["statements"] == [{"id": "S1", "base": None}] and told["ballots"] == 9
    told = publish(["S1"], [tally("a", 30, agreeing(4)), tally("b", 30)])
    assert told["statements"] == [{"id": "S1", "base": None}] and not told["groups"]


def test_a_council_is_told_as_a_whole_from_nine_people() -> None:
    told = publish(["S1"], [tally("raad", 9, agreeing(5))], Least(9, 5))
    assert told["statements"][0]["base"] == 5 and told["groups"] == [] == told["hidden"]


@pytest.mark.parametrize(("answers", "low"), [(39, True), (40, False)])
def test_below_two_in_five_the_response_is_low(answers: int, low: bool) -> None:
    assert publish(["S1"], [tally("a", 100, agreeing(answers))])["low_response"] is low


def test_an_organisation_may_ask_for_larger_groups() -> None:
    groups = [tally("a", 40, agreeing(20)), tally("b", 30, agreeing(12)), tally("c", 15, agreeing(9))]
    assert visible(groups, LEAST) == {"a", "b", "c"}
    assert visible(groups, Least(20, 5)) == {"a"}
    assert visible(groups, Least(10, 10)) == {"a"}


# As somebody who wants to know


class Attacker:
    """Knows the organisation chart and all that is told, and counts exactly where percentages would blur.

    Goes through every way in which the hidden groups can have answered. What has one value in all of them is
    known. A count of one answer in a group lies between the bounds of Fréchet for a table with known margins.
    """

    def __init__(self, groups: Sequence[Tally], told: SurveyDocument) -> None:
        self.groups, self.told = {one.slug: one for one in groups}, told
        self.visible = {one["slug"]: one for one in told["groups"]}
        self.hidden = [slug for slug in told["hidden"] if told["groups"]]
        sum_hidden = told["ballots"] - sum(one["ballots"] for one in told["groups"])
        populations = [self.groups[slug].population for slug in self.hidden]
        self.ballots = list(ways(sum_hidden, populations))

    def learns(self) -> list[str]:
        """What is known of hidden groups and below five; that nobody gave some answer points to nobody."""
        found = [
            f"{slug}: {values} answered"
            for slug, values in zip(self.hidden, zip(*self.ballots, strict=True), strict=False)
            if len(set(values)) == 1 and values[0] < 5
        ]
        for number, statement in enumerate(self.told["statements"]):
            if statement["base"] is not None:
                found += self._of_statement(number, statement["id"])
        return found

    def _of_statement(self, number: int, id_: str) -> Iterator[str]:
        told = {slug for slug, one in self.visible.items() if one["statements"][number]["base"] is not None}
        apart = [slug for slug in self.groups if slug not in told] if told else []
        left = [
            sum(self.groups[slug].counts[id_].shares[k] for slug in apart) for k in range(4)
        ]  # the whole less what is told
        bases = [
            base
            for ballots in self.ballots
            for base in ways(
                sum(left),
                [
                    ballots[self.hidden.index(slug)] if slug in self.hidden else self.groups[slug].ballots
                    for slug in apart
                ],
            )
        ]
        for at, slug in enumerate(apart):
            values = {base[at] for base in bases}
            if len(values) == 1 and min(values) < 5:
                yield f"{slug}: {values} answered {id_}"
            for k in range(4):
                lowest = min(max(0, base[at] + left[k] - sum(left)) for base in bases)
                highest = max(min(base[at], left[k]) for base in bases)
                if 0 < lowest == highest < 5:
                    yield f"{slug}: {lowest} gave answer {k} to {id_}"


def ways(total: int, at_most: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All ways to divide a total over groups of these sizes."""
    if not at_most:
        if total == 0:
            yield ()
        return
    first, *others = at_most
    for value in range(max(0, total - sum(others)), min(first, total) + 1):
        for rest in ways(total - value, others):
            yield (value, *rest)


def chart(chance: random.Random) -> list[Tally]:
    """Two to four teams of up to fourteen people, who answer two statements each in their own mood."""
    return [_team(chance, f"team-{number}") for number in range(chance.randint(2, 4))]


def _team(chance: random.Random, slug: str) -> Tally:
    population = chance.choice([1, 2, 3, 4, 6, 9, 10, 10, 11, 12, 14])
    ballots = chance.choice([population, chance.randint(0, population), chance.randint(0, population)])
    counts = {}
    for id_ in ("S1", "S2"):
        one, two, three, four, five, unknown, *_ = answers = [0] * 7
        for _person in range(ballots):
            answers[min(6, chance.choice([0, 1, 2, 3, 3, 4, 5, 6 if chance.random() < 0.3 else 3]))] += 1
        one, two, three, four, five, unknown, _none = answers
        counts[id_] = Counts((one, two, three, four, five), unknown)
    return Tally(slug, population, ballots, counts)


@pytest.mark.parametrize("seed", range(20))
def test_nothing_that_is_told_gives_a_small_number_of_a_hidden_group_away(seed: int) -> None:
    chance = random.Random(seed)
    attacked = 0
    for _ in range(200):
        groups = chart(chance)
        told = publish(["S1", "S2"], groups)
        attacker = Attacker(groups, told)
        if attacker.hidden or any(s["base"] is None for one in told["groups"] for s in one["statements"]):
            attacked += 1
            assert not attacker.learns(), (groups, told)
    assert attacked > 10


def test_the_attacker_finds_what_a_simpler_rule_would_tell() -> None:
    """The same attack on the small groups hidden alone succeeds: the test above can fail."""
    groups = [tally("a", 40, agreeing(20)), tally("b", 40, agreeing(3))]
    told = publish(["S1"], groups)
    whole, careless = told["statements"], publish(["S1"], [groups[0], tally("c", 40, agreeing(20))])["groups"]
    told = {**told, "groups": [careless[0]], "hidden": ["b"], "statements": whole}
    assert Attacker(groups, told).learns()


def test_more_answers_than_people_in_hidden_groups_hide_more() -> None:
    tiny = [tally(name, 3, agreeing(4)) for name in "ab"]
    assert shown(*tiny, tally("c", 40, agreeing(30)), tally("d", 40, agreeing(31))) == ["d"]
