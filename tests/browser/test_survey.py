"""Answering a survey in the browser, at the size of a phone: whole, by keyboard, without script, and once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from assessments.models import Assessment
from organisations.models import User
from surveys import answers
from surveys.models import Box, Group, Survey
from tests.surveys import make_links, make_open_survey

PHONE: Any = {"width": 390, "height": 844}


@pytest.fixture
def survey(round_: Assessment, cast: dict[str, User]) -> Survey:
    return make_open_survey(round_, cast["anna"])


@pytest.fixture
def token(survey: Survey) -> str:
    return make_links(survey.groups.get(name="Ruimte"), 1)[0]


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size(PHONE)
    return page


def stored() -> int:
    return sum(answers.size(box.contents) for box in Box.objects.all())


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def to_the_last_page(page: Page, token: str) -> None:
    page.goto(f"/peiling/{token}/1/")
    page.locator(".survey-choice label").first.click()
    page.get_by_role("button", name="Verder").click()
    heading(page, "Deel 2 van 5")
    page.goto(f"/peiling/{token}/6/")


@pytest.mark.parametrize(
    ("language", "onwards", "send", "done"),
    [("nl", "Verder", "Verstuur", "Bedankt"), ("en", "Next", "Send", "Thank you")],
)
def test_every_page_suits_a_phone_and_everyone(
    phone: Page,
    token: str,
    check_page: Callable[[Page], None],
    language: str,
    onwards: str,
    send: str,
    done: str,
) -> None:
    phone.goto(f"/peiling/code/?taal={language}")
    check_page(phone)
    phone.goto(f"/peiling/{token}/?taal={language}")
    check_page(phone)
    phone.locator("button[name=together]").click()
    for step in range(1, 6):
        expect(phone.locator("#voortgang")).to_contain_text(f"{step}")
        if step == 1:
            check_page(phone)
            low = phone.locator(".survey-choice").first.bounding_box()
            assert low and low["height"] >= 44
        phone.locator(".survey-choice label").first.click()
        phone.get_by_role("button", name=onwards, exact=True).click()
    expect(phone.get_by_role("button", name=send, exact=True)).to_be_visible()
    check_page(phone)
    phone.get_by_role("button", name=send, exact=True).click()
    heading(phone, done)
    check_page(phone)
    phone.goto(f"/peiling/{token}/?taal={language}")
    check_page(phone)
    assert stored() == 1


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached")


def test_with_the_keyboard_alone(phone: Page, token: str) -> None:
    phone.goto(f"/peiling/{token}/")
    tab_to(phone, "button[name=together]")
    phone.keyboard.press("Enter")
    for step in range(1, 6):
        expect(phone.locator("#voortgang")).to_have_text(f"Deel {step} van 5")
        tab_to(phone, "input[type=radio]")
        phone.keyboard.press("Space")
        phone.keyboard.press("ArrowDown")
        tab_to(phone, "main button:not([name])")
        phone.keyboard.press("Enter")
    heading(phone, "Bijna klaar")
    expect(phone.get_by_text("5 van de 40 zinnen zijn beantwoord.")).to_be_visible()
    tab_to(phone, "main button")
    phone.keyboard.press("Enter")
    heading(phone, "Bedankt")
    assert stored() == 1


def test_without_script(browser: Browser, base_url: str, token: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=PHONE, base_url=base_url)
    page = context.new_page()
    page.goto(f"/peiling/{token}/")
    page.get_by_role("button", name="Begin").click()
    for _ in range(5):
        page.locator(".survey-choice label").first.click()
        page.get_by_role("button", name="Verder").click()
    page.get_by_role("button", name="Verstuur").click()
    heading(page, "Bedankt")
    assert stored() == 1
    context.close()


def test_who_stops_goes_on_in_the_same_browser(
    context: BrowserContext, browser: Browser, base_url: str, phone: Page, token: str
) -> None:
    to_the_last_page(phone, token)
    phone.close()
    again = context.new_page()
    again.goto(f"{base_url}/peiling/{token}/")
    expect(again.get_by_text("Er is al 1 antwoord ingevuld op dit apparaat.")).to_be_visible()
    again.get_by_role("button", name="Ga verder").click()
    expect(again.locator("input[type=radio]:checked")).to_have_count(1)
    elsewhere = browser.new_context(base_url=base_url)
    other = elsewhere.new_page()
    other.goto(f"/peiling/{token}/")
    expect(other.get_by_role("button", name="Begin")).to_be_visible()
    elsewhere.close()


def test_offline_while_sending_and_again_stores_once(phone: Page, token: str) -> None:
    to_the_last_page(phone, token)
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Verstuur").click()
    phone.wait_for_url("chrome-error://**")
    assert stored() == 0
    phone.context.set_offline(False)
    phone.goto(f"/peiling/{token}/6/")
    phone.get_by_role("button", name="Verstuur").click()
    heading(phone, "Bedankt")
    assert stored() == 1


def test_a_reply_that_gets_lost_and_sending_again_stores_once(phone: Page, token: str) -> None:
    to_the_last_page(phone, token)

    def lose(route: Route) -> None:
        """The server gets it; the phone never hears so."""
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    phone.route(f"**/peiling/{token}/6/", lose)
    phone.get_by_role("button", name="Verstuur").click()
    phone.wait_for_url("chrome-error://**")
    assert stored() == 1
    phone.unroute(f"**/peiling/{token}/6/")
    phone.goto(f"/peiling/{token}/6/")
    heading(phone, "De antwoorden zijn binnen")
    assert stored() == 1


def test_a_double_click_stores_once(phone: Page, token: str) -> None:
    to_the_last_page(phone, token)
    phone.get_by_role("button", name="Verstuur").dblclick()
    expect(phone.get_by_role("heading", level=1)).not_to_have_text("Bijna klaar")
    assert stored() == 1 and Group.objects.exclude(used=b"").count() == 1


def test_no_request_tells_which_link_it_came_from(phone: Page, token: str) -> None:
    told: list[str] = []
    phone.on("requestfinished", lambda request: told.append(request.all_headers().get("referer", "")))
    to_the_last_page(phone, token)
    phone.get_by_role("button", name="Verstuur").click()
    heading(phone, "Bedankt")
    phone.wait_for_load_state("networkidle")
    assert any(told) and not any(token in one for one in told)
