"""Signing in and out: by address and password, without telling who has an account, and not endlessly."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from organisations.models import User
from tests.cast import PASSWORD

LOGIN = "/account/login/"
BRAM = "bram@waterrijk.example"


def sign_in(client: Client, login: str = BRAM, password: str = PASSWORD, **more: str) -> tuple[int, str]:
    response = client.post(LOGIN, {"login": login, "password": password, **more})
    page = re.sub(r'value="[^"]*"', "", html.unescape(response.content.decode()))
    return response.status_code, response.headers.get("Location") or " ".join(page.split())


@pytest.mark.parametrize("login", [BRAM, "Bram@Waterrijk.Example", f" {BRAM} "])
def test_address_and_password_open_the_door(login: str, cast: dict[str, User]) -> None:
    client = Client()
    assert sign_in(client, login) == (302, "/")
    assert "Dag Bram" in client.get("/").content.decode()


def test_a_wrong_password_and_an_unknown_address_sound_the_same(cast: dict[str, User]) -> None:
    wrong, unknown = sign_in(Client(), password="verkeerd"), sign_in(Client(), "niemand@waterrijk.example")
    assert wrong == unknown and wrong[0] == 200
    assert "Dit e-mailadres en wachtwoord horen niet bij elkaar." in wrong[1]


@pytest.mark.parametrize(
    "login, password", [("", PASSWORD), (BRAM, ""), ("geen adres", "x"), (f"{BRAM}\x00", "x")]
)
def test_what_cannot_be_is_refused(login: str, password: str, cast: dict[str, User]) -> None:
    assert sign_in(Client(), login, password)[0] == 200


def test_a_deactivated_account_stays_out(cast: dict[str, User]) -> None:
    User.objects.filter(email=BRAM).update(is_active=False)
    client = Client()
    sign_in(client)
    assert client.get("/").status_code == 302


def test_after_some_wrong_guesses_one_has_to_wait(cast: dict[str, User]) -> None:
    client = Client()
    for _ in range(5):
        sign_in(client, password="gok")
    assert "Te veel inlogpogingen" in sign_in(client)[1]
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("elsewhere", ["https://kwaad.example/", "//kwaad.example/", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(elsewhere: str, cast: dict[str, User]) -> None:
    assert sign_in(Client(), next=elsewhere) == (302, "/")


def test_signing_in_gives_a_new_session(cast: dict[str, User]) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "chosen-by-somebody-else"
    sign_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "chosen-by-somebody-else"


def test_a_session_ends_with_the_browser_and_after_a_working_day(cast: dict[str, User]) -> None:
    client = Client()
    sign_in(client)
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""
    assert settings.SESSION_COOKIE_AGE == 8 * 60 * 60


def test_signing_out_takes_a_press_and_closes_the_door(
    cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    bram = client_of("bram")
    assert bram.get("/account/logout/").status_code == 200  # a link alone signs nobody out
    assert bram.get("/").status_code == 200
    assert bram.post("/account/logout/").headers["Location"] == LOGIN
    assert bram.get("/").status_code == 302


def test_a_forgotten_password_is_replaced_through_the_mail(cast: dict[str, User]) -> None:
    client = Client()
    assert client.post("/account/password/reset/", {"email": BRAM}).status_code == 302
    (message,) = mail.outbox
    link = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(message.body))
    assert message.to == [BRAM] and link
    form = client.get(link[1], follow=True)
    new = {"password1": "nog een lange zin", "password2": "nog een lange zin"}
    assert client.post(form.redirect_chain[-1][0], new).status_code == 302
    assert sign_in(Client(), password="nog een lange zin")[0] == 302
    assert sign_in(Client())[0] == 200


def test_asking_for_a_new_password_tells_nobody_who_has_an_account(cast: dict[str, User]) -> None:
    replies = [
        Client().post("/account/password/reset/", {"email": email}, follow=True)
        for email in (BRAM, "niemand@waterrijk.example")
    ]
    assert replies[0].redirect_chain == replies[1].redirect_chain
    assert replies[0].content == replies[1].content


def test_nobody_takes_an_address_that_is_not_proven_theirs(
    cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    bram = client_of("bram")
    assert bram.get("/account/email/").status_code == 404
    for action in ("action_add", "action_primary"):
        assert bram.post("/account/email/", {"email": "guus@b.example", action: ""}).status_code == 404
    cast["bram"].refresh_from_db()
    assert cast["bram"].email == BRAM and not mail.outbox


def test_changing_a_password_asks_for_the_old_one(
    cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    bram, url = client_of("bram"), "/account/password/change/"
    new = {"password1": "nog een lange zin", "password2": "nog een lange zin"}
    page = bram.post(url, {"oldpassword": "gok", **new}).content.decode()
    assert "Vul uw huidige wachtwoord in." in page
    assert bram.post(url, {"oldpassword": PASSWORD, **new}).status_code == 302
    assert sign_in(Client(), password="nog een lange zin")[0] == 302
