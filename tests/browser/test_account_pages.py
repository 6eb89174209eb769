"""Signing in and out as people do it, and the pages around it, on a desktop and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from organisations.models import User

CheckPage = Callable[[Page], None]
PASSWORD = "een-wachtwoord-voor-de-test"


@pytest.fixture
def anna(transactional_db: None) -> User:
    return User.objects.create_user("anna@waterrijk.example", PASSWORD, name="Anna Vermeer")


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mailadres").fill("anna@waterrijk.example")
    page.get_by_label("Wachtwoord", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Inloggen", exact=True).click()


@pytest.mark.parametrize(
    "address", ["/account/login/", "/account/password/reset/", "/account/signup/", "/nergens/"]
)
def test_pages_for_who_is_not_signed_in_are_accessible(
    screen: Page, check_page: CheckPage, address: str
) -> None:
    screen.goto(address)
    check_page(screen)


def test_signing_in_and_out(screen: Page, anna: User, check_page: CheckPage) -> None:
    sign_in(screen)
    expect(screen.get_by_text("Anna Vermeer")).to_be_visible()
    check_page(screen)
    screen.get_by_text("Anna Vermeer").click()
    check_page(screen)
    screen.get_by_role("button", name="Uitloggen").click()
    expect(screen.get_by_text("U bent uitgelogd.")).to_be_visible()


def test_a_wrong_password_is_said_at_the_top_and_nothing_else(
    screen: Page, anna: User, check_page: CheckPage
) -> None:
    sign_in(screen, "niet-het-wachtwoord")
    summary = screen.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("wachtwoord")
    expect(screen.get_by_label("E-mailadres")).to_have_value("anna@waterrijk.example")
    check_page(screen)


def test_changing_a_password(screen: Page, anna: User, check_page: CheckPage) -> None:
    sign_in(screen)
    screen.goto("/account/password/change/")
    check_page(screen)
    screen.get_by_role("button", name="Bewaar dit wachtwoord").click()
    check_page(screen)
    screen.get_by_label("Huidig wachtwoord").fill(PASSWORD)
    screen.get_by_label("Nieuw wachtwoord", exact=True).fill("een-ander-wachtwoord-7")
    screen.get_by_label("Nieuw wachtwoord (bevestigen)").fill("een-ander-wachtwoord-7")
    screen.get_by_role("button", name="Bewaar dit wachtwoord").click()
    expect(screen.get_by_text("Uw wachtwoord is veranderd.")).to_be_visible()
    anna.refresh_from_db()
    assert anna.check_password("een-ander-wachtwoord-7")
