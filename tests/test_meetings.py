"""The consensus meeting: held in validation only, its minutes stay, and what each said is left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessments.models import (
    AgreedLevel,
    Answer,
    Assessment,
    Content,
    JudgementRefused,
    JudgementRevision,
    Meeting,
    SentBack,
)
from assessments.status import Status
from organisations.models import Membership, User
from tests.cast import THEME, bring_to, make_answers, make_round, say

LINK = THEME[0]
QUESTION = "PA-01"


@pytest.fixture
def differing(cast: dict[str, User]) -> Assessment:
    """A round in validation; on PA-01 Bram says 3 and Fatima 0, on PA-02 both say 2."""
    round_ = make_round(cast, people=("bram", "fatima"))
    for question, levels in {"PA-01": (3, 0), "PA-02": (2, 2)}.items():
        for name, level in zip(("bram", "fatima"), levels, strict=True):
            say(round_, cast[name], question, level=level, explanation=f"{name} ziet {level}.")
    bring_to(round_, Status.VALIDATION, cast["anna"])
    return round_


@pytest.fixture
def meeting(cast: dict[str, User], differing: Assessment) -> Meeting:
    return Meeting.begin(differing, LINK, [cast["bram"]], chair=cast["anna"], minutes_a_question=4)


# Its life


def test_a_meeting_is_held_once_a_link(cast: dict[str, User], meeting: Meeting) -> None:
    with pytest.raises(JudgementRefused, match="intussen begonnen"):
        Meeting.begin(meeting.assessment, LINK, [], chair=cast["anna"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(assessment=meeting.assessment, link=LINK, chair=cast["anna"])
    assert Meeting.begin(meeting.assessment, "nazorg", [], chair=cast["anna"]).link == "nazorg"


def test_who_is_there_can_be_put_right_until_it_ends(cast: dict[str, User], meeting: Meeting) -> None:
    meeting.note([cast["fatima"]], chair=cast["bram"], others="De griffier", minutes_a_question=3)
    kept = Meeting.objects.get()
    assert ([*kept.present.all()], kept.chair, kept.others) == ([cast["fatima"]], cast["bram"], "De griffier")
    meeting.end(" Goed gesprek. ")
    with pytest.raises(JudgementRefused, match="afgesloten"):
        meeting.note([], chair=cast["anna"])
    with pytest.raises(JudgementRefused, match="al afgesloten"):
        meeting.end("")
    kept.refresh_from_db()
    assert (kept.closing, kept.chair, kept.has_ended) == ("Goed gesprek.", cast["bram"], True)


def test_an_ended_meeting_goes_on_when_reopened(meeting: Meeting) -> None:
    meeting.end("Tot volgende week.")
    meeting.reopen()
    kept = Meeting.objects.get()
    assert not kept.has_ended
    assert kept.closing == "Tot volgende week."
    kept.end("Klaar.")


@pytest.mark.parametrize("status", [Status.OPEN, Status.CLOSED, Status.ADOPTED])
def test_outside_validation_no_meeting_is_held(cast: dict[str, User], status: Status) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"])
    meeting = Meeting.objects.create(assessment=round_, link=LINK, chair=cast["anna"])
    bring_to(round_, status, cast["anna"])
    acts: list[Callable[[], object]] = [
        lambda: Meeting.begin(round_, "nazorg", [], chair=cast["anna"]),
        lambda: meeting.note([], others="x"),
        lambda: meeting.end(""),
        meeting.reopen,
    ]
    for act in acts:
        with pytest.raises(JudgementRefused, match="in validatie"):
            act()
    kept = Meeting.objects.get()
    assert (kept.others, kept.has_ended) == ("", False)


def test_a_meeting_is_held_against_the_round_as_it_is_now(cast: dict[str, User], meeting: Meeting) -> None:
    """The page was opened before the round was adopted."""
    Assessment.objects.filter(pk=meeting.assessment_id).update(status=Status.ADOPTED)
    with pytest.raises(JudgementRefused):
        meeting.end("Te laat.")


# What its minutes tell


def test_agreeing_leaves_what_each_one_said(cast: dict[str, User], meeting: Meeting) -> None:
    before = list(Answer.objects.values())
    AgreedLevel.record(meeting.assessment, QUESTION, 2, "Besproken.", cast["anna"], "Fatima blijft bij 0.")
    assert list(Answer.objects.values()) == before
    agreed = meeting.agreed()[QUESTION]
    assert (agreed.level, agreed.minority) == (2, "Fatima blijft bij 0.")
    said = [(one.person.name, one.content.level) for one in meeting.said([QUESTION])]
    assert said == [("Bram", 3), ("Fatima", 0)]


def test_an_answer_changed_after_the_meeting_is_told_as_it_was(
    cast: dict[str, User], meeting: Meeting
) -> None:
    meeting.end("")
    meeting.refresh_from_db()
    round_ = meeting.assessment
    SentBack.objects.create(
        assessment=round_, question=QUESTION, contributor=cast["bram"], text="Hoe?", by=cast["vera"]
    )
    say(round_, cast["bram"], QUESTION, shown=1, level=1, explanation="Toch niet.")
    SentBack.objects.create(
        assessment=round_, question="PA-03", contributor=cast["bram"], text="Hoe?", by=cast["vera"]
    )
    say(round_, cast["bram"], "PA-03", level=4)
    told = {
        one.question: one.content for one in meeting.said([QUESTION, "PA-03"]) if one.person.name == "Bram"
    }
    assert told == {QUESTION: Content(level=3, explanation="bram ziet 3.")}


def test_an_agreement_changed_after_the_meeting_is_told_as_it_was_and_that_it_changed(
    cast: dict[str, User], meeting: Meeting
) -> None:
    round_ = meeting.assessment
    for level in (1, 2):
        AgreedLevel.record(round_, QUESTION, level, f"Het werd {level}.", cast["anna"], f"Niet {level}.")
    meeting.end("")
    meeting.refresh_from_db()
    AgreedLevel.record(round_, QUESTION, 3, "Later bekeken.", cast["anna"])
    AgreedLevel.record(round_, "PA-02", 3, "Ook later.", cast["anna"])
    (agreed,) = meeting.agreed().values()
    assert (agreed.level, agreed.reason, agreed.minority) == (2, "Het werd 2.", "Niet 2.")
    assert agreed.changed_to == 3
    kept = JudgementRevision.objects.filter(question=QUESTION)
    assert [one.minority for one in kept] == ["Niet 1.", "Niet 2.", ""]


# Who may read them


def readers(cast: dict[str, User]) -> set[str]:
    return {name for name, user in cast.items() if Meeting.objects.minutes_visible_to(user).exists()}


def test_minutes_are_for_who_follows_and_once_ended_for_who_was_there_or_was_asked(
    cast: dict[str, User], differing: Assessment
) -> None:
    meeting = Meeting.begin(differing, LINK, [], chair=cast["anna"])
    differing.assignments.filter(user=cast["fatima"], link=LINK).delete()
    assert readers(cast) == {"anna", "vera"}
    meeting.end("")
    assert readers(cast) == {"anna", "vera", "bram"}
    meeting.present.add(cast["fatima"], cast["guus"])
    assert readers(cast) == {"anna", "vera", "bram", "fatima"}, "the executive reads the report"
    Membership.objects.get(user=cast["bram"]).set_roles(["executive"])
    assert readers(cast) == {"anna", "vera", "fatima"}


def test_minutes_of_a_round_that_was_withdrawn_are_nobodys(cast: dict[str, User], meeting: Meeting) -> None:
    meeting.end("")
    Assessment.objects.update(status=Status.WITHDRAWN)
    assert readers(cast) == set()


def test_an_answer_saved_at_the_very_end_belongs_to_the_meeting(meeting: Meeting) -> None:
    now = timezone.now()
    Meeting.objects.update(ended_at=now)
    Answer.objects.filter(question=QUESTION).update(saved_at=now)
    meeting.refresh_from_db()
    assert len(meeting.said([QUESTION])) == 2
    Answer.objects.filter(question=QUESTION).update(saved_at=now + timedelta(seconds=1))
    assert len(meeting.said([QUESTION])) == 2, "told from the revisions"
