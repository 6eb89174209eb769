"""Mail about rounds: who is asked hears it once, who is not done is warned, a digest comes once a week."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment, Assignment
from assessments.reminders import remind
from assessments.status import Status
from organisations.letter import Kind
from organisations.models import Membership, Message, Muted, User
from tests.cast import THEME, make_answers, make_message, make_round

ClientOf = Callable[[str], Client]
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, hour))


def make_due(cast: dict[str, User], days: int, today: date = TUESDAY, **details: Any) -> Assessment:
    """An open round whose last day is so many days after today."""
    round_ = make_round(cast, **details)
    round_.deadline = today + timedelta(days=days)
    round_.save()
    return round_


def sent() -> list[str]:
    """To whom, and about what, in the order of sending."""
    return [f"{one.to[0].split('@')[0]}: {one.subject}" for one in mail.outbox]


def step(client: Client, round_: Assessment, target: str, **data: str) -> None:
    assert client.post(f"/rondes/{round_.pk}/status/{target}/", data).status_code == 302


# Asked


def test_opening_a_round_asks_everyone_once(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.PREPARED, people=("bram", "fatima"))
    step(client_of("anna"), round_, "open")
    subject = "Er staan vragen voor u klaar: Jaarronde 2026"
    assert sorted(sent()) == [f"bram: {subject}", f"fatima: {subject}"]
    body = str(mail.outbox[0].body)
    assert "Anna vraagt u mee te doen aan Jaarronde 2026 van Gemeente Waterrijk." in body
    assert f"Er staan {len(round_.content.questions)} vragen voor u klaar" in body
    assert f"http://testserver/rondes/{round_.pk}/vragen/" in body
    assert "U krijgt dit bericht omdat" in body and "http://testserver/account/berichten/" in body


def test_preparing_a_round_asks_nobody(cast: dict[str, User], client_of: ClientOf) -> None:
    step(client_of("anna"), make_round(cast, Status.DRAFT), "prepared")
    assert not Message.objects.exists()


def test_who_opens_the_round_is_not_asked_by_mail(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.PREPARED, people=("chris",), organisation="hoogezand", leader="chris")
    step(client_of("chris"), round_, "open")
    assert not Message.objects.exists()


def test_only_who_can_answer_and_wants_it_is_asked(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.PREPARED, people=("bram", "fatima", "vera", "guus"))
    Muted.only(cast["fatima"], [Kind.ASKED])  # Vera and Guus are no contributors
    step(client_of("anna"), round_, "open")
    assert [line.partition(":")[0] for line in sent()] == ["bram"]


def test_a_theme_given_while_the_round_is_open_asks_who_is_new(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, Status.PREPARED)
    anna = client_of("anna")
    step(anna, round_, "open")
    address = f"/rondes/{round_.pk}/verdeling/"
    for people in (["bram", "fatima"], ["fatima"], ["bram", "fatima"]):
        users = [str(cast[name].pk) for name in people]
        data: dict[str, Any] = {
            f"{link.slug}/{theme.slug}": users for link in round_.content.links for theme in link.themes
        }
        data["shown"] = round_.delegation()
        assert anna.post(address, data).status_code == 302
    # Bram's themes were taken and given back: the second time he hears that, not that a round began.
    assert [line.partition(":")[0] for line in sent()] == ["bram", "fatima", "bram"]
    assert sent()[-1].startswith("bram: Er zijn vragen bij gekomen voor u")


@pytest.mark.parametrize("turn", [1, 2])
def test_who_was_asked_before_hears_of_what_comes_on_top_once_for_all_of_it(
    cast: dict[str, User], client_of: ClientOf, turn: int
) -> None:
    round_ = make_round(cast, Status.PREPARED, people=("bram", "fatima"))
    theme = round_.assignments.of_theme(*THEME)
    theme.filter(user=cast["bram"]).delete()
    anna = client_of("anna")
    step(anna, round_, "open")
    url = f"/rondes/{round_.pk}/verdeling/{THEME[0]}/{THEME[1]}/"
    data: dict[str, Any] = {"whole": [cast[name].pk for name in ("bram", "fatima")], "order": "in_turns"}
    data |= {f"turn-{cast['bram'].pk}": turn, f"turn-{cast['fatima'].pk}": 1}
    for _ in range(2):  # the same once more changes nothing
        assert anna.post(url, data | {"shown": theme.mark()}).status_code == 302
    new = [one for one in mail.outbox if one.subject.startswith("Er zijn vragen bij gekomen voor u")]
    assert len(new) == (turn == 1)  # whoever waits for a colleague hears it when it is their turn
    for one in new:
        here, text = round_.content.theme(*THEME), " ".join(str(one.body).split())
        assert one.to == ["bram@waterrijk.example"]
        assert f"Anna geeft u vragen erbij in {round_} van Gemeente Waterrijk" in text
        assert f"{len(here.questions)} vragen, bij {here.title}." in text


def test_a_step_that_is_refused_mails_nobody(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.PREPARED)
    round_.assignments.filter(link="nazorg").delete()
    assert client_of("anna").post(f"/rondes/{round_.pk}/status/open/").status_code == 409
    assert not Message.objects.exists()


def test_a_round_that_closes_takes_back_what_did_not_go_out(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, other = make_round(cast), make_round(cast, title="Hermeting")
    make_answers(round_, cast["bram"])
    for one in (round_, other):
        make_message(cast["bram"], key=f"round/{one.pk}/asked/{cast['bram'].pk}")
    step(client_of("anna"), round_, "closed")
    assert [message.key for message in Message.objects.all()] == [f"round/{other.pk}/asked/{cast['bram'].pk}"]


# The last day is near


@pytest.mark.parametrize("days, wanted", [(8, 0), (7, 1), (5, 1), (3, 1), (2, 1), (0, 1), (-1, 0)])
def test_a_warning_comes_a_week_and_two_days_before_the_last_day(
    days: int, wanted: int, cast: dict[str, User]
) -> None:
    make_due(cast, days)
    for _ in range(3):
        remind(at(TUESDAY))
    assert len(mail.outbox) == wanted


def test_there_are_two_warnings_in_all(cast: dict[str, User]) -> None:
    round_ = make_due(cast, 10)
    for day in range(12):
        Message.objects.update(created_at=at(TUESDAY) - timedelta(days=30))
        remind(at(TUESDAY + timedelta(days=day)))
    assert round_.deadline and [one.subject for one in mail.outbox if "laatste dag" in one.subject] == [
        "Jaarronde 2026: over 7 dagen is de laatste dag",
        "Jaarronde 2026: over 2 dagen is de laatste dag",
    ]


@pytest.mark.parametrize(
    "days, words", [(0, "Vandaag is"), (1, "Morgen, 25 november, is"), (7, "Over 7 dagen, op 1 december, is")]
)
def test_a_warning_says_when_and_how_much(days: int, words: str, cast: dict[str, User]) -> None:
    round_ = make_due(cast, days)
    make_answers(round_, cast["bram"], questions=["PA-01", "PA-02"])
    remind(at(TUESDAY))
    body, total = str(mail.outbox[0].body), len(round_.content.questions)
    assert f"{words} de laatste dag van Jaarronde 2026 van Gemeente Waterrijk." in body
    assert f"U hebt nog {total - 2} vragen te gaan." in body


def hand_in(round_: Assessment, user: User, **units: str) -> None:
    mine = round_.assignments.filter(user=user, **units)
    Assignment.hand_in(round_, user, mine.values_list("pk", flat=True))


def test_who_handed_in_everything_is_left_alone(cast: dict[str, User]) -> None:
    round_ = make_due(cast, 2, people=("bram", "fatima"))
    hand_in(round_, cast["bram"])
    remind(at(TUESDAY))
    assert [line.partition(":")[0] for line in sent()] == ["fatima"]


def test_who_answered_everything_is_asked_to_hand_it_in(cast: dict[str, User]) -> None:
    round_ = make_due(cast, 2)
    make_answers(round_, cast["bram"])
    remind(at(TUESDAY))
    body = str(mail.outbox[0].body)
    assert "U hebt alles beantwoord. Dien het in" in body and "te gaan" not in body
    assert f"http://testserver/rondes/{round_.pk}/inleveren/" in body


def test_a_warning_counts_neither_what_is_handed_in_nor_what_waits_for_a_colleague(
    cast: dict[str, User],
) -> None:
    round_ = make_due(cast, 2, people=("bram", "fatima"))
    hand_in(round_, cast["bram"], link="pro-actie")
    round_.assignments.filter(user=cast["fatima"]).update(turn=2)
    remind(at(TUESDAY))
    left = len(round_.content.questions) - len(round_.content.link("pro-actie").questions)
    bodies = {one.to[0].split("@")[0]: str(one.body) for one in mail.outbox}
    assert f"U hebt nog {left} vragen te gaan." in bodies["bram"]
    left = len(round_.content.link("pro-actie").questions)
    assert f"U hebt nog {left} vragen te gaan." in bodies["fatima"]


@pytest.mark.parametrize("status", [Status.PREPARED, Status.CLOSED])
def test_a_round_that_is_not_open_warns_nobody(status: Status, cast: dict[str, User]) -> None:
    make_due(cast, 2, status=status)
    remind(at(TUESDAY))
    assert not mail.outbox


def test_a_later_last_day_is_warned_of_again(cast: dict[str, User]) -> None:
    round_ = make_due(cast, 2)
    remind(at(TUESDAY))
    Message.objects.update(created_at=at(TUESDAY) - timedelta(days=3))
    Assessment.objects.filter(pk=round_.pk).update(deadline=TUESDAY + timedelta(days=7))
    remind(at(TUESDAY))
    assert len(mail.outbox) == 2


def test_who_was_asked_yesterday_is_not_warned_today(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_due(cast, 5, status=Status.PREPARED)
    step(client_of("anna"), round_, "open")
    Message.objects.update(created_at=at(TUESDAY) - timedelta(days=1))
    remind(at(TUESDAY))
    assert len(mail.outbox) == 1
    remind(at(TUESDAY + timedelta(days=2)))
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("hour, wanted", [(7, 0), (8, 1), (17, 1), (18, 0), (3, 0)])
def test_reminders_come_by_day(hour: int, wanted: int, cast: dict[str, User]) -> None:
    make_due(cast, 2)
    remind(at(TUESDAY, hour))
    assert len(mail.outbox) == wanted


# Once a week


def test_a_digest_comes_on_monday_and_once(cast: dict[str, User]) -> None:
    make_due(cast, 30)
    for day in range(7):
        for hour in (8, 12):
            remind(at(MONDAY + timedelta(days=day), hour))
    subject = "Uw weekoverzicht van het integriteitsportaal"
    assert sorted(sent()) == [f"anna: {subject}", f"bram: {subject}"]
    Message.objects.update(created_at=at(MONDAY))
    remind(at(MONDAY + timedelta(days=7)))
    assert len(mail.outbox) == 4


def test_a_digest_says_what_is_left_and_how_colleagues_stand(cast: dict[str, User]) -> None:
    round_ = make_due(cast, 30, people=("bram", "fatima"))
    make_answers(round_, cast["bram"], questions=["PA-01"])
    remind(at(MONDAY))
    bodies = {one.to[0].split("@")[0]: str(one.body) for one in mail.outbox}
    total = len(round_.content.questions)
    assert f"U hebt nog {total - 1} vragen te gaan." in bodies["bram"]
    assert "Invullen kan tot en met 24 december 2026." in bodies["bram"]
    assert "0 van de 2 deelnemers hebben alles ingediend. 1 is nog niet begonnen." in bodies["anna"]
    assert f"/rondes/{round_.pk}/\n" in bodies["anna"] and "omdat u een ronde leidt." in bodies["anna"]


@pytest.mark.parametrize(
    "people, words", [(("fatima",), "1 persoon wacht"), (("fatima", "vera"), "2 mensen wachten")]
)
def test_a_digest_and_the_closing_page_say_who_waits_for_a_colleague(
    people: tuple[str, ...], words: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    Membership.objects.get(user=cast["vera"]).set_roles(["contributor"])
    round_ = make_due(cast, 30, people=("bram", *people))
    make_answers(round_, cast["bram"], questions=["PA-01"])
    closing = f"/rondes/{round_.pk}/status/closed/"
    assert "op een collega" not in client_of("anna").get(closing).content.decode()
    round_.assignments.exclude(user=cast["bram"]).update(turn=2)
    remind(at(MONDAY))
    bodies = {one.to[0].split("@")[0]: str(one.body) for one in mail.outbox}
    assert f"{words} nog op een collega." in bodies["anna"]
    page = client_of("anna").get(closing).content.decode()
    assert f"{words} nog op een collega die eerst aan de beurt is." in page


def test_a_digest_is_one_mail_over_all_rounds(cast: dict[str, User]) -> None:
    rounds = [
        make_round(cast, title=title, people=("chris",), organisation="hoogezand", leader="chris")
        for title in ("Jaarronde", "Hermeting")
    ]
    remind(at(MONDAY))
    (one,) = mail.outbox
    for round_ in rounds:
        assert f"/rondes/{round_.pk}/vragen/" in one.body and f"/rondes/{round_.pk}/\n" in one.body
    assert "omdat er vragen voor u openstaan en u een ronde leidt." in one.body


def test_with_nothing_to_say_there_is_no_digest(cast: dict[str, User]) -> None:
    hand_in(make_due(cast, 30), cast["bram"])
    make_round(cast, Status.DRAFT, title="Hermeting")
    remind(at(MONDAY))
    assert [line.partition(":")[0] for line in sent()] == ["anna"]
    assert "Iedereen heeft alles ingediend. U kunt de ronde sluiten." in str(mail.outbox[0].body)


def test_a_digest_asks_to_hand_in_what_is_answered(cast: dict[str, User]) -> None:
    round_ = make_due(cast, 30)
    make_answers(round_, cast["bram"])
    remind(at(MONDAY))
    bodies = {one.to[0].split("@")[0]: str(one.body) for one in mail.outbox}
    assert "U hebt alles beantwoord. Dien het in" in bodies["bram"]
    assert f"/rondes/{round_.pk}/inleveren/" in bodies["bram"]
    assert "omdat u nog niet alles indiende." in bodies["bram"]
    assert "0 van de 1 deelnemers hebben alles ingediend." in bodies["anna"]


def test_who_was_warned_gets_no_digest_on_top(cast: dict[str, User]) -> None:
    make_due(cast, 2, today=MONDAY)
    remind(at(MONDAY))
    assert [one for one in sent() if one.startswith("bram")] == [
        "bram: Jaarronde 2026: over 2 dagen is de laatste dag"
    ]


def test_each_kind_can_be_done_without(cast: dict[str, User]) -> None:
    make_due(cast, 2, today=MONDAY)
    Muted.only(cast["bram"], [Kind.DEADLINE])
    Muted.only(cast["anna"], [Kind.DIGEST])
    remind(at(MONDAY))
    assert sent() == ["bram: Uw weekoverzicht van het integriteitsportaal"]


def test_who_left_or_was_switched_off_hears_nothing(cast: dict[str, User]) -> None:
    make_due(cast, 2, today=MONDAY, people=("bram", "fatima"))
    cast["bram"].memberships.all().delete()
    User.objects.filter(pk=cast["fatima"].pk).update(is_active=False)
    remind(at(MONDAY))
    assert not mail.outbox


# Text and HTML


def test_text_and_html_say_the_same(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_due(cast, 7, status=Status.PREPARED, people=("bram", "fatima"))
    step(client_of("anna"), round_, "open")
    for day in (TUESDAY, MONDAY + timedelta(days=7)):
        Message.objects.update(created_at=at(TUESDAY) - timedelta(days=3))
        remind(at(day))
    assert set(Message.objects.values_list("kind", flat=True)) == {Kind.ASKED, Kind.DEADLINE, Kind.DIGEST}
    for one in mail.outbox:
        assert isinstance(one, mail.EmailMultiAlternatives)
        html, text = str(one.alternatives[0][0]), str(one.body)
        page = " ".join(re.sub(r"<[^>]*>", " ", html.partition("</head>")[2]).split())
        links = re.findall(r"http://testserver/\w\S*", text)
        assert links and links == re.findall(r'href="([^"]*)', html)
        words = re.sub(r"http://\S*", "", text)
        for part in ("U krijgt dit bericht omdat", "Beste "):
            assert part in page and part in words
        assert set(re.findall(r"\b\d+\b", words)) == set(re.findall(r"\b\d+\b", page))
        assert not re.search(r"\b(None|null)\b|{{|{%| ,", words + page)
