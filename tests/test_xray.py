"""The X-ray finds what its rules say, in a sentence, and knows nothing but what one person was asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.xray import Finding, Given, look
from chain.xray_rules import Contradiction
from tests.rounds import CHAIN

BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)
IDS = [question.id for question in CHAIN.questions]


def level(number: int, text: str = "", evidence: int = 1) -> Given:
    return Given(level=number, text=text, evidence=evidence)


def saved(after: float, number: int = 2) -> Given:
    """An answer that was saved once, so many seconds after the person began."""
    moment = BEGAN + timedelta(seconds=after)
    return Given(level=number, evidence=1, first_saved=moment, last_saved=moment)


def found(answers: dict[str, Given]) -> dict[str, Finding]:
    return {finding.slug: finding for finding in look(CHAIN, answers)}


# Contradictions


def test_a_contradiction_is_said_with_both_questions_and_what_was_answered() -> None:
    finding = found({"RE-07": level(0), "RE-03": level(3)})["eerste-dagen-zonder-bescherming"]
    assert finding.questions == ("RE-03", "RE-07")
    assert finding.kind == "contradiction"
    assert "(RE-03, niveau 3), maar" in finding.sentence.nl and "(RE-07, niveau 0)" in finding.sentence.nl
    assert "(RE-03, level 3), but" in finding.sentence.en
    assert finding.sentence.nl.endswith("Klopt dat? Dan hoeft u niets te doen.")


def test_a_state_can_contradict_too() -> None:
    finding = found({"RE-01": Given(state="not_occurred"), "NZ-07": level(3)})["bericht-zonder-meldingen"]
    assert finding.questions == ("RE-01", "NZ-07")
    assert "(RE-01, niet voorgekomen)" in finding.sentence.nl
    assert "(RE-01, did not occur)" in finding.sentence.en


@pytest.mark.parametrize(
    "answers",
    [
        {"RE-03": level(2), "RE-07": level(0)},
        {"RE-03": level(3), "RE-07": level(2)},
        {"RE-03": level(3), "RE-07": Given(state="unknown")},
        {"RE-03": level(3), "RE-07": Given(text="Moet ik nog uitzoeken.")},
        {"RE-03": level(3)},
        {"RE-07": level(0)},
        {},
    ],
)
def test_what_does_not_contradict_is_not_said(answers: dict[str, Given]) -> None:
    assert found(answers) == {}


@pytest.mark.parametrize("rule", [rule for rule in CHAIN.xray if isinstance(rule, Contradiction)], ids=str)
def test_every_contradiction_of_the_questionnaire_can_be_met(rule: Contradiction) -> None:
    answers = {
        one.question: Given(state=one.state, evidence=1)
        if one.state
        else level(one.at_least if one.at_least is not None else one.at_most or 0)
        for one in (*rule.when, *rule.but)
    }
    assert rule.slug in found(answers)
    for question in answers:
        assert rule.slug not in found({key: value for key, value in answers.items() if key != question})


# The other kinds


def test_a_high_level_without_evidence_is_counted() -> None:
    answers = {"PA-01": level(3, evidence=0), "PA-02": level(4, evidence=0), "PA-03": level(2, evidence=0)}
    finding = found({**answers, "PA-05": level(4)})["hoog-zonder-bewijs"]
    assert finding.questions == ("PA-01", "PA-02")
    assert finding.sentence.nl.startswith("U koos 2 keer niveau 3 of hoger zonder bewijs erbij.")


def test_the_same_text_is_found_however_it_is_typed() -> None:
    text = "Dit doen wij al jaren zo."
    same = [text, text.upper(), "  dit doen wij, al jaren, zo"]
    answers = {question: level(2, words) for question, words in zip(IDS, same, strict=False)}
    finding = found(answers | {IDS[3]: level(2, "Iets anders, maar wel lang genoeg.")})[
        "overal-dezelfde-tekst"
    ]
    assert finding.questions == tuple(IDS[:3])
    assert finding.sentence.nl.startswith("Bij 3 vragen staat dezelfde toelichting.")


@pytest.mark.parametrize(
    ("times", "text"), [(2, "Dit doen wij al jaren zo."), (9, "Zie boven."), (9, "?!" * 20)]
)
def test_two_times_or_a_short_text_is_no_repetition(times: int, text: str) -> None:
    assert "overal-dezelfde-tekst" not in found({question: level(2, text) for question in IDS[:times]})


def test_each_repeated_text_is_said_by_itself() -> None:
    texts = ["Dit doen wij al jaren zo.", "Dat staat in het jaarplan van dit jaar."]
    answers = {question: level(2, texts[number % 2]) for number, question in enumerate(IDS[:6])}
    findings = look(CHAIN, answers)
    assert [finding.questions for finding in findings] == [tuple(IDS[0:6:2]), tuple(IDS[1:6:2])]


def test_everything_at_the_maximum_is_said_from_eight_levels_on() -> None:
    answers = {question: level(4) for question in IDS[:8]} | {IDS[8]: Given(state="unknown")}
    assert found(answers)["overal-het-hoogste"].questions == tuple(IDS[:8])
    assert "overal-het-hoogste" not in found({question: level(4) for question in IDS[:7]})
    assert "overal-het-hoogste" not in found(answers | {IDS[8]: level(3)})


@pytest.mark.parametrize(
    ("count", "seconds", "said"),
    [
        (10, 149, "U vulde 10 vragen in binnen 3 minuten."),
        (10, 150, None),
        (9, 10, None),
        (40, 0, "U vulde 40 vragen in binnen 2 minuten."),
        (40, 599, "U vulde 40 vragen in binnen 10 minuten."),
    ],
)
def test_quick_is_from_the_first_save_to_the_last(count: int, seconds: int, said: str | None) -> None:
    answers = {question: saved(0) for question in IDS[: count - 1]} | {IDS[count - 1]: saved(seconds)}
    finding = found(answers).get("snel-ingevuld")
    assert (finding and finding.sentence.nl.split(". ")[0] + ".") == said


# Always


ANYTHING = st.builds(
    Given,
    level=st.none() | st.integers(0, 4),
    state=st.sampled_from(["", "unknown", "not_applicable", "not_occurred", "anders"]),
    text=st.sampled_from(["", "Dit doen wij al jaren zo.", "{count} {0} %s {", "ß" * 30]) | st.text(),
    evidence=st.integers(0, 2),
    first_saved=st.none() | st.datetimes(timezones=st.just(UTC)),
    last_saved=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@given(st.dictionaries(st.sampled_from([*IDS, "XX-01"]), ANYTHING))
def test_it_never_fails_keeps_one_order_and_names_only_what_was_asked(answers: dict[str, Given]) -> None:
    findings = look(CHAIN, answers)
    turned = dict(reversed(answers.items()))
    assert look(CHAIN, turned) == findings
    slugs = [rule.slug for rule in CHAIN.xray]
    assert [finding.slug for finding in findings] == sorted((one.slug for one in findings), key=slugs.index)
    for finding in findings:
        assert finding.questions and set(finding.questions) <= set(answers) & set(IDS)
        assert list(finding.questions) == sorted(finding.questions, key=IDS.index)
        asked = [question for question in IDS if question in finding.sentence.nl]
        assert set(asked) <= set(finding.questions)


@given(st.dictionaries(st.sampled_from(IDS), ANYTHING, min_size=1), st.data())
def test_what_was_not_asked_changes_no_finding_about_the_rest(
    answers: dict[str, Given], data: st.DataObject
) -> None:
    dropped = data.draw(st.sampled_from(sorted(answers)))
    rest = {key: value for key, value in answers.items() if key != dropped}
    before = [one for one in look(CHAIN, answers) if one.kind == "contradiction"]
    after = [one for one in look(CHAIN, rest) if one.kind == "contradiction"]
    assert after == [one for one in before if dropped not in one.questions]


def test_a_questionnaire_without_rules_finds_nothing() -> None:
    answers = {question: saved(0, 4) for question in IDS}
    assert {finding.kind for finding in look(CHAIN, answers)} >= {"quick", "all_at_maximum"}
    assert look(replace(CHAIN, xray=()), answers) == []
