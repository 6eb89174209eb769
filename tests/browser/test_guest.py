"""A guest in a browser: through the link to the questions, and back by it when the session has ended."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from assessments.models import Answer, Assessment
from organisations.models import User
from tests.browser.entering import enter
from tests.cast import make_guest

Check = Callable[[Page], None]


@pytest.fixture
def door(round_: Assessment) -> str:
    return f"/gast/{make_guest(round_)[1]}/"


def test_the_door_and_what_is_behind_it_are_for_everyone(screen: Page, door: str, check_page: Check) -> None:
    screen.goto(door)
    check_page(screen)
    screen.get_by_role("button", name="Begin").click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("Uw vragen in Jaarronde 2026")
    check_page(screen)
    screen.get_by_role("link", name="Mijn vragen").first.click()
    check_page(screen)
    screen.get_by_role("button", name="Stop").click()
    expect(screen.get_by_role("heading", level=1)).to_have_text("U bent gestopt")
    check_page(screen)
    screen.goto("/gast/bestaat-niet/")
    expect(screen.get_by_role("heading", level=1)).to_have_text("Deze link werkt niet")
    check_page(screen)


def test_the_coordinators_pages_are_for_everyone(
    screen: Page, door: str, round_: Assessment, cast: dict[str, User], base_url: str, check_page: Check
) -> None:
    enter(screen.context, cast["anna"], base_url)
    screen.goto(f"/rondes/{round_.pk}/gasten/")
    check_page(screen)
    screen.get_by_role("button", name="Voeg de gast toe").click()
    expect(screen.get_by_text("Kies ten minste één thema of vraag.").first).to_be_visible()
    screen.get_by_text("Losse vragen van Richting en voorbeeld").click()
    check_page(screen)
    guest = round_.guest_passes.get()
    for page in ("", "intrekken/"):
        screen.goto(f"/rondes/{round_.pk}/gasten/{guest.pk}/{page}")
        check_page(screen)
    screen.goto(door)
    expect(screen.get_by_text("U bent nu ingelogd als Anna")).to_be_visible()
    check_page(screen)


def test_a_guest_whose_session_ended_comes_back_by_the_link(page: Page, door: str, check_page: Check) -> None:
    page.goto(door)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="Richting en voorbeeld").last.click()
    page.context.clear_cookies()
    page.locator("label[for=id_PA-01-choice_3]").first.click()
    dialog = page.get_by_role("dialog", name="Open uw persoonlijke link opnieuw")
    expect(dialog).to_contain_text("Uw tekst blijft in deze browser bewaard")
    check_page(page)
    other = page.context.new_page()
    other.goto(door)
    other.get_by_role("button", name="Begin").click()
    expect(other.get_by_role("heading", level=1)).to_contain_text("Uw vragen")
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(dialog).to_be_hidden()
    expect(page.locator("#PA-01-status")).to_contain_text("Opgeslagen om")
    assert Answer.objects.get().level == 3
