"""Handing in: what one may, what another waits for, and that it never stands in anybody's way."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import (
    Answer,
    AnswerRevision,
    Assessment,
    Assignment,
    HandInRefused,
    RoundIsClosed,
)
from assessments.status import Status
from chain.models import PublishedQuestionnaire
from organisations.models import Message, User
from tests.cast import THEME, make_answers, make_round, questionnaire, say
from tests.evidence import make_evidence

ClientOf = Callable[[str], Client]
LINK, SLUG = THEME
NAME = f"{LINK}/{SLUG}"


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


# The page


def url(round_: Assessment) -> str:
    return f"/rondes/{round_.pk}/inleveren/"


def page(client: Client, round_: Assessment) -> str:
    return client.get(url(round_)).content.decode()


def answer_theme(round_: Assessment, user: User, level: int) -> None:
    for question in round_.content.theme(LINK, SLUG).questions:
        say(round_, user, question.id, level=level)


def ticked(text: str) -> list[str]:
    return re.findall(r'name="themes" value="([^"]+)"[^>]* checked', text)


def test_what_is_complete_is_ticked_and_what_is_empty_is_named_with_a_link(
    client_of: ClientOf, cast: dict[str, User], round_: Assessment
) -> None:
    answer_theme(round_, cast["bram"], level=1)
    say(round_, cast["bram"], "PA-02", state="unknown")
    text = page(client_of("bram"), round_)
    assert ticked(text) == [NAME]
    assert "4 van 4 beantwoord" in text and "1 van 2 beantwoord" in text
    assert f'/rondes/{round_.pk}/vragen/pro-actie/organisatie-van-integriteit/#PA-05"' in text
    assert '#PA-02"' not in text


def test_handing_in_a_theme_shows_it_with_its_moment_and_what_stayed_empty(
    client_of: ClientOf, cast: dict[str, User], round_: Assessment
) -> None:
    say(round_, cast["bram"], "PA-01", level=1)
    reply = client_of("bram").post(url(round_), {"themes": NAME}, follow=True)
    text = reply.content.decode()
    assert reply.redirect_chain == [(url(round_), 302)]
    assert "Ingediend: Richting en voorbeeld. Zonder antwoord: 3 vragen." in text
    assert f'name="back" value="{NAME}"' in text and f'name="themes" value="{NAME}"' not in text
    assert round_.assignments.exclude(handed_in_at=None).get().theme == SLUG


def test_a_second_click_says_the_same(client_of: ClientOf, round_: Assessment) -> None:
    client = client_of("bram")
    for _ in range(2):
        reply = client.post(url(round_), {"themes": NAME}, follow=True)
        assert reply.status_code == 200 and "Ingediend: Richting en voorbeeld." in reply.content.decode()


def test_who_handed_everything_in_reads_what_happens_next(client_of: ClientOf, round_: Assessment) -> None:
    names = [f"{link.slug}/{theme.slug}" for link in round_.content.links for theme in link.themes]
    text = client_of("bram").post(url(round_), {"themes": names}, follow=True).content.decode()
    assert "Bedankt. U hebt alles ingediend" in text and "De validator kijkt daarna" in text
    assert "Zonder antwoord: 82 vragen." in text and 'name="themes"' not in text


@pytest.mark.parametrize("themes", [[], ["pro-actie/bestaat-niet"], ["x"]])
def test_a_choice_that_is_none_is_said_and_nothing_is_handed_in(
    client_of: ClientOf, round_: Assessment, themes: list[str]
) -> None:
    reply = client_of("bram").post(url(round_), {"themes": themes})
    assert reply.status_code == 422 and "Dit is niet gelukt" in reply.content.decode()
    assert not round_.assignments.exclude(handed_in_at=None).exists()


def test_taking_a_theme_back(client_of: ClientOf, cast: dict[str, User], round_: Assessment) -> None:
    Assignment.hand_in(round_, cast["bram"], [unit(round_, cast["bram"]).pk])
    client = client_of("bram")
    text = client.post(url(round_), {"back": NAME}, follow=True).content.decode()
    assert "U kunt Richting en voorbeeld weer veranderen." in text
    assert unit(round_, cast["bram"]).handed_in_at is None
    again = client.post(url(round_), {"back": NAME}, follow=True)
    assert again.status_code == 200 and "weer veranderen" not in again.content.decode()


def test_what_comes_too_late_is_told_on_the_page_as_it_is_now(
    client_of: ClientOf, cast: dict[str, User], round_: Assessment
) -> None:
    client = client_of("bram")
    Assignment.hand_in(round_, cast["bram"], [unit(round_, cast["bram"]).pk])
    Assessment.objects.update(status=Status.CLOSED)
    for data in ({"themes": NAME}, {"back": NAME}):
        reply = client.post(url(round_), data)
        text = reply.content.decode()
        assert reply.status_code == 409 and "De ronde is intussen gesloten." in text
        assert "Deze ronde is gesloten." in text and 'name="themes"' not in text and "Haal terug" not in text
    assert unit(round_, cast["bram"]).handed_in_at is not None


def test_what_a_colleague_went_on_with_stays_and_the_page_says_so(
    client_of: ClientOf, cast: dict[str, User], round_: Assessment
) -> None:
    after(round_, cast["fatima"])
    Assignment.hand_in(round_, cast["bram"], [unit(round_, cast["bram"]).pk])
    say(round_, cast["fatima"], "PA-01", level=1)
    reply = client_of("bram").post(url(round_), {"back": NAME})
    assert reply.status_code == 409 and "is hier al mee verdergegaan" in reply.content.decode()


def test_who_waits_sees_so_and_hears_when_the_turn_comes(
    client_of: ClientOf, cast: dict[str, User], round_: Assessment
) -> None:
    after(round_, cast["fatima"])
    fatima = client_of("fatima")
    text = page(fatima, round_)
    assert "Een collega is eerst aan de beurt" in text and 'name="themes"' not in text
    assert "U hoeft nu niets in te dienen" in text
    assert fatima.post(url(round_), {"themes": NAME}).status_code == 422
    client_of("bram").post(url(round_), {"themes": NAME})
    assert [message.user for message in Message.objects.filter(key__contains="/turn/")] == [cast["fatima"]]
    assert f'name="themes" value="{NAME}"' in page(fatima, round_)


def test_of_single_questions_only_what_waits_stays_behind(
    client_of: ClientOf, cast: dict[str, User], round_: Assessment
) -> None:
    mine = {"assessment": round_, "link": LINK, "theme": SLUG, "user": cast["fatima"]}
    Assignment.objects.create(**mine, question="PA-01")
    Assignment.objects.create(**mine, question="PA-10", turn=2)
    Assignment.objects.create(assessment=round_, link=LINK, theme=SLUG, user=cast["anna"], question="PA-10")
    cast["anna"].memberships.get().set_roles(["coordinator", "contributor"])
    client = client_of("fatima")
    assert "0 van 1 beantwoord" in page(client, round_)
    client.post(url(round_), {"themes": NAME})
    handed_in = round_.assignments.filter(user=cast["fatima"]).exclude(handed_in_at=None)
    assert [one.question for one in handed_in] == ["PA-01"]
    text = page(client, round_)
    assert "wacht op een collega" in text and "Haal terug" in text


def test_who_closes_the_round_reads_how_many_handed_in_and_is_not_held_up(
    client_of: ClientOf, cast: dict[str, User]
) -> None:
    round_ = make_round(cast, people=("bram", "fatima"))
    say(round_, cast["bram"], "PA-01", level=1)
    Assignment.hand_in(round_, cast["bram"], round_.assignments.values_list("pk", flat=True))
    Assignment.hand_in(round_, cast["fatima"], [unit(round_, cast["fatima"]).pk])
    closing = f"/rondes/{round_.pk}/status/closed/"
    assert "1 van 2 mensen diende alles in." in client_of("anna").get(closing).content.decode()
    assert client_of("anna").post(closing).status_code == 302


# The X-ray beside it


def test_a_finding_is_shown_with_links_and_stops_nobody(
    client_of: ClientOf, cast: dict[str, User], round_: Assessment
) -> None:
    say(round_, cast["bram"], "RE-03", level=3)
    say(round_, cast["bram"], "RE-07", level=0)
    client = client_of("bram")
    text = page(client, round_)
    assert "(RE-03, niveau 3), maar dat er weinig of niets is geregeld" in text
    assert re.search(r'href="[^"]+/signalen-oppakken/#RE-03">Naar de vraag RE-03<', text)
    assert "1 keer niveau 3 of hoger zonder bewijs" in text and "dit houdt u nooit tegen" in text
    names = ["repressie/signalen-oppakken", "repressie/bescherming"]
    text = client.post(url(round_), {"themes": names}, follow=True).content.decode()
    assert "Ingediend: Signalen oppakken, Bescherming." in text and "Naar de vraag RE-03" not in text


def test_evidence_takes_the_remark_away(
    client_of: ClientOf, cast: dict[str, User], round_: Assessment
) -> None:
    say(round_, cast["bram"], "PA-01", level=3)
    assert "zonder bewijs erbij" in page(client_of("bram"), round_)
    make_evidence(round_, cast["bram"], question="PA-01")
    assert "zonder bewijs erbij" not in page(client_of("bram"), round_)


def test_only_ones_own_answers_are_looked_at_and_only_what_one_is_asked(
    client_of: ClientOf, cast: dict[str, User], round_: Assessment
) -> None:
    say(round_, cast["fatima"], "RE-03", level=3)
    say(round_, cast["bram"], "RE-07", level=0)
    assert "vallen op" not in page(client_of("bram"), round_) and "valt op" not in page(
        client_of("bram"), round_
    )
    say(round_, cast["bram"], "RE-03", level=3)
    round_.assignments.filter(user=cast["bram"], theme="signalen-oppakken").delete()
    assert "RE-03" not in page(client_of("bram"), round_)


def test_answers_that_came_at_once_are_pointed_out(
    client_of: ClientOf, cast: dict[str, User], round_: Assessment
) -> None:
    for question in round_.content.questions[:12]:
        say(round_, cast["bram"], question.id, level=4)
    text = page(client_of("bram"), round_)
    assert "U vulde 12 vragen in binnen 2 minuten." in text and "Toon de 12 vragen" in text
    assert "U koos bij alle 12 vragen" in text
    moment = timezone.now() - timedelta(hours=1)
    AnswerRevision.objects.filter(answer__question="PA-01").update(saved_at=moment)
    assert "U vulde 12 vragen in" not in page(client_of("bram"), round_)


@pytest.mark.parametrize("level", range(5))
def test_whatever_was_answered_it_can_be_handed_in(
    client_of: ClientOf, cast: dict[str, User], round_: Assessment, level: int
) -> None:
    make_answers(round_, cast["bram"], level)
    Answer.objects.update(explanation="Overal dezelfde tekst als antwoord.")
    names = [f"{link.slug}/{theme.slug}" for link in round_.content.links for theme in link.themes]
    text = client_of("bram").post(url(round_), {"themes": names}, follow=True).content.decode()
    assert "U hebt alles ingediend" in text


def test_a_questionnaire_from_before_the_xray_is_handed_in_as_well(
    client_of: ClientOf, cast: dict[str, User], round_: Assessment
) -> None:
    before = replace(questionnaire(), version="2026.1", xray=())
    round_.questionnaire = PublishedQuestionnaire.objects.publish(before)[0]
    round_.save()
    make_answers(round_, cast["bram"], 4)
    client = client_of("bram")
    assert "Kijk hier nog eens naar" not in page(client, round_)
    assert "Ingediend" in client.post(url(round_), {"themes": NAME}, follow=True).content.decode()
