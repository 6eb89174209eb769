"""The big screen of a meeting in Chromium: its timer, its keys, and what can be read at two sizes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from assessments.models import Assessment, Meeting
from assessments.status import Status
from organisations.models import User
from tests.browser.entering import enter
from tests.cast import bring_to, make_answers

PROJECTORS: list[ViewportSize] = [{"width": 1280, "height": 720}, {"width": 1920, "height": 1080}]


@pytest.fixture
def url(page: Page, cast: dict[str, User], round_: Assessment, base_url: str) -> str:
    """Anna's meeting about Pro-actie: PA-01 and PA-02 are on the agenda, with four minutes each."""
    make_answers(round_, cast["bram"], 4, ["PA-01", "PA-02"])
    make_answers(round_, cast["fatima"], 1, ["PA-01", "PA-02"])
    bring_to(round_, Status.VALIDATION, cast["anna"])
    people = [cast["bram"], cast["fatima"]]
    Meeting.begin(round_, "pro-actie", people, chair=cast["anna"], minutes_a_question=4)
    enter(page.context, cast["anna"], base_url)
    return f"/rondes/{round_.pk}/overleg/pro-actie/"


def test_the_timer_counts_down_waits_and_begins_anew(page: Page, url: str) -> None:
    page.clock.install()
    page.goto(f"{url}PA-01/")
    clock, said = page.locator(".timer__clock"), page.locator(".timer [role=status]")
    expect(clock).to_have_text("4:00")
    page.get_by_role("button", name="Start").click()
    page.clock.run_for(65_000)
    expect(clock).to_have_text("2:55")
    page.get_by_role("button", name="Pauze").click()
    page.clock.run_for(30_000)
    expect(clock).to_have_text("2:55")
    page.get_by_role("button", name="Start").click()
    expect(said).to_have_text("")
    page.clock.run_for(115_000)
    expect(said).to_have_text("Nog 1 minuut")
    page.clock.run_for(60_000)
    expect(clock).to_have_text("Tijd is om")
    expect(said).to_have_text("De tijd is om")
    expect(page.get_by_role("button", name="Pauze")).to_be_disabled()
    page.get_by_role("button", name="Opnieuw").click()
    expect(clock).to_have_text("4:00")


def test_the_timer_goes_on_after_a_reload_and_each_question_has_its_own(page: Page, url: str) -> None:
    page.clock.install()
    page.goto(f"{url}PA-01/")
    page.get_by_role("button", name="Start").click()
    page.clock.run_for(20_000)
    page.reload()
    expect(page.locator(".timer__clock")).to_have_text("3:40")
    page.clock.run_for(10_000)
    expect(page.locator(".timer__clock")).to_have_text("3:30")
    page.goto(f"{url}PA-02/")
    expect(page.locator(".timer__clock")).to_have_text("4:00")
    expect(page.get_by_role("button", name="Start")).to_be_visible()


def test_without_script_the_time_is_told_and_nothing_is_offered_that_does_not_work(
    browser: Browser, url: str, cast: dict[str, User], base_url: str
) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    enter(context, cast["anna"], base_url)
    page = context.new_page()
    page.goto(f"{url}PA-01/")
    expect(page.locator(".timer__clock")).to_have_text("4 minuten")
    expect(page.get_by_role("button", name="Start")).to_be_hidden()
    expect(page.get_by_text("Toetsen:")).to_be_hidden()
    context.close()


def test_alt_with_an_arrow_goes_through_the_agenda_but_not_while_one_types(page: Page, url: str) -> None:
    page.goto(f"{url}PA-01/")
    page.keyboard.press("Alt+ArrowRight")
    page.wait_for_url(f"**{url}PA-02/")
    page.keyboard.press("ArrowLeft")
    page.get_by_label("Waarom dit niveau?").focus()
    page.keyboard.press("Alt+Shift+ArrowLeft")
    page.keyboard.press("Alt+ArrowRight")
    assert page.url.endswith("PA-02/")
    page.locator("h1").click()
    page.keyboard.press("Alt+ArrowLeft")
    page.wait_for_url(f"**{url}PA-01/")


@pytest.mark.parametrize("size", PROJECTORS, ids=lambda size: f"{size['height']}p")
def test_on_a_projector_the_question_and_its_spread_fit_and_are_large(
    page: Page, url: str, size: ViewportSize, check_page: Callable[[Page], None]
) -> None:
    page.set_viewport_size(size)
    for address in (url, f"{url}PA-01/", f"{url}PA-01/?namen=nee", f"{url}verslag/"):
        page.goto(address)
        check_page(page)
    page.goto(f"{url}PA-01/")
    for part in ("h1", ".screen-levels", ".screen-spread .picture-wide svg"):
        box = page.locator(part).bounding_box()
        assert box and box["y"] + box["height"] <= size["height"], part
    wanted = {"h1": 0.027, ".screen-levels li": 0.016, ".screen-cards p": 0.0175, ".timer__clock": 0.024}
    for part, share in wanted.items():
        found = page.locator(part).first.evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
        assert found >= share * size["width"], part
    name = page.locator(".screen-spread .picture-wide svg text").last.bounding_box()
    assert name and name["height"] >= 0.018 * size["width"]


def test_what_is_agreed_leads_to_the_next_question(page: Page, url: str) -> None:
    page.goto(f"{url}PA-01/")
    page.get_by_label("2 Vastgelegd").check()
    page.get_by_label("Waarom dit niveau?").fill("Het staat op papier.")
    page.get_by_label("Wat vindt een minderheid ervan?").fill("Bram ziet het ook gebeuren.")
    page.get_by_role("button", name="Sla op en ga verder").click()
    page.wait_for_url(f"**{url}PA-02/")
    expect(page.get_by_text("Opgeslagen bij vraag PA-01: niveau 2.")).to_be_visible()
    page.get_by_role("link", name="Naar het einde van de agenda").click()
    expect(page.get_by_text("1 vraag is nog zonder afspraak.")).to_be_visible()
