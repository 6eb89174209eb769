"""In the demo every mail lies in a mailbox that anyone may look into, and goes nowhere else."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from integrity_portal.mailbox import mails
from organisations.models import User
from tests.world import make_mail

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script><img src=https://x.example/y>"


@pytest.fixture(autouse=True)
def empty(settings: Settings, tmp_path: Path) -> None:
    settings.EMAIL_FILE_PATH = str(tmp_path)


def page(address: str = "/demo/postvak/") -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_mailbox_says_how_to_fill_it() -> None:
    assert "Er is nog geen bericht." in page() and mails() == []


def test_the_newest_mail_comes_first(tmp_path: Path) -> None:
    for number, subject in enumerate(["Oud", "Nieuw"]):
        name = make_mail("bram@waterrijk.example", subject)
        when = time.time() - 100 + number
        os.utime(tmp_path / f"{name.rpartition('-')[0]}.log", (when, when))
    assert [mail.subject for mail in mails()] == ["Nieuw", "Oud"]
    assert page().index("Nieuw") < page().index("Oud")


def test_a_mail_is_shown_as_it_was_written() -> None:
    name = make_mail("Bram <bram@waterrijk.example>", "Één vraag", text="Dag “Bram”\nhttps://x.example/a/")
    shown = page(f"/demo/postvak/{name}/")
    assert "Één vraag" in shown and "Dag “Bram”" in shown and 'href="https://x.example/a/"' in shown


def test_a_mail_has_the_time_of_here() -> None:
    before = timezone.localtime()
    make_mail("bram@waterrijk.example")
    shown = page()
    assert any(moment.strftime("%Y %H:") in shown for moment in (before, timezone.localtime()))


def test_a_mail_puts_nothing_into_the_page() -> None:
    name = make_mail("bram@waterrijk.example", EVIL, text=EVIL, html=EVIL)
    for shown in (page(), page(f"/demo/postvak/{name}/")):
        assert "<script>alert" not in shown and "<img" not in shown


def test_a_mail_as_it_is_sent_has_its_own_styles_and_can_do_nothing() -> None:
    name = make_mail("bram@waterrijk.example", html=f'<p style="color:red">Dag</p>{EVIL}')
    response = Client().get(f"/demo/postvak/{name}/opmaak/")
    assert b'style="color:red"' in response.content
    policy = response.headers["Content-Security-Policy"].split("; ")
    allowed = [part for part in policy if not part.endswith("'none'")]
    assert allowed == ["style-src 'unsafe-inline'", "sandbox"] and "default-src 'none'" in policy
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("name", ["weg-0", "..", "x", "%2e%2e%2f%2e%2e", "-1", "a" * 300])
def test_there_are_no_other_mails(name: str) -> None:
    make_mail("bram@waterrijk.example")
    for address in (f"/demo/postvak/{name}/", f"/demo/postvak/{name}/opmaak/"):
        assert Client().get(address).status_code == 404


def test_outside_the_demo_there_is_no_mailbox(settings: Settings, cast: dict[str, User]) -> None:
    name = make_mail("bram@waterrijk.example")
    settings.DEMO = False
    client = Client()
    client.force_login(cast["bea"], backend="allauth.account.auth_backends.AuthenticationBackend")
    for browser in (Client(), client):
        for rest in ("", f"{name}/", f"{name}/opmaak/"):
            assert browser.get(f"/demo/postvak/{rest}").status_code == 404


def test_the_demo_points_to_its_mailbox() -> None:
    assert 'href="/demo/postvak/"' in page("/account/login/") and configured.DEMO
