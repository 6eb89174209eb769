"""Every answer of every address says what a browser may do with it, whoever asks and however it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client, override_settings
from django.urls import get_resolver, reverse

from integrity_portal import headers
from organisations.models import User
from tests.world import World, addresses, make_world

pytestmark = [pytest.mark.anywhere, pytest.mark.usefixtures("quick_pdf")]
ClientOf = Callable[[str], Client]
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": headers.PERMISSIONS_POLICY,
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}
OF_PAGES = {"Cross-Origin-Embedder-Policy": "require-corp", "Origin-Agent-Cluster": "?1"}
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types default inert",
}
# The address of an answering page is somebody's link: not even our own log may get it from a request.
ANSWERING = {"surveys:answer", "surveys:answer_step", "surveys:code_answer", "surveys:code_answer_step"}
# Meant for anybody to keep: what is published, and what has its content for an address.
KEPT = {
    "organisations:logo",
    "organisations:sheet",
    "reports:catalogue",
    "reports:publication",
    "reports:publication_data",
    "reports:publication_pdf",
    "reports:publications",
    "reports:robots",
    "reports:sitemap",
}
# Boxed in by a policy of their own: files that people or we made, and that a browser may show by itself.
SANDBOXED = {
    "assessments:evidence_file": "may bring its own style; people put it there",
    "demo_mail_as_sent": "a mail brings its own style; in the demo only",
}


@pytest.fixture
def as_in_production() -> Iterator[None]:
    with override_settings(
        SECURE_HSTS_SECONDS=31536000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SECURE_HSTS_PRELOAD=True
    ):
        yield


Asked = list[tuple[str, HttpResponseBase]]


def everything(world: World, clients: list[Client]) -> Asked:
    """What each of these gets at each address, and the first when they send a form or delete; it is undone.

    Those of allauth and of Django's admin as well, where there is nothing to fill in.
    """
    found = []
    for name, pattern in addresses(get_resolver()):
        own = not name.startswith(("account_", "admin:")) and "<" in pattern
        if "<" in pattern and not own:
            continue  # of a package, with a value that we would have to make up
        if pattern.startswith("verslagen/<int:pk>") and not (world.round and world.round.adoption):
            continue
        address = world.address(name) if own else "/" + pattern.replace("$", "").replace("^", "")
        for client in clients:
            for method in ("get", "post", "delete") if client is clients[0] else ("get",):
                found.append((name, undone(client, method, address)))
    return found


def undone(client: Client, method: str, address: str) -> HttpResponseBase:
    cookies = {key: cookie.value for key, cookie in client.cookies.items()}
    with transaction.atomic():
        answer: HttpResponseBase = getattr(client, method)(address, secure=True)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies)
    return answer


@pytest.mark.parametrize("state", ["published", "told"])
def test_every_answer_is_protected(
    state: str, cast: dict[str, User], client_of: ClientOf, as_in_production: None
) -> None:
    world = make_world(cast, state)
    people = [client_of(name) for name in ("anna", "bram", "bea", "anonymous")]
    asked = everything(world, people)
    asked += [("nowhere", people[0].get("/is-er-niet/", secure=True))]
    wrong = [(name, answer.status_code, said) for name, answer in asked for said in lacking(name, answer)]
    assert wrong == []
    assert len({name for name, _ in asked}) > 150


def lacking(name: str, answer: HttpResponseBase) -> Iterator[str]:
    """Each header that is not as it should be."""
    is_page = name in ANSWERING and answer.status_code != 405  # which has no link and fetches nothing
    wanted = ALWAYS | ({"Referrer-Policy": "strict-origin"} if is_page else {})
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        wanted |= OF_PAGES
    yield from (key for key in wanted if answer.headers.get(key) != wanted[key])
    if "no-store" not in answer.headers["Cache-Control"] and name not in KEPT:
        yield answer.headers["Cache-Control"]
    policy = answer.headers["Content-Security-Policy"]
    if set(policy.split("; ")) != POLICY:
        boxed_in = "default-src 'none'" in policy and "sandbox" in policy
        loose = name not in SANDBOXED and "unsafe" in policy
        if not boxed_in or loose or "allow-scripts" in policy or "http" in policy:
            yield policy


def test_what_was_kept_by_a_cache_is_public_for_everybody(cast: dict[str, User], client_of: ClientOf) -> None:
    """Nobody's name is in what a cache may keep: the same for who signed in and who did not."""
    world = make_world(cast, "published")
    for name in sorted(KEPT):
        pages = [client_of(person).get(world.address(name)) for person in ("anna", "anonymous")]
        assert pages[0].getvalue() == pages[1].getvalue(), name
        for page in pages:
            assert "public" in page["Cache-Control"] and "Cookie" not in page.get("Vary", ""), name
            assert not page.cookies, name


def test_a_form_that_is_refused_and_an_error_are_protected_as_well(
    cast: dict[str, User], client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*how: object) -> None:
        raise RuntimeError("on purpose")

    strict = Client(enforce_csrf_checks=True)
    refused = strict.post(reverse("account_login"), {"login": "x"})
    client = client_of("anna")
    client.raise_request_exception = False
    monkeypatch.setattr("integrity_portal.views.signed_in", broken)
    failed = client.get("/")
    wrong_host = Client().get("/", headers={"host": "elders.example"})
    unread = Client().get("/", headers={"content-type": "text/plain; charset=hex"})
    answers = (refused, failed, wrong_host, unread)
    assert [response.status_code for response in answers] == [403, 500, 400, 400]
    for response in answers:
        expected = ALWAYS | OF_PAGES | {"Cache-Control": "no-store"}
        del expected["Strict-Transport-Security"]  # by http
        said = {key: response.headers.get(key) for key in expected}
        said["Cache-Control"] = "no-store" if "no-store" in str(said["Cache-Control"]) else "?"
        assert said == expected, response.status_code


def test_a_file_of_ours_is_for_our_own_pages() -> None:
    said: dict[str, str] = {}
    settings.WHITENOISE_ADD_HEADERS_FUNCTION(said, "portal.css", "/static/build/portal.css")
    assert said == {"Cross-Origin-Resource-Policy": "same-origin"}
