"""Chromium for the tests: the machine's own, two sizes of screen, and the rules that hold on every page."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, ViewportSize

from assessments.models import Assessment
from organisations.models import User
from tests.browser.entering import enter
from tests.cast import THEME, make_cast, make_round
from tests.pages import theme_url

SCREENS: dict[str, ViewportSize] = {
    "desktop": {"width": 1280, "height": 900},
    "phone": {"width": 320, "height": 640},
}
# WCAG 1.4.12: with this nothing may be lost.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* {line-height: 1.5 !important; letter-spacing: 0.12em !important}
    * {word-spacing: 0.16em !important} p {margin-bottom: 2em !important}`);
  document.adoptedStyleSheets = [sheet];
  const cut = [...document.querySelectorAll("body *")].filter((one) => {
    const style = getComputedStyle(one);
    const hides = (axis) => ["hidden", "clip"].includes(style["overflow" + axis]);
    const seen = one.clientWidth > 1 && one.clientHeight > 1 && one.checkVisibility();
    const wide = hides("X") && one.scrollWidth > one.clientWidth + 1;
    const high = hides("Y") && one.scrollHeight > one.clientHeight + 1;
    return seen && (wide || high) && one.textContent.trim() && !one.closest("[aria-hidden=true]");
  });
  document.adoptedStyleSheets = [];
  return cut.map((one) => one.outerHTML.slice(0, 120));
}"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",  # containers give it 64 MB
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # root and many containers cannot have it; the pages are our own
]

# Not every breach is told on the console: an error that a script catches is not.
REPORT = """document.addEventListener("securitypolicyviolation", (one) => {
  console.error(`Content Security Policy: ${one.effectiveDirective} ${one.blockedURI} ${one.sample}`);
});"""

# Playwright's synchronous interface runs a loop in this thread; Django refuses the database where one runs.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lies in this folder runs in a browser."""
    here = os.path.dirname(__file__) + os.sep
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser of CHROMIUM, else the machine's, else what playwright itself may have downloaded."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return (
        browser_type_launch_args
        | {"args": [*FLAGS, *as_root]}
        | ({"executable_path": found} if found else {})
    )


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return browser_context_args | {
        "locale": "nl-NL",
        "timezone_id": "Europe/Amsterdam",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def page(page: Page, live_server: Any) -> Iterator[Page]:
    """A page of which a breach of the Content-Security-Policy or an error in a script fails the test.

    Addresses may be relative: page.goto("/account/login/").
    """
    wrong: list[str] = []

    def watch(message: ConsoleMessage) -> None:
        if re.search("Content Security Policy|Permissions-Policy|Cross-Origin", message.text):
            wrong.append(message.text)

    page.add_init_script(REPORT)
    page.on("console", watch)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.set_default_timeout(10_000)
    yield page
    assert not wrong, "\n".join(wrong)


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    url: str = live_server.url
    return url


@pytest.fixture(params=SCREENS)
def screen(request: pytest.FixtureRequest, page: Page) -> Page:
    """The page, once on a desktop and once on the narrowest phone."""
    page.set_viewport_size(SCREENS[request.param])
    return page


@pytest.fixture
def check_page() -> Callable[[Page], None]:
    """A function that holds a page to WCAG 2.2 AA, as far as axe can tell, and to the width of its screen."""
    axe = Axe()

    def check(page: Page) -> None:
        found: dict[str, Any] = axe.run(page, options={"runOnly": RULES}).response
        assert found["passes"], "axe saw nothing at all"
        assert not found["violations"], "\n".join(_told(violation) for violation in found["violations"])
        beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert beyond <= 0, f"{page.url} is {beyond} px wider than its screen"
        cut = page.evaluate(SPACED)
        assert not cut, f"{page.url} cuts text off when it is spaced: {cut}"

    return check


def _told(violation: dict[str, Any]) -> str:
    """A violation in a few lines: the rule, and each place with what to do."""
    places = [f"  {node['target'][0]}: {node['failureSummary']}" for node in violation["nodes"][:5]]
    return "\n".join([f"{violation['id']} ({violation['impact']}): {violation['help']}", *places])


@pytest.fixture
def cast(transactional_db: None) -> dict[str, User]:
    """The people, for a server in another thread to see."""
    return make_cast()


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    return make_round(cast)


@pytest.fixture
def theme(page: Page, cast: dict[str, User], round_: Assessment, base_url: str) -> Page:
    """Bram's page of a theme."""
    enter(page.context, cast["bram"], base_url)
    page.goto(theme_url(round_, round_.content.theme(*THEME).questions[0].id))
    return page
