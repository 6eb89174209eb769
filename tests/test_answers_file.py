"""An answers file that is not in order is refused whole, with every fault named by its place."""

from typing import Any

import pytest

from chain.scoring import BadAnswers, parse
from tests.rounds import CHAIN, answers_file, results_of


def faults(data: object) -> list[str]:
    with pytest.raises(BadAnswers) as refusal:
        parse(CHAIN, data)
    return [str(fault) for fault in refusal.value.faults]


NA: dict[str, Any] = {"question": "PA-08", "contributor": "c1", "state": "not_applicable"}
LEVEL: dict[str, Any] = {"question": "PA-01", "contributor": "c1", "level": 3}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({**LEVEL, "question": "PA-99"}, "answers[0].question: unknown question 'PA-99'"),
        ({**LEVEL, "question": None}, "answers[0].question: unknown question null"),
        ({**LEVEL, "question": ["PA-01"]}, "answers[0].question: unknown question a list"),
        ({**LEVEL, "level": 5}, "answers[0].level: must be a whole number, 0 to 4, not 5"),
        ({**LEVEL, "level": -1}, "answers[0].level: must be a whole number, 0 to 4, not -1"),
        ({**LEVEL, "level": 2.0}, "answers[0].level: must be a whole number, 0 to 4, not 2.0"),
        ({**LEVEL, "level": "3"}, "answers[0].level: must be a whole number, 0 to 4, not '3'"),
        ({**LEVEL, "level": True}, "answers[0].level: must be a whole number, 0 to 4, not true"),
        ({**LEVEL, "level": {}}, "answers[0].level: must be a whole number, 0 to 4, not an object"),
        ({**LEVEL, "level": None}, "answers[0]: has no level and no state"),
        ({**LEVEL, "state": "unknown"}, "answers[0]: has a level and a state together"),
        ({**LEVEL, "contributor": ""}, "answers[0].contributor: must be a text, not ''"),
        ({**LEVEL, "contributor": 1}, "answers[0].contributor: must be a text, not 1"),
        ({**LEVEL, "explanation": "…"}, "answers[0]: unknown keys: 'explanation'"),
        ({**LEVEL, "helps": "ja"}, "answers[0].helps: must be one of yes, partly, no, unknown, not 'ja'"),
        ({**LEVEL, "helps": []}, "answers[0].helps: must be one of yes, partly, no, unknown, not a list"),
        (
            {**LEVEL, "level": 1, "helps": "yes"},
            "answers[0].helps: stands only beside a level of 2 or higher",
        ),
        (
            {**NA, "reason": "…", "helps": "yes"},
            "answers[0].helps: stands only beside a level of 2 or higher",
        ),
        (NA, "answers[0].reason: not_applicable needs a reason"),
        ({**NA, "reason": " \n"}, "answers[0].reason: not_applicable needs a reason"),
        ({**NA, "reason": False}, "answers[0].reason: must be a text, not false"),
        ({**NA, "state": "not_occurred"}, "answers[0].state: not_occurred is not allowed for PA-08"),
        (
            {**NA, "state": "unanswered"},
            "answers[0].state: must be one of unknown, not_applicable, not_occurred, not 'unanswered'",
        ),
        (
            {**NA, "state": []},
            "answers[0].state: must be one of unknown, not_applicable, not_occurred, not a list",
        ),
        ("PA-01", "answers[0]: must be an object, not 'PA-01'"),
    ],
)
def test_a_bad_answer_is_refused_by_its_place(answer: object, fault: str) -> None:
    assert faults(answers_file(answers=[answer])) == [fault]


AGREED = {"level": 2, "reason": "besproken"}


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ({"questionnaire": None}, "questionnaire: must name the questionnaire (slug, version), not null"),
        (
            {"questionnaire": {"version": "2026.2"}},
            "questionnaire.slug: must be 'integriteitsketen', not null",
        ),
        (
            {"questionnaire": {"slug": "integriteitsketen", "version": 2026.2}},
            "questionnaire.version: must be '2026.2', not 2026.2",
        ),
        (
            {"questionnaire": {"slug": "integriteitsketen", "version": "2026.2", "digest": "0" * 64}},
            "questionnaire.digest: the questionnaire at hand has another text than the one answered",
        ),
        ({"track": "middle"}, 'track: must be "full" or "light", not \'middle\''),
        ({"track": "light", "weights": {"PA-02": 2}}, "weights.PA-02: PA-02 is no part of the light track"),
        ({"answers": None}, "answers: must be a list, not null"),
        ({"answers": {"PA-01": 3}}, "answers: must be a list, not an object"),
        (
            {"answers": [LEVEL, {**LEVEL, "level": 2}]},
            "answers[1]: 'c1' answered PA-01 already, in answers[0]",
        ),
        ({"weights": []}, "weights: must be an object, not a list"),
        ({"weights": {"PA-99": 1}}, "weights.PA-99: unknown question 'PA-99'"),
        ({"weights": {"\x1b[2J\n": 1}}, r"weights.'\x1b[2J\n': unknown question '\x1b[2J\n'"),
        ({"weights": {"PA-01": 0}}, "weights.PA-01: must be a positive number, not 0"),
        ({"weights": {"PA-01": -0.5}}, "weights.PA-01: must be a positive number, not -0.5"),
        ({"weights": {"PA-01": True}}, "weights.PA-01: must be a positive number, not true"),
        ({"weights": {"PA-01": "2"}}, "weights.PA-01: must be a positive number, not '2'"),
        ({"weights": {"PA-01": float("nan")}}, "weights.PA-01: must be a positive number, not nan"),
        ({"weights": {"PA-01": float("inf")}}, "weights.PA-01: must be a positive number, not inf"),
        ({"agreed": {"PA-99": AGREED}}, "agreed.PA-99: unknown question 'PA-99'"),
        ({"agreed": {"PA-01": 2}}, 'agreed.PA-01: must be {"level": …, "reason": …}, not 2'),
        ({"agreed": {"PA-01": {**AGREED, "by": "c1"}}}, "agreed.PA-01: unknown keys: 'by'"),
        ({"agreed": {"PA-01": {"level": 2}}}, "agreed.PA-01.reason: an agreed level needs a reason"),
        (
            {"agreed": {"PA-01": {**AGREED, "level": True}}},
            "agreed.PA-01.level: must be a whole number, 0 to 4, not true",
        ),
        ({"evidenced": {"PA-99": 2}}, "evidenced.PA-99: unknown question 'PA-99'"),
        ({"evidenced": {"PA-01": "2"}}, "evidenced.PA-01: must be a whole number, 0 to 4, not '2'"),
        (
            {"evidenced": {"PA-01": {"level": 2}}},
            "evidenced.PA-01: must be a whole number, 0 to 4, not an object",
        ),
        ({"evidenced": {"PA-01": 2}}, "evidenced.PA-01: 2 while no level is claimed"),
        ({"evidenced": {"PA-01": 4}, "answers": [LEVEL]}, "evidenced.PA-01: 4 above the claimed level 3"),
        (
            {"evidenced": {"PA-01": 3}, "answers": [LEVEL], "agreed": {"PA-01": AGREED}},
            "evidenced.PA-01: 3 above the claimed level 2",
        ),
    ],
)
def test_a_bad_part_is_refused_by_its_place(part: dict[str, Any], fault: str) -> None:
    assert faults(answers_file() | part) == [fault]


def test_a_file_that_is_no_object_is_refused() -> None:
    assert faults([]) == ["the file: must be an object, not a list"]


def test_every_fault_is_named_at_once() -> None:
    data = answers_file(
        answers=[{**LEVEL, "level": 7}, 3, {**LEVEL, "contributor": "c2"}],
        weights={"PA-01": 0, "PA-02": 2},
        agreed={"XX-01": AGREED},
        evidenced={"PA-01": 9, "PA-02": 1},
    )
    assert [fault.split(":")[0] for fault in faults(data)] == [
        "answers[0].level",
        "answers[1]",
        "weights.PA-01",
        "agreed.XX-01",
        "evidenced.PA-01",
        "evidenced.PA-02",
    ]


@pytest.mark.parametrize("level", ["3", None, [], 7, 2.5])
def test_a_bad_answer_gives_no_second_fault_at_what_was_evidenced(level: object) -> None:
    data = answers_file(
        answers=[LEVEL, {**LEVEL, "contributor": "c2", "level": level}], evidenced={"PA-01": 4}
    )
    assert len(faults(data)) == 1
    agreed = {"PA-01": {"level": level, "reason": "besproken"}}
    assert len(faults(answers_file({"PA-01": [2]}, agreed=agreed, evidenced={"PA-01": 4}))) == 1
    assert len(faults(answers_file({"PA-01": [2]}, agreed={"PA-01": level}, evidenced={"PA-01": 4}))) == 1


def test_what_else_a_frozen_account_holds_is_passed_over() -> None:
    data = answers_file({"PA-01": [3]})
    account = data | {
        "schema": "integriteitsketen/account/1",
        "organisation": {"name": "Waterrijk"},
        "results": 3,
    }
    assert results_of(account) == results_of(data)
    digested = data | {"questionnaire": {**data["questionnaire"], "digest": CHAIN.digest}}
    assert results_of(digested) == results_of(data)


def test_null_is_the_same_as_not_there() -> None:
    data = answers_file(answers=[{**LEVEL, "state": None, "helps": None, "reason": None}], weights=None)
    assert results_of(data | {"agreed": None, "evidenced": None, "track": None}) == results_of(
        answers_file({"PA-01": [3]})
    )
