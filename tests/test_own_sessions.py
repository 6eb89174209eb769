"""Where somebody is signed in, and ending that; failed sign-ins in the log without drowning it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.db.models import F
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from integrity_portal.sessions import BEGAN
from organisations.log.acts import Act
from organisations.models import FailedSignIn, LogEntry, User
from organisations.signing.browsers import browser
from organisations.signing.told import tell_the_rest
from tests.cast import PASSWORD
from tests.factors import with_password

ClientOf = Callable[[str], Client]
PAGE = "/account/apparaten/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604.1"


def sign_in(agent: str, password: str = PASSWORD, email: str = "bram@waterrijk.example") -> Client:
    client = Client(headers={"User-Agent": agent})
    client.post("/account/login/", {"login": email, "password": password})
    return client


def test_each_session_is_shown_and_can_be_ended_from_another(cast: dict[str, User]) -> None:
    here, there = sign_in(FIREFOX), sign_in(PHONE)
    shown = here.get(PAGE).context["sessions"]
    assert [name for _, name in shown] == ["Safari, iPhone", "Firefox, Linux"]
    assert here.post(f"{PAGE}{shown[0][0].pk}/").status_code == 302
    assert there.get("/").status_code == 302 and here.get("/").status_code == 200
    told = LogEntry.objects.filter(act=Act.SIGN_OUT).get()
    assert told.what == "op een ander apparaat"


def test_all_others_end_at_once(cast: dict[str, User]) -> None:
    here, *others = (sign_in(FIREFOX) for _ in range(3))
    assert here.post(f"{PAGE}andere/").status_code == 302
    assert [one.get("/").status_code for one in (here, *others)] == [200, 302, 302]


def test_nobody_ends_the_session_of_somebody_else(cast: dict[str, User], client_of: ClientOf) -> None:
    bram = sign_in(FIREFOX)
    session = bram.get(PAGE).context["sessions"][0][0].pk
    for name in ("fatima", "bea", "chris"):
        assert client_of(name).post(f"{PAGE}{session}/").status_code == 404
    assert bram.get("/").status_code == 200


def test_a_session_ends_eight_hours_after_signing_in_however_it_is_used(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    bram = client_of("bram")

    def later(hours: float) -> float:
        """Keeps something in the session as if it began so long before; the hours that are left."""
        session = bram.session
        session[BEGAN] = int(time.time() - hours * 3600)
        session.save()
        end = Session.objects.get(pk=session.session_key).expire_date
        return (end - timezone.now()).total_seconds() / 3600

    assert later(0) == pytest.approx(8, abs=0.1) and later(7.5) == pytest.approx(0.5, abs=0.1)
    assert bram.get("/").status_code == 200
    assert later(8.1) < 0 and bram.get("/").status_code == 302
    anew = with_password(cast["bram"]).session
    assert anew[BEGAN] == pytest.approx(time.time(), abs=60)


def test_another_password_ends_the_other_sessions_and_is_told_by_mail(cast: dict[str, User]) -> None:
    here, there = sign_in(FIREFOX), sign_in(PHONE)
    new = {"oldpassword": PASSWORD, "password1": "nog een lange zin", "password2": "nog een lange zin"}
    here.post("/account/password/change/", new)
    assert here.get("/").status_code == 200 and there.get("/").status_code == 302
    assert "Uw wachtwoord is veranderd." in str(mail.outbox[-1].body)


@pytest.mark.parametrize(
    "agent, name",
    [
        (FIREFOX, "Firefox, Linux"),
        (PHONE, "Safari, iPhone"),
        ("curl/8", "?"),
        ("", "?"),
        ("Android", "Android"),
    ],
)
def test_a_browser_is_called_what_people_call_it(agent: str, name: str) -> None:
    assert browser(agent) == name


# Failed sign-ins


def told() -> list[tuple[str, str]]:
    return list(LogEntry.objects.filter(act=Act.SIGN_IN).order_by("pk").values_list("result", "what"))


def test_a_flood_of_guesses_is_two_entries(cast: dict[str, User], settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = False
    for _ in range(40):
        sign_in(FIREFOX, "gok")
    assert told() == [("failed", "")]
    tell_the_rest()
    assert len(told()) == 1  # the quarter of an hour is not over
    FailedSignIn.objects.update(since=F("since") - timedelta(minutes=16))
    tell_the_rest()
    assert len(told()) == 2 and told()[1][1].startswith("nog 39 keer tussen ")
    assert not FailedSignIn.objects.exists()


def test_refusals_are_counted_apart_and_a_new_window_tells_of_the_old(cast: dict[str, User]) -> None:
    for _ in range(9):
        sign_in(FIREFOX, "gok")
    assert [result for result, _ in told()] == ["failed", "refused"]
    FailedSignIn.objects.update(since=F("since") - timedelta(minutes=16))
    sign_in(FIREFOX, "gok")
    assert [result for result, _ in told()] == ["failed", "refused", "refused", "refused"]
    assert told()[2][1].startswith("nog 3 keer tussen ")


def test_guesses_at_unknown_addresses_are_one_flood(cast: dict[str, User]) -> None:
    for number in range(8):
        sign_in(FIREFOX, email=f"niemand{number}@elders.example")
    assert told() == [("failed", "")] and FailedSignIn.objects.get().user is None
