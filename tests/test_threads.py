"""Talking beside the answer: who reads along, what is said, taken back, settled, and where it never goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from assessments.models import Assessment, Assignment, Remark, Thread
from assessments.models.remark import TalkIsOver, questions_with_talk, readers
from assessments.status import LIFE, RUNNING, Status
from organisations.models import User
from tests.cast import THEME, bring_to, make_answers, make_round

QUESTION = "PA-01"
OTHER = "PV-01"


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    """Bram has all themes; Fatima has one question, PA-01, and no more."""
    round_ = make_round(cast)
    link, theme = THEME
    Assignment.objects.create(
        assessment=round_, link=link, theme=theme, question=QUESTION, user=cast["fatima"]
    )
    return round_


# Who reads along


def test_whoever_has_the_question_and_who_leads_or_validates_reads_along(
    round_: Assessment, cast: dict[str, User]
) -> None:
    assert [user.name for user in readers(round_, QUESTION)] == ["Anna", "Bram", "Fatima", "Vera"]
    assert [user.name for user in readers(round_, OTHER)] == ["Anna", "Bram", "Vera"]


def test_who_left_or_was_switched_off_does_not_read_along(round_: Assessment, cast: dict[str, User]) -> None:
    cast["bram"].memberships.get().set_roles(["executive"])
    User.objects.filter(pk=cast["vera"].pk).update(is_active=False)
    assert [user.name for user in readers(round_, QUESTION)] == ["Anna", "Fatima"]


def test_a_thread_is_visible_to_exactly_those_people(round_: Assessment, cast: dict[str, User]) -> None:
    for question in (QUESTION, OTHER):
        Thread.say(round_, question, cast["bram"], "Hier is over te praten.")
    seen = {
        name: [one.question for one in Thread.objects.visible_to(user, round_).order_by("pk")]
        for name, user in cast.items()
    }
    assert {name for name, threads in seen.items() if threads == [QUESTION, OTHER]} == {
        "anna",
        "bram",
        "vera",
    }
    assert seen["fatima"] == [QUESTION]
    assert not any(seen[name] for name in ("guus", "greet", "bea", "chris"))
    assert [one.id for one in questions_with_talk(round_, cast["fatima"])] == [QUESTION]


# Saying


@pytest.mark.parametrize("status", [*LIFE, Status.WITHDRAWN])
def test_one_talks_while_the_round_runs_and_reads_after(status: Status, cast: dict[str, User]) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"], questions=[QUESTION])
    thread = Thread.say(round_, QUESTION, cast["bram"], "Eerder gezegd.").thread
    if LIFE.index(Status.OPEN) < (LIFE.index(status) if status in LIFE else 0):
        bring_to(round_, status, cast["anna"])
    Assessment.objects.filter(pk=round_.pk).update(status=status)
    if status in RUNNING:
        Thread.say(round_, QUESTION, cast["anna"], "Nu gezegd.")
        thread.settle(cast["anna"])
        thread.reopen()
    else:
        for late in (
            lambda: Thread.say(round_, QUESTION, cast["anna"], "Te laat gezegd."),
            lambda: thread.settle(cast["anna"]),
            thread.reopen,
        ):
            with pytest.raises(TalkIsOver):
                late()
    assert Remark.objects.count() == 1 + (status in RUNNING)


def test_a_button_that_is_pressed_twice_says_it_once(round_: Assessment, cast: dict[str, User]) -> None:
    first = Thread.say(round_, QUESTION, cast["bram"], "Ja.", [cast["anna"]])
    assert Thread.say(round_, QUESTION, cast["bram"], "Ja.", [cast["anna"]]) == first
    Thread.say(round_, QUESTION, cast["anna"], "Ja.")
    Thread.say(round_, "PA-02", cast["bram"], "Ja.")
    Remark.objects.update(at=timezone.now() - timedelta(seconds=61))
    assert Thread.say(round_, QUESTION, cast["bram"], "Ja.") != first
    assert [one.author.name for one in Remark.objects.filter(thread__question=QUESTION)] == [
        "Bram",
        "Anna",
        "Bram",
    ]


def test_nobody_mentions_themselves(round_: Assessment, cast: dict[str, User]) -> None:
    remark = Thread.say(round_, QUESTION, cast["bram"], "Ik kijk.", [cast["bram"], cast["anna"]])
    assert [user.name for user in remark.mentioned.all()] == ["Anna"]


# Taking back and settling


def test_what_is_taken_back_is_gone_but_that_it_was_said_is_not(
    round_: Assessment, cast: dict[str, User]
) -> None:
    remark = Thread.say(round_, QUESTION, cast["bram"], "Jan de Vries deed het.", [cast["anna"]])
    assert not remark.take_back(cast["anna"])
    remark.refresh_from_db()
    assert remark.text
    assert remark.take_back(cast["bram"]) and remark.take_back(cast["bram"])
    remark.refresh_from_db()
    assert (remark.text, remark.taken_back_at is None, remark.mentioned.count()) == ("", False, 0)


def test_a_name_that_slipped_in_is_taken_back_also_after_the_adoption(
    round_: Assessment, cast: dict[str, User]
) -> None:
    remark = Thread.say(round_, QUESTION, cast["bram"], "Jan de Vries deed het.")
    Assessment.objects.filter(pk=round_.pk).update(status=Status.ARCHIVED)
    assert remark.take_back(cast["bram"])


def test_a_settled_thread_opens_again_with_the_next_remark(round_: Assessment, cast: dict[str, User]) -> None:
    thread = Thread.say(round_, QUESTION, cast["bram"], "Klopt dit?").thread
    thread.settle(cast["anna"])
    thread.settle(cast["vera"])
    thread.refresh_from_db()
    assert thread.settled_by == cast["anna"]
    Thread.say(round_, QUESTION, cast["bram"], "Toch nog iets.")
    thread.refresh_from_db()
    assert thread.settled_at is None


# What others make of it


def test_what_can_be_printed_is_grouped_by_question_without_what_was_taken_back(
    round_: Assessment, cast: dict[str, User], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for question in (QUESTION, "PA-02", "PA-03"):
        Thread.say(round_, question, cast["bram"], f"Over {question}.", [cast["anna"]])
    Thread.say(round_, QUESTION, cast["anna"], "En nog iets.", [cast["bram"], cast["vera"]])
    Remark.objects.get(thread__question="PA-02").take_back(cast["bram"])
    elsewhere = make_round(cast, year=2025)
    Thread.say(elsewhere, QUESTION, cast["bram"], "In een andere ronde.")
    with django_assert_num_queries(2):
        found = Thread.objects.printable(round_, [QUESTION, "PA-02"])
        said = {
            question: [
                (one.author.name, one.text, sorted(user.name for user in one.mentioned.all())) for one in all_
            ]
            for question, all_ in found.items()
        }
    assert said == {
        QUESTION: [("Bram", "Over PA-01.", ["Anna"]), ("Anna", "En nog iets.", ["Bram", "Vera"])],
    }
    assert Thread.objects.counted(round_, [QUESTION, "PA-02", "PA-09"]) == {QUESTION: 2}
