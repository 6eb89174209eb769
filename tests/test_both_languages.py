"""What somebody meets around signing in is there in Dutch and in English: pages, forms, errors and mails."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core import mail
from django.template.base import Lexer, TokenType
from django.test import Client
from django.urls import get_resolver, reverse

from organisations.models import Membership, User
from organisations.signing.changing import forget_factors
from tests.cast import PASSWORD
from tests.factors import App
from tests.test_sign_in_again import tired
from tests.world import addresses, make_world

ClientOf = Callable[[str], Client]
TEMPLATES = Path(__file__).parent.parent / "templates"
VOID = {"meta", "link", "input", "br", "img", "hr", "path", "rect", "circle", "use"}
SPOKEN = ("aria-label", "alt", "title", "placeholder")
# The same in both.
NAMES = {"Integriteitsportaal", "Integriteits\xadportaal", "Stop", "Passkey", "Passkeys", "Sleutel", "PIN"}
ERRORS = ("400.html", "403.html", "404.html", "429.html", "not_taken.html")


class Texts(HTMLParser):
    """What is read of a page, and read aloud; without what says itself in which language it is."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: set[str] = set()
        self.language = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "html":
            self.language = told.get("lang") or ""
        marked = tag in ("script", "style", "code", "svg") or (
            "lang" in told and tag not in ("html", "details")
        )
        inside = marked or any(hidden for _, hidden in self.open)
        if not inside:
            self.found |= {_plain(told[name] or "") for name in SPOKEN if name in told}
        if tag not in VOID:
            self.open.append((tag, marked))

    def handle_endtag(self, tag: str) -> None:
        while self.open and any(tag == one for one, _ in self.open) and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(hidden for _, hidden in self.open):
            self.found.add(_plain(data))


def _plain(text: str) -> str:
    return " ".join(text.split())


def words(page: str) -> set[str]:
    """Those that have a word of three letters in them, without what is a name."""
    found = {text.strip(" .:,·") for text in Texts(page).found if re.search(r"[^\W\d_]{3}", text)}
    return found - NAMES


# Templates


def reached(path: Path, seen: set[Path]) -> Iterator[Path]:
    """This template, and those that it is made of."""
    if path in seen or not path.exists():
        return
    seen.add(path)
    yield path
    for name in re.findall(r"{%\s*(?:extends|include) \"([^\"]+)\"", path.read_text()):
        yield from reached(TEMPLATES / name, seen)


def account_templates() -> list[Path]:
    """Those of account pages, which all have a choice of language, and of what goes wrong on them."""
    begin = [
        *TEMPLATES.glob("account/**/*.html"),
        *TEMPLATES.glob("mfa/**/*.html"),
        TEMPLATES / "organisations/signing/again.html",
    ]
    begin += [path for path in TEMPLATES.glob("**/*.html") if 'extends "allauth/layouts' in path.read_text()]
    seen: set[Path] = set()
    return [path for one in [*begin, *(TEMPLATES / name for name in ERRORS)] for path in reached(one, seen)]


def bare(path: Path) -> set[str]:
    """What a template says in one language only."""
    page, inside = "", ""
    for token in Lexer(path.read_text(encoding="utf-8")).tokenize():
        name = token.contents.split(" ")[0]
        if token.token_type == TokenType.BLOCK and name in ("blocktranslate", "comment"):
            inside = name
        elif token.token_type == TokenType.BLOCK and name == f"end{inside}":
            inside = ""
        elif token.token_type == TokenType.TEXT and not inside:
            page += token.contents
    return words(page)


@pytest.mark.anywhere
def test_no_template_of_an_account_page_says_anything_in_one_language_only() -> None:
    found = account_templates()
    assert len(found) > 50
    assert {str(path.relative_to(TEMPLATES)): said for path in found if (said := bare(path))} == {}


# Pages


class Account:
    """Everything that the addresses of the account pages speak of."""

    def __init__(self, cast: dict[str, User]) -> None:
        self.bea = cast["bea"]
        self.world = make_world(cast, "-")
        App(self.bea)
        data = {"name": "Werkbank", "credential": {}}
        self.passkey = Authenticator.objects.create(
            user=self.bea, type=Authenticator.Type.WEBAUTHN, data=data
        )

    def address(self, name: str, pattern: str) -> str:
        more = {"pk": self.passkey.pk, "uidb36": "1", "key": "set-password"}
        wanted = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
        own = {key: more[key] for key in wanted if key in more}
        return reverse(name, kwargs=own) if own else self.world.address(name)


def account_addresses() -> list[tuple[str, str]]:
    found = addresses(get_resolver())
    return sorted({one for one in found if one[1].startswith(("account/", "uitnodiging/"))})


def said(client: Client, method: str, address: str, language: str) -> tuple[str, set[str]]:
    """The language that a page names, and what is read on it; nothing when one is sent on."""
    client.cookies["taal"] = language
    response = client.get(address) if method == "GET" else client.post(address, {"name": "\x01", "code": "x"})
    if response.status_code in (301, 302, 405) or response.headers["Content-Type"] == "application/zip":
        return "", set()
    assert response.templates[0].origin.name.startswith(str(TEMPLATES)), f"{address}: not a page of our own"
    page = response.content.decode()
    return Texts(page).language, words(page)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("who", ["bea", "anonymous"])
def test_every_account_page_says_all_it_says_in_the_language_that_was_chosen(
    cast: dict[str, User], client_of: ClientOf, who: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        auth, "get_credentials", lambda user: []
    )  # what a device made is for the browser tests
    account, client = Account(cast), client_of(who)
    names = {"Bea", "bea@waterrijk.example", "nieuw@waterrijk.example", "Gemeente Waterrijk", "Werkbank"}
    both, seen = {}, 0
    for name, pattern in account_addresses():
        if name == "account_logout" and method == "POST":
            continue
        address = account.address(name, pattern)
        dutch, english = (said(client, method, address, language) for language in ("nl", "en"))
        if not dutch[0]:
            continue  # one is sent on, or what was posted could only be done once
        assert (dutch[0], english[0]) == ("nl", "en"), address
        seen += bool(english[0])
        if same := (dutch[1] & english[1]) - names:
            both[address] = same
    assert both == {}
    assert seen > 8


def test_a_choice_of_language_is_kept_until_another_one_that_there_is(client_of: ClientOf) -> None:
    anna = client_of("anna")
    assert "Signing in and security" in anna.get("/account/tweede-stap/?taal=en").content.decode()
    assert "Where you are signed in" in anna.get("/account/apparaten/").content.decode()
    assert "Where you are signed in" in anna.get("/account/apparaten/?taal=de").content.decode()
    assert "Waar u bent ingelogd" in anna.get("/account/apparaten/?taal=nl").content.decode()
    assert "App instellen" in anna.get("/account/tweede-stap/app/").content.decode()


def test_on_a_dutch_page_the_account_menu_is_in_the_chosen_language(client_of: ClientOf) -> None:
    anna = client_of("anna")
    assert "Mijn gegevens" in anna.get("/").content.decode()
    anna.cookies["taal"] = "en"
    page = anna.get("/").content.decode()
    menu = page.partition('<details class="account-menu" lang="en">')[2].partition("</details>")[0]
    assert '<html lang="nl"' in page and "My data" in menu and "Sign out" in menu and "Mijn" not in menu


def test_proving_it_anew_is_asked_in_the_chosen_language_before_a_dutch_page(
    client_of: ClientOf, cast: dict[str, User]
) -> None:
    bea, page = tired(client_of("bea")), f"/leden/{cast['bram'].memberships.get().pk}/"
    dutch = words(bea.post(page, {}).content.decode())
    bea.cookies["taal"] = "en"
    asked = bea.post(page, {})
    english = asked.content.decode()
    assert asked.status_code == 401 and '<html lang="en"' in english and "Is it really you?" in english
    assert words(english) & dutch <= {"Bea", "bea@waterrijk.example", "Gemeente Waterrijk"}
    wrong = bea.post(page, {"again-password": "gok"})
    assert wrong.status_code == 422 and "This password is not right." in wrong.content.decode()
    assert '<html lang="nl"' in bea.get(page).content.decode()


@pytest.mark.parametrize(
    "language, told", [("nl", "Deze pagina was verlopen"), ("en", "This page had expired")]
)
def test_a_form_that_came_too_late_is_refused_in_the_chosen_language(
    cast: dict[str, User], language: str, told: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["taal"] = language
    refused = client.post("/account/login/", {"login": "bea@waterrijk.example", "password": PASSWORD})
    assert refused.status_code == 403 and f"<h1>{told}</h1>" in refused.content.decode()


# Mails


def test_a_mail_about_an_account_says_it_in_both_languages_whatever_page_caused_it(
    cast: dict[str, User], client_of: ClientOf, django_capture_on_commit_callbacks: Any
) -> None:
    bea = client_of("bea")
    bea.cookies["taal"] = "en"
    new = {"oldpassword": PASSWORD, "password1": "nog een lange zin", "password2": "nog een lange zin"}
    bea.post("/account/password/change/", new)
    for email in ("bram@waterrijk.example", "niemand@waterrijk.example"):
        with django_capture_on_commit_callbacks(execute=True):
            bea.post("/account/password/reset/", {"email": email})
    forget_factors(cast["vera"], "Bea")
    forget_factors(cast["greet"])
    invited = {"name": "Ann", "email": "ann@waterrijk.example", "roles": ["contributor"]}
    bea.post("/leden/uitnodigen/waterrijk/", invited)
    assert len(mail.outbox) == 6, [message.subject for message in mail.outbox]
    for message in mail.outbox:
        dutch, english = str(message.body).split("---- English ----")
        assert " / " in message.subject and " u " in f"{dutch} " and " you " in english
        if "Tijdstip" in dutch:
            assert not set(re.findall(r"[A-Z]\w+", dutch)) & {"January", "March", "May", "October"}
        assert not set(re.findall(r"\w+", english.partition("Met vriendelijke")[0].lower())) & {
            "het",
            "uw",
            "een",
        }
    told = "\n".join(str(message.body) for message in mail.outbox)
    assert "Your password has been changed." in told and "Administrator Bea cleared" in told
    assert "Whoever runs this portal cleared" in told and "/?taal=en" in told


def test_the_english_link_of_an_invitation_opens_in_english(cast: dict[str, User]) -> None:
    token = make_world(cast, "-").token
    visitor = Client()
    page = visitor.get(f"/uitnodiging/{token}/?taal=en").content.decode()
    assert "Welcome to the integrity portal" in page and "Gemeente Waterrijk" in page
    visitor.post(f"/uitnodiging/{token}/", {"name": "Ann", "password": "een lange zin om te kiezen"})
    assert Membership.objects.filter(user__name="Ann").exists()
    assert (
        visitor.get("/account/berichten/").content.decode().count("Welcome to the integrity portal of") == 1
    )
