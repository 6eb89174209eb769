"""Evidence as people add, reuse and delete it, on a desktop and on a phone, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from playwright.sync_api import FilePayload, Locator, Page, expect

from organisations.models import User
from tests.browser.entering import enter
from tests.cast import make_cast, make_round
from tests.evidence import evidence_url, make_evidence
from tests.pages import theme_url
from tests.uploads import PDF


@pytest.fixture
def bram(transactional_db: None) -> User:
    """Someone with a theme to answer, and evidence of last year."""
    cast = make_cast()
    make_evidence(make_round(cast, year=2025), cast["bram"], title="Beleid van vorig jaar")
    make_round(cast)
    connection.close()
    return cast["bram"]


def press(thing: Locator) -> None:
    thing.focus()
    thing.press("Enter")


def choose(page: Page, content: bytes) -> None:
    file: FilePayload = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": content}
    page.get_by_label("Een bestand").set_input_files(file)


def test_a_file_is_added_and_deleted_and_earlier_evidence_reused(
    screen: Page, bram: User, base_url: str, check_page: Callable[[Page], None]
) -> None:
    round_ = bram.assignments.latest("assessment__created_at").assessment
    enter(screen.context, bram, base_url)
    screen.goto(theme_url(round_, "PA-01"))
    press(screen.get_by_role("link", name="Bewijs toevoegen bij PA-01"))
    screen.get_by_label("Titel").fill("Beleidsplan")
    screen.get_by_label("Datum van het stuk").fill("2026-03-01")
    choose(screen, b"<html>")
    press(screen.get_by_role("button", name="Voeg toe"))
    expect(screen.get_by_role("alert")).to_contain_text("webpagina of bevat code")
    check_page(screen)
    choose(screen, PDF)
    screen.get_by_label("In dit bestand staan geen namen van personen").press("Space")
    press(screen.get_by_role("button", name="Voeg toe"))
    expect(screen.get_by_role("link", name="Beleidsplan", exact=True)).to_be_visible()
    press(screen.get_by_role("button", name="Gebruik opnieuw"))
    expect(screen.get_by_role("link", name="Beleid van vorig jaar", exact=True)).to_be_visible()
    added = screen.get_by_role("listitem").filter(has_text="Beleidsplan")
    press(added.get_by_role("link", name="Verwijderen"))
    screen.get_by_label("Waarom verwijdert u dit bewijs?").fill("Verkeerde versie.")
    press(screen.get_by_role("button", name="Verwijder het bewijs"))
    expect(screen.get_by_text("Verwijderd (1)")).to_be_visible()
    assert screen.url.endswith(evidence_url(round_))
    check_page(screen)
