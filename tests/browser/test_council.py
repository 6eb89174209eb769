"""The pages between the results and the council, on a desktop and on the narrowest phone, with long words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from assessments.models import Brief, CouncilPromise, CouncilQuestion, Handling
from assessments.status import Status
from organisations.models import User
from tests.browser.entering import enter
from tests.cast import check, make_adopted, react
from tests.world import make_council

pytestmark = pytest.mark.usefixtures("quick_pdf")
LONG = "Eenwoordzonderspaties" * 12
PAGES = """
anna  assessments:brief         executive
guus  assessments:reaction      executive
anna  assessments:detail        executive
guus  home                      executive
greet reports:clerk_check       executive
guus  reports:clerk_check       submitted
greet reports:desk              submitted
greet reports:handling          submitted
anna  reports:handling          submitted
greet reports:council_question  submitted
anna  reports:council_promise   submitted
"""


@pytest.fixture
def addresses(cast: dict[str, User]) -> dict[tuple[str, str], str]:
    """Where each page is: of a report that lies with the college, and of one that the council has."""
    with_college = make_adopted(cast, Status.EXECUTIVE)
    Brief.write(with_college, cast["anna"], 0, asked=LONG, council=LONG, contact=LONG[:120])
    react(with_college, cast["guus"], f"{LONG}. Bram zag 2 meldingen. {'Lange zin ' * 40}.")
    check(with_college, cast["greet"])
    react(with_college, cast["guus"], f"Bram zag {LONG}.")
    offered = make_adopted(cast, Status.SUBMITTED, year=2025)
    question, promise = make_council(offered, cast["greet"])
    Handling.register(offered, cast["greet"], "", number=LONG[:60], outcome=LONG)
    CouncilQuestion.objects.update(text=LONG, asked_by=LONG[:120])
    CouncilPromise.objects.update(text=LONG, owner=LONG[:120])
    rounds = {"executive": with_college.pk, "submitted": offered.pk}
    arguments: dict[str, list[int]] = {
        "home": [],
        "reports:desk": [],
        "reports:council_question": [offered.pk, question.pk],
        "reports:council_promise": [offered.pk, promise.pk],
    }
    rows = [line.split()[1:] for line in PAGES.strip().splitlines()]
    return {(name, state): reverse(name, args=arguments.get(name, [rounds[state]])) for name, state in rows}


def test_the_pages_for_the_council_are_accessible_and_within_their_width(
    screen: Page,
    cast: dict[str, User],
    addresses: dict[tuple[str, str], str],
    base_url: str,
    check_page: Callable[[Page], None],
) -> None:
    wrong = []
    for line in PAGES.strip().splitlines():
        person, name, state = line.split()
        screen.context.clear_cookies()
        enter(screen.context, cast[person], base_url)
        response = screen.goto(addresses[name, state])
        assert response and response.status == 200, line
        screen.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        try:
            check_page(screen)
        except AssertionError as fault:
            wrong.append(f"{line}: {fault}")
    assert not wrong, "\n".join(wrong)


def test_an_agreement_that_is_refused_leads_to_what_is_missing(
    screen: Page,
    cast: dict[str, User],
    addresses: dict[tuple[str, str], str],
    base_url: str,
    check_page: Callable[[Page], None],
) -> None:
    enter(screen.context, cast["greet"], base_url)
    screen.goto(addresses["reports:clerk_check", "executive"])
    screen.get_by_role("button", name="Akkoord, dit kan naar de raad").click()
    check_page(screen)
    screen.get_by_role("link", name="De oplegger is compleet: Zet een vinkje").click()
    assert screen.evaluate("document.activeElement.id") == "id_note-oplegger"
