"""What a personal link opens, for how long, and that nothing else opens for who came by it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from assessments.guests.access import PAGES
from assessments.letters import send_back
from assessments.models import Answer, Assessment, Evidence, GuestPass, SentBack
from assessments.reminders import remind
from assessments.status import Status
from integrity_portal.logs import WithoutTokens
from organisations.models import Invitation, Message, Organisation, User
from tests.cast import PASSWORD, THEME, bring_to, make_guest, make_round, say
from tests.pages import answer_url, fields, theme_url
from tests.world import addresses, make_world

ClientOf = Callable[[str], Client]
ADDRESS = "gast@buiten.example"


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    return make_round(cast)


def enter(token: str, browser: Client | None = None) -> Client:
    browser = browser or Client()
    assert browser.post(f"/gast/{token}/").status_code == 302
    return browser


def save(browser: Client, round_: Assessment, question: str = "PA-01", version: int = 0, **said: str) -> int:
    data = {"questionnaire": round_.questionnaire_id, **fields(question, version, **({"choice": "3"} | said))}
    return browser.post(answer_url(round_, question), data, headers={"HX-Request": "true"}).status_code


# The door


def test_a_link_says_who_asks_what_and_lets_in_only_by_a_press(round_: Assessment) -> None:
    _, token = make_guest(round_)
    browser = Client()
    response = browser.get(f"/gast/{token}/")
    page = response.content.decode()
    assert "Anna van Gemeente Waterrijk vraagt u mee te denken" in page
    assert "Er staat 1 vraag voor u klaar" in page and "U antwoordt niet anoniem" in page
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert browser.get("/").status_code == 302 and not browser.session.keys()
    assert GuestPass.objects.get().used_at is None
    enter(token, browser)
    assert GuestPass.objects.get().used_at
    assert "Dag Gerda Gast" in browser.get("/").content.decode()


def make_dead(way: str, guest: GuestPass) -> None:
    if way == "expired":
        GuestPass.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif way == "revoked":
        guest.revoke()
    elif way == "renewed":
        guest.renew(guest.last_day)
    elif way == "withdrawn":
        Assessment.objects.update(status=Status.WITHDRAWN)
    elif way == "not open":
        Assessment.objects.update(status=Status.PREPARED)


@pytest.mark.parametrize("way", ["expired", "revoked", "renewed", "withdrawn", "not open", "unknown"])
def test_a_link_that_opens_nothing_does_not_say_why(way: str, round_: Assessment) -> None:
    guest, token = make_guest(round_)
    make_dead(way, guest)
    address = f"/gast/{'x' * 43 if way == 'unknown' else token}/"
    for response in (Client().get(address, follow=True), Client().post(address, follow=True)):
        page = response.content.decode()
        assert response.redirect_chain == [("/gast/", 302)] and response.status_code == 404
        assert "Deze link werkt niet" in page
        assert not re.search("Gerda|Anna|Waterrijk|ingetrokken|verlopen", page)


@pytest.mark.parametrize("way", ["expired", "revoked", "renewed"])
def test_who_is_in_is_out_the_moment_that_the_link_ends(way: str, round_: Assessment) -> None:
    guest, token = make_guest(round_)
    browser = enter(token)
    assert save(browser, round_) == 200
    make_dead(way, guest)
    assert save(browser, round_, version=1, choice="4") == 401
    assert browser.get("/").status_code == 302
    assert Answer.objects.get().level == 3


def test_a_session_lasts_no_longer_than_the_link(round_: Assessment) -> None:
    _, token = make_guest(round_)
    assert enter(token).session.get_expiry_age() == settings.SESSION_COOKIE_AGE
    GuestPass.objects.update(expires_at=timezone.now() + timedelta(minutes=10))
    assert 590 <= enter(token).session.get_expiry_age() <= 600


def test_somebody_with_an_account_is_asked_and_signed_out_first(
    round_: Assessment, client_of: ClientOf
) -> None:
    _, token = make_guest(round_)
    anna = client_of("anna")
    page = anna.get(f"/gast/{token}/").content.decode()
    assert "U bent nu ingelogd als Anna" in page and "Log uit en begin als gast" in page
    assert anna.get("/rondes/").status_code == 200  # looking changes nothing
    enter(token, anna)
    assert anna.get("/rondes/").status_code == 404
    assert "Dag Gerda Gast" in anna.get("/").content.decode()


def test_stopping_closes_the_door_until_the_link_is_opened_again(round_: Assessment) -> None:
    _, token = make_guest(round_)
    browser = enter(token)
    assert "U bent gestopt" in browser.post("/gast/stop/").content.decode()
    assert browser.get("/").status_code == 302
    enter(token, browser)


@pytest.mark.parametrize("address", ["/gast/geheim-geheim-geheim/", "/uitnodiging/geheim-geheim-geheim/"])
def test_a_log_tells_no_token(address: str) -> None:
    record = logging.LogRecord("django.request", 30, "", 0, "Forbidden (%s): %s", ("CSRF", address), None)
    WithoutTokens().filter(record)
    assert "geheim" not in record.getMessage() and "CSRF" in record.getMessage()
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["secret"]  # type: ignore[index]


# Inside


def test_a_guest_answers_to_the_end(round_: Assessment) -> None:
    """As a browser does it: the list, the theme, a save, evidence, the life of the answer, stopping."""
    guest, token = make_guest(round_)
    browser = Client()
    response = browser.post(f"/gast/{token}/", follow=True)
    assert response.redirect_chain == [(f"/rondes/{round_.pk}/vragen/", 302)]
    page = browser.get(theme_url(round_, "PA-01")).content.decode()
    assert "PA-01" in page and round_.content.theme(*THEME).questions[1].id not in page
    assert save(browser, round_, explanation="Van buiten gezien.") == 200
    stored = Answer.objects.get()
    assert (stored.contributor, stored.level, stored.explanation) == (guest.user, 3, "Van buiten gezien.")
    file = SimpleUploadedFile("verslag.txt", b"Verslag.")
    proof = {"title": "Jaarverslag", "dated": "2026-01-01", "file": file, "no_names": "on"}
    url = answer_url(round_, "PA-01")
    assert browser.get(f"{url}bewijs/").status_code == 200
    assert browser.post(f"{url}bewijs/", proof).status_code == 302
    assert Evidence.objects.get().added_by == guest.user
    assert browser.get(f"{url}gesprek/").status_code == 200
    assert browser.get(f"/rondes/{round_.pk}/gesprekken/").status_code == 200
    assert "Van buiten gezien." in browser.get(f"{url}verloop/").content.decode()


def test_only_ones_own_questions_are_there(cast: dict[str, User], round_: Assessment) -> None:
    _, token = make_guest(round_)
    browser = enter(token)
    beside = round_.content.theme(*THEME).questions[1].id
    other = round_.content.links[1].themes[0].questions[0].id
    for question in (beside, other):
        assert save(browser, round_, question) == 404
        for page in ("", "bewijs/", "verloop/"):
            assert browser.get(f"{answer_url(round_, question)}{page}").status_code == 404
    assert browser.get(theme_url(round_, other)).status_code == 404
    second = make_round(cast, title="Hermeting")
    assert browser.get(f"/rondes/{second.pk}/vragen/").status_code == 404


def test_a_link_of_one_round_opens_no_other_whose_link_ended(cast: dict[str, User]) -> None:
    here = make_round(cast)
    there = make_round(cast, organisation="hoogezand", leader="chris", people=("chris",))
    ours, _ = make_guest(here)
    make_guest(there)
    browser = enter(ours.renew(ours.last_day))
    assert browser.get(f"/rondes/{there.pk}/vragen/").status_code == 200
    GuestPass.objects.get(assessment=there).revoke()
    assert browser.get(f"/rondes/{here.pk}/vragen/").status_code == 200
    assert browser.get(f"/rondes/{there.pk}/vragen/").status_code == 404
    assert save(browser, there) == 404 and save(browser, here) == 200


@pytest.mark.parametrize("state", ["open", "adopted"])
@pytest.mark.usefixtures("quick_pdf")
def test_what_is_not_on_the_list_does_not_exist_for_a_guest(state: str, cast: dict[str, User]) -> None:
    world = make_world(cast, state)
    assert world.round
    browser = enter(world.token)
    names = {
        name for name, _ in addresses(get_resolver()) if not name.startswith(("account_", "mfa_", "admin:"))
    }
    for name in sorted(names - PAGES):
        address = "/" if name.startswith("reports:") and state == "open" else world.address(name)
        for reply in (browser.get(address), browser.post(address)) if address != "/" else ():
            assert reply.status_code == 404, name
    with_questions = {"home", "health", "organisations:accept", "assessments:questions"}
    for name in with_questions & names:
        assert browser.get(world.address(name)).status_code in (200, 404), name


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_change_password", "account_reset_password", "account_logout", "admin:index"],
)
def test_there_are_no_pages_of_an_account(name: str, round_: Assessment) -> None:
    browser = enter(make_guest(round_)[1])
    assert browser.get(reverse(name)).status_code == browser.post(reverse(name)).status_code == 404


def test_the_header_has_the_questions_and_a_way_to_stop(round_: Assessment) -> None:
    Organisation.objects.filter(slug="waterrijk").update(theme="waterrijk")
    page = enter(make_guest(round_)[1]).get("/").content.decode()
    header = page[page.index("<header") : page.index("</header>")]
    assert "Gemeente Waterrijk" in header and "themes/waterrijk.css" in page
    assert "Mijn vragen" in header and "Stop" in header and "/gast/stop/" in header
    assert not re.search("Rondes|Verslagen|Wachtwoord|Uitloggen|postvak", header)


def test_a_guest_is_told_to_open_the_link_again_not_to_type_a_password(round_: Assessment) -> None:
    page = enter(make_guest(round_)[1]).get(theme_url(round_, "PA-01")).content.decode()
    dialog = page[page.index('id="sign-in"') :]
    assert "Open uw persoonlijke link opnieuw" in dialog and "blijft in deze browser bewaard" in dialog
    assert 'type="password"' not in page and "Log opnieuw in" not in page


def test_every_page_on_the_list_is_there_and_opens_for_the_guest(round_: Assessment) -> None:
    browser = enter(make_guest(round_)[1])
    names = {name for name, _ in addresses(get_resolver())}
    assert names >= PAGES
    for name in ("hand_in", "offline", "workbook", "threads", "questions"):
        assert browser.get(reverse(f"assessments:{name}", args=[round_.pk])).status_code == 200, name


def test_a_guest_replies_to_the_validator(cast: dict[str, User], round_: Assessment) -> None:
    guest, token = make_guest(round_)
    say(round_, guest.user, "PA-01", level=2)
    bring_to(round_, Status.VALIDATION, cast["anna"])
    with transaction.atomic():
        send_back(SentBack.send(round_, "PA-01", guest.user, "Waar blijkt dat uit?", cast["vera"]))
    (message,) = [one for one in mail.outbox if one.to == [ADDRESS]]
    assert "open de persoonlijke link uit onze eerdere mail" in message.body
    assert f"/rondes/{round_.pk}/" not in message.body
    browser = enter(token)
    assert save(browser, round_, version=1) == 200
    url = f"{answer_url(round_, 'PA-01')}teruggegeven/"
    assert "Waar blijkt dat uit?" in browser.get(url).content.decode()
    assert browser.post(url, {"text": "Uit het jaarverslag."}).status_code == 302
    assert SentBack.objects.get().settled_by == guest.user


def test_after_closing_a_guest_reads_and_changes_nothing(cast: dict[str, User], round_: Assessment) -> None:
    browser = enter(make_guest(round_)[1])
    save(browser, round_)
    bring_to(round_, Status.CLOSED, cast["anna"])
    assert browser.get(theme_url(round_, "PA-01")).status_code == 200
    assert save(browser, round_, version=1, choice="1") == 409
    assert "Er is nu niets voor u te doen" in browser.get("/").content.decode()


# Mail


def test_a_reminder_points_to_the_link_that_the_guest_has(cast: dict[str, User], round_: Assessment) -> None:
    _, token = make_guest(round_)
    Assessment.objects.update(deadline=date(2026, 11, 26))
    remind(timezone.make_aware(datetime(2026, 11, 24, 9)))
    (reminder,) = [one for one in mail.outbox if one.to == [ADDRESS]]
    html = str(reminder.alternatives[0][0])  # type: ignore[attr-defined]
    for body in (str(reminder.body), html):
        assert "open de persoonlijke link uit onze eerdere mail" in body
        assert "/vragen/" not in body and "/account/" not in body and "/gast/" not in body
    enter(token)


def test_a_guest_whose_link_ended_is_not_reminded(cast: dict[str, User], round_: Assessment) -> None:
    make_guest(round_)[0].revoke()
    Assessment.objects.update(deadline=date(2026, 11, 26))
    remind(timezone.make_aware(datetime(2026, 11, 24, 9)))
    remind(timezone.make_aware(datetime(2026, 11, 30, 9)))  # a Monday
    assert not Message.objects.filter(to=ADDRESS).exists()


# A guest has no account, until an invitation


def test_a_guests_address_cannot_sign_in_or_get_a_password(
    round_: Assessment, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    make_guest(round_)
    with django_capture_on_commit_callbacks(execute=True):
        tried = {
            address: (
                Client().post("/account/login/", {"login": address, "password": PASSWORD}).status_code,
                Client().post("/account/password/reset/", {"email": address}, follow=True).content,
            )
            for address in (ADDRESS, "niemand@buiten.example")
        }
    assert len(set(tried.values())) == 1
    bodies = [str(one.body).replace(one.to[0], "") for one in mail.outbox]
    assert len(set(bodies)) == 1 and not any("/reset/key/" in body for body in bodies)


def invited(cast: dict[str, User]) -> str:
    """The path of an invitation to the guest's address."""
    invitation = Invitation(
        organisation=Organisation.objects.get(slug="waterrijk"),
        email=ADDRESS,
        name="Gerda Gast",
        roles=["contributor"],
        invited_by=cast["bea"],
    )
    return f"/uitnodiging/{invitation.renew()}/"


@pytest.mark.parametrize("is_in", [True, False])
def test_an_invitation_makes_a_member_of_a_guest_with_all_answers(
    is_in: bool, cast: dict[str, User], round_: Assessment
) -> None:
    guest, token = make_guest(round_)
    say(round_, guest.user, "PA-01", level=2)
    browser = enter(token) if is_in else Client()
    link = invited(cast)
    assert "Maak mijn account" in browser.get(link).content.decode()
    account = {"name": "Gerda de Gast", "password": "een zin van woorden"}
    assert browser.post(link, account).status_code == 302
    user = User.objects.get(email=ADDRESS)
    assert user.pk == guest.user.pk and user.name == "Gerda de Gast"
    assert user.is_active and not user.is_guest and user.check_password("een zin van woorden")
    assert browser.get("/rondes/").status_code == 200
    assert Client().get(f"/gast/{token}/").headers["Location"] == "/gast/"


def test_a_session_of_the_guest_ends_when_the_account_begins(
    cast: dict[str, User], round_: Assessment
) -> None:
    elsewhere = enter(make_guest(round_)[1])
    Client().post(invited(cast), {"name": "Gerda Gast", "password": "een zin van woorden"})
    assert elsewhere.get("/").status_code == 302
