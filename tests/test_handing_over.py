"""Handing over to a colleague, and passing a turn on: nothing that was answered goes away."""

from __future__ import annotations

import pytest

from assessments import letters
from assessments.delegating.division import Part
from assessments.models import Assessment, Assignment, RoundIsClosed, StepRefused
from assessments.models.delegation import HandOverRefused, divide, hand_over, pass_on
from assessments.status import Status
from organisations.models import Membership, Message, User
from organisations.roles import Role
from tests.cast import THEME, make_round, questionnaire, say

IDS = [question.id for question in questionnaire().theme(*THEME).questions]


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    return make_round(cast)


def over(round_: Assessment, giver: User, receiver: User, *questions: str) -> list[Assignment]:
    return hand_over(round_, *THEME, set(questions or IDS), giver, receiver, "Jij weet hier meer van.")


def has(round_: Assessment, user: User) -> list[str]:
    rows = round_.assignments.of_theme(*THEME).filter(user=user).order_by("question")
    return list(rows.values_list("question", flat=True))


def give(round_: Assessment, cast: dict[str, User], **parts: Part) -> None:
    divide(round_, *THEME, {cast[name].pk: part for name, part in parts.items()})


# The method


def test_a_theme_goes_to_a_colleague_with_a_note(cast: dict[str, User], round_: Assessment) -> None:
    say(round_, cast["bram"], IDS[0], level=2)
    (new,) = over(round_, cast["bram"], cast["fatima"])
    assert (has(round_, cast["bram"]), has(round_, cast["fatima"])) == ([], [""])
    kept = Assignment.objects.get(pk=new.pk)
    assert (kept.note, kept.handed_over_by) == ("Jij weet hier meer van.", cast["bram"])
    assert round_.answers.get().contributor == cast["bram"]


def test_of_a_theme_some_questions_go_and_the_others_stay(cast: dict[str, User], round_: Assessment) -> None:
    over(round_, cast["bram"], cast["fatima"], *IDS[:2])
    assert (has(round_, cast["bram"]), has(round_, cast["fatima"])) == (IDS[2:], IDS[:2])
    over(round_, cast["bram"], cast["fatima"], *IDS[2:])
    assert (has(round_, cast["bram"]), has(round_, cast["fatima"])) == ([], IDS)


def test_the_colleague_takes_the_turn(cast: dict[str, User], round_: Assessment) -> None:
    Membership.objects.get(user=cast["vera"]).set_roles([Role.CONTRIBUTOR])
    give(round_, cast, bram=Part(turn=1), vera=Part(turn=2))
    over(round_, cast["bram"], cast["fatima"], IDS[0])
    rows = round_.assignments.of_theme(*THEME)
    assert [one.turn for one in rows.filter(user=cast["fatima"])] == [1]
    waiting = rows.filter(user=cast["vera"]).waiting()
    assert {one.question for one in waiting} == set(IDS)
    rows.filter(user=cast["fatima"]).update(handed_in_at="2026-11-01T12:00Z")
    assert {one.question for one in waiting.all()} == set(IDS[1:])


def test_what_a_colleague_has_already_is_said(cast: dict[str, User], round_: Assessment) -> None:
    give(round_, cast, bram=Part(), fatima=Part(frozenset(IDS[:1])))
    for questions in (IDS[:2], IDS):
        with pytest.raises(HandOverRefused, match=rf"^Fatima heeft {IDS[0]} al\. Kies"):
            over(round_, cast["bram"], cast["fatima"], *questions)
    assert has(round_, cast["bram"]) == [""]
    over(round_, cast["bram"], cast["fatima"], *IDS[1:])
    assert (has(round_, cast["bram"]), has(round_, cast["fatima"])) == (IDS[:1], IDS)
    give(round_, cast, bram=Part(frozenset(IDS)), vera=Part())
    Membership.objects.get(user=cast["vera"]).set_roles([Role.CONTRIBUTOR])
    with pytest.raises(HandOverRefused, match=r"^Vera heeft dit thema al\."):
        over(round_, cast["bram"], cast["vera"], IDS[0])


@pytest.mark.parametrize("name", ["bram", "vera", "chris"])
def test_only_a_contributor_here_gets_it(name: str, cast: dict[str, User], round_: Assessment) -> None:
    with pytest.raises(HandOverRefused, match="functionaris"):
        over(round_, cast["bram"], cast[name])
    assert has(round_, cast["bram"]) == [""]


def test_what_was_handed_in_or_is_of_another_is_not_handed_over(
    cast: dict[str, User], round_: Assessment
) -> None:
    give(round_, cast, bram=Part(frozenset(IDS[:2])))
    round_.assignments.filter(question=IDS[0]).update(handed_in_at="2026-11-01T12:00Z")
    for questions in (IDS[:1], IDS[:2], IDS[1:3], ["NA-01"]):
        with pytest.raises(HandOverRefused, match="niet meer"):
            over(round_, cast["bram"], cast["fatima"], *questions)
    over(round_, cast["bram"], cast["fatima"], IDS[1])
    assert (has(round_, cast["bram"]), has(round_, cast["fatima"])) == (IDS[:1], IDS[1:2])


@pytest.mark.parametrize("status", [Status.PREPARED, Status.CLOSED, Status.ADOPTED])
def test_only_in_an_open_round(status: Status, cast: dict[str, User]) -> None:
    round_ = make_round(cast, status)
    with pytest.raises(RoundIsClosed):
        over(round_, cast["bram"], cast["fatima"])


# Passing a turn on


def test_a_turn_is_passed_on_and_nobody_loses_theirs(cast: dict[str, User], round_: Assessment) -> None:
    give(round_, cast, bram=Part(turn=1), fatima=Part(turn=2))
    with letters.turns(round_):
        pass_on(round_, *THEME)
    rows = round_.assignments.of_theme(*THEME)
    assert rows.ready().count() == 2
    assert [message.user for message in Message.objects.all()] == [cast["fatima"]]
    with pytest.raises(StepRefused, match="wacht nu niemand"):
        pass_on(round_, *THEME)


def test_passing_on_leaves_a_third_turn_waiting(cast: dict[str, User], round_: Assessment) -> None:
    Membership.objects.get(user=cast["vera"]).set_roles([Role.CONTRIBUTOR])
    give(round_, cast, bram=Part(turn=1), fatima=Part(turn=2), vera=Part(turn=3))
    pass_on(round_, *THEME)
    assert [one.user for one in round_.assignments.of_theme(*THEME).waiting()] == [cast["vera"]]


def test_a_turn_is_passed_on_at_each_question_that_has_one(cast: dict[str, User], round_: Assessment) -> None:
    give(round_, cast, bram=Part(frozenset(IDS[:2]), 1), fatima=Part(turn=2))
    round_.assignments.filter(user=cast["bram"], question=IDS[0]).update(handed_in_at="2026-11-01T12:00Z")
    pass_on(round_, *THEME)
    assert not round_.assignments.waiting().exists()


def test_a_turn_is_not_passed_on_twice_by_two_coordinators(cast: dict[str, User], round_: Assessment) -> None:
    give(round_, cast, bram=Part(turn=1), fatima=Part(turn=2), vera=Part(turn=3))
    shown = round_.assignments.of_theme(*THEME).mark()
    pass_on(round_, *THEME, shown)
    with pytest.raises(StepRefused, match="Iemand anders"):
        pass_on(round_, *THEME, shown)
