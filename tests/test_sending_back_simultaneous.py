"""A save, a settling and a judgement at the same moment, over real connections: each waits for the other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

import pytest
from django.db import connection, connections, transaction

from assessments.models import (
    Answer,
    AnswerConflict,
    Assessment,
    EvidencedLevel,
    JudgementRefused,
    RoundIsClosed,
    SentBack,
)
from organisations.models import User
from tests.cast import make_cast, say
from tests.test_sending_back import QUESTION, make_checked, send
from tests.test_simultaneous import at_once

pytestmark = pytest.mark.django_db(transaction=True)
Job = Callable[[], object]


@pytest.fixture
def cast() -> dict[str, User]:
    return make_cast()


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    return make_checked(cast)


@pytest.fixture(autouse=True)
def _no_connection_stays_behind() -> Iterator[None]:
    yield
    connections.close_all()


def outcome(job: Job) -> str:
    try:
        job()
    except (AnswerConflict, JudgementRefused, RoundIsClosed) as refused:
        return type(refused).__name__
    return "done"


def while_held(first: Job, second: Job) -> str:
    """What becomes of `second` when it comes while the transaction of `first` is not done yet: it waits."""
    said: list[str] = []

    def late() -> None:
        with closing(connection):
            said.append(outcome(second))

    thread = threading.Thread(target=late)
    with transaction.atomic():
        first()
        thread.start()
        thread.join(0.5)
        assert said == []
    thread.join(20)
    return said[0]


def save(round_: Assessment, cast: dict[str, User], version: int = 1, level: int = 1) -> None:
    say(round_, cast["bram"], QUESTION, version, level=level)


def test_a_save_that_waited_for_a_settling_is_refused(cast: dict[str, User], round_: Assessment) -> None:
    sent = send(round_, cast)
    assert while_held(partial(sent.settle, cast["bram"]), partial(save, round_, cast)) == "RoundIsClosed"
    assert Answer.objects.get(question=QUESTION, contributor=cast["bram"]).level == 3


def test_a_settling_waits_for_a_save_that_is_under_way(cast: dict[str, User], round_: Assessment) -> None:
    sent = send(round_, cast)
    assert while_held(partial(save, round_, cast), partial(sent.settle, cast["bram"])) == "done"
    assert Answer.objects.get(question=QUESTION, contributor=cast["bram"]).level == 1


def test_a_level_that_waited_for_a_sending_back_is_refused(cast: dict[str, User], round_: Assessment) -> None:
    record = partial(EvidencedLevel.record, round_, QUESTION, 3, "", cast["vera"])
    assert while_held(partial(send, round_, cast), record) == "JudgementRefused"
    assert not EvidencedLevel.objects.exists()


def test_a_sending_back_that_waited_for_a_level_withdraws_it(
    cast: dict[str, User], round_: Assessment
) -> None:
    record = partial(EvidencedLevel.record, round_, QUESTION, 3, "", cast["vera"])
    assert while_held(record, partial(send, round_, cast)) == "done"
    assert not EvidencedLevel.objects.exists()


def test_saving_settling_and_judging_without_pause_never_leaves_a_level_above_the_answer(
    cast: dict[str, User],
) -> None:
    """Nobody waits for ever either, and whatever is refused says why."""
    round_ = make_checked(cast, ("bram",))

    def back_and_forth(number: int) -> None:
        outcome(partial(send, round_, cast))
        for sent in SentBack.objects.open():
            outcome(partial(sent.settle, cast["bram"]))

    def answer(number: int) -> None:
        version = Answer.objects.get(question=QUESTION).version
        outcome(partial(save, round_, cast, version, number % 4))

    def judge(number: int) -> None:
        claimed = Answer.objects.get(question=QUESTION).level or 0
        outcome(partial(EvidencedLevel.record, round_, QUESTION, claimed, "", cast["vera"]))

    def often(job: Callable[[int], None]) -> None:
        for number in range(15):
            job(number)

    at_once(*(partial(often, job) for job in (back_and_forth, answer, answer, judge)))
    claimed = round_.claimed(QUESTION)
    evidenced = EvidencedLevel.objects.filter(question=QUESTION).first()
    assert evidenced is None or (claimed is not None and evidenced.level <= claimed)
