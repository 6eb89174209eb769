"""The griffier's desk: what waits, how a report goes before the council, what it asks and is promised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import (
    Assessment,
    CouncilPromise,
    CouncilQuestion,
    CouncilRefused,
    Handling,
)
from assessments.status import Status
from organisations.models import LogEntry, User
from reports.council.desk import waiting_for
from tests.cast import check, make_adopted, react

pytestmark = pytest.mark.usefixtures("quick_pdf")
ClientOf = Callable[[str], Client]
TODAY = timezone.localdate
DAY = timedelta(days=1)


def page(round_: Assessment) -> str:
    return reverse("reports:handling", args=[round_.pk])


def ask(round_: Assessment, by: User, **words: Any) -> CouncilQuestion:
    asked = {"asked_by": "Fractie Groen", "text": "Wanneer is het klaar?", "asked_on": TODAY()}
    return CouncilQuestion.ask(round_, by, **{**asked, **words})


def promise(round_: Assessment, by: User, **words: Any) -> CouncilPromise:
    made = {"text": "Een register", "owner": "Secretaris", "made_on": TODAY(), "due": TODAY() + 30 * DAY}
    return CouncilPromise.record(round_, by, **{**made, **words})


def waits(user: User) -> list[str]:
    return [one.what for one in waiting_for(user)]


# What waits


@pytest.mark.parametrize(
    "status, what",
    [
        (Status.ADOPTED, []),
        (Status.EXECUTIVE, ["Controleer het verslag"]),
        (Status.SUBMITTED, ["Registreer het aanbieden"]),
        (Status.DISCUSSED, ["Publiceer het verslag"]),
        (Status.PUBLISHED, []),
    ],
)
def test_each_step_of_a_report_waits_for_the_griffier_in_its_time(
    status: Status, what: list[str], cast: dict[str, User]
) -> None:
    make_adopted(cast, status)
    assert waits(cast["greet"]) == what and waits(cast["anna"]) == waits(cast["chris"]) == []


def test_a_report_that_was_agreed_on_waits_again_when_something_changed(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    react(round_, cast["guus"])
    check(round_, cast["greet"])
    assert waits(cast["greet"]) == []
    react(round_, cast["guus"], "Toch anders.")
    assert waits(cast["greet"]) == ["Controleer het verslag opnieuw"]


def test_from_offering_to_treating_the_desk_asks_for_the_next_thing(cast: dict[str, User]) -> None:
    round_, greet = make_adopted(cast, Status.SUBMITTED), cast["greet"]
    now = Handling.register(round_, greet, "", offered_on=TODAY())
    assert waits(greet) == ["Zet het verslag op de agenda"]
    now = Handling.register(round_, greet, now.mark, meeting_on=TODAY() + DAY)
    (one,) = waiting_for(greet)
    assert (one.what, one.due, one.late) == ("Leg de behandeling vast", TODAY() + DAY, False)
    Handling.register(round_, greet, now.mark, meeting_on=TODAY() - DAY)
    assert waiting_for(greet)[0].late


def test_questions_and_promises_wait_by_their_day(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, greet = make_adopted(cast, Status.PUBLISHED), cast["greet"]
    promise(round_, greet)
    ask(round_, greet, due=TODAY() - DAY)
    ask(round_, greet, text="Zonder dag")
    assert waits(greet) == ["Vraag van de raad", "Toezegging aan de raad", "Vraag van de raad"]
    text = client_of("greet").get(reverse("reports:desk")).content.decode()
    assert "te laat" in text and "Zonder dag" in text and "geen dag" in text


def test_an_empty_desk_says_so(cast: dict[str, User], client_of: ClientOf) -> None:
    text = client_of("greet").get(reverse("reports:desk")).content.decode()
    assert "Er wacht nu niets op u." in text
    assert f'href="{reverse("reports:desk")}"' in text  # in the main menu


# Registering


def test_the_griffier_registers_how_it_goes(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, greet = make_adopted(cast, Status.SUBMITTED), client_of("greet")
    sent = {"which": "handling", "offered_on": TODAY().isoformat(), "number": "2026-114", "outcome": "Ja."}
    assert greet.post(page(round_), sent).status_code == 302
    assert round_.handling.number == "2026-114"
    text = client_of("anna").get(page(round_)).content.decode()
    assert "2026-114" in text and "Sla de behandeling op" not in text


def test_two_griffiers_on_one_report_get_a_choice(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, greet = make_adopted(cast, Status.SUBMITTED), client_of("greet")
    greet.post(page(round_), {"which": "handling", "number": "1"})
    response = greet.post(page(round_), {"which": "handling", "number": "2"})
    text = response.content.decode()
    assert response.status_code == 409 and "veranderde dit intussen" in text and 'value="2"' in text
    again = {"which": "handling", "number": "2", "shown": round_.handling.mark}
    assert greet.post(page(round_), again).status_code == 302
    assert Handling.objects.get().number == "2"


def test_what_cannot_be_is_said_where_it_is(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, greet = make_adopted(cast, Status.SUBMITTED), client_of("greet")
    today, before, after = (day.isoformat() for day in (TODAY(), TODAY() - DAY, TODAY() + DAY))
    wrong = [
        ({"which": "handling", "offered_on": after}, "Deze dag is nog niet geweest."),
        ({"which": "handling", "offered_on": today, "treated_on": before}, "vóór het is aangeboden"),
        ({"which": "question", "vraag-text": " ", "vraag-asked_on": today}, "Schrijf hier iets op."),
        ({"which": "question", "vraag-asked_on": today, "vraag-due": before}, "vóór de dag waarop het is"),
        ({"which": "promise", "toezegging-made_on": today, "toezegging-due": before}, "vóór de dag van de"),
        ({"which": "promise", "toezegging-text": "Ja"}, "Schrijf op wie het doet."),
    ]
    for sent, words in wrong:
        response = greet.post(page(round_), sent)
        assert response.status_code == 422 and words in response.content.decode(), words
    assert not (Handling.objects.exists() or CouncilQuestion.objects.exists())


@pytest.mark.parametrize("status", [Status.ADOPTED, Status.EXECUTIVE])
def test_nothing_is_registered_before_the_council_has_it(
    status: Status, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, status)
    assert "nog niet aan de raad aangeboden" in client_of("greet").get(page(round_)).content.decode()
    for write in (ask, promise):
        with pytest.raises(CouncilRefused, match="Dit kan pas"):
            write(round_, cast["greet"])
    with pytest.raises(CouncilRefused, match="Dit kan pas"):
        Handling.register(round_, cast["greet"], "", number="1")


def test_the_council_can_ask_while_a_report_is_corrected_and_not_once_it_is_withdrawn(
    cast: dict[str, User],
) -> None:
    round_ = make_adopted(cast, Status.PUBLISHED)
    Assessment.objects.filter(pk=round_.pk).update(status=Status.VALIDATION)
    asked = ask(round_, cast["greet"])
    Assessment.objects.filter(pk=round_.pk).update(status=Status.WITHDRAWN)
    with pytest.raises(CouncilRefused, match="ingetrokken"):
        ask(round_, cast["greet"])
    with pytest.raises(CouncilRefused, match="ingetrokken"):
        asked.reply("Ja.", TODAY())
    assert not CouncilQuestion.objects.open().exists()


# Questions and answers


@pytest.mark.parametrize("name", ["greet", "anna"])
def test_griffier_or_coordinator_answers_a_question_once(
    name: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, Status.SUBMITTED)
    fields = {"vraag-asked_by": "Fractie Groen", "vraag-text": "Wanneer?", "vraag-asked_on": TODAY()}
    assert client_of("greet").post(page(round_), {"which": "question", **fields}).status_code == 302
    asked = round_.council_questions.get()
    address = reverse("reports:council_question", args=[round_.pk, asked.pk])
    sent = {"answer": "In mei.", "answered_on": TODAY().isoformat()}
    assert client_of(name).post(address, sent).status_code == 302
    assert "In mei." in client_of("anna").get(page(round_)).content.decode()
    late = client_of(name).post(address, sent | {"answer": "In juni."})
    assert late.status_code == 409 and "In juni." in late.content.decode()
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_on) == ("In mei.", TODAY())


def test_a_question_is_found_at_its_own_round_only(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, other = make_adopted(cast, Status.SUBMITTED), make_adopted(cast, Status.SUBMITTED, year=2025)
    asked = ask(round_, cast["greet"])
    address = reverse("reports:council_question", args=[other.pk, asked.pk])
    assert client_of("greet").get(address).status_code == 404


# Promises


def settle(client: Client, made: CouncilPromise, **sent: Any) -> int:
    address = reverse("reports:council_promise", args=[made.assessment_id, made.pk])
    return client.post(address, {"reason": "", "day": TODAY().isoformat(), **sent}).status_code


def state(made: CouncilPromise) -> tuple[str, date | None, date | None]:
    found = CouncilPromise.objects.get(pk=made.pk)
    return found.outcome, found.moved_to, found.settled_on


def test_a_promise_is_kept_moved_or_dropped_with_a_reason(cast: dict[str, User], client_of: ClientOf) -> None:
    anna, round_ = client_of("anna"), make_adopted(cast, Status.SUBMITTED)
    made = promise(round_, cast["greet"])
    later = TODAY() + 60 * DAY
    assert settle(anna, made) == 422  # nothing chosen
    assert settle(anna, made, outcome="moved", day=later) == 422  # without a reason
    assert settle(anna, made, outcome="moved", day=TODAY(), reason="Ziek") == 409  # no later day
    assert settle(anna, made, outcome="moved", day=later, reason="Ziekte.") == 302
    assert state(made) == ("moved", later, None) and CouncilPromise.objects.open().get() == made
    assert settle(anna, made, outcome="done", day=later) == 422  # that day has not been
    assert settle(client_of("greet"), made, outcome="done") == 302
    assert state(made) == ("done", None, TODAY()) and not CouncilPromise.objects.open().exists()
    assert settle(anna, made, outcome="dropped", reason="Te duur.") == 409  # was settled
    dropped = promise(round_, cast["greet"])
    assert settle(anna, dropped, outcome="dropped", reason="Te duur.") == 302
    assert state(dropped) == ("dropped", None, TODAY())


def test_the_griffier_takes_the_last_steps_from_the_handling_page(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, greet = make_adopted(cast, Status.SUBMITTED), client_of("greet")
    for target in ("discussed", "published"):
        step = reverse("assessments:transition", args=[round_.pk, target])
        assert step in greet.get(page(round_)).content.decode()
        response = greet.post(step)
        assert response.headers["Location"] == page(round_)
    assert Assessment.objects.get().status == Status.PUBLISHED


def test_the_page_links_to_the_earlier_version_of_a_corrected_report(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, Status.SUBMITTED)
    first = round_.adoptions.get()
    round_.freeze(cast["anna"])
    Assessment.objects.filter(pk=round_.pk).update(status=Status.EXECUTIVE)
    round_.follow(Status.SUBMITTED, cast["anna"])
    text = client_of("greet").get(page(round_)).content.decode()
    assert reverse("reports:report", args=[first.pk]) in text and "vervangen door een nieuwe versie" in text


# What the log says of it


def test_what_the_griffier_writes_down_is_in_the_log_and_its_words_are_not(cast: dict[str, User]) -> None:
    round_, greet = make_adopted(cast, Status.SUBMITTED), cast["greet"]
    Handling.register(round_, greet, "", offered_on=TODAY(), outcome="Voor kennisgeving aangenomen")
    question = ask(round_, greet)
    question.reply("In het voorjaar.", TODAY())
    kept = promise(round_, greet)
    kept.settle("dropped", TODAY(), "Het hoeft niet meer")
    label = f", {round_.title} {round_.year}"
    entries = list(LogEntry.objects.order_by("number").values_list("what", flat=True))[-5:]
    assert entries == [
        f"behandeling in de raad{label}",
        f"vraag van de raad genoteerd{label}",
        f"vraag {question.pk} van de raad beantwoord{label}",
        f"toezegging genoteerd{label}",
        f"toezegging {kept.pk} vervallen{label}",
    ]


def test_what_was_refused_at_the_desk_is_not_in_the_log_as_done(cast: dict[str, User]) -> None:
    round_, greet = make_adopted(cast, Status.SUBMITTED), cast["greet"]
    question = ask(round_, greet)
    question.reply("In het voorjaar.", TODAY())
    Handling.register(round_, greet, "")
    before = LogEntry.objects.count()
    with pytest.raises(CouncilRefused):
        question.reply("Toch later.", TODAY())
    with pytest.raises(CouncilRefused):
        Handling.register(round_, greet, "een eerdere stand", offered_on=TODAY())
    assert LogEntry.objects.count() == before
