"""A thread in the browser: placing without leaving the page, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from assessments.models import Assessment, Remark
from organisations.models import User
from tests.browser.entering import enter
from tests.pages import answer_url


@pytest.fixture
def url(round_: Assessment) -> str:
    return f"{answer_url(round_, 'PA-01')}gesprek/"


def test_a_remark_is_placed_without_leaving_the_page(
    screen: Page, url: str, cast: dict[str, User], base_url: str, check_page: Callable[[Page], None]
) -> None:
    enter(screen.context, cast["bram"], base_url)
    screen.goto(url)
    screen.evaluate("window.sameDocument = true")
    text = screen.get_by_label("Uw opmerking")
    text.fill("x" * 2001)
    place = screen.get_by_role("button", name="Plaats")
    place.focus()
    place.press("Enter")
    expect(screen.get_by_text("De tekst is te lang: 2001 tekens.")).to_be_visible()
    check_page(screen)
    text.fill("Waar staat de code?\nIk zie hem niet.")
    screen.get_by_text("Noem iemand").click()
    screen.get_by_label("Anna").check()
    place.focus()
    place.press("Enter")
    expect(screen.locator(".remark")).to_contain_text("@Anna")
    expect(screen.locator(".remark")).to_contain_text("Waar staat de code?")
    expect(screen.get_by_text("Uw opmerking is geplaatst.")).to_be_visible()
    expect(text).to_have_value("")
    expect(place).to_be_focused()
    assert screen.evaluate("window.sameDocument")
    check_page(screen)
    screen.get_by_text("Neem terug").click()
    screen.get_by_role("button", name="Neem deze opmerking terug").click()
    expect(screen.locator(".remark")).to_contain_text("Teruggenomen.")
    assert Remark.objects.get().text == ""


def test_what_is_typed_and_not_placed_is_there_again(
    page: Page, url: str, cast: dict[str, User], base_url: str
) -> None:
    enter(page.context, cast["bram"], base_url)
    page.goto(url)
    text = page.get_by_label("Uw opmerking")
    text.press_sequentially("Nog niet klaar")
    page.wait_for_function("Object.keys(localStorage).some((name) => name.includes('/remark/'))")
    page.context.set_offline(True)
    page.get_by_role("button", name="Plaats").click()
    expect(page.get_by_text("Niet geplaatst. Uw tekst staat hieronder nog.")).to_be_visible()
    expect(text).to_have_value("Nog niet klaar")
    page.context.set_offline(False)
    page.close()
    again = page.context.new_page()
    again.goto(base_url + url)
    text = again.get_by_label("Uw opmerking")
    expect(text).to_have_value("Nog niet klaar")
    again.get_by_role("button", name="Plaats").click()
    expect(again.locator(".remark")).to_contain_text("Nog niet klaar")
    again.wait_for_function("!Object.keys(localStorage).some((name) => name.includes('/remark/'))")
    again.reload()
    expect(again.get_by_label("Uw opmerking")).to_have_value("")


def test_typing_on_while_a_remark_is_under_way_loses_nothing(
    page: Page, url: str, cast: dict[str, User], base_url: str
) -> None:
    held: list[Route] = []
    page.route(
        f"**{url}", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    enter(page.context, cast["bram"], base_url)
    page.goto(url)
    text = page.get_by_label("Uw opmerking")
    text.fill("Het eerste.")
    with page.expect_request(lambda request: request.method == "POST"):
        page.get_by_role("button", name="Plaats").click()
    text.fill("Het tweede.")
    page.wait_for_timeout(100)
    held[0].continue_()
    expect(page.locator(".remark")).to_contain_text("Het eerste.")
    expect(text).to_have_value("Het tweede.")
