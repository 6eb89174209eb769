"""What holds for every page: headers, cookies, nothing from elsewhere, Dutch, and nothing left in a cache."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable
from http.cookies import Morsel
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import get_resolver
from pytest_django import Settings

from assessments.models import Assessment
from assessments.status import Status
from organisations.models import User
from tests.cast import PASSWORD, make_adopted, make_round
from tests.pages import answer_url, fields
from tests.world import addresses, make_council, make_world

ClientOf = Callable[[str], Client]
pytestmark = [pytest.mark.anywhere, pytest.mark.usefixtures("quick_pdf")]
SETTINGS = Path(__file__).parent.parent / "integrity_portal" / "settings.py"
LOGIN = "/account/login/"
# Who can open most pages, and then the pages that they cannot.
READERS = ("anna", "bram", "bea", "anonymous", "greet")
NO_PAGES = {
    "organisations:again",  # leads on, unless there is something to prove: test_sign_on_only.py
    # Lead to the provider and back, or only take a form: test_sign_on.py, test_sign_on_settings.py
    "organisations:sign_on_start",
    "organisations:sign_on_back",
    "organisations:sign_on_test",
    "organisations:sign_on_switch",
    "organisations:sign_on_loosen",
    # As those; the metadata is a file: test_saml.py, test_saml_settings.py
    "organisations:saml_test",
    "organisations:saml_answer",
    "organisations:saml_arrived",
    "organisations:saml_metadata",
    "organisations:resend",
    "retention:withdraw",  # only takes a form: test_own_data.py
    "organisations:session_end",
    "organisations:sessions_end",
    "organisations:revoke",
    "organisations:send_again",
    "assessments:guest_stop",
    "assessments:guest_gone",  # always a 404: test_guest_entrance.py
    "leaving_archive",  # a file and no page, once it was made: test_departure.py
    "leaving_statement",  # of an organisation that goes: test_departure.py
    "closed",
    "security_txt",  # only with a contact in the settings: test_security_txt.py
    "demo_mail_as_sent",  # a mail and no page: test_mailbox.py
    "assessments:evidence_file",  # a file and no page, with a policy of its own
    "assessments:read_back",  # takes a file; what it shows then: test_offline.py
    # Only of a survey that closed: test_survey_results.py
    "reports:survey",
    "reports:survey_csv",
    "reports:survey_group",
    "reports:survey_json",
    "surveys:release",  # only the griffier, of the council's survey that closed: test_survey_invite_pages.py
    "assessments:reply",  # only for whom an answer was sent back to: test_sending_back.py
}


def production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """The settings of a real installation."""
    monkeypatch.setenv("DEMO", "0")
    monkeypatch.setenv("SECRET_KEY", "x" * 60)
    monkeypatch.setenv("ALLOWED_HOSTS", "testserver")
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    return runpy.run_path(str(SETTINGS))


@pytest.fixture
def outside_demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings) -> None:
    """What a real installation decides about https, cookies and the demo's accounts."""
    for name, value in production(monkeypatch, tmp_path).items():
        if name.startswith(("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_")) or name == "DEMO":
            setattr(settings, name, value)
    monkeypatch.setattr("integrity_portal.context.Shell.is_demo", False)


def every_page(cast: dict[str, User], client_of: ClientOf) -> dict[str, HttpResponseBase]:
    """Each of our own pages, opened by somebody who may; and one that is not there."""
    worlds = [make_world(cast, "adopted")]
    running = worlds[0]._replace(round=make_round(cast, year=2027))
    published = make_adopted(cast, Status.PUBLISHED, year=2028)
    make_council(published, cast["greet"])
    offered = worlds[0]._replace(round=published)
    worlds += [running, offered]
    own = [
        name for name, _ in addresses(get_resolver()) if not name.startswith(("admin:", "account_", "mfa_"))
    ]
    pages: dict[str, HttpResponseBase] = {}
    clients = [client_of(name) for name in READERS]
    for name in [*own, "account_login", "account_reset_password", "account_change_password"]:
        for world, client in [(world, client) for client in clients for world in worlds]:
            found = name in pages or name in NO_PAGES
            if found or (name.startswith("reports:") and world is running):
                continue
            response = client.get(world.address(name))
            if response.status_code in (200, 409):
                pages[name] = response
    assert set(own) - set(pages) == NO_PAGES
    pages["not there"] = client_of("anna").get("/is-er-niet/")
    return pages


def is_html(response: HttpResponseBase) -> bool:
    return response.headers["Content-Type"].startswith("text/html")


def text(response: HttpResponseBase) -> str:
    return str(getattr(response, "content", b"").decode()) if is_html(response) else ""


def test_no_page_runs_or_fetches_anything_that_is_not_a_file_of_ours(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    for name, response in every_page(cast, client_of).items():
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "http" not in policy, name
        # A file of evidence may bring its own style; it is boxed in so that it can do nothing else.
        assert "unsafe" not in policy or ("sandbox" in policy and not is_html(response)), name
        if is_html(response):
            page = text(response)
            fetched = re.findall(
                r"""<(?!a\b|link rel="canonical")\w+[^>]*?\s(?:src|href|action|srcset|poster)=["']([^"']*)""",
                page,
            )
            assert [one for one in fetched if not re.match(r"/(?!/)|#|\?|$", one)] == [], name
            assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|<script(?![^>]*\ssrc=)", page), name
            assert fetched or "<!DOCTYPE" not in page, name


def test_every_page_is_a_whole_dutch_page(cast: dict[str, User], client_of: ClientOf) -> None:
    for name, response in every_page(cast, client_of).items():
        page = text(response)
        if is_html(response) and page.lstrip().startswith("<!DOCTYPE html>"):
            assert '<html lang="nl"' in page, name
            assert page.count("<h1") == page.count("<main") == page.count('href="#inhoud"') == 1, name
            title = re.search(r"<title>\s*(.*?)\s*</title>", page, re.DOTALL)
            assert title and re.match(r"\w.* · (Integriteitsportaal|Gemeente Waterrijk)", title[1]), name
            assert not re.search(r"\b(None|null|undefined|Traceback)\b|{{|{%", page), name


# Outside the demo


def cookies(client: Client) -> dict[str, Morsel[str]]:
    return dict(client.cookies.items())


def test_cookies_are_for_this_host_https_and_no_script(cast: dict[str, User], outside_demo: None) -> None:
    client = Client()
    client.get(LOGIN, secure=True)
    data = {"login": "bram@waterrijk.example", "password": PASSWORD}
    assert client.post(LOGIN, data, secure=True).status_code == 302
    found = cookies(client)
    assert {"__Host-session", "__Host-csrf"} <= set(found)
    for cookie in found.values():
        assert cookie["secure"] and cookie["httponly"] and cookie["path"] == "/" and not cookie["domain"]
        assert cookie["samesite"] in ("Lax", "Strict")


def test_plain_http_is_sent_on_to_https(cast: dict[str, User], outside_demo: None) -> None:
    response = Client().get("/rondes/")
    assert (response.status_code, response.headers["Location"]) == (301, "https://testserver/rondes/")
    strict = Client().get(LOGIN, secure=True).headers["Strict-Transport-Security"]
    assert strict == "max-age=31536000; includeSubDomains; preload"


def test_the_demo_speaks_plain_http_without_promises(db: None) -> None:
    response = Client().get(LOGIN)
    assert response.status_code == 200 and "Strict-Transport-Security" not in response.headers


def test_the_demo_shows_its_accounts_at_the_door(db: None) -> None:
    page = text(Client().get(LOGIN))
    assert "integriteit-is-een-ketting" in page and "anna@waterrijk.example" in page
    assert "Dit is een demonstratie" in page


def test_outside_the_demo_the_door_shows_no_accounts(db: None, outside_demo: None) -> None:
    page = text(Client().get(LOGIN, secure=True))
    assert 'name="login"' in page
    for word in ("integriteit-is-een-ketting", "waterrijk", "demonstratie"):
        assert word not in page


# Whoever watches


def test_the_health_page_needs_no_session_and_no_https(db: None, outside_demo: None) -> None:
    response = Client().get("/gezond/")
    assert (response.status_code, response.content) == (200, b"gezond\n")
    assert not response.cookies


def test_the_health_page_fails_when_the_database_does(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def cursor(self) -> None:
            raise OperationalError("the server closed the connection")

    monkeypatch.setattr("integrity_portal.views.connection", Gone())
    assert Client(raise_request_exception=False).get("/gezond/").status_code >= 500


# A session that ended


def test_a_script_is_told_that_the_session_ended(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, bram = make_round(cast), client_of("bram")
    bram.logout()
    data = {"questionnaire": round_.questionnaire_id, **fields("PA-01", choice="2")}
    response = bram.post(answer_url(round_, "PA-01"), data, headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert "<form" not in text(response) and "Location" not in response.headers
    assert not round_.answers.exists()


def test_a_visitor_comes_back_to_the_page_they_asked_for(cast: dict[str, User], client_of: ClientOf) -> None:
    address = f"/rondes/{make_round(cast).pk}/vragen/"
    client = Client()
    door = client.get(address).headers["Location"]
    assert door == f"{LOGIN}?next={address}"
    data = {"login": "bram@waterrijk.example", "password": PASSWORD, "next": address}
    assert client.post(door, data).headers["Location"] == address


def test_a_form_from_elsewhere_is_refused_in_dutch(cast: dict[str, User]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["anna"], backend="allauth.account.auth_backends.AuthenticationBackend")
    response = client.post("/rondes/nieuw/", {"year": "2026"})
    assert response.status_code == 403 and "Deze pagina was verlopen" in text(response)
    assert not Assessment.objects.exists()


def test_too_much_at_once_is_refused(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    data = {"questionnaire": round_.questionnaire_id, **fields("PA-01", explanation="x" * 2_000_000)}
    response = client_of("bram").post(answer_url(round_, "PA-01"), data)
    assert response.status_code in (400, 413) and not round_.answers.exists()


def test_what_does_not_exist_says_so_in_dutch(client_of: ClientOf) -> None:
    for name in ("anna", "anonymous"):
        response = client_of(name).get("/is-er-niet/")
        assert response.status_code == 404 and "Deze pagina is er niet" in text(response)


# Where one can go

MENU = {
    "anna": ["Mijn werk", "Rondes", "Verslagen", "Leden"],
    "bram": ["Mijn werk", "Rondes", "Verslagen"],
    "vera": ["Mijn werk", "Rondes", "Verslagen"],
    "guus": ["Mijn werk", "Rondes", "Verslagen"],
    "greet": ["Mijn werk", "Verslagen", "Griffie"],
    "bea": ["Mijn werk", "Leden"],
    "anonymous": [],
}


@pytest.mark.parametrize("name", MENU)
def test_the_menu_holds_the_pages_that_have_something_for_you(name: str, client_of: ClientOf) -> None:
    client = client_of(name)
    page = text(client.get("/" if name != "anonymous" else LOGIN))
    menu = re.search(r'<nav class="site-nav".*?</nav>', page, re.DOTALL)
    items = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', menu[0] if menu else "")
    assert [label for _, label in items] == MENU[name]
    assert [client.get(url).status_code for url, _ in items] == [200] * len(items)
