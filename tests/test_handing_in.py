"""Handing in: what one may, what another waits for, and that it never stands in anybody's way."""

from __future__ import annotations

import pytest

from assessments.models import Assessment, Assignment, HandInRefused, RoundIsClosed
from assessments.status import Status
from organisations.models import User
from tests.cast import THEME, make_round, say

LINK, SLUG = THEME


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    return make_round(cast)


def unit(round_: Assessment, user: User, question: str = "") -> Assignment:
    return round_.assignments.get(user=user, link=LINK, theme=SLUG, question=question)


def after(round_: Assessment, user: User) -> Assignment:
    """The same theme for somebody whose turn comes after Bram's."""
    return Assignment.objects.create(assessment=round_, link=LINK, theme=SLUG, user=user, turn=2)


# The method


def test_handing_in_twice_is_handing_in_once(cast: dict[str, User], round_: Assessment) -> None:
    mine = unit(round_, cast["bram"])
    assert Assignment.hand_in(round_, cast["bram"], [mine.pk]) == [mine]
    first = unit(round_, cast["bram"]).handed_in_at
    assert first is not None
    assert Assignment.hand_in(round_, cast["bram"], [mine.pk]) == []
    assert unit(round_, cast["bram"]).handed_in_at == first


def test_nobody_hands_in_for_another(cast: dict[str, User], round_: Assessment) -> None:
    mine = unit(round_, cast["bram"])
    assert Assignment.hand_in(round_, cast["fatima"], [mine.pk]) == []
    assert unit(round_, cast["bram"]).handed_in_at is None


def test_a_later_turn_hands_in_after_the_earlier_one(cast: dict[str, User], round_: Assessment) -> None:
    mine, theirs = unit(round_, cast["bram"]), after(round_, cast["fatima"])
    with pytest.raises(HandInRefused):
        Assignment.hand_in(round_, cast["fatima"], [theirs.pk])
    Assignment.hand_in(round_, cast["bram"], [mine.pk])
    assert Assignment.hand_in(round_, cast["fatima"], [theirs.pk]) == [theirs]


def test_another_question_of_the_theme_does_not_make_one_wait(
    cast: dict[str, User], round_: Assessment
) -> None:
    other = Assignment.objects.create(
        assessment=round_, link=LINK, theme=SLUG, question="PA-01", user=cast["fatima"], turn=2
    )
    assert Assignment.hand_in(round_, cast["fatima"], [other.pk]) == [other]


@pytest.mark.parametrize("status", [Status.PREPARED, Status.CLOSED, Status.ADOPTED])
def test_only_an_open_round_takes_it(cast: dict[str, User], status: Status) -> None:
    round_ = make_round(cast, status)
    with pytest.raises(RoundIsClosed):
        Assignment.hand_in(round_, cast["bram"], [unit(round_, cast["bram"]).pk])
    with pytest.raises(RoundIsClosed):
        unit(round_, cast["bram"]).take_back()


def test_what_was_handed_in_can_be_taken_back_and_handed_in_again(
    cast: dict[str, User], round_: Assessment
) -> None:
    mine = unit(round_, cast["bram"])
    Assignment.hand_in(round_, cast["bram"], [mine.pk])
    unit(round_, cast["bram"]).take_back()
    assert unit(round_, cast["bram"]).handed_in_at is None
    unit(round_, cast["bram"]).take_back()
    assert Assignment.hand_in(round_, cast["bram"], [mine.pk]) == [mine]


@pytest.mark.parametrize("went_on", ["answered", "handed in"])
def test_it_stays_once_a_later_turn_went_on_with_it(
    cast: dict[str, User], round_: Assessment, went_on: str
) -> None:
    mine, theirs = unit(round_, cast["bram"]), after(round_, cast["fatima"])
    Assignment.hand_in(round_, cast["bram"], [mine.pk])
    say(round_, cast["fatima"], "NA-01", level=1)  # of another theme
    unit(round_, cast["bram"]).take_back()
    Assignment.hand_in(round_, cast["bram"], [mine.pk])
    if went_on == "answered":
        say(round_, cast["fatima"], "PA-01", level=1)
    else:
        Assignment.hand_in(round_, cast["fatima"], [theirs.pk])
    with pytest.raises(HandInRefused):
        unit(round_, cast["bram"]).take_back()
    assert unit(round_, cast["bram"]).handed_in_at is not None
