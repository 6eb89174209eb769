"""An answer that the validator gives back with a question: who may change what, and what of the levels."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from assessments.models import (
    Answer,
    AnswerConflict,
    Assessment,
    Content,
    Evidence,
    EvidencedLevel,
    JudgementRefused,
    JudgementRevision,
    RoundIsClosed,
    SentBack,
)
from assessments.models.evidence import Facts
from assessments.status import Status
from organisations.models import Membership, User
from tests.cast import bring_to, make_round, say

QUESTION, OTHER = "PA-01", "PA-10"
ASKED = "Waar blijkt dit uit?"
LINK = "https://intranet.waterrijk.example/code"


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    """In validation: Bram and Fatima said level 3 on two questions."""
    return make_checked(cast)


def make_checked(cast: dict[str, User], people: tuple[str, ...] = ("bram", "fatima")) -> Assessment:
    round_ = make_round(cast, people=people)
    for name in people:
        for question in (QUESTION, OTHER):
            say(round_, cast[name], question, level=3, explanation=f"Zo ziet {name} het.")
    bring_to(round_, Status.VALIDATION, cast["anna"])
    return round_


def send(round_: Assessment, cast: dict[str, User], to: str = "bram", question: str = QUESTION) -> SentBack:
    return SentBack.send(round_, question, cast[to], ASKED, cast["vera"])


# Who may change what


def test_exactly_the_answer_that_was_sent_back_can_be_changed(
    cast: dict[str, User], round_: Assessment
) -> None:
    send(round_, cast)
    say(round_, cast["bram"], QUESTION, 1, level=2)
    assert Answer.objects.get(question=QUESTION, contributor=cast["bram"]).level == 2
    for name, question in [("bram", OTHER), ("fatima", QUESTION)]:
        with pytest.raises(RoundIsClosed):
            say(round_, cast[name], question, 1, level=2)


def test_what_was_sent_twice_is_acknowledged_and_another_window_is_told(
    cast: dict[str, User], round_: Assessment
) -> None:
    send(round_, cast)
    for _ in range(2):
        say(round_, cast["bram"], QUESTION, 1, level=2)
    with pytest.raises(AnswerConflict) as conflict:
        say(round_, cast["bram"], QUESTION, 1, level=4)
    assert conflict.value.stored.content == Content(2)


@pytest.mark.parametrize("by", ["bram", "vera"])
def test_once_settled_or_taken_back_it_is_closed_again(
    by: str, cast: dict[str, User], round_: Assessment
) -> None:
    sent = send(round_, cast)
    sent.settle(cast[by], "Ik heb het verduidelijkt.")
    sent.refresh_from_db()
    assert sent.was_taken_back == (by == "vera")
    assert list(SentBack.objects.waiting_for(cast["bram"])) == []
    with pytest.raises(RoundIsClosed):
        say(round_, cast["bram"], QUESTION, 1, level=2)
    with pytest.raises(JudgementRefused, match="intussen afgehandeld"):
        sent.settle(cast["bram"], "Nog eens.")


def test_it_waits_for_this_person_only_and_no_longer_than_validation_lasts(
    cast: dict[str, User], round_: Assessment
) -> None:
    sent = send(round_, cast)
    assert [list(SentBack.objects.waiting_for(cast[name])) for name in ("bram", "fatima")] == [[sent], []]
    bring_to(round_, Status.ADOPTED, cast["anna"])
    assert list(SentBack.objects.waiting_for(cast["bram"])) == []
    with pytest.raises(RoundIsClosed):
        say(round_, cast["bram"], QUESTION, 1, level=2)
    with pytest.raises(JudgementRefused, match="in validatie"):
        sent.settle(cast["bram"], "Te laat.")


def test_evidence_can_be_added_at_that_question_by_that_person(
    cast: dict[str, User], round_: Assessment
) -> None:
    send(round_, cast)
    facts = Facts("Code", date(2026, 3, 1))
    Evidence.add_link(round_, QUESTION, facts, LINK, cast["bram"])
    for name, question in [("bram", OTHER), ("fatima", QUESTION)]:
        with pytest.raises(RoundIsClosed):
            Evidence.add_link(round_, question, facts, LINK, cast[name])
    assert Evidence.objects.count() == 1


# What cannot be sent back


def refusal(round_: Assessment, cast: dict[str, User], to: str = "bram", **changes: str) -> str:
    said = {"question": QUESTION, "text": ASKED, "by": "vera", **changes}
    with pytest.raises(JudgementRefused) as refused:
        SentBack.send(round_, said["question"], cast[to], said["text"], cast[said["by"]])
    return str(refused.value)


def test_what_cannot_be_sent_back_is_refused_in_words(cast: dict[str, User], round_: Assessment) -> None:
    assert refusal(round_, cast, text=" \n") == "Schrijf op wat u wilt weten."
    assert "uw eigen antwoord" in refusal(round_, cast, by="bram")
    assert refusal(round_, cast, question="PA-12") == "Bram heeft deze vraag niet beantwoord."
    assert refusal(round_, cast, to="guus") == "Guus heeft deze vraag niet beantwoord."
    send(round_, cast)
    assert refusal(round_, cast) == "U wacht al op Bram."
    assert SentBack.objects.count() == 1


def test_who_cannot_come_to_the_question_any_more_gets_nothing_back(
    cast: dict[str, User], round_: Assessment
) -> None:
    Membership.objects.get(user=cast["bram"]).set_roles(["executive"])
    round_.assignments.filter(user=cast["fatima"]).delete()
    assert refusal(round_, cast) == "Bram krijgt deze vraag niet meer te zien."
    assert refusal(round_, cast, to="fatima") == "Fatima krijgt deze vraag niet meer te zien."


def test_with_a_guest_whose_link_ended_the_validator_hears_what_helps(
    cast: dict[str, User], round_: Assessment
) -> None:
    User.objects.filter(pk=cast["bram"].pk).update(is_guest=True, is_active=False)
    cast["bram"].refresh_from_db()
    Membership.objects.get(user=cast["bram"]).delete()
    assert refusal(round_, cast).startswith("De link van Bram (extern) werkt niet meer. De coördinator kan")


@pytest.mark.parametrize("status", [Status.CLOSED, Status.ADOPTED])
def test_only_a_round_in_validation_gives_back(status: Status, cast: dict[str, User]) -> None:
    round_ = make_round(cast)
    say(round_, cast["bram"], QUESTION, level=3)
    bring_to(round_, status, cast["anna"])
    assert refusal(round_, cast) == "Dit kan alleen zolang de ronde in validatie is."


def test_the_database_itself_keeps_one_open_for_each_person_and_question(
    cast: dict[str, User], round_: Assessment
) -> None:
    sent = send(round_, cast)
    sent.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        sent.save(force_insert=True)


# What it does to the evidenced level


def test_sending_back_withdraws_the_evidenced_level_and_the_history_says_so(
    cast: dict[str, User], round_: Assessment
) -> None:
    for question in (QUESTION, OTHER):
        EvidencedLevel.record(round_, question, 3, "Gezien.", cast["vera"])
    send(round_, cast)
    assert [one.question for one in EvidencedLevel.objects.all()] == [OTHER]
    kept = JudgementRevision.objects.filter(question=QUESTION).values_list("kind", "level", "words", "by")
    vera = cast["vera"].pk
    assert list(kept) == [
        ("evidencedlevel", 3, "Gezien.", vera),
        ("withdrawn", 3, "Teruggegeven aan Bram.", vera),
    ]


def test_no_level_is_recorded_until_everybody_replied(cast: dict[str, User], round_: Assessment) -> None:
    sent = [send(round_, cast, name) for name in ("bram", "fatima")]
    for one in sent:
        with pytest.raises(JudgementRefused, match="Deze vraag is teruggegeven"):
            EvidencedLevel.record(round_, QUESTION, 2, "", cast["vera"])
        one.settle(one.contributor, "Zie het nieuwe stuk.")
    EvidencedLevel.record(round_, QUESTION, 2, "", cast["vera"])
    assert round_.facts().sent_back == 0


def test_a_level_is_held_against_the_answer_as_it_came_back(
    cast: dict[str, User], round_: Assessment
) -> None:
    sent = send(round_, cast)
    say(round_, cast["bram"], QUESTION, 1, level=1)
    sent.settle(cast["bram"])
    with pytest.raises(JudgementRefused, match="niet meer laten zien dan het niveau zelf: 1"):
        EvidencedLevel.record(round_, QUESTION, 3, "", cast["vera"])
