"""What a script makes a page of is looked through first, and what no page needs the browser is denied."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page

from integrity_portal.headers import DENIED, OWN
from organisations.models import User
from tests.browser.entering import enter
from tests.cast import PASSWORD

PUT = """(text) => {
  try { document.createElement("div").innerHTML = text; return "taken"; } catch (error) { return error.name; }
}"""


@pytest.fixture
def tried(context: BrowserContext, base_url: str) -> Page:
    """The sign-in page, where a breach of the policy is no fault: it is what is tried."""
    page = context.new_page()
    page.goto("/account/login/")
    return page


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<script src=https://elders.example/x.js></script>",
        "<script src=/static/../rondes/1/bewijs/2/></script>",
        "<script src=data:,alert(1)></script>",
        "<img src=x onerror=alert(1)>",
        "<body><template><p><template><b onclick=alert(1)>x</b></template></p></template></body>",
        "<a href=javascript:alert(1)>x</a>",
        "<a href=' \t java\nscript:alert(1)'>x</a>",
        "<button formaction=JavaScript:alert(1)>x</button>",
        "<svg><a xlink:href=javascript:alert(1)>x</a></svg>",
        "<svg><animate attributeName=href values=javascript:alert(1) /></svg>",
        "<svg><script>alert(1)</script></svg>",
        "<math><mi onclick=alert(1)>x</mi></math>",
        "<iframe srcdoc='<b>x</b>'></iframe>",
        "<object data=/x></object><embed src=/x>",
        "<base href=//elders.example/>",
        "<meta http-equiv=refresh content='0; url=//elders.example'>",
    ],
)
def test_what_could_act_is_not_put_in_a_page(text: str, tried: Page) -> None:
    assert tried.evaluate(PUT, text) == "TypeError"


@pytest.mark.parametrize(
    "text",
    [
        "<p class=x>Zo is het: <em>javascript:</em> onclick=x</p>",
        "<form action=/rondes/><textarea name=a>javascript:alert(1)</textarea></form>",
        "<tr><td>x</td></tr>",
        "<script src=/static/build/portal.js></script>",
        "",
    ],
)
def test_what_only_shows_something_passes(text: str, page: Page) -> None:
    page.goto("/account/login/")
    assert page.evaluate(PUT, text) == "taken"


@pytest.mark.parametrize(
    "code",
    [
        "document.createElement('script').src = '/static/build/portal.js'",
        "document.createElement('script').text = 'alert(1)'",
        "setTimeout('alert(1)')",
        "trustedTypes.createPolicy('mine', {})",
        "trustedTypes.createPolicy('default', {createHTML: (text) => text})",
        "new Worker('/static/build/portal.js')",
    ],
)
def test_a_script_makes_no_scripts_and_no_rules_of_its_own(code: str, tried: Page) -> None:
    refused = f"() => {{ try {{ {code}; return 'taken'; }} catch (error) {{ return error.name; }} }}"
    assert tried.evaluate(refused) in ("TypeError", "EvalError", "SecurityError")


def test_a_page_is_alone_and_may_use_nothing_of_the_machine(page: Page) -> None:
    page.goto("/account/login/")
    assert page.evaluate("window.crossOriginIsolated") is True
    known = set(page.evaluate("document.featurePolicy.features()"))
    allowed = set(page.evaluate("document.featurePolicy.allowedFeatures()"))
    assert allowed & set(DENIED.split()) == set()
    assert allowed >= known & set(OWN)


def test_what_chromium_adds_is_denied_as_well(page: Page) -> None:
    """All that it knows is in the header, but for hints (of the screen, for one) and what harms nobody."""
    page.goto("/account/login/")
    allowed = page.evaluate("document.featurePolicy.allowedFeatures()")
    harmless = {
        "cross-origin-isolated",
        "deferred-fetch",
        "deferred-fetch-minimal",
        "interest-cohort",
        "media-playback-while-not-visible",
    }
    assert {name for name in allowed if not name.startswith("ch-")} - harmless <= set(OWN)


def test_the_technical_back_room_works_by_the_same_rules(
    page: Page, cast: dict[str, User], base_url: str
) -> None:
    User.objects.create_superuser("techniek@portaal.example", PASSWORD, name="Techniek")
    enter(page.context, User.objects.get(email="techniek@portaal.example"), base_url)
    page.goto("/techniek/organisations/membership/add/")
    assert page.evaluate("typeof django.jQuery.fn.jquery") == "string"
    page.goto("/techniek/organisations/user/")
    page.locator("#action-toggle").check()
    assert page.locator("tr.selected").count() == User.objects.count()
