"""A session that ended where a password brings nobody back, and the pages about proving who one is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from assessments.models import Answer, Assessment
from organisations.models import Membership, Organisation, SignOn, User
from organisations.signing.kept import KEPT
from tests.browser.entering import enter
from tests.browser.test_safekeeping import QUESTION, SAVED, field, line
from tests.cast import PASSWORD
from tests.factors import App
from tests.pages import theme_url
from tests.world import make_unreachable

CheckPage = Callable[[Page], None]
PAGES = "/account/tweede-stap/"
LONG_AGO = 16 * 60
METHODS = "account_authentication_methods"


def session_of(page: Page) -> SessionStore:
    cookies = page.context.cookies()
    return SessionStore(
        next(str(one["value"]) for one in cookies if one["name"] == settings.SESSION_COOKIE_NAME)
    )


def change(page: Page, **kept: object) -> None:
    session = session_of(page)
    session.update(kept)
    session.save()


def loses_the_session(page: Page) -> Locator:
    """The dialog, after something was typed that could not be saved."""
    page.context.clear_cookies()
    field(page).fill("Een lange gedachte.")
    field(page).blur()
    dialog = page.get_by_role("dialog", name="Log opnieuw in")
    expect(dialog).to_be_visible()
    return dialog


def comes_back(page: Page) -> None:
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(line(page)).to_have_text(SAVED)
    assert Answer.objects.get().explanation == "Een lange gedachte."


@pytest.fixture
def theme_page(screen: Page, cast: dict[str, User], round_: Assessment, base_url: str) -> Page:
    enter(screen.context, cast["bram"], base_url)
    screen.goto(theme_url(round_, QUESTION))
    return screen


def test_with_a_second_step_one_signs_in_in_a_new_window_and_the_text_is_saved(
    theme_page: Page, cast: dict[str, User], check_page: CheckPage
) -> None:
    app = App(cast["bram"])
    change(theme_page, **{METHODS: [*session_of(theme_page)[METHODS], {"method": "mfa", "at": 0}]})
    theme_page.reload()
    dialog = loses_the_session(theme_page)
    expect(dialog).to_contain_text("U logt in met een tweede stap. Doe dat in een nieuw venster")
    expect(dialog.get_by_label("Wachtwoord")).to_have_count(0)
    check_page(theme_page)
    link = dialog.get_by_role("link", name="Inloggen in een nieuw venster")
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener")
    with theme_page.context.expect_page() as opened:
        link.click()
    other = opened.value
    other.get_by_label("E-mailadres").fill("bram@waterrijk.example")
    other.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    other.get_by_role("main").get_by_role("button", name="Inloggen", exact=True).click()
    other.get_by_label("Code uit uw app, of een herstelcode").fill(app.code())
    other.get_by_role("button", name="Inloggen", exact=True).click()
    expect(other.get_by_role("heading", name="Dag Bram")).to_be_visible()
    other.close()
    comes_back(theme_page)


def test_a_second_step_that_came_meanwhile_is_said_after_the_password(
    theme_page: Page, cast: dict[str, User], check_page: CheckPage
) -> None:
    app = App(cast["bram"])
    dialog = loses_the_session(theme_page)
    dialog.get_by_label("Wachtwoord").fill(PASSWORD)
    dialog.get_by_role("button", name="Inloggen", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Er is nog een tweede stap nodig.")
    link = dialog.get_by_role("link", name="Inloggen in een nieuw venster")
    expect(link).to_be_focused()
    check_page(theme_page)
    with theme_page.context.expect_page() as opened:
        link.click()
    opened.value.get_by_label("Code uit uw app, of een herstelcode").fill(app.code())
    opened.value.get_by_role("button", name="Inloggen", exact=True).click()
    expect(opened.value.get_by_role("heading", name="Dag Bram")).to_be_visible()
    comes_back(theme_page)


def test_who_came_through_the_organisation_is_sent_there_in_a_new_window(
    theme_page: Page, cast: dict[str, User], base_url: str, check_page: CheckPage
) -> None:
    make_unreachable(cast["bram"])
    record = {"method": "sign_on", "at": 0, "organisation": Organisation.objects.get(slug="waterrijk").pk}
    change(theme_page, **{METHODS: [record]}, account_authentication_methods_user=str(cast["bram"].pk))
    theme_page.reload()
    dialog = loses_the_session(theme_page)
    expect(dialog).to_contain_text("U logt in via uw organisatie. Doe dat in een nieuw venster")
    link = dialog.get_by_role("link", name="Inloggen in een nieuw venster")
    assert link.get_attribute("href") == "/account/organisatie/waterrijk/"
    check_page(theme_page)
    enter(theme_page.context, cast["bram"], base_url)
    comes_back(theme_page)


def test_where_passwords_were_closed_meanwhile_the_dialog_leads_to_the_organisation(
    theme_page: Page, cast: dict[str, User], base_url: str
) -> None:
    make_unreachable(cast["bram"])
    SignOn.objects.update(closes_passwords=True)
    dialog = loses_the_session(theme_page)
    dialog.get_by_label("Wachtwoord").fill(PASSWORD)
    dialog.get_by_role("button", name="Inloggen", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("U kunt alleen inloggen via uw organisatie.")
    link = dialog.get_by_role("link", name="Inloggen in een nieuw venster")
    assert (link.get_attribute("href") or "").startswith("/account/organisatie/waterrijk/")
    enter(theme_page.context, cast["bram"], base_url)
    comes_back(theme_page)


# The pages of changing and proving


def tire(page: Page) -> None:
    """A quarter of an hour goes by."""
    session = session_of(page)
    change(page, **{METHODS: [{**one, "at": one["at"] - LONG_AGO} for one in session[METHODS]]})


def test_the_pages_of_a_factor_and_of_proving_anew_are_accessible(
    screen: Page, cast: dict[str, User], base_url: str, check_page: CheckPage
) -> None:
    App(cast["bea"])
    name = "Eenwoordzonderspaties" * 2
    passkey = Authenticator.objects.create(
        user=cast["bea"], type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}}
    )
    enter(screen.context, cast["bea"], base_url)
    addresses = [
        PAGES,
        f"{PAGES}app/verwijderen/",
        f"{PAGES}herstelcodes/nieuw/",
        f"{PAGES}passkeys/{passkey.pk}/naam/",
        f"{PAGES}passkeys/{passkey.pk}/verwijderen/",
        "/account/reauthenticate/",
        f"{PAGES}opnieuw/code/",
        f"{PAGES}?taal=en",
        "/account/reauthenticate/?taal=nl",
    ]
    for address in addresses:
        reply = screen.goto(address)
        assert reply and reply.status == 200, address
        check_page(screen)
    screen.goto(f"{PAGES}passkeys/{passkey.pk}/naam/")
    screen.get_by_label("Naam").fill("")
    screen.get_by_role("button", name="Bewaar deze naam").click()
    check_page(screen)


def test_the_page_that_asks_before_what_weighs_and_the_end_of_guessing_are_accessible(
    screen: Page, cast: dict[str, User], base_url: str, check_page: CheckPage
) -> None:
    enter(screen.context, cast["bea"], base_url)
    screen.goto(f"/leden/{cast['bram'].memberships.get().pk}/")
    tire(screen)
    screen.get_by_role("button", name="Opslaan").click()
    expect(screen.get_by_role("heading", name="Bent u het zelf?")).to_be_visible()
    check_page(screen)
    for number in range(11):
        screen.get_by_label("Wachtwoord").fill(f"gok {number}")
        screen.get_by_role("button", name="Verder met dit wachtwoord").click()
        if number == 0:
            check_page(screen)
    expect(screen.get_by_role("heading", name="Te vaak achter elkaar")).to_be_visible()
    check_page(screen)


def test_proving_it_at_the_organisation_is_accessible(
    screen: Page, cast: dict[str, User], base_url: str, check_page: CheckPage
) -> None:
    make_unreachable(cast["bram"])
    bea = Membership.objects.get(user=cast["bea"])
    enter(screen.context, cast["bea"], base_url)
    member = f"/leden/{cast['bram'].memberships.get().pk}/"
    screen.goto(member)
    record = {"method": "sign_on", "at": 0, "organisation": bea.organisation_id}
    change(screen, **{METHODS: [record]})
    screen.get_by_role("button", name="Opslaan").click()
    expect(screen.get_by_role("button", name="Ga naar Gemeente Waterrijk")).to_be_visible()
    check_page(screen)
    screen.get_by_role("button", name="Ga naar Gemeente Waterrijk").click()
    expect(screen.get_by_text("nog ingelogd als Bea")).to_be_visible()  # that provider cannot be reached
    check_page(screen)
    screen.get_by_role("link", name="Terug naar wat u deed").click()
    expect(screen.get_by_role("link", name="Ga naar Gemeente Waterrijk")).to_be_visible()
    check_page(screen)
    change(screen, **{METHODS: [{**record, "at": timezone.now().timestamp()}]})
    screen.reload()
    check_page(screen)
    screen.get_by_role("button", name="Ga door").click()
    screen.wait_for_url("**/leden/**")
    assert KEPT not in session_of(screen)
