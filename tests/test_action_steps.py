"""The life of an improvement is one table: who may take which step, and when."""

from __future__ import annotations

import pytest

from assessments.improving.steps import (
    STEPS,
    Stage,
    can_edit,
    can_move,
    may_lead,
    may_propose,
    steps_from,
)
from assessments.status import Status
from organisations.roles import Role

# Who may: c coordinator, v validator, e executive, r the one who looks after it (of whatever role).
TABLE = """
proposed  decided   c e
proposed  dropped   c e
decided   running   c r
decided   dropped   c e
running   reported  c r
running   dropped   c e
reported  verified  v
reported  running   c v r
reported  dropped   c e
"""
ROLES = {"c": Role.COORDINATOR, "v": Role.VALIDATOR, "e": Role.EXECUTIVE}
ROWS = [
    (source, target, who) for source, target, *who in (line.split() for line in TABLE.split("\n") if line)
]


def targets(stage: str, roles: set[str], *, responsible: bool = False, deciding: bool = True) -> set[str]:
    return {str(one.target) for one in steps_from(stage, roles, responsible=responsible, deciding=deciding)}


def test_the_table_holds_every_step() -> None:
    assert {(one.source, one.target) for one in STEPS} == {(source, target) for source, target, _ in ROWS}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("stage", list(Stage))
def test_each_role_may_take_its_own_steps_and_no_other(stage: str, role: Role) -> None:
    letter = next((sign for sign, one in ROLES.items() if one == role), "")
    expected = {target for source, target, who in ROWS if source == stage and letter in who}
    assert targets(stage, {role}) == expected


@pytest.mark.parametrize("stage", list(Stage))
def test_who_looks_after_it_may_report_how_it_goes(stage: str) -> None:
    expected = {target for source, target, who in ROWS if source == stage and "r" in who}
    assert targets(stage, {Role.CONTRIBUTOR}, responsible=True) == expected


def test_nothing_is_decided_before_the_executive_has_it() -> None:
    assert targets("proposed", {Role.EXECUTIVE}, deciding=False) == {"dropped"}


def test_the_natural_step_comes_first_and_dropping_last() -> None:
    for stage in (Stage.PROPOSED, Stage.DECIDED, Stage.RUNNING, Stage.REPORTED):
        found = steps_from(stage, set(Role), responsible=True, deciding=True)
        assert found[-1].target == Stage.DROPPED
        assert found[0].target != Stage.DROPPED


def test_what_cannot_be_undone_says_so_and_what_is_dropped_or_verified_asks_for_words() -> None:
    for step in STEPS:
        assert ("niet terugdraaien" in step.consequence) == step.is_final
        if step.target in (Stage.DROPPED, Stage.VERIFIED, Stage.REPORTED):
            assert step.asks.endswith("?")


@pytest.mark.parametrize("status", list(Status))
def test_something_is_proposed_from_the_opening_until_the_council_gets_it(status: Status) -> None:
    begun = status in (*_between(Status.OPEN, Status.EXECUTIVE),)
    for role in Role:
        proposes = role in (Role.COORDINATOR, Role.VALIDATOR, Role.EXECUTIVE)
        assert may_propose(status, {role}) == (begun and proposes)


def _between(first: Status, last: Status) -> list[Status]:
    life = list(Status)
    return life[life.index(first) : life.index(last) + 1]


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("stage", list(Stage))
def test_words_change_until_they_are_promised_and_then_only_the_date(stage: Stage, status: Status) -> None:
    offered = status not in _between(Status.DRAFT, Status.EXECUTIVE)
    assert can_edit(stage, status) == (stage == "proposed" or (stage == "decided" and not offered))
    assert not (can_edit(stage, status) and can_move(stage, status))
    assert can_move(stage, status) == (stage == "running" or (stage == "decided" and offered))


def test_coordinator_and_executive_lead() -> None:
    assert [role for role in Role if may_lead({role})] == [Role.COORDINATOR, Role.EXECUTIVE]


def test_each_stage_has_a_word_of_its_own() -> None:
    words = [stage.label for stage in Stage]
    assert words == ["voorgesteld", "besloten", "in uitvoering", "gereed gemeld", "geverifieerd", "vervallen"]
    assert {stage.tag for stage in Stage} == {"tag--attention", "tag--open", "tag--done", ""}
