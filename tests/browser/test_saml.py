"""SAML in a real browser, the provider on another site: which cookies go along is the browser's to say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Request, expect
from pytest_django import Settings

from organisations.models import SignOn, User
from tests.browser.entering import enter
from tests.saml import SamlProvider, make_saml

CheckPage = Callable[[Page], None]
PAGE = "/organisaties/waterrijk/inloggen/saml/"


@pytest.fixture
def sign_on(saml_provider: SamlProvider, cast: dict[str, User], settings: Settings, base_url: str) -> SignOn:
    """The provider is at 127.0.0.1 and the portal at localhost: to a browser two sites."""
    settings.PORTAL_URL = base_url
    assert "127.0.0.1" in saml_provider.address and "localhost" in base_url
    return make_saml(saml_provider)


def over_there(page: Page, account: str) -> None:
    """Signs in on the provider's page, and sends its form to the portal."""
    page.get_by_label("Account").fill(account)
    page.get_by_role("button", name="Inloggen").click()
    page.get_by_role("button", name="Verder").click()


def test_there_and_back_without_a_script_of_ours_and_without_a_session_on_the_way(
    page: Page, sign_on: SignOn
) -> None:
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.goto("/account/organisatie/?next=/account/berichten/")
    page.get_by_label("E-mailadres van uw werk").fill("bram@waterrijk.example")
    page.get_by_role("button", name="Verder").click()
    page.get_by_role("link", name="Ga naar Gemeente Waterrijk").click()
    over_there(page, "bram")
    page.wait_for_url("**/account/berichten/")
    expect(page.get_by_text("Bram").first).to_be_visible()
    (form,) = [request for request in sent if request.url.endswith("/saml/")]
    assert "session" not in form.all_headers().get("cookie", "")
    assert "saml" not in {one["name"] for one in page.context.cookies()}


def test_the_administrator_reads_what_the_test_found(
    screen: Page, sign_on: SignOn, cast: dict[str, User], base_url: str, check_page: CheckPage
) -> None:
    enter(screen.context, cast["bea"], base_url)
    screen.goto(PAGE)
    check_page(screen)
    screen.get_by_role("link", name="Test de verbinding").click()
    over_there(screen, "bea")
    expect(screen.get_by_text("de inlogdienst noemt u bea@waterrijk.example")).to_be_visible()
    check_page(screen)
    screen.get_by_label("Metadata van de inlogdienst (XML)").fill("geen metadata")
    screen.get_by_role("button", name="Opslaan").click()
    expect(screen.get_by_text("geen XML").first).to_be_visible()
    check_page(screen)
    screen.goto("/organisaties/waterrijk/inloggen/?openid")
    check_page(screen)
