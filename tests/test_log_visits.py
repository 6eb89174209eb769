"""Which visits are in the log: what is sensitive or leaves the portal, and what was refused; and who answers
an anonymous survey never.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver, reverse
from django.utils import timezone
from pytest_django import Settings

from assessments.models import Assessment
from assessments.status import Status
from integrity_portal.middleware import WRITERS
from integrity_portal.visits import LOGGED, log_visits
from organisations.log.acts import Act, Result
from organisations.models import LogEntry, User
from surveys.models import Survey, inviting
from tests.cast import make_guest, make_round, say
from tests.surveys import make_links, make_open_survey
from tests.world import addresses, make_world

pytestmark = pytest.mark.usefixtures("quick_pdf")
ClientOf = Callable[[str], Client]
# Every other address of the portal, by why nobody's visit to it is written down.
NOT_LOGGED = {
    "shows what is meant for everybody": """
        health security_txt closed
        reports:verify reports:verify_code reports:publications reports:catalogue reports:publication
        reports:publication_pdf reports:publication_data reports:robots reports:sitemap
        organisations:sheet organisations:logo organisations:sign_on
        organisations:saml_metadata
    """,
    "asks nobody who they are": """
        surveys:code surveys:thanks surveys:code_answer surveys:code_answer_step surveys:answer
        surveys:answer_step assessments:guest_gone
    """,
    "of the demo only": "demo_mailbox demo_mail demo_mail_as_sent",
    "shows somebody's own work": """
        home assessments:list assessments:questions assessments:theme assessments:question
        assessments:hand_in assessments:hand_over assessments:offline assessments:read_back assessments:life
        assessments:reply organisations:preferences retention:own organisations:sessions
        organisations:again
    """,
    "tells how a round or survey stands, with no answer": """
        assessments:create assessments:detail assessments:edit assessments:delegation
        assessments:delegation_theme assessments:turn surveys:list surveys:detail surveys:prepare
        surveys:groups surveys:groups_import surveys:clearances surveys:invite surveys:remind
        reports:meetings reports:list
    """,
    "what becomes public, or is made to be read by many": """
        assessments:vulnerabilities assessments:plan assessments:action_new assessments:brief
        assessments:reaction reports:survey reports:survey_group reports:report reports:preview
        reports:desk reports:handling reports:council_question reports:council_promise
    """,
    "asks first; the act writes its own entry": """
        assessments:transition assessments:guest assessments:guest_stop assessments:guest_revoke
        assessments:evidence_remove assessments:action assessments:action_edit assessments:action_move
        assessments:action_step surveys:open surveys:release surveys:close surveys:destruction
        organisations:organisation organisations:house_style organisations:house_style_version
        organisations:remove organisations:forget_factor organisations:sessions_end organisations:session_end
        organisations:right organisations:substitute
        organisations:invite organisations:resend organisations:revoke
        organisations:sign_on_settings organisations:sign_on_test organisations:sign_on_switch
        organisations:sign_on_passwords organisations:sign_on_loosen organisations:saml_settings
        organisations:saml_test organisations:saml_answer organisations:saml_arrived
        organisations:accept reports:clerk_check retention:periods retention:hold retention:lift
        retention:person retention:withdraw retention:asked
        leaving leaving_archive organisations:sign_on_start organisations:sign_on_back
    """,
    "a statement that names nobody, for who has its address": "leaving_statement",
    "tells how long what is kept": "retention:overview retention:statements",
    "sends a mail again that the outbox shows": "organisations:send_again",
}


def written(organisation: str = "waterrijk", **asked: object) -> list[tuple[str, str, str, str]]:
    entries = LogEntry.objects.filter(organisation__slug=organisation, **asked).order_by("number")
    return [(entry.who.split(" ")[0], entry.act, entry.what, entry.result) for entry in entries]


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    return make_round(cast)


def test_every_address_is_logged_or_has_a_reason_why_not() -> None:
    own = {
        name for name, _ in addresses(get_resolver()) if not name.startswith(("account_", "mfa_", "admin:"))
    }
    reasons = [name for names in NOT_LOGGED.values() for name in names.split()]
    assert len(reasons) == len(set(reasons))
    assert not set(reasons) & set(LOGGED)
    assert own == {*reasons, *LOGGED}


IN_STATE = {
    "polled": ["surveys:posters", "surveys:sheets"],
    "told": ["reports:survey_csv", "reports:survey_json", "surveys:remarks"],
}


@pytest.mark.parametrize("state", ["adopted", *IN_STATE])
def test_everything_that_is_logged_is_logged(state: str, cast: dict[str, User], client_of: ClientOf) -> None:
    """One entry a visit, in the log of the municipality; each address by everybody."""
    elsewhere = {name for names in IN_STATE.values() for name in names}
    names = IN_STATE.get(state) or sorted(set(LOGGED) - elsewhere)
    world, shown = make_world(cast, state), set()
    if state == "polled":
        inviting.make_codes(Survey.objects.get())
    for person in ("anna", "vera", "bram", "greet", "bea"):
        client = client_of(person)
        for name in names:
            newest = LogEntry.objects.latest("pk").pk
            status = client.get(world.address(name)).status_code
            entries = list(LogEntry.objects.filter(pk__gt=newest))
            assert len(entries) == (status in (200, 404)), (name, person, status)
            for entry in entries:
                result = Result.DONE if status == 200 else Result.REFUSED
                assert (entry.act, entry.result) == (LOGGED[name].act, result), (name, person)
                assert entry.what.startswith(LOGGED[name].what)
                own = entry.organisation_id is not None or name == "organisations:members"
                assert own, (name, person)
            if status == 200:
                shown.add(name)
    assert shown == set(names)


def test_a_visit_says_who_saw_what_of_which_round(round_: Assessment, client_of: ClientOf) -> None:
    say(round_, User.objects.get(name="Bram"), "PA-01", level=3, explanation="Geheim antwoord")
    client_of("vera").get(
        f"/rondes/{round_.pk}/vragen/pro-actie/richting-en-voorbeeld/PA-01/gesprek/?q=geheim"
    )
    what = f"gesprek, {round_}, pro-actie, richting-en-voorbeeld, PA-01"
    assert written(act="view")[-1] == ("Vera", "view", what, "done")
    assert not LogEntry.objects.filter(what__icontains="geheim").exists()


def test_what_is_of_somebody_else_is_refused_in_the_log_of_whose_it_is(
    round_: Assessment, client_of: ClientOf
) -> None:
    chris = client_of("chris")
    for page, what in (("voortgang/", "voortgang per persoon"), ("wijzigen/", "andere pagina")):
        assert chris.get(f"/rondes/{round_.pk}/{page}").status_code == 404
        assert written()[-1] == ("Chris", "view", f"{what}, {round_}", "refused")
    assert chris.get("/organisaties/waterrijk/logboek.csv").status_code == 404
    assert written()[-1] == ("Chris", "export", "logboek", "refused")
    assert chris.post("/organisaties/waterrijk/", {"name": "x"}).status_code == 404
    assert written()[-1] == ("Chris", "view", "andere pagina", "refused")
    assert not [one for one in written("hoogezand") if one[1] in ("view", "export")]


def test_a_form_that_is_not_taken_in_shows_the_page_and_is_a_visit(
    round_: Assessment, client_of: ClientOf
) -> None:
    address = f"/rondes/{round_.pk}/vragen/pro-actie/richting-en-voorbeeld/PA-01/gesprek/"
    assert client_of("vera").post(address, {"text": ""}).status_code == 422
    assert written()[-1][2].startswith("gesprek, ")


def test_a_redirect_and_what_needs_no_account_write_nothing(
    cast: dict[str, User], client: Client, client_of: ClientOf
) -> None:
    world = make_world(cast, "adopted")
    before = LogEntry.objects.count()
    for name in LOGGED:
        assert client.get(world.address(name)).status_code == 302
    for name in NOT_LOGGED["shows what is meant for everybody"].split():
        client.get(world.address(name))
    assert client_of("bram").get(world.address("assessments:read_back")).status_code == 302
    assert LogEntry.objects.count() == before


@pytest.mark.parametrize("visitor", ["anonymous", "bram", "anna", "guest"])
def test_nothing_is_written_of_who_answers_a_survey(
    visitor: str, cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    survey = make_open_survey(round_, cast["anna"])
    (token,) = make_links(survey.groups.all()[0], 1)
    client = client_of("anonymous" if visitor == "guest" else visitor)
    if visitor == "guest":
        client.post(reverse("assessments:guest", args=[make_guest(round_)[1]]))
    before = LogEntry.objects.count()
    for key in (token, "onbekende-link"):
        for address in (f"/peiling/{key}/", f"/peiling/{key}/1/", f"/peiling/{key}/99/"):
            client.get(address)
            client.post(address, {"together": "", "PA-S1": "5", "remark": "Het is druk."})
    for name in ("code", "thanks"):
        client.get(reverse(f"surveys:{name}"))
        client.post(reverse(f"surveys:{name}"), {"code": "B7KM-2XQP"})
    for step in ("", "1/", "6/"):
        client.get(f"/peiling/code/onbekend/{step}")
        client.post(f"/peiling/code/onbekend/{step}", {"PA-S1": "5"})
    assert LogEntry.objects.count() == before


# From where


@pytest.mark.parametrize(
    ("proxies", "expected"), [(0, "127.0.0.1"), (1, "198.51.100.7")], ids=["by itself", "behind a proxy"]
)
def test_the_address_is_that_of_the_visitor(
    proxies: int, expected: str, round_: Assessment, client_of: ClientOf, settings: Settings
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    client_of("anna").get(
        f"/rondes/{round_.pk}/voortgang/", headers={"X-Forwarded-For": "192.0.2.9, 198.51.100.7"}
    )
    assert LogEntry.objects.latest("pk").whence == expected


# When it is written


def test_a_page_that_breaks_is_written_down_as_failed(
    round_: Assessment, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("assessments.round_views.per_person", fail, raising=False)
    monkeypatch.setattr("assessments.round_views.render", fail)
    client = client_of("anna")
    client.raise_request_exception = False
    assert client.get(f"/rondes/{round_.pk}/voortgang/").status_code == 500
    assert written()[-1][2:] == (f"voortgang per persoon, {round_}", "failed")


def test_nobody_waits_for_a_page_that_is_being_made(round_: Assessment, cast: dict[str, User]) -> None:
    """The turn to write is taken after the page is there, and given back."""
    held = []

    def page(request: HttpRequest) -> HttpResponse:
        held.append((WRITERS.locked(), LogEntry.objects.filter(act=Act.VIEW).count()))
        return HttpResponse("de pagina")

    request = RequestFactory().get(f"/rondes/{round_.pk}/voortgang/")
    request.user = cast["anna"]
    request.resolver_match = get_resolver().resolve(request.path)
    assert log_visits(page)(request).getvalue() == b"de pagina"
    assert held == [(False, 0)]
    assert not WRITERS.locked()
    assert written(act="view") == [("Anna", "view", f"voortgang per persoon, {round_}", "done")]


# What is written by the act itself


def test_a_guest_comes_in_and_goes(round_: Assessment, client: Client) -> None:
    _, token = make_guest(round_)
    client.post(reverse("assessments:guest", args=[token]))
    client.post(reverse("assessments:guest_stop"))
    found = [(act, result) for who, act, _, result in written() if who == "Gerda"]
    assert found == [("sign_in", "done"), ("sign_out", "done")]
    assert not LogEntry.objects.filter(what__contains=token).exists()


def test_signing_in_failing_to_and_signing_out(cast: dict[str, User], client: Client) -> None:
    cast["anna"].set_password("een lange zin om mee in te loggen")
    cast["anna"].save()
    address, password = reverse("account_login"), "een lange zin om mee in te loggen"
    client.post(address, {"login": "anna@waterrijk.example", "password": "verkeerd"})
    client.post(address, {"login": "mijn-wachtwoord@elders.example", "password": "verkeerd"})
    client.post(address, {"login": "anna@waterrijk.example", "password": password})
    client.post(reverse("account_logout"))
    found = [(act, result) for who, act, _, result in written() if who == "Anna"]
    assert found == [("sign_in", "failed"), ("sign_in", "done"), ("sign_out", "done")]
    unknown = LogEntry.objects.get(organisation=None)
    assert (unknown.who, unknown.what, unknown.result) == ("onbekend", "", "failed")
    assert not LogEntry.objects.filter(who__contains="mijn-wachtwoord").exists()


def test_a_step_of_a_round_is_written_with_the_states_and_not_with_the_reason(
    round_: Assessment, cast: dict[str, User]
) -> None:
    step = round_.step_to(Status.WITHDRAWN, cast["anna"])
    assert step
    round_.take(step, cast["anna"], "Een geheime reden")
    entry = LogEntry.objects.latest("pk")
    assert (entry.act, entry.what) == ("status", str(round_))
    assert entry.detail == {"van": Status.OPEN.label, "naar": Status.WITHDRAWN.label}


def test_an_end_of_rights_is_written(round_: Assessment, cast: dict[str, User]) -> None:
    guest, _ = make_guest(round_)
    guest.extend(timezone.localdate() + timedelta(days=3))
    guest.revoke()
    cast["bram"].memberships.get().end()
    told = [entry.detail for entry in LogEntry.objects.filter(act=Act.RIGHTS).order_by("-pk")[:4]]
    assert told[0] == {"ingetrokken": "functionaris"}
    assert [one["wat"] for one in told[1:]] == ["link ingetrokken", "nieuw einde", "nieuwe link"]
