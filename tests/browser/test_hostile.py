"""Markup that somebody typed, on a phone: nothing runs, nothing is wider than its screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Page

from organisations.models import Organisation, User
from tests.browser.conftest import SCREENS
from tests.browser.entering import enter
from tests.found_forms import MARK
from tests.hostile import PAYLOAD, SHORT, spread
from tests.test_access import PAGES
from tests.world import make_world

pytestmark = pytest.mark.usefixtures("quick_pdf")
FILES = {"assessments:evidence_file"}  # a browser takes it home
WHO = ("anna", "bram", "vera", "guus", "greet", "bea", "nobody")


@pytest.mark.parametrize("state", ["-", "open", "validation", "adopted"])
def test_markup_runs_nowhere_and_breaks_no_page(
    state: str, page: Page, cast: dict[str, User], base_url: str
) -> None:
    """What the policy had to stop counts as well: the page's own fixture fails on its message."""
    User.objects.update(name=SHORT)
    Organisation.objects.filter(slug="waterrijk").update(name=PAYLOAD)
    for user in cast.values():
        user.refresh_from_db()
    world = make_world(cast, state)
    spread()
    wrong: list[str] = []

    def close(dialog: Dialog) -> None:
        wrong.append(f"{page.url}: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", close)
    page.set_viewport_size(SCREENS["phone"])
    seen = set[str]()
    for person in WHO:
        page.context.clear_cookies()
        if person != "nobody":
            enter(page.context, cast[person], base_url)
        for row in PAGES:
            if row.state != state or row.name in seen or row.expected[person] != "200":
                continue
            address = world.address(row.name)
            if not address.endswith("/") or row.name in FILES:
                continue
            seen.add(row.name)
            page.goto(address)
            if page.locator(f"{MARK}, img[src=x]").count():
                wrong.append(f"{row}: the markup became an element")
            wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            if (beyond := page.evaluate(wide)) > 0:
                wrong.append(f"{row}: {beyond} px wider than its screen")
    assert not wrong, "\n".join(wrong)
    assert len(seen) > 3
