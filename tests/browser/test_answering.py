"""Answering as people do it: with and without script, offline, in two windows, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from assessments.models import Answer, Assessment
from assessments.status import Status
from organisations.models import User
from tests.browser.entering import enter
from tests.cast import PASSWORD, THEME, questionnaire, say
from tests.pages import theme_url

QUESTION, SECOND = (question.id for question in questionnaire().theme(*THEME).questions[:2])
SAVED = re.compile(r"^Opgeslagen om \d\d:\d\d$")
NOT_SAVED = re.compile(r"^(Nog niet|Niet) opgeslagen|^Wacht op verbinding")
COLLIDES = re.compile("Dit antwoord is intussen .*veranderd")


@pytest.fixture
def unscripted(browser: Browser, base_url: str) -> Iterator[Page]:
    """A browser in which no script runs."""
    context = browser.new_context(java_script_enabled=False, base_url=base_url, locale="nl-NL")
    yield context.new_page()
    context.close()


def card(page: Page, question: str = QUESTION) -> Locator:
    return page.locator(f"section#{question}")


def choose(page: Page, answer: str, question: str = QUESTION) -> None:
    """Presses the words; they cover the whole option, its round button included."""
    button = f"input[name='{question}-choice'][value='{answer}']"
    card(page, question).locator(f".level-option:has({button}) label").click()


def line(page: Page, question: str = QUESTION) -> Locator:
    return card(page, question).locator(".save-status")


def explain(page: Page, text: str, question: str = QUESTION) -> Locator:
    field = card(page, question).locator(f"textarea[name='{question}-explanation']")
    field.fill(text)
    return field


def stored(question: str = QUESTION) -> Answer:
    return Answer.objects.get(question=question)


# With script


def test_an_answer_is_saved_by_itself_and_is_there_after_a_reload(theme: Page) -> None:
    choose(theme, "3")
    expect(line(theme)).to_have_text(SAVED)
    assert stored().level == 3
    explain(theme, "Regel één\nregel twee 👍").blur()
    expect(line(theme)).to_have_text(SAVED)
    theme.reload()
    expect(card(theme).locator("input[value='3']")).to_be_checked()
    expect(card(theme).get_by_label("Toelichting")).to_have_value("Regel één\nregel twee 👍")
    expect(line(theme)).to_have_text(re.compile(r"^Opgeslagen op .+ om \d\d:\d\d$"))


def test_what_is_typed_is_saved_when_typing_rests(theme: Page) -> None:
    field = card(theme).get_by_label("Toelichting")
    field.press_sequentially("Ik typ")
    expect(line(theme)).to_have_text("Nog niet opgeslagen")
    expect(line(theme)).to_have_text(SAVED)
    assert stored().explanation == "Ik typ"
    expect(field).to_be_focused()


def test_quick_changes_of_mind_do_not_collide_with_each_other(theme: Page) -> None:
    for level in ("1", "4", "0", "2"):
        choose(theme, level)
    expect(line(theme)).to_have_text(SAVED)
    theme.wait_for_load_state("networkidle")
    expect(line(theme)).to_have_text(SAVED)
    assert stored().level == 2


def test_not_applicable_asks_for_a_reason_at_its_field(
    theme: Page, check_page: Callable[[Page], None]
) -> None:
    choose(theme, "not_applicable")
    expect(line(theme)).to_contain_text("Schrijf op waarom deze vraag niet van toepassing is.")
    reason = card(theme).get_by_label("Waarom past deze vraag niet bij uw organisatie?")
    expect(reason).to_be_visible()
    check_page(theme)
    assert not Answer.objects.exists()
    reason.fill("Er is geen haven.")
    reason.blur()
    expect(line(theme)).to_have_text(SAVED)
    assert stored().reason == "Er is geen haven."


def test_whether_it_helps_is_asked_from_level_two(theme: Page) -> None:
    helps = card(theme).get_by_text("Helpt dit in de praktijk?")
    choose(theme, "1")
    expect(helps).to_be_hidden()
    choose(theme, "2")
    expect(helps).to_be_visible()


@pytest.mark.parametrize("what", ["connection", "server"])
def test_without_a_connection_it_says_not_saved_and_then_saves(theme: Page, what: str) -> None:
    def fail(route: Route) -> None:
        if what == "connection":
            route.abort()
        else:
            route.fulfill(status=502, body="Bad gateway")

    theme.route("**/vragen/**", fail)
    choose(theme, "3")
    expect(line(theme)).to_have_text(NOT_SAVED)
    assert not Answer.objects.exists()
    theme.unroute("**/vragen/**")
    explain(theme, "Nu wel.").blur()
    expect(line(theme)).to_have_text(SAVED)
    assert (stored().level, stored().explanation) == (3, "Nu wel.")


def test_a_lost_acknowledgement_is_no_conflict(theme: Page) -> None:
    def lose(route: Route) -> None:
        route.fetch()  # the server has it, the window never hears of it
        route.abort()

    theme.route("**/vragen/**", lose)
    choose(theme, "3")
    expect(line(theme)).to_have_text(NOT_SAVED)
    assert stored().level == 3
    theme.unroute("**/vragen/**")
    theme.get_by_role("button", name="Opslaan en hier blijven").click()
    expect(line(theme)).to_have_text(re.compile(r"^Opgeslagen (om|op) "))
    assert stored().version == 1


def test_after_the_session_ended_it_says_so_and_keeps_what_was_typed(theme: Page) -> None:
    theme.context.clear_cookies(name="session")
    explain(theme, "Een lange gedachte.").blur()
    expect(line(theme)).to_contain_text(re.compile("niet meer ingelogd|opnieuw in"))
    expect(card(theme).get_by_label("Toelichting")).to_have_value("Een lange gedachte.")
    assert not Answer.objects.exists()


def test_in_a_round_that_was_closed_meanwhile_it_says_so(theme: Page) -> None:
    Assessment.objects.update(status=Status.CLOSED)
    choose(theme, "3")
    expect(line(theme)).to_contain_text("De ronde is intussen gesloten.")
    assert not Answer.objects.exists()


def test_the_counter_counts_down_and_says_what_is_too_much(theme: Page) -> None:
    field = explain(theme, "x" * 3990 + "👍")
    expect(card(theme).get_by_text("Nog 9 tekens").first).to_be_visible()
    field.fill("x" * 4002)
    expect(card(theme).get_by_text("2 tekens te veel").first).to_be_visible()
    field.blur()
    expect(line(theme)).to_contain_text("De tekst is te lang")
    expect(field).to_have_value("x" * 4002)
    assert not Answer.objects.exists()


# Two windows of one person


def two_windows(theme: Page) -> Page:
    """The other window was first; this one collides."""
    other = theme.context.new_page()
    other.goto(theme.url)
    choose(other, "1")
    expect(line(other)).to_have_text(SAVED)
    choose(theme, "4")
    expect(card(theme).get_by_text(COLLIDES).first).to_be_visible()
    assert stored().level == 1
    return theme


def test_in_a_conflict_both_values_are_shown_accessibly(
    theme: Page, check_page: Callable[[Page], None]
) -> None:
    two_windows(theme)
    expect(card(theme).get_by_role("alert")).to_contain_text("1 Soms")
    expect(card(theme).locator("input[value='4']").first).to_be_checked()
    check_page(theme)


def test_in_a_conflict_ones_own_value_can_be_kept(theme: Page) -> None:
    two_windows(theme).get_by_role("button", name="Bewaar wat in dit venster staat").click()
    expect(line(theme)).to_have_text(SAVED)
    assert stored().level == 4


def test_in_a_conflict_the_stored_value_can_be_taken(theme: Page) -> None:
    two_windows(theme).get_by_role("button", name="Neem het opgeslagen antwoord").click()
    expect(card(theme).locator("input[value='1']").first).to_be_checked()
    assert (stored().level, stored().version) == (1, 1)
    choose(theme, "2")  # and the card that came works as the one before
    expect(line(theme)).to_have_text(SAVED)
    assert stored().level == 2


def test_in_a_conflict_nothing_is_overwritten_before_the_choice(theme: Page) -> None:
    two_windows(theme)
    explain(theme, "Ik typ gewoon door.").blur()
    theme.wait_for_timeout(1500)
    assert stored().level == 1
    theme.get_by_role("button", name="Bewaar wat in dit venster staat").click()
    expect(line(theme)).to_have_text(SAVED)
    assert (stored().level, stored().explanation) == (4, "Ik typ gewoon door.")


# Without script


def test_without_script_one_button_saves_the_theme(
    unscripted: Page, cast: dict[str, User], round_: Assessment
) -> None:
    unscripted.goto("/account/login/")
    unscripted.get_by_label("E-mailadres").fill("bram@waterrijk.example")
    unscripted.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    unscripted.get_by_role("main").get_by_role("button", name="Inloggen", exact=True).click()
    unscripted.get_by_role("link", name="Begin met").click()
    choose(unscripted, "3")
    explain(unscripted, "\nEen lege regel eerst.")
    choose(unscripted, "not_applicable", SECOND)
    unscripted.get_by_role("button", name="Opslaan en hier blijven").click()
    expect(unscripted.get_by_text("Nog niet alles is opgeslagen")).to_be_visible()
    expect(card(unscripted).get_by_label("Toelichting")).to_have_value("\nEen lege regel eerst.")
    reason = card(unscripted, SECOND).get_by_label("Waarom past deze vraag niet bij uw organisatie?")
    reason.fill("Past niet.")
    unscripted.get_by_role("button", name="Opslaan en naar het volgende thema").click()
    expect(unscripted.get_by_text("is opgeslagen.")).to_be_visible()
    assert (stored().level, stored().explanation) == (3, "\nEen lege regel eerst.")
    assert stored(SECOND).state == "not_applicable"


def test_without_script_a_conflict_gives_the_choice(
    unscripted: Page, cast: dict[str, User], round_: Assessment, base_url: str
) -> None:
    enter(unscripted.context, cast["bram"], base_url)
    unscripted.goto(theme_url(round_, QUESTION))
    say(round_, cast["bram"], QUESTION, level=1)
    choose(unscripted, "4")
    stay = unscripted.get_by_role("button", name="Opslaan en hier blijven")
    stay.click()
    expect(card(unscripted).get_by_text(COLLIDES).first).to_be_visible()
    unscripted.get_by_text("Het opgeslagen antwoord", exact=True).click()
    stay.click()
    expect(card(unscripted).locator("input[value='1']").first).to_be_checked()
    assert stored().version == 1


# By keyboard


def test_a_level_is_reached_and_chosen_by_keyboard_with_the_focus_in_sight(theme: Page) -> None:
    theme.keyboard.press("Tab")
    expect(theme.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    theme.keyboard.press("Enter")
    for _ in range(8):
        theme.keyboard.press("Tab")
        if theme.evaluate("document.activeElement.type") == "radio":
            break
    first = card(theme).locator("input[value='0']").first
    expect(first).to_be_focused()
    theme.keyboard.press("ArrowDown")
    theme.keyboard.press("ArrowDown")
    expect(line(theme)).to_have_text(SAVED)
    chosen = card(theme).locator("input[value='2']").first
    expect(chosen).to_be_focused()
    expect(chosen).to_be_checked()
    assert focus_is_in_sight(theme)
    assert stored().level == 2


def focus_is_in_sight(page: Page) -> bool:
    """Whether what has the focus differs from how it looks without."""
    look: Any = page.evaluate(
        """() => {
          const element = document.activeElement;
          const styles = ["outline", "boxShadow", "border"];
          const look = (one) => styles.map((style) => getComputedStyle(one)[style]).join();
          const around = element.closest("label, .level-option") ?? element;
          const focused = look(element) + look(around);
          element.blur();
          const plain = look(element) + look(around);
          element.focus();
          return [focused, plain];
        }"""
    )
    return bool(look[0] != look[1])
