"""Whatever stands in an address, a header, a cookie or a content type: the portal answers and goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as portal
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, resolve, reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments.models import Answer
from organisations.models import User
from surveys.models import Survey, inviting
from tests.cast import make_round
from tests.fuzzing import TEXTS, encoded, hostile, trying
from tests.pages import answer_url
from tests.surveys import make_open_survey
from tests.world import addresses, make_world

pytestmark = pytest.mark.usefixtures("quick_pdf")
ClientOf = Callable[[str], Client]
NUMBERS = (0, 2**31, 2**63, 2**64, 10**400)
HEADERS = (
    *("Accept", "Accept-Encoding", "Accept-Language", "If-Modified-Since", "If-None-Match", "Origin"),
    *("HX-Current-URL", "HX-Request", "HX-Target", "Range", "Referer", "User-Agent"),
    *("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"),
)
# Codecs of Python that are no character sets, and sets that make of bytes what no database takes.
CHARSETS = ("utf-7", "utf-16", "utf-32", "hex", "zip", "rot13", "idna", "punycode", "unicode_escape", "onzin")
COOKIES = (
    *("a\\000b" * 4, "\\330\\000", "'" * 40, "=" * 40, ";;;", '"', "a" * 4000, "%00%00%00%00%00"),
    *("eyJhIjoxfQ:1abc:def", ".eJw:1abc:def", ":::", "ë" * 20, "9" * 40, "{}", "a\\012Set-Cookie: x=y"),
)


def broken(client: Client, method: str, address: str, *how: Any, **more: Any) -> str:
    """What went wrong with this request; empty when nothing did."""
    try:
        status = client.generic(method, address, *how, **more).status_code
    except Exception as fault:
        return f"{type(fault).__name__}: {fault} of {address} {how} {more}"[:600]
    return "" if status < 500 else f"{status} of {address} {how} {more}"[:600]


@pytest.mark.parametrize("person", ["anna", "anonymous"])
def test_no_address_breaks_the_portal(person: str, cast: dict[str, User], client_of: ClientOf) -> None:
    """Each place in each address is filled with what it cannot mean, or with what is nobody's."""
    world, client, wrong = make_world(cast, "adopted"), client_of(person), set[str]()

    def fill(name: str, known: dict[str, Any], place: str, number: int, text: str) -> None:
        cache.clear()  # counts of what was tried in vain
        value = number if isinstance(known[place], int) else text
        try:
            address = reverse(name, kwargs={**known, place: value})
        except (NoReverseMatch, UnicodeEncodeError):
            return  # it fits no address of this kind
        wrong.add(broken(client, "GET", address))

    for name, pattern in addresses(get_resolver()):
        if "<" in pattern and not name.startswith(("admin:", "account_", "mfa_")):
            known = resolve(world.address(name)).kwargs
            filled = (st.sampled_from(sorted(known)), st.sampled_from(NUMBERS), hostile())
            trying(3)(given(st.just(name), st.just(known), *filled)(fill))()
    assert wrong - {""} == set()


def test_no_header_breaks_a_page(cast: dict[str, User], client_of: ClientOf) -> None:
    wrong = set()
    for client in (client_of("anonymous"), client_of("bea")):
        for text in TEXTS:
            said = "".join(one for one in text if one.isprintable())[:4000]
            sent = encoded(said).decode("latin-1")  # as a web server hands it on
            wrong.add(broken(client, "GET", "/account/login/", headers={"Host": sent}))
            wrong.add(broken(client, "GET", "/leden/", headers=dict.fromkeys(HEADERS, sent)))
            wrong.add(broken(client, "GET", f"/controle/?q={sent}", headers={"Accept-Language": sent}))
    assert wrong - {""} == set()


def test_no_cookie_breaks_a_page(cast: dict[str, User], client_of: ClientOf) -> None:
    """Browsers send back what they got, others what they like; a cookie may hold any sign by its number."""
    inviting.make_codes(make_open_survey(make_round(cast), cast["anna"]))
    code = Survey.objects.get().groups.all()[0].code
    names = (portal.SESSION_COOKIE_NAME, portal.CSRF_COOKIE_NAME, "messages", "peiling", "peiling-gedaan")
    wrong = set()
    for address in ("/", "/account/login/", f"/peiling/code/{code}/", f"/peiling/code/{code}/1/"):
        for name in names:
            for value in COOKIES:
                for sent in (value, f'"{value}"'):
                    cookie = f"{name}={sent}"
                    wrong.add(broken(client_of("anonymous"), "GET", address, HTTP_COOKIE=cookie))
    assert wrong - {""} == set()


@pytest.mark.parametrize("charset", CHARSETS)
def test_no_character_set_brings_in_what_cannot_be_stored(
    charset: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    """Half a pair of UTF-16, written in UTF-7, is no text: no database takes it."""
    round_, bram = make_round(cast), client_of("bram")
    text = b"+2AA- \\ud800 a"
    parts = {"choice": b"2", "explanation": text, "version": b"0", "reason": b"", "helps": b""}
    lines = [
        b'--x\r\nContent-Disposition: form-data; name="PA-01-%b"\r\n\r\n%b\r\n' % (name.encode(), value)
        for name, value in parts.items()
    ]
    body, address = b"".join(lines) + b"--x--\r\n", answer_url(round_, "PA-01")
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    simple = f"application/x-www-form-urlencoded; charset={charset}"
    wrong = [
        broken(bram, "POST", address, body, kind),
        broken(bram, "POST", address, b"PA-01-explanation=+2AA-", simple),
        broken(bram, "GET", f"{address}?toon=+2AA-%00", b"", simple),
        broken(Client(), "GET", "/controle/", b"", f"text/plain; charset={charset}"),
    ]
    assert wrong == [""] * 4
    for answer in Answer.objects.all():
        answer.explanation.encode()
