"""The chapters about the plan and about last year's promises, made from the supplement alone."""

from __future__ import annotations

from typing import Any, cast

import pytest

from assessments.supplement import ActionDocument, PromiseDocument, SupplementDocument, bare
from chain.documents import canonical_json, digest
from reports.chapters import plan, promises
from reports.report import Report
from tests.accounts import account, questionnaire
from tests.test_report import html, text

ACTION: ActionDocument = {
    "key": 1,
    "what": "Oefen het meldprotocol",
    "why": "Het is nooit geoefend.",
    "owner": "teamleider HR",
    "due": "2026-06-30",
    "status": "decided",
    "reason": "",
    "barrier": "Ongeschreven regels en gewoonten",
    "change": "Wie een melding krijgt, weet wat te doen.",
    "link": "preparatie",
    "question": "PP-14",
    "area": "",
    "since": "Jaarronde 2025",
}
PROMISE: PromiseDocument = {
    "kind": "action",
    "what": "Stel een nazorgplan vast",
    "owner": "gemeentesecretaris",
    "due": "2025-03-31",
    "made": "Jaarronde 2024",
    "outcome": "open",
    "due_now": "2025-03-31",
    "reason": "",
}


def report(track: str = "full", **parts: Any) -> Report:
    document = account(track)
    beside = {**bare(digest(canonical_json(document)), 1), **parts}
    return Report.of(document, questionnaire(), supplement=cast(SupplementDocument, beside))


def action(**changes: Any) -> dict[str, Any]:
    return {**ACTION, **changes}


def promise(**changes: Any) -> dict[str, Any]:
    return {**PROMISE, **changes}


def test_without_their_parts_the_chapters_are_left_out() -> None:
    shown = report()
    assert not {"verbeterplan", "beloften"} & {entry.anchor for entry in shown.contents}
    assert 'id="verbeterplan"' not in html(shown) and 'id="beloften"' not in html(shown)


def test_an_empty_plan_and_a_report_without_promises_say_so() -> None:
    shown = text(html(report(actions=[], promises=[])))
    assert plan.NONE in shown and promises.NONE in shown


def test_a_row_of_the_plan_has_everything_that_was_filled_in() -> None:
    shown = text(html(report(actions=[action()])))
    told = ["Oefen het meldprotocol", "Preparatie, vraag PP-14", "Waarom: Het is nooit geoefend."]
    told += ["Teamleider HR 30 juni 2026", "Besloten In de weg: Ongeschreven regels en gewoonten"]
    told += ["Wat er daarna anders is: Wie een melding krijgt, weet wat te doen."]
    assert [one for one in told if one not in shown] == []


def test_what_was_carried_over_says_since_when() -> None:
    (group,) = report(actions=[action(since="Jaarronde 2023"), action()]).plan.groups
    assert [row.since for row in group.rows] == ["Staat in het plan sinds Jaarronde 2023.", ""]
    assert report(actions=[action(since="Jaarronde 2023"), action()]).plan.carried.startswith(
        "1 daarvan stond"
    )


def test_decided_stands_before_proposed_and_dropped_says_why() -> None:
    dropped = action(status="dropped", reason="De wet is veranderd.")
    rest = [action(status=status) for status in ("proposed", "running", "reported", "verified")]
    shown = report(actions=[dropped, *rest, action()])
    assert [(one.title, len(one.rows)) for one in shown.plan.groups] == [
        ("Besloten", 4),
        ("Voorgesteld", 1),
        ("Vervallen", 1),
    ]
    assert "Reden: De wet is veranderd." in text(html(shown))
    assert shown.plan.lead == (
        "In het plan: 4 verbeteringen waarover is besloten, 1 voorstel en 1 verbetering die is vervallen."
    )


def test_what_is_not_known_yet_is_said_and_an_unknown_question_left_out() -> None:
    bare_action = action(owner="", due=None, link="weg", question="XX-99", area="Inkoop", status="proposed")
    (group,) = report(actions=[bare_action]).plan.groups
    row = group.rows[0]
    assert (row.owner, row.due, row.origin) == (
        "nog niet bekend",
        "nog geen datum",
        "kwetsbaar gebied Inkoop",
    )


def test_promises_are_counted_and_what_went_otherwise_stands_first() -> None:
    told = [promise(outcome=outcome) for outcome in ("done", "open", "moved", "dropped", "done")]
    chapter = report(promises=told).promises
    assert chapter.lead == (
        "Uit het vorige verslag: 5 beloften. Daarvan 2 gedaan, 1 loopt nog, 1 verschoven en 1 vervallen."
    )
    assert [row.outcome for row in chapter.rows] == [
        "vervallen",
        "verschoven",
        "loopt nog",
        "gedaan",
        "gedaan",
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"outcome": "moved", "due_now": "2025-10-01", "reason": "De trainer viel uit."},
            "Verschoven , naar 1 oktober 2025 De trainer viel uit.",
        ),
        ({"outcome": "dropped", "reason": "De wet is veranderd."}, "Vervallen De wet is veranderd."),
        ({"outcome": "done", "due_now": "2025-10-01"}, "31 maart 2025 Gedaan"),
        ({"kind": "council", "made": "2024-06-26"}, "Toezegging aan de raad van 26 juni 2024"),
        ({}, "Verbeterplan van Jaarronde 2024"),
    ],
)
def test_a_promise_says_where_it_was_made_and_what_became_of_it(changes: Any, sentence: str) -> None:
    assert sentence in text(html(report(promises=[promise(**changes)])))


@pytest.mark.parametrize("track", ["full", "light"])
def test_the_order_of_the_contents_is_that_of_the_chapters(track: str) -> None:
    page = html(report(track, actions=[action()], promises=[promise()]))
    places = [page.index(f'id="{anchor}"') for anchor in ("wet", "beloften", "verbeterplan", "reactie")]
    assert places == sorted(places)


def test_a_longest_word_does_not_break_the_table() -> None:
    long = "Ondermijningsbestrijdingscoördinatoren" * 26
    page = html(report(actions=[action(why=long[:1000], change=long[:1000], owner=long[:120])]))
    assert page.count(long[:120]) >= 3
