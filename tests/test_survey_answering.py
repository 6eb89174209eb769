"""Answering a survey without an account: page by page, in two languages, once, and without a trace."""

from __future__ import annotations

import logging
import random

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from integrity_portal.logs import WithoutTokens
from organisations.models import User
from surveys import answers, attempts
from surveys.models import Box, Group, Invite, Survey
from surveys.models.life import close
from tests.cast import make_round
from tests.surveys import make_links, make_open_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(cast: dict[str, User]) -> Survey:
    return make_open_survey(make_round(cast), cast["anna"])


@pytest.fixture
def token(survey: Survey) -> str:
    return make_links(survey.groups.get(name="Ruimte"), 1)[0]


def page(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def box() -> Box:
    return Box.objects.get(group__name="Ruimte")


def test_one_walks_through_the_links_and_sends_it_all_at_once(
    client: Client, survey: Survey, token: str
) -> None:
    url = f"/peiling/{token}/"
    assert "Veertig korte zinnen" in page(client, url) and "Ruimte" in page(client, url)
    assert client.post(url, {"together": ""}).url == f"{url}1/"  # type: ignore[attr-defined]
    first = page(client, f"{url}1/")
    assert "Deel 1 van 5" in first and first.count("<fieldset") == 8 and "weet ik niet" in first.lower()
    sent = client.post(f"{url}1/", {"PA-S1": "5", "PA-S2": "0", "remark": "Het is druk."})
    assert sent.status_code == 302 and sent.headers["Location"] == f"{url}2/"
    assert answers.size(box().contents) == 0
    last = page(client, f"{url}6/")
    assert "2 van de 40" in last and "6 zinnen open" in last
    done = client.post(f"{url}6/")
    assert done.headers["Location"] == "/peiling/bedankt/?taal=nl" and not client.cookies["peiling"].value
    counts = answers.counted(box().contents, survey.content.ids)
    assert counts["PA-S1"].values[4] == 1 and counts["PA-S2"].unknown == 1
    assert answers.remarks(box().contents) == [("pro-actie", "Het is druk.")]


def test_who_stops_goes_on_later_on_the_same_device(client: Client, token: str) -> None:
    url = f"/peiling/{token}/"
    client.post(f"{url}1/", {"PA-S1": "5", "remark": "Druk & 'vol' <b>"})
    assert 'value="5" id="id_PA-S1_4" checked' in page(client, f"{url}1/")
    assert "Druk &amp; &#x27;vol&#x27; &lt;b&gt;</textarea>" in page(client, f"{url}1/")
    assert "Er is al 1 antwoord ingevuld" in page(client, url)
    assert "Er is al" not in page(Client(), url)


def test_one_statement_at_a_time(client: Client, token: str) -> None:
    url = f"/peiling/{token}/"
    client.post(url, {"one": ""})
    first, eighth = page(client, f"{url}1/"), page(client, f"{url}8/")
    assert "Deel 1 van 40" in first and first.count("<fieldset") == 1 and "<textarea" not in first
    assert "<textarea" in eighth
    back = client.post(f"{url}8/", {"PA-S8": "3", "back": ""})
    assert back.headers["Location"] == f"{url}7/"


def test_in_english(client: Client, token: str) -> None:
    english = page(client, f"/peiling/{token}/?taal=en")
    assert '<html lang="en"' in english and "How do you experience it?" in english and "anonymous" in english
    assert "Waarom" not in english
    step = page(client, f"/peiling/{token}/1/")
    assert "Strongly agree" in step and "Part 1 of 5" in step and "Verder" not in step


def test_a_used_link_says_so_and_takes_nothing(client: Client, token: str) -> None:
    url = f"/peiling/{token}/"
    client.post(f"{url}1/", {"PA-S1": "5"})
    client.post(f"{url}6/")
    other = Client()
    for again in (other.get(url), other.post(f"{url}1/", {"PA-S1": "1"}), other.post(f"{url}6/")):
        assert again.status_code == 200 and "antwoorden zijn binnen" in again.content.decode()
    assert answers.size(box().contents) == 1


def test_nothing_filled_in_is_not_sent_and_the_link_stays_good(client: Client, token: str) -> None:
    assert "nog niets ingevuld" in client.post(f"/peiling/{token}/6/").content.decode()
    assert not Invite.objects.with_token(token).get().is_used


def test_a_wrong_choice_is_told_where_it_was_and_the_rest_stays(client: Client, token: str) -> None:
    wrong = client.post(f"/peiling/{token}/1/", {"PA-S1": "9", "PA-S2": "4", "remark": "x" * 501})
    text = wrong.content.decode()
    assert wrong.status_code == 422 and "Kies een van de antwoorden" in text and "501 tekens" in text
    assert 'value="4" id="id_PA-S2_3" checked' in text and "x" * 501 in text


def test_remarks_that_do_not_fit_on_the_device_are_not_lost_in_silence(client: Client, token: str) -> None:
    url = f"/peiling/{token}/"
    chance = random.Random(1)
    texts = ["".join(chr(chance.randrange(0x4E00, 0x9000)) for _ in range(500)) for _ in range(5)]
    refused = [
        client.post(f"{url}{number}/", {"remark": text}).status_code for number, text in enumerate(texts, 1)
    ]
    assert 422 in refused and refused[0] == 302
    assert "samen te lang" in client.post(f"{url}5/", {"remark": texts[4]}).content.decode()


def test_an_unknown_link_is_told_without_an_error_that_is_logged(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        for url in ("/peiling/bestaat-niet/", "/peiling/bestaat-niet/3/", "/peiling/code/NIET/"):
            answer = client.get(url)
            assert answer.status_code == 200 and "Deze link werkt niet" in answer.content.decode()
    assert "bestaat-niet" not in caplog.text


def test_no_address_of_a_link_comes_in_the_log(
    client: Client, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The filter is that of the one handler in the settings."""
    assert "'filters': ['secret']" in str(settings.LOGGING["handlers"])
    caplog.handler.addFilter(WithoutTokens())
    with caplog.at_level(logging.DEBUG):
        client.get(f"/peiling/{token}/99/")
        client.post(f"/peiling/{token}/1/", {"PA-S1": "x"})
        client.post(f"/peiling/{token}/1/", {"PA-S1": "3"})
        Client(enforce_csrf_checks=True).post(f"/peiling/{token}/1/", {"PA-S1": "3"})
        client.put(f"/peiling/{token}/1/")
        client.post(f"/peiling/{token}/6/")
        client.get(f"/peiling/{token}/")
    assert token not in caplog.text


def test_answering_makes_no_session(client: Client, token: str) -> None:
    client.post(f"/peiling/{token}/1/", {"PA-S1": "5"})
    client.post(f"/peiling/{token}/6/")
    assert not Session.objects.exists()
    assert set(client.cookies) <= {"peiling", "csrftoken", "csrf"}


def test_a_closed_survey_says_so(client: Client, survey: Survey, token: str) -> None:
    client.post(f"/peiling/{token}/1/", {"PA-S1": "5"})
    close(survey)
    assert "Deze link werkt niet" in client.post(f"/peiling/{token}/6/").content.decode()


def test_by_a_code_from_a_poster(client: Client, survey: Survey) -> None:
    Group.objects.filter(name="Ruimte").update(code="ABCD2345")
    assert "Code invullen" in page(client, "/peiling/code/")
    wrong = client.post("/peiling/code/", {"code": "XXXX"})
    assert wrong.status_code == 422 and "XXXX" in wrong.content.decode()
    url = client.post("/peiling/code/", {"code": " abcd-2345 "}).headers["Location"]
    assert url == "/peiling/code/ABCD2345/" and "zwakker" in page(client, url)
    client.post(f"{url}1/", {"PA-S1": "5"})
    client.post(f"{url}6/")
    assert answers.size(box().contents) == 1
    assert "al geantwoord" in page(client, url) and "al geantwoord" not in page(Client(), url)


def test_who_leaves_a_shared_device_wipes_what_was_filled_in(client: Client, token: str) -> None:
    url = f"/peiling/{token}/"
    client.post(f"{url}1/", {"PA-S1": "5", "remark": "Alleen voor mij."})
    assert "Wis wat hier is ingevuld" in page(client, url)
    assert client.post(url, {"wipe": ""}).headers["Location"] == url
    assert "Wis wat hier" not in page(client, url) and "Alleen voor mij" not in page(client, f"{url}1/")


def test_nor_by_trying_addresses_while_who_is_answering_goes_on(client: Client, survey: Survey) -> None:
    Group.objects.filter(name="Ruimte").update(code="ABCD2345")
    url = "/peiling/code/ABCD2345/"
    client.post(f"{url}1/", {"PA-S1": "5"})
    guessing = Client()
    for number in range(attempts.MOST):
        guessing.get(f"/peiling/code/FOUT{number}/")
    assert guessing.get(url).headers["Location"] == "/peiling/code/"
    assert "te veel verkeerde codes" in page(guessing, "/peiling/code/")
    assert "Deel 1 van 5" in page(client, f"{url}1/")


def test_codes_cannot_be_guessed_by_trying(client: Client, survey: Survey) -> None:
    Group.objects.filter(name="Ruimte").update(code="ABCD2345")
    for _ in range(attempts.MOST):
        client.post("/peiling/code/", {"code": "FOUT"})
    assert "te veel verkeerde codes" in client.post("/peiling/code/", {"code": "ABCD2345"}).content.decode()
