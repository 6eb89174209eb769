"""What must hold of the results of any round that is in order, and of any input at all."""

import json
from collections.abc import Iterator
from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from chain.documents import canonical_json
from chain.results import GroupResult, Results
from chain.scoring import BadAnswers, parse, score
from tests.rounds import IDS, SHORT, answers_file, answers_files, results_of, row


def results(data: object) -> Results:
    return score(SHORT, parse(SHORT, data))


def groups(found: Results) -> Iterator[tuple[str, GroupResult]]:
    """Every group of questions in the results, with a name."""
    for link in found.links:
        yield link.slug, link.whole
        yield from ((f"{link.slug} {name}", part) for name, part in link.parts.items() if part)
        yield from ((f"{link.slug} {slug}", theme) for slug, theme in link.themes.items())


def scores(data: object) -> dict[str, Fraction | None]:
    return {name: group.score for name, group in groups(results(data))}


def state(data: object, id: str) -> str:
    return next(one.state for one in results(data).questions if one.question.id == id)


@given(answers_files(), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(data: dict[str, Any], chance: Any) -> None:
    shuffled = deepcopy(data)
    chance.shuffle(shuffled["answers"])
    for part in ("weights", "agreed", "evidenced"):
        shuffled[part] = dict(reversed(shuffled[part].items()))
    assert results_of(shuffled, SHORT) == results_of(data, SHORT)


@given(answers_files(), st.data())
def test_names_of_contributors_do_not_matter(data: dict[str, Any], chosen: st.DataObject) -> None:
    names = chosen.draw(st.permutations(["c0", "c1", "c2", "c3"]))
    renamed = deepcopy(data)
    for answer in renamed["answers"]:
        answer["contributor"] = names[int(answer["contributor"][1:])]
    assert results_of(renamed, SHORT) == results_of(data, SHORT)


@given(answers_files(), st.data())
def test_a_higher_answer_never_lowers_a_score(data: dict[str, Any], chosen: st.DataObject) -> None:
    low = [answer for answer in data["answers"] if answer.get("level", 4) < 4]
    assume(low)
    before = scores(data)
    answer = chosen.draw(st.sampled_from(low))
    answer["level"] = chosen.draw(st.integers(answer["level"], 4))
    for group, now in scores(data).items():
        was = before[group]
        assert (was is None) is (now is None)
        assert was is None or now is None or was <= now


@given(answers_files(), IDS)
def test_not_applicable_never_changes_a_score(data: dict[str, Any], id: str) -> None:
    """It may only give one back: a question of which all else is unknown stops counting as unknown."""
    before, was = scores(data), state(data, id)
    data["answers"].append(row(id, "one more", "not_applicable"))
    for group, now in scores(data).items():
        assert now == before[group] or (before[group] is None and was == "unknown")


@given(answers_files(), IDS)
def test_unknown_never_changes_a_score_but_may_take_it_away(data: dict[str, Any], id: str) -> None:
    before = scores(data)
    data["answers"].append(row(id, "one more", "unknown"))
    assert all(now in (before[group], None) for group, now in scores(data).items())


@given(answers_files(), IDS, st.sampled_from([2, "unknown", "not_applicable"]))
def test_one_more_answer_never_lowers_coverage(data: dict[str, Any], id: str, said: int | str) -> None:
    before = {name: group.coverage for name, group in groups(results(data))}
    data["answers"].append(row(id, "one more", said))
    data["evidenced"].pop(id, None)  # one more level may lower what is claimed
    assert all(group.coverage >= before[name] for name, group in groups(results(data)))


@given(answers_files())
def test_figures_of_a_group_agree_with_one_another(data: dict[str, Any]) -> None:
    found = results(data)
    sizes = {link.slug: len(link.questions) for link in SHORT.links}
    assert all(sum(link.whole.distribution.values()) == sizes[link.slug] for link in found.links)
    for name, group in groups(found):
        counts = group.distribution
        levels = [counts[str(level)] for level in range(5)]
        assert group.reached == {"2": sum(levels[2:]), "3": sum(levels[3:]), "4": levels[4]}
        assert group.coverage == 1 - Fraction(counts["unanswered"], sum(counts.values()))
        assert group.validated <= sum(levels)
        assert (group.gap is None) is (group.validated == 0) and (group.gap or 0) >= 0
        assert (group.score is None) is (group.status in ("no_score", "too_little_insight")), name
        assert (group.coverage == 1) or group.status != "complete"


@given(answers_files())
def test_what_is_printed_is_a_half_and_at_most_a_quarter_off(data: dict[str, Any]) -> None:
    for _, group in groups(results(data)):
        assert (group.printed is None) is (group.score is None)
        if group.score is not None and group.printed is not None:
            assert 0 <= group.score <= 4 and group.printed * 2 % 1 == 0
            assert -Fraction(1, 4) < group.printed - group.score <= Fraction(1, 4)


@given(answers_files(), st.sampled_from([0.1, 1, 3, 7.5]))
def test_equal_weights_are_no_weights(data: dict[str, Any], weight: float) -> None:
    weighted = data | {"weights": {question.id: weight for question in SHORT.questions}}
    assert results_of(weighted, SHORT) == results_of(data | {"weights": {}}, SHORT)
    assert results(weighted).sensitive is False


@given(answers_files(), st.sampled_from([0.5, 2, 4]))
def test_only_the_proportion_of_weights_matters(data: dict[str, Any], factor: float) -> None:
    whole = {question.id: data["weights"].get(question.id, 1) for question in SHORT.questions}
    scaled = data | {"weights": {id: weight * factor for id, weight in whole.items()}}
    assert results_of(scaled, SHORT) == results_of(data, SHORT)


@given(answers_files())
def test_a_link_scores_between_its_weakest_and_its_strongest_question(data: dict[str, Any]) -> None:
    found = results(data)
    claimed = {one.question.id: one.claimed for one in found.questions}
    for link, result in zip(SHORT.links, found.links, strict=True):
        levels = [level for question in link.questions if (level := claimed[question.id]) is not None]
        if result.whole.score is not None:
            assert min(levels) <= result.whole.score <= max(levels)


@given(answers_files())
def test_the_weakest_links_print_the_lowest_score(data: dict[str, Any]) -> None:
    found = results(data)
    printed = {link.slug: link.whole.printed for link in found.links}
    numbers = [number for number in printed.values() if number is not None]
    if found.weakest is None:
        assert len(numbers) < 5
    else:
        assert len(numbers) == 5
        assert {slug for slug in printed if printed[slug] == min(numbers)} == set(found.weakest)


@given(answers_files())
def test_an_account_with_its_results_gives_the_same_results_again(data: dict[str, Any]) -> None:
    document = results_of(data, SHORT)
    account = canonical_json(data | {"schema": "integriteitsketen/account/1", "results": document})
    again = results_of(json.loads(account), SHORT)
    assert again == document == json.loads(account)["results"]
    assert canonical_json(again) == canonical_json(json.loads(canonical_json(document)))


@given(answers_files())
def test_numbers_in_the_document_have_two_decimals_at_most(data: dict[str, Any]) -> None:
    def numbers(node: object) -> Iterator[float]:
        if isinstance(node, dict | list):
            for part in node.values() if isinstance(node, dict) else node:
                yield from numbers(part)
        elif isinstance(node, float):
            yield node

    assert all(len(repr(number).split(".")[1]) <= 2 for number in numbers(results_of(data, SHORT)))


# ---- Any input at all

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 6) | st.floats() | st.text(max_size=4) | IDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(IDS | st.sampled_from(["level", "state", "reason", "slug"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def places(node: Any) -> list[tuple[Any, Any]]:
    keys = node.keys() if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ()
    return [(node, key) for key in keys] + [place for key in keys for place in places(node[key])]


def refused_with_places(data: object) -> None:
    """Passes when the data is in order, or refused with a place and a reason for every fault."""
    try:
        round = parse(SHORT, data)
    except BadAnswers as refusal:
        assert refusal.faults and all(fault.place and fault.reason for fault in refusal.faults)
        assert len(set(refusal.faults)) == len(refusal.faults)
    else:
        score(SHORT, round).as_document()


@given(answers_files(), st.data(), JSON)
def test_a_file_with_one_thing_changed_is_scored_or_refused(
    data: dict[str, Any], chosen: st.DataObject, junk: object
) -> None:
    node, key = chosen.draw(st.sampled_from(places(data)))
    node[key] = junk
    refused_with_places(data)


@given(JSON)
@example(answers_file({"PA-01": [1, 2]}) | {"weights": {"PA-01": 10**400}})
@example(answers_file(answers=[{"question": "PA-01", "contributor": "c1", "level": 10**5000}]))
def test_whatever_is_offered_is_scored_or_refused(junk: object) -> None:
    refused_with_places(junk)


@pytest.mark.parametrize("part", ["answers", "weights", "agreed", "evidenced", "questionnaire", "track"])
@given(junk=JSON)
def test_whatever_stands_in_a_part_is_scored_or_refused(part: str, junk: object) -> None:
    refused_with_places(answers_file({"PA-01": [3]}) | {part: junk})
