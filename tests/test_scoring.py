"""Worked cases of every rule from answers to results."""

from typing import Any

import pytest

from chain.results import GroupDocument, LinkDocument, QuestionDocument
from tests.rounds import CHAIN, Said, answers_file, results_of, row

THEME = ("PA-01", "PA-10", "PA-12", "PA-13")  # the four questions of pro-actie, richting-en-voorbeeld


def link(said: Said, slug: str = "pro-actie", **rest: Any) -> LinkDocument:
    return next(link for link in results_of(answers_file(said, **rest))["links"] if link["slug"] == slug)


def theme(said: Said, **rest: Any) -> GroupDocument:
    """The figures of the first theme of pro-actie, which holds the questions of THEME."""
    return link(said, **rest)["themes"][0]


def question(said: Said, id: str = "RE-01", **rest: Any) -> QuestionDocument:
    return next(one for one in results_of(answers_file(said, **rest))["questions"] if one["id"] == id)


# ---- One question


@pytest.mark.parametrize(
    ("said", "agreed", "claimed", "spread", "discuss", "agreement"),
    [
        ([3], None, 3, 0, False, None),
        ([1, 2], None, 1, 1, False, None),  # two middle values: the lower
        ([3, 1], None, 1, 2, True, None),
        ([4, 0, 2], None, 2, 4, True, 0.33),
        ([0, 1, 1], None, 1, 1, False, 1),
        ([0, 1, 3, 4], None, 1, 4, True, 0.5),
        ([4, 4, 0, 0, 0, 4], None, 0, 4, True, 0.5),
        ([2, 3, 3, 4, 4], None, 3, 2, True, 1),
        ([3, "unknown", 1, "not_applicable"], None, 1, 2, True, None),  # two levels among four answers
        ([0, 2, 4], 3, 3, 4, False, 0.67),  # agreement is with the agreed level; nothing left to discuss
        ([0, 4], 0, 0, 4, False, None),
        (["unknown"], 2, 2, None, False, None),  # an agreed level needs no contributor's level
        ([], 4, 4, None, False, None),
        ([], None, None, None, False, None),
        ([1, 1, 2], 4, 4, 1, False, 0),
    ],
)
def test_levels_of_contributors_come_to_one_claimed_level(
    said: list[int | str],
    agreed: int | None,
    claimed: int | None,
    spread: int | None,
    discuss: bool,
    agreement: float | None,
) -> None:
    settled = {} if agreed is None else {"RE-01": {"level": agreed, "reason": "besproken"}}
    found = question({"RE-01": said}, agreed=settled)
    assert (found["claimed"], found["spread"]) == (claimed, spread)
    assert (found["discuss"], found["agreement"]) == (discuss, agreement)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ([], "unanswered"),
        (["unknown", "unknown"], "unknown"),
        (["unknown", "not_occurred"], "not_occurred"),
        (["unknown", "not_occurred", "not_applicable"], "not_applicable"),
        (["not_applicable", "not_occurred", "unknown", 0], "level"),
    ],
)
def test_a_question_without_a_level_has_the_first_state_that_anyone_gave(
    said: list[int | str], state: str
) -> None:
    assert question({"RE-01": said})["state"] == state


@pytest.mark.parametrize(
    ("words", "helps", "ritual"),
    [
        ([], None, False),
        (["unknown", "unknown"], None, False),
        (["yes"], "yes", False),
        (["yes", "partly"], "partly", False),
        (["yes", "no"], "no", True),
        (["yes", "yes", "no", "partly"], "yes", False),
        (["no", "partly", "partly", "unknown", "unknown", "unknown"], "partly", False),
        (["yes", "partly", "no"], "no", True),
    ],
)
def test_helps_is_what_most_say_and_at_a_tie_the_less_positive(
    words: list[str], helps: str, ritual: bool
) -> None:
    rows = [{**row("RE-01", f"c{n}", 2), "helps": word} for n, word in enumerate(words)]
    found = question({}, answers=rows or [row("RE-01", "c1", 2)])
    assert (found["helps"], found["ritual"]) == (helps, ritual)


@pytest.mark.parametrize(("agreed", "ritual"), [(0, False), (1, False), (2, True), (4, True)])
def test_a_ritual_is_claimed_on_paper_at_least(agreed: int, ritual: bool) -> None:
    rows = [{**row("RE-01", "c1", 2), "helps": "no"}]
    found = question({}, answers=rows, agreed={"RE-01": {"level": agreed, "reason": "besproken"}})
    assert (found["helps"], found["ritual"]) == ("no", ritual)


# ---- A group of questions


def test_the_worked_example_has_too_little_insight() -> None:
    said: Said = {"PA-01": [1, 3], "PA-10": [4], "PA-12": ["unknown"], "PA-13": ["not_applicable"]}
    assert theme(said, evidenced={"PA-10": 2}) == {
        "slug": "richting-en-voorbeeld",
        "score": None,
        "printed": None,
        "status": "too_little_insight",
        "coverage": 1,
        "unknown_share": 0.33,
        "distribution": {
            **{"0": 0, "1": 1, "2": 0, "3": 0, "4": 1},
            **{"unknown": 1, "not_applicable": 1, "not_occurred": 0, "unanswered": 0},
        },
        "reached": {"2": 1, "3": 1, "4": 1},
        "validated": 1,
        "gap": 2,
    }


def test_the_worked_example_with_one_more_level_has_a_score() -> None:
    said: Said = {"PA-01": [1, 3], "PA-10": [4], "PA-12": [2], "PA-13": ["not_applicable"]}
    found = theme(said, evidenced={"PA-10": 2})
    assert (found["score"], found["printed"], found["status"]) == (2.33, 2.5, "complete")
    assert (found["coverage"], found["unknown_share"], found["gap"]) == (1, 0, 2)


def test_a_status_goes_from_too_little_insight_to_complete() -> None:
    na: list[int | str] = ["not_applicable"]
    cases: list[tuple[Said, str]] = [
        ({}, "no_score"),
        (dict.fromkeys(THEME, na), "no_score"),
        ({id: ["unknown"] for id in THEME}, "too_little_insight"),
        ({"PA-01": [2]}, "provisional"),
        ({"PA-01": [2], "PA-10": na, "PA-12": na, "PA-13": na}, "complete"),
        ({"PA-01": [2], "PA-10": ["unknown"]}, "too_little_insight"),
    ]
    assert [theme(said)["status"] for said, _ in cases] == [status for _, status in cases]


def test_a_share_of_unknown_of_exactly_thirty_percent_still_has_a_score() -> None:
    ids = [one.id for one in CHAIN.link("pro-actie").questions]
    said: dict[str, list[int | str]] = {id: [2] if n < 7 else ["unknown"] for n, id in enumerate(ids[:10])}
    found = link(said)
    assert (found["unknown_share"], found["status"], found["score"]) == (0.3, "provisional", 2)
    found = link(said | {ids[10]: ["unknown"]})
    assert (found["unknown_share"], found["status"], found["score"]) == (0.36, "too_little_insight", None)
    assert found["printed"] is None and found["reached"] == {"2": 7, "3": 0, "4": 0}


def test_an_agreed_level_covers_a_question_that_nobody_answered() -> None:
    found = theme({"PA-01": ["unknown"]}, agreed={"PA-01": {"level": 3, "reason": "nagezocht"}})
    assert (found["coverage"], found["unknown_share"], found["score"]) == (0.25, 0, 3)
    found = theme({}, agreed={"PA-10": {"level": 3, "reason": "nagezocht"}})
    assert (found["coverage"], found["score"], found["distribution"]["unanswered"]) == (0.25, 3, 3)


@pytest.mark.parametrize(
    ("levels", "score", "printed"),
    [
        ((0, 0, 0, 1), 0.25, 0.5),  # halfway between 0 and a half: up
        ((0, 1, 1, 1), 0.75, 1),
        ((4, 4, 4, 3), 3.75, 4),
        ((2, 2, 2, 1), 1.75, 2),
        ((1, 2, 2), 1.67, 1.5),
        ((1, 1, 2), 1.33, 1.5),
        ((0, 0, 0, 0), 0, 0),
        ((4, 4, 4, 4), 4, 4),
    ],
)
def test_a_score_is_printed_in_halves_half_up(levels: tuple[int, ...], score: float, printed: float) -> None:
    found = theme({id: [level] for id, level in zip(THEME, levels, strict=False)})
    assert (found["score"], found["printed"]) == (score, printed)


def test_rounding_happens_once_and_exactly() -> None:
    """2.2475 is below a printed 2.5, though its two decimals, 2.25, would be printed so; 1.005 goes up."""
    found = theme({"PA-01": [2], "PA-10": [3]}, weights={"PA-01": 0.7525, "PA-10": 0.2475})
    assert (found["score"], found["printed"]) == (2.25, 2)
    found = theme({"PA-01": [1], "PA-10": [2]}, weights={"PA-01": 0.995, "PA-10": 0.005})
    assert found["score"] == 1.01


def test_weights_count_only_questions_with_a_level() -> None:
    said: Said = {"PA-01": [1], "PA-10": [4], "PA-12": ["not_applicable"]}
    assert theme(said, weights={"PA-01": 2, "PA-12": 50})["score"] == 2
    assert theme(said, weights={"PA-01": 1, "PA-10": 1})["score"] == 2.5
    assert theme(said, weights={"PA-01": 0.1, "PA-10": 0.2})["score"] == 3  # exactly a third and two thirds


def test_the_gap_is_over_the_validated_questions_and_knows_no_weights() -> None:
    said: Said = {"PA-01": [4], "PA-10": [3], "PA-12": [1], "PA-13": [0]}
    found = theme(said, evidenced={"PA-01": 2, "PA-10": 3, "PA-12": 0}, weights={"PA-01": 9})
    assert (found["validated"], found["gap"]) == (3, 1)
    assert (theme(said)["validated"], theme(said)["gap"]) == (0, None)
    assert theme({"PA-13": [0]}, evidenced={"PA-13": 0})["gap"] == 0


def test_a_link_is_cut_by_nature_by_dimension_and_by_theme() -> None:
    found = link({"PA-01": [4], "PA-10": [1], "PA-12": [2], "PA-13": ["unknown"]})
    parts = [found["hard"], found["soft"], found["design"], found["existence"], found["operation"]]
    assert [part and part["score"] for part in parts] == [4, None, 4, 2, None]
    assert [part and part["status"] for part in parts][1:] == [
        "too_little_insight",
        "provisional",
        "provisional",
        "too_little_insight",
    ]
    assert [theme["slug"] for theme in found["themes"]] == [
        theme.slug for theme in CHAIN.link("pro-actie").themes
    ]
    assert [theme["status"] for theme in found["themes"]] == ["complete", *["no_score"] * 5]


def test_a_part_without_questions_does_not_exist() -> None:
    found = link({"RE-01": [3]}, "repressie")
    assert found["design"] is None and found["existence"] is not None


# ---- The whole


def levels_of_links(*levels: int) -> dict[str, list[int | str]]:
    """One answered question in each of the links, in order."""
    return {link.questions[0].id: [level] for link, level in zip(CHAIN.links, levels, strict=False)}


@pytest.mark.parametrize(
    ("levels", "weakest"),
    [
        ((3, 2, 4, 1, 3), ["repressie"]),
        ((1, 2, 4, 1, 3), ["pro-actie", "repressie"]),
        ((2, 2, 2, 2, 2), ["pro-actie", "preventie", "preparatie", "repressie", "nazorg"]),
        ((0, 2, 3, 4), None),  # nazorg has no score
        ((), None),
    ],
)
def test_the_weakest_links_are_those_with_the_lowest_printed_score(
    levels: tuple[int, ...], weakest: list[str] | None
) -> None:
    assert results_of(answers_file(levels_of_links(*levels)))["weakest"] == weakest


def test_links_that_print_the_same_are_equally_weak_though_their_scores_differ() -> None:
    said = levels_of_links(1, 3, 3, 1, 3) | {"PA-10": [1], "PA-12": [1], "PA-13": [2], "PA-02": [1]}
    results = results_of(answers_file(said))
    assert [(link["score"], link["printed"]) for link in results["links"]][::3] == [(1.2, 1), (1, 1)]
    assert results["weakest"] == ["pro-actie", "repressie"]


def test_a_link_with_too_little_insight_leaves_no_weakest() -> None:
    said = levels_of_links(3, 3, 3, 3, 3) | {"NZ-02": ["unknown"]}
    assert results_of(answers_file(said))["weakest"] is None


@pytest.mark.parametrize(
    ("weights", "sensitive"),
    [
        ({}, False),
        ({"PA-01": 1, "PA-10": 1}, False),
        ({"PA-01": 2, "PA-10": 2}, False),
        ({"PA-01": 1.1}, False),  # 2.43 against 2.5 prints the same
        ({"PA-01": 2}, True),  # 2 against 2.5
        ({"PA-12": 100}, False),  # has no level
        ({"PV-01": 5}, False),  # the only level of its link
    ],
)
def test_a_round_is_sensitive_when_its_weights_change_what_is_printed(
    weights: dict[str, float], sensitive: bool
) -> None:
    said: Said = {"PA-01": [1], "PA-10": [4], "PV-01": [3]}
    assert results_of(answers_file(said, weights=weights))["sensitive"] is sensitive


@pytest.mark.parametrize(
    ("said", "evidenced", "status"),
    [
        ([3], 2, "shown"),
        ([4], 4, "shown"),
        ([2], None, "claimed"),
        ([4], None, "claimed"),
        ([4], 1, "not_shown"),  # validated, and found below the minimum
        ([1], None, "not_shown"),
        ([1], 1, "not_shown"),
        ([], None, "not_shown"),
        (["unknown"], None, "not_shown"),
        (["not_applicable", "unknown"], None, "not_applicable"),
        (["not_applicable", 2], None, "claimed"),
        (["not_applicable", 1], None, "not_shown"),
    ],
)
def test_a_legal_minimum_is_shown_claimed_or_not_shown(
    said: list[int | str], evidenced: int | None, status: str
) -> None:
    data = answers_file({"PA-01": said}, evidenced={} if evidenced is None else {"PA-01": evidenced})
    assert results_of(data)["legal"][0] == {"question": "PA-01", "minimum": 2, "status": status}


def test_a_legal_minimum_that_no_case_could_show_is_told_apart() -> None:
    legal = {
        one["question"]: one["status"]
        for one in results_of(answers_file({"PV-16": ["not_occurred"]}))["legal"]
    }
    assert legal.pop("PV-16") == "not_occurred"
    assert set(legal.values()) == {"not_shown"}
    assert list(legal) == [q.id for q in CHAIN.questions if q.legal_minimum is not None and q.id != "PV-16"]


def test_results_stand_in_the_order_of_the_questionnaire() -> None:
    results = results_of(answers_file({"NZ-01": [1], "PA-01": [1]}))
    assert [one["id"] for one in results["questions"]] == [question.id for question in CHAIN.questions]
    assert [one["slug"] for one in results["links"]] == [link.slug for link in CHAIN.links]
    assert results["schema"] == "integriteitsketen/results/1"
    assert results["questionnaire"] == {"slug": "integriteitsketen", "version": "2026.2"}


def test_the_light_track_counts_its_own_questions_only() -> None:
    results = results_of(answers_file({"PA-01": [2], "PA-10": [3]}, track="light"))
    pro_actie = results["links"][0]
    assert sum(pro_actie["distribution"].values()) == 4 and pro_actie["coverage"] == 0.5
    assert [theme["slug"] for theme in pro_actie["themes"]] == [
        "richting-en-voorbeeld",
        "gesprek-en-tegenspraak",
    ]
    assert pro_actie["existence"] is None and len(results["questions"]) == 33
