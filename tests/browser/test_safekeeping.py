"""Nothing that was typed is lost: no connection, a closed tab, an ended session, a server that fails."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from assessments.models import Answer, AnswerRevision, Assessment
from assessments.status import Status
from organisations.models import User
from tests.browser.entering import enter
from tests.cast import PASSWORD, THEME, questionnaire, say
from tests.pages import theme_url

QUESTION = questionnaire().theme(*THEME).questions[0].id
SAVED = re.compile(r"^Opgeslagen om \d\d:\d\d$")
WAITING = re.compile(r"^Wacht op verbinding\. Uw antwoord is op dit apparaat bewaard\.$")
KEPT = "Object.keys(localStorage).filter((name) => name.startsWith('portal/keep/'))"


def line(page: Page) -> Locator:
    return page.locator(f"#{QUESTION}-status .save-status")


def field(page: Page) -> Locator:
    return page.locator(f"textarea[name='{QUESTION}-explanation']")


def choose(page: Page, level: str) -> None:
    button = f"input[name='{QUESTION}-choice'][value='{level}']"
    page.locator(f"#{QUESTION} .level-option:has({button}) > label").click()


def checked(page: Page, level: str) -> Locator:
    return page.locator(f"input[name='{QUESTION}-choice'][value='{level}']:checked")


def stored() -> tuple[int | None, str]:
    answer = Answer.objects.get(question=QUESTION)
    return answer.level, answer.explanation


def kept(page: Page) -> list[str]:
    found: list[str] = page.evaluate(KEPT)
    return found


# The line tells the truth


def test_the_line_says_what_is_so_before_the_answer_comes(theme: Page) -> None:
    expect(line(theme)).to_have_text("Nog niet beantwoord")
    theme.route("**/vragen/**", lambda route: None)  # no answer for now
    field(theme).press_sequentially("Ik typ")
    expect(line(theme)).to_have_text("Nog niet opgeslagen")
    expect(line(theme)).to_have_text("Bezig met opslaan")


def test_without_a_connection_it_waits_and_goes_on_by_itself(
    theme: Page, check_page: Callable[[Page], None]
) -> None:
    theme.context.set_offline(True)
    choose(theme, "3")
    field(theme).fill("Zonder verbinding getypt.")
    expect(line(theme)).to_have_text(WAITING)
    check_page(theme)
    assert not Answer.objects.exists()
    theme.context.set_offline(False)
    expect(line(theme)).to_have_text(SAVED)
    assert stored() == (3, "Zonder verbinding getypt.")
    assert kept(theme) == []


def test_a_server_that_fails_is_asked_again_with_pauses(theme: Page) -> None:
    asked = []

    def fail(route: Route) -> None:
        asked.append(route.request.post_data)
        if len(asked) > 2:
            route.continue_()
        else:
            route.fulfill(status=500, body="<h1>Server Error</h1>")

    theme.route("**/vragen/**", fail)
    choose(theme, "2")
    expect(line(theme)).to_have_text(WAITING)
    expect(line(theme)).to_have_text(SAVED)
    assert stored() == (2, "") and len(asked) == 3
    assert asked[0] == asked[1] == asked[2]


def test_a_page_of_a_strange_network_is_no_acknowledgement(theme: Page) -> None:
    strange = "<title>Gratis wifi</title><p>Opgeslagen om 14:02</p>"
    theme.route("**/vragen/**", lambda route: route.fulfill(status=200, body=strange))
    choose(theme, "2")
    expect(line(theme)).to_have_text(WAITING)
    assert len(kept(theme)) == 1


def test_a_lost_acknowledgement_stores_one_revision_and_what_was_typed_since_follows(theme: Page) -> None:
    def lose(route: Route) -> None:
        route.fetch()  # the server has it, the window never hears of it
        route.abort()

    theme.route("**/vragen/**", lose)
    choose(theme, "3")
    expect(line(theme)).to_have_text(WAITING)
    field(theme).fill("Intussen getypt.")
    theme.unroute("**/vragen/**")
    expect(line(theme)).to_have_text(SAVED)
    assert stored() == (3, "Intussen getypt.")
    assert [one.explanation for one in AnswerRevision.objects.all()] == ["", "Intussen getypt."]


def test_the_reply_leaves_the_field_alone_that_is_typed_in(theme: Page) -> None:
    field(theme).press_sequentially("Eerst dit.")
    with theme.expect_response("**/vragen/**"):
        field(theme).press_sequentially("x", delay=1200)
    field(theme).press_sequentially(" En meer.")
    expect(field(theme)).to_be_focused()
    expect(field(theme)).to_have_value("Eerst dit.x En meer.")
    expect(line(theme)).to_have_text(SAVED)
    assert stored() == (None, "Eerst dit.x En meer.")


def test_a_wrong_clock_in_the_device_changes_nothing(theme: Page) -> None:
    theme.clock.set_system_time("1999-12-31T23:59:59")
    theme.reload()
    choose(theme, "1")
    expect(line(theme)).to_have_text(SAVED)
    answer = Answer.objects.get()
    here = theme.evaluate(
        "(at) => new Intl.DateTimeFormat('nl-NL', {timeStyle: 'short', timeZone: 'Europe/Amsterdam'})"
        ".format(new Date(at))",
        answer.saved_at.isoformat(),
    )
    expect(line(theme)).to_have_text(f"Opgeslagen om {here}")


# A closed tab


def left_behind(page: Page, text: str = "Dit stond er nog.") -> Page:
    """The next window, after the one before was closed with a text that could not be sent."""
    page.context.set_offline(True)
    choose(page, "2")
    field(page).fill(text)
    expect(line(page)).to_have_text(WAITING)
    address = page.url
    other = page.context.new_page()
    page.close()
    page.context.set_offline(False)
    other.goto(address)
    return other


def test_what_a_closed_tab_left_behind_comes_back_and_is_saved(theme: Page) -> None:
    other = left_behind(theme)
    expect(field(other)).to_have_value("Dit stond er nog.")
    expect(checked(other, "2")).to_have_count(1)
    expect(line(other)).to_have_text(SAVED)
    assert stored() == (2, "Dit stond er nog.")
    assert kept(other) == []


def test_what_comes_back_collides_with_what_was_saved_elsewhere(
    theme: Page, cast: dict[str, User], round_: Assessment
) -> None:
    say(round_, cast["bram"], QUESTION, level=1, explanation="Van thuis.")
    other = left_behind(theme)
    expect(other.locator("[data-conflict]")).to_contain_text("Van thuis.")
    expect(field(other)).to_have_value("Dit stond er nog.")
    assert stored() == (1, "Van thuis.")
    other.get_by_role("button", name="Bewaar wat in dit venster staat").click()
    expect(line(other)).to_have_text(SAVED)
    assert stored() == (2, "Dit stond er nog.")


def test_in_a_round_that_was_closed_meanwhile_it_is_shown_to_be_copied(
    theme: Page, check_page: Callable[[Page], None]
) -> None:
    Assessment.objects.update(status=Status.CLOSED)
    other = left_behind(theme, "Te laat.\nHelaas.")
    notice = other.locator(f"#{QUESTION} .notice")
    expect(notice).to_contain_text("Het is niet opgeslagen.")
    expect(notice).to_contain_text("Te laat.\nHelaas.", use_inner_text=True)
    check_page(other)
    notice.get_by_role("button", name="Verwijder deze tekst van dit apparaat").click()
    assert kept(other) == [] and not Answer.objects.exists()


def test_what_was_handed_in_meanwhile_comes_back_once_it_is_taken_back(
    theme: Page, round_: Assessment
) -> None:
    round_.assignments.update(handed_in_at=timezone.now())
    other = left_behind(theme, "Nog iets.")
    page_of_theme = other.url
    expect(other.locator(f"#{QUESTION} .notice")).to_contain_text("Het komt terug in het veld")
    other.goto(f"{other.url.partition('/vragen/')[0]}/vragen/")
    mark = other.get_by_text("tekst in deze browser is nog niet opgeslagen")
    expect(mark.locator("visible=true")).to_have_count(1)
    round_.assignments.update(handed_in_at=None)
    other.goto(page_of_theme)
    expect(line(other)).to_have_text(SAVED)
    assert stored() == (2, "Nog iets.")


@pytest.mark.parametrize("everything", [False, True])
def test_what_was_given_to_somebody_else_meanwhile_is_shown_where_one_comes(
    theme: Page, round_: Assessment, check_page: Callable[[Page], None], everything: bool
) -> None:
    given = round_.assignments.all() if everything else round_.assignments.of_theme(*THEME)
    given.delete()
    other = left_behind(theme, "Voor mijn collega.")
    mine = f"{other.url.partition('/rondes/')[0]}/"
    other.goto(mine if everything else f"{mine}rondes/{round_.pk}/vragen/")
    notice = other.locator("[data-lost-user] .notice")
    expect(notice).to_contain_text(f"{QUESTION}: dit typte u nog. Het is niet opgeslagen")
    expect(notice).to_contain_text("Voor mijn collega.")
    check_page(other)
    notice.get_by_role("button", name="Verwijder deze tekst van dit apparaat").click()
    assert kept(other) == []


def test_a_window_that_is_open_keeps_its_own_text(theme: Page) -> None:
    theme.context.set_offline(True)
    field(theme).fill("Van het eerste venster.")
    expect(line(theme)).to_have_text(WAITING)
    theme.route("**/vragen/**", lambda route: route.abort())
    theme.context.set_offline(False)
    other = theme.context.new_page()
    other.goto(theme.url)
    other.wait_for_timeout(500)
    expect(field(other)).to_have_value("")
    theme.close()  # from now on somebody must look after it
    expect(field(other)).to_have_value("Van het eerste venster.")
    expect(line(other)).to_have_text(SAVED)


# An ended session


def test_signing_in_again_happens_on_the_page_and_the_text_is_saved(
    screen: Page, cast: dict[str, User], round_: Assessment, base_url: str, check_page: Callable[[Page], None]
) -> None:
    enter(screen.context, cast["bram"], base_url)
    screen.goto(theme_url(round_, QUESTION))
    screen.context.clear_cookies()
    field(screen).fill("Een lange gedachte.")
    expect(line(screen)).to_have_text("Nog niet opgeslagen. Log eerst opnieuw in.")
    dialog = screen.get_by_role("dialog", name="Log opnieuw in")
    expect(dialog).to_be_hidden()  # not while somebody types
    expect(field(screen)).to_be_focused()
    field(screen).blur()
    expect(dialog).to_be_visible()
    check_page(screen)
    dialog.get_by_label("Wachtwoord").fill("niet het goede")
    dialog.get_by_role("button", name="Inloggen", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("horen niet bij elkaar")
    check_page(screen)
    dialog.get_by_label("Wachtwoord").fill(PASSWORD)
    dialog.get_by_role("button", name="Inloggen", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(line(screen)).to_have_text(SAVED)
    assert stored() == (None, "Een lange gedachte.")
    choose(screen, "3")
    expect(line(screen)).to_have_text(SAVED)


def test_after_later_the_line_brings_the_dialog_back(theme: Page) -> None:
    theme.context.clear_cookies()
    choose(theme, "3")
    dialog = theme.get_by_role("dialog")
    dialog.get_by_role("button", name="Later").click()
    expect(dialog).to_be_hidden()
    theme.get_by_role("button", name="Log opnieuw in").first.click()
    expect(dialog).to_be_visible()


def test_signed_in_in_another_window_the_first_goes_on(
    theme: Page, cast: dict[str, User], base_url: str
) -> None:
    theme.context.clear_cookies()
    choose(theme, "3")
    expect(theme.get_by_role("dialog")).to_be_visible()
    enter(theme.context, cast["bram"], base_url)
    theme.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(line(theme)).to_have_text(SAVED)


def test_after_somebody_else_signed_in_nothing_is_sent_in_their_name(
    theme: Page, cast: dict[str, User], base_url: str
) -> None:
    theme.context.clear_cookies()
    enter(theme.context, cast["fatima"], base_url)
    choose(theme, "3")
    expect(line(theme)).to_contain_text("Er is nu iemand anders ingelogd")
    assert not Answer.objects.exists()


# Who uses the laptop next


def test_what_is_kept_cannot_be_read_without_signing_in(theme: Page) -> None:
    theme.context.set_offline(True)
    field(theme).fill("Vertrouwelijk over een collega.")
    expect(line(theme)).to_have_text(WAITING)
    everything = theme.evaluate("JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})")
    assert "portal/keep/" in everything
    assert "Vertrouwelijk" not in everything and "Bram" not in everything
    assert str(theme.locator("form[data-keep-key]").get_attribute("data-keep-key")) not in everything


@pytest.mark.parametrize("answer", ["accept", "dismiss"])
def test_signing_out_warns_and_then_leaves_nothing_behind(theme: Page, answer: str) -> None:
    theme.route(f"**/{QUESTION}/", lambda route: route.abort())
    field(theme).fill("Nog niet verstuurd.")
    expect(line(theme)).to_have_text(WAITING)
    theme.once("dialog", lambda dialog: getattr(dialog, answer)())
    theme.locator(".account-menu summary").click()
    theme.get_by_role("button", name="Uitloggen").click()
    if answer == "accept":
        expect(theme.get_by_text("U bent uitgelogd.")).to_be_visible()
        assert kept(theme) == []
    else:
        expect(field(theme)).to_have_value("Nog niet verstuurd.")
        assert len(kept(theme)) == 1


def test_the_next_person_sees_nothing_of_it(
    theme: Page, cast: dict[str, User], round_: Assessment, base_url: str
) -> None:
    theme.context.set_offline(True)
    field(theme).fill("Van Bram.")
    expect(line(theme)).to_have_text(WAITING)
    other = theme.context.new_page()
    theme.close()
    other.context.set_offline(False)
    other.context.clear_cookies()
    round_.assignments.create(link=THEME[0], theme=THEME[1], user=cast["fatima"])
    enter(other.context, cast["fatima"], base_url)
    other.goto(theme_url(round_, QUESTION))
    other.wait_for_timeout(500)
    expect(field(other)).to_have_value("")
    other.locator(".account-menu summary").click()
    other.get_by_role("button", name="Uitloggen").click()
    expect(other.get_by_text("U bent uitgelogd.")).to_be_visible()
    assert kept(other) == [] and not Answer.objects.exists()


# Conflicts


def test_both_explanations_can_be_joined(theme: Page, cast: dict[str, User], round_: Assessment) -> None:
    say(round_, cast["bram"], QUESTION, level=1, explanation="Uit het andere venster.")
    field(theme).fill("Uit dit venster.")
    conflict = theme.locator("[data-conflict]")
    expect(conflict).to_contain_text("Door u, in een ander venster")
    expect(conflict).to_contain_text("Uit het andere venster.")
    expect(conflict.locator("[data-mine]")).to_contain_text("Uit dit venster.")
    choose(theme, "4")  # what is typed on stays here until there is a choice
    expect(conflict.locator("[data-mine]")).to_have_text("Zoals het hierboven staat.")
    assert stored() == (1, "Uit het andere venster.")
    theme.get_by_role("button", name="Voeg de toelichtingen samen").click()
    expect(field(theme)).to_have_value("Uit dit venster.\n\nUit het andere venster.")
    expect(field(theme)).to_be_focused()
    expect(line(theme)).to_have_text(SAVED)
    assert stored() == (4, "Uit dit venster.\n\nUit het andere venster.")


def test_a_conflict_that_was_not_settled_is_there_again_on_the_next_visit(
    theme: Page, cast: dict[str, User], round_: Assessment
) -> None:
    say(round_, cast["bram"], QUESTION, level=1)
    choose(theme, "4")
    expect(theme.locator("[data-conflict]")).to_be_visible()
    theme.reload()
    expect(theme.locator("[data-conflict]")).to_be_visible()
    expect(checked(theme, "4")).to_have_count(1)
    assert stored() == (1, "")


def test_the_button_below_first_sends_what_waits(theme: Page) -> None:
    field(theme).press_sequentially("Net getypt")
    theme.get_by_role("button", name="Opslaan en hier blijven").click()
    expect(theme.get_by_text("is opgeslagen.")).to_be_visible()
    assert stored() == (None, "Net getypt")
    assert AnswerRevision.objects.count() == 1


def test_where_nothing_can_be_kept_closing_warns(theme: Page) -> None:
    theme.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    theme.reload()
    theme.route(f"**/{QUESTION}/", lambda route: route.abort())
    field(theme).press_sequentially("Blijf hier")
    expect(line(theme)).to_have_text("Wacht op verbinding. Laat deze pagina open.")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    theme.once("dialog", stay)
    theme.evaluate("location.assign('/')")
    theme.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(field(theme)).to_have_value("Blijf hier")
    theme.once("dialog", lambda dialog: dialog.accept())  # so that the window can close after the test
