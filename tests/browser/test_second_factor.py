"""A second factor as people set it up and give it: the app, a passkey, and a passkey alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from organisations.models import User
from tests.cast import PASSWORD
from tests.factors import shown

CheckPage = Callable[[Page], None]
PAGES = "/account/tweede-stap/"
# A device that has a place for passkeys and knows its owner by a finger, which lies on it.
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def owner(screen: Page) -> Page:
    developer = screen.context.new_cdp_session(screen)
    developer.send("WebAuthn.enable")
    developer.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return screen


def sign_in(page: Page) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mailadres").fill("anna@waterrijk.example")
    page.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Inloggen", exact=True).click()


def sign_out(page: Page) -> None:
    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Uitloggen").click()


def test_a_passkey_is_added_and_signs_in_beside_the_password_and_without(
    owner: Page, cast: dict[str, User], check_page: CheckPage
) -> None:
    sign_in(owner)
    expect(owner.get_by_role("heading", name="Stel eerst een tweede stap in")).to_be_visible()
    check_page(owner)
    owner.get_by_role("link", name="Voeg een passkey toe").click()
    check_page(owner)
    owner.get_by_label("Naam van dit apparaat").fill("Mijn laptop")
    owner.get_by_role("button", name="Voeg de passkey toe").click()
    expect(owner.get_by_role("heading", name="Herstelcodes")).to_be_visible()
    check_page(owner)
    owner.get_by_role("link", name="Ik heb ze bewaard, verder").click()
    expect(owner.get_by_role("heading", name="Dag Anna")).to_be_visible()
    owner.goto(PAGES)
    check_page(owner)
    sign_out(owner)
    sign_in(owner)
    expect(owner.get_by_role("heading", name="De tweede stap")).to_be_visible()
    check_page(owner)
    owner.get_by_role("button", name="Gebruik mijn passkey").click()
    expect(owner.get_by_role("heading", name="Dag Anna")).to_be_visible()
    sign_out(owner)
    owner.goto("/account/login/?next=/rondes/")
    owner.get_by_role("button", name="Inloggen met een passkey").click()
    owner.wait_for_url("**/rondes/")


def test_an_app_is_set_up_and_asked_for(screen: Page, cast: dict[str, User], check_page: CheckPage) -> None:
    sign_in(screen)
    screen.get_by_role("link", name="Stel een app in").click()
    check_page(screen)
    secret = screen.locator(".secret-key").inner_text()
    screen.get_by_label("De zes cijfers die de app nu toont").fill(shown(secret))
    screen.get_by_role("button", name="Zet de app aan").click()
    expect(screen.get_by_role("heading", name="Herstelcodes")).to_be_visible()
    sign_out(screen)
    sign_in(screen)
    field = screen.get_by_label("Code uit uw app, of een herstelcode")
    field.fill("000000")
    screen.get_by_role("button", name="Inloggen", exact=True).click()
    expect(screen.locator(".error-summary")).to_be_focused()
    check_page(screen)
    field.fill(shown(secret, 1))
    screen.get_by_role("button", name="Inloggen", exact=True).click()
    expect(screen.get_by_role("heading", name="Dag Anna")).to_be_visible()


def test_a_device_without_passkeys_says_that_it_did_not_work(owner: Page, cast: dict[str, User]) -> None:
    owner.goto("/account/login/")
    owner.get_by_role("button", name="Inloggen met een passkey").click()
    expect(owner.get_by_text("Dat is niet gelukt, of het is afgebroken.")).to_be_visible()
