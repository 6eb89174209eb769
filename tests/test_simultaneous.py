"""Many at once: what was acknowledged is there, nothing is overwritten unseen, and nobody gets an error page.

Real connections and real transactions, on PostgreSQL and on SQLite alike: SQLite is a file here too, and the
portal's lock for one writer at a time (integrity_portal/middleware.py) is part of what is tried.
"""

from __future__ import annotations

import html
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from functools import partial
from typing import TypeVar

import pytest
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from assessments.answering.joining import joined
from assessments.delegating.division import Part
from assessments.models import (
    Answer,
    AnswerRevision,
    Assessment,
    Assignment,
    Content,
    RoundIsClosed,
    StepRefused,
)
from assessments.models.delegation import HandOverRefused, divide, hand_over
from assessments.status import Status, steps_from
from organisations import walls
from organisations.models import RightRefused, User
from organisations.roles import Role
from tests.cast import THEME, make_cast, make_round, say
from tests.pages import answer_url, fields

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 16
QUESTION = "PA-01"
T = TypeVar("T")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def cast() -> dict[str, User]:
    return make_cast()


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    return make_round(cast)


@pytest.fixture
def windows(cast: dict[str, User]) -> list[Client]:
    """Sixteen windows in which Bram is signed in."""
    clients = [Client(raise_request_exception=False) for _ in range(PEOPLE)]
    for client in clients:
        client.force_login(cast["bram"], backend=BACKEND)
    return clients


def at_once(*jobs: Callable[[], T]) -> list[T]:
    """What each job returns; they start together, each on a connection of its own."""
    ready = threading.Barrier(len(jobs))

    def start(job: Callable[[], T]) -> T:
        with closing(connection):
            ready.wait()
            return job()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(start, jobs))


def post(client: Client, round_: Assessment, version: int = 0, **given: object) -> int:
    data = {"questionnaire": round_.questionnaire_id, **fields(QUESTION, version, **given)}
    return client.post(answer_url(round_, QUESTION), data, headers={"HX-Request": "true"}).status_code


def test_of_many_first_answers_one_is_stored_and_the_others_hear_of_it(
    round_: Assessment, windows: list[Client]
) -> None:
    statuses = at_once(
        *(
            partial(post, client, round_, choice="2", explanation=str(number))
            for number, client in enumerate(windows)
        )
    )
    assert Counter(statuses) == {200: 1, 409: PEOPLE - 1}
    assert Answer.objects.get().explanation == str(statuses.index(200))
    assert AnswerRevision.objects.count() == 1


def test_the_same_answer_sent_many_times_is_stored_once(round_: Assessment, windows: list[Client]) -> None:
    statuses = at_once(*(partial(post, client, round_, choice="3", helps="yes") for client in windows))
    assert statuses == [200] * PEOPLE
    assert Answer.objects.get().content == Content(3, helps="yes")
    assert AnswerRevision.objects.count() == 1


def test_no_update_is_lost_when_everybody_adds_a_word(
    cast: dict[str, User], round_: Assessment, windows: list[Client]
) -> None:
    say(round_, cast["bram"], QUESTION, explanation="woorden:")

    def add(client: Client, word: str) -> set[int]:
        statuses = set()
        while 200 not in statuses:
            stored = Answer.objects.get()
            longer = f"{stored.explanation} {word}"
            statuses.add(post(client, round_, stored.version, explanation=longer))
        return statuses

    words = [f"w{number}" for number in range(PEOPLE)]
    statuses = set.union(*at_once(*map(partial(partial, add), windows, words)))
    answer = Answer.objects.get()
    assert statuses <= {200, 409}
    assert sorted(answer.explanation.split()[1:]) == sorted(words)
    assert [one.version for one in answer.revisions.all()] == list(range(1, PEOPLE + 2))
    assert answer.revisions.get(version=answer.version).content == answer.content


def test_windows_that_join_their_texts_lose_no_word(round_: Assessment, windows: list[Client]) -> None:
    """Each knows only its own page: what the others wrote it hears from the conflict, and joins it."""
    questions = [question.id for question in round_.content.theme(*THEME).questions[:3]]
    statuses: Counter[int] = Counter()

    def save(client: Client, word: str, question: str) -> None:
        version, text = "0", word
        while True:
            data = {"questionnaire": round_.questionnaire_id, **fields(question, version, explanation=text)}
            reply = client.post(answer_url(round_, question), data, headers={"HX-Request": "true"})
            statuses[reply.status_code] += 1
            if reply.status_code != 409:
                return
            page = reply.content.decode()
            theirs = html.unescape(page.split('data-explanation="')[1].split('"')[0])
            version, text = page.split('data-keep-mine data-version="')[1].split('"')[0], joined(word, theirs)

    def work(client: Client, number: int) -> None:
        order = questions[number % 3 :] + questions[: number % 3]  # not all in the same order: no deadlock
        for question in order:
            save(client, f"woord {number}.", question)

    at_once(*(partial(work, client, number) for number, client in enumerate(windows)))
    assert set(statuses) == {200, 409}
    for answer in Answer.objects.all():
        assert sorted(answer.explanation.split("\n\n")) == sorted(f"woord {n}." for n in range(PEOPLE))
        assert [one.version for one in answer.revisions.all()] == list(range(1, PEOPLE + 1))
    assert Answer.objects.count() == 3


def test_what_is_acknowledged_while_the_round_closes_is_kept_and_the_rest_is_refused(
    cast: dict[str, User], round_: Assessment, windows: list[Client]
) -> None:
    say(round_, cast["bram"], QUESTION, level=1)
    step = steps_from(Status.OPEN, [Role.COORDINATOR])[0]
    acknowledged: list[str] = []

    def answer(client: Client, name: int) -> int:
        """Saves on and on, until the round is closed."""
        for number in range(200):
            text = f"{name}: {number}"
            version = Answer.objects.get().version
            if post(client, round_, version, choice="2", explanation=text) == 200:
                acknowledged.append(text)
            elif not Assessment.objects.get().takes_answers:
                return post(client, round_, Answer.objects.get().version, choice="4")
        return 200

    def close() -> int:
        while len(acknowledged) < PEOPLE:
            time.sleep(0.01)
        Assessment.objects.get().take(step, cast["anna"])
        return 0

    last = at_once(*(partial(answer, client, name) for name, client in enumerate(windows[:4])), close)
    assert last == [409, 409, 409, 409, 0]
    stored = Answer.objects.get()
    kept = list(stored.revisions.filter(version__gt=1).values_list("explanation", flat=True))
    assert sorted(kept) == sorted(acknowledged)
    assert (stored.level, stored.explanation, stored.version) == (2, kept[-1], len(kept) + 1)


def test_a_closing_waits_for_a_save_that_is_under_way(cast: dict[str, User], round_: Assessment) -> None:
    say(round_, cast["bram"], QUESTION, level=1)
    step = steps_from(Status.OPEN, [Role.COORDINATOR])[0]
    closed = threading.Event()

    def close() -> None:
        with closing(connection):
            Assessment.objects.get().take(step, cast["anna"])
            closed.set()

    thread = threading.Thread(target=close)
    with transaction.atomic():
        say(round_, cast["bram"], QUESTION, 1, level=2)
        thread.start()
        assert not closed.wait(0.5)
    thread.join(20)
    assert closed.is_set()
    assert Assessment.objects.get().status == Status.CLOSED
    assert Answer.objects.get().level == 2


def test_a_save_waits_for_a_closing_that_is_under_way_and_is_refused(
    cast: dict[str, User], round_: Assessment
) -> None:
    say(round_, cast["bram"], QUESTION, level=1)
    step = steps_from(Status.OPEN, [Role.COORDINATOR])[0]
    outcome: list[str] = []

    def save() -> None:
        with closing(connection):
            try:
                say(round_, cast["bram"], QUESTION, 1, level=4)
                outcome.append("saved")
            except RoundIsClosed:
                outcome.append("refused")

    thread = threading.Thread(target=save)
    with transaction.atomic():
        Assessment.objects.get().take(step, cast["anna"])
        thread.start()
        thread.join(0.5)
        assert outcome == []
    thread.join(20)
    assert outcome == ["refused"]
    assert Answer.objects.get().level == 1


def test_handing_in_while_the_round_closes_comes_before_it_or_is_refused(
    cast: dict[str, User], round_: Assessment
) -> None:
    say(round_, cast["bram"], QUESTION, level=1)
    step = steps_from(Status.OPEN, [Role.COORDINATOR])[0]
    outcome: list[str] = []

    def hand_in() -> None:
        with closing(connection):
            try:
                Assignment.hand_in(round_, cast["bram"], list(units))
                outcome.append("handed in")
            except RoundIsClosed:
                outcome.append("refused")

    units = round_.assignments.filter(user=cast["bram"]).values_list("pk", flat=True)
    thread = threading.Thread(target=hand_in)
    with transaction.atomic():
        Assessment.objects.get().take(step, cast["anna"])
        thread.start()
        thread.join(0.5)
        assert outcome == []
    thread.join(20)
    assert outcome == ["refused"]
    assert not Assignment.objects.exclude(handed_in_at=None).exists()


def test_however_often_it_is_pressed_at_once_it_is_handed_in_once(
    cast: dict[str, User], round_: Assessment
) -> None:
    unit = round_.assignments.filter(user=cast["bram"])[0]
    found = at_once(*[partial(Assignment.hand_in, round_, cast["bram"], [unit.pk])] * 8)
    assert sorted(map(len, found)) == [0] * 7 + [1]


def test_a_round_is_adopted_once_however_many_press_the_button(
    cast: dict[str, User], round_: Assessment
) -> None:
    say(round_, cast["bram"], QUESTION, level=3)
    Assessment.objects.update(status=Status.VALIDATION)
    clients = [Client(raise_request_exception=False) for _ in range(8)]
    for client in clients:
        client.force_login(cast["anna"], backend=BACKEND)
    url = f"/rondes/{round_.pk}/status/adopted/"
    statuses = Counter(reply.status_code for reply in at_once(*(partial(one.post, url) for one in clients)))
    assert statuses[302] >= 1 and set(statuses) <= {302, 404, 409}  # who comes later is told that it is done
    assert round_.adoptions.count() == round_.history.filter(target="adopted").count() == 1


@pytest.fixture(autouse=True)
def _no_connection_stays_behind() -> Iterator[None]:
    yield
    connections.close_all()


def test_of_two_coordinators_who_divide_a_theme_at_once_one_is_told_to_look_again(
    cast: dict[str, User], round_: Assessment
) -> None:
    here = round_.assignments.of_theme(*THEME)
    shown = here.mark()

    def give(user: int) -> str:
        try:
            divide(round_, *THEME, {user: Part()}, shown)
        except StepRefused as refusal:
            return str(refusal)
        return str(user)

    found = at_once(partial(give, cast["fatima"].pk), partial(give, cast["vera"].pk))
    (told,) = (one for one in found if one.startswith("Iemand anders"))
    found.remove(told)
    assert [str(one.user_id) for one in here] == found


def test_of_two_windows_that_hand_over_the_same_one_does(cast: dict[str, User], round_: Assessment) -> None:
    questions = {question.id for question in round_.content.theme(*THEME).questions}

    def give(_: int) -> bool:
        try:
            hand_over(round_, *THEME, questions, cast["bram"], cast["fatima"], "Jij weet dit.")
        except HandOverRefused:
            return False
        return True

    assert sorted(at_once(*(partial(give, number) for number in range(4)))) == [False, False, False, True]
    assert [one.user for one in round_.assignments.of_theme(*THEME)] == [cast["fatima"]]


@pytest.mark.parametrize("what", ["membership", "role", "roles", "last day"])
def test_two_administrators_who_take_each_others_role_at_once_leave_one(
    what: str, cast: dict[str, User]
) -> None:
    cast["guus"].memberships.get().set_roles([Role.ADMINISTRATOR])
    tomorrow = timezone.localdate() + timedelta(days=1)

    def take(name: str, by: str) -> bool:
        with walls.of_person(cast[by].pk):
            member = cast[name].memberships.get()
            right = member.roles.get()
            acts: dict[str, Callable[[], object]] = {
                "membership": member.end,
                "role": partial(right.end, "herziening"),
                "roles": partial(member.set_roles, [Role.CONTRIBUTOR]),
                "last day": partial(right.limit, tomorrow, cast[by]),
            }
            try:
                acts[what]()
            except RightRefused:
                return False
            return True

    done = at_once(partial(take, "bea", "guus"), partial(take, "guus", "bea"))
    assert sorted(done) == [False, True]
