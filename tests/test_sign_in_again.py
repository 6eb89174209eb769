"""Before what weighs one proves anew who one is, and nothing that was typed is lost by it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.test import Client
from django.urls import get_resolver

from assessments.models import Assessment
from assessments.status import Status
from organisations.models import FailedSignIn, User
from tests.cast import PASSWORD, make_answers, make_round
from tests.factors import App
from tests.world import addresses, make_world

ClientOf = Callable[[str], Client]
# Before what one proves anew who one is: an address, who may do it, in which state of the round.
ASKS = """
organisations:invite             bea   -
organisations:member             bea   -
organisations:right              bea   -
organisations:substitute         bea   -
organisations:remove             bea   -
organisations:review             bea   -
organisations:forget_factor      bea   -
organisations:sign_on_settings   bea   -
organisations:saml_settings      bea   -
organisations:sign_on_switch     bea   -
organisations:sign_on_passwords  bea   -
organisations:sign_on_loosen     bea   -
organisations:log_csv            bea   -
retention:periods                bea   -
retention:hold                   bea   -
retention:lift                   bea   -
retention:person                 bea   -
retention:own                    bram  -
leaving                          bea   -
leaving_archive                  anna  -
surveys:destruction              anna  told
assessments:transition           anna  validation
"""
READING = ("organisations:log_csv", "leaving_archive")  # a file with all of it: before it is given
# Every other address, by why it does not ask.
ASKS_NOT = {
    "the work of every day, which the log tells or a next version mends": """
        assessments:create assessments:edit assessments:delegation assessments:delegation_theme
        assessments:turn assessments:guests assessments:guest_edit assessments:guest_revoke
        assessments:questions assessments:theme assessments:question assessments:reply assessments:read_back
        assessments:hand_in assessments:hand_over assessments:offline assessments:evidence
        assessments:evidence_remove assessments:thread assessments:threads assessments:judgement
        assessments:sample assessments:plan assessments:action assessments:action_new assessments:action_edit
        assessments:action_move assessments:action_step assessments:brief assessments:reaction
        assessments:figures assessments:vulnerabilities reports:meeting reports:meeting_question
        reports:clerk_check reports:handling reports:council_question reports:council_promise
        surveys:prepare surveys:groups surveys:groups_import surveys:clearances surveys:invite surveys:open
        surveys:remind surveys:posters surveys:close surveys:release surveys:remarks
        organisations:organisation organisations:house_style organisations:house_style_version
    """,
    "gives nobody more than they have, or takes away": """
        organisations:resend organisations:revoke organisations:send_again organisations:sign_on_test
        organisations:preferences organisations:sessions organisations:session_end organisations:sessions_end
        retention:withdraw organisations:saml_test organisations:saml_metadata
    """,
    "lets in or asks who it is": """
        organisations:accept organisations:again organisations:sign_on organisations:sign_on_start
        organisations:sign_on_back organisations:saml_answer organisations:saml_arrived
        assessments:guest assessments:guest_gone assessments:guest_stop
        retention:asked surveys:answer surveys:answer_step surveys:code surveys:code_answer
        surveys:code_answer_step surveys:thanks
    """,
    "is only looked at, which the log tells where it matters": """
        home health closed security_txt demo_mailbox demo_mail demo_mail_as_sent leaving_statement
        assessments:list assessments:detail assessments:progress assessments:life assessments:lives
        assessments:judgements assessments:evidence_file assessments:workbook
        organisations:members organisations:rights organisations:review_done organisations:outbox
        organisations:log organisations:sheet organisations:logo
        reports:dashboard reports:link reports:figure reports:list reports:meetings reports:minutes
        reports:minutes_pdf reports:annex reports:annex_pdf reports:report reports:preview reports:desk
        reports:covering_page
        reports:pdf reports:archive_pdf reports:brief_pdf reports:letter reports:proposal reports:sheet
        reports:supplement reports:csv reports:document reports:survey reports:survey_group
        reports:survey_csv reports:survey_json reports:offline_pdf reports:verify reports:verify_code
        reports:publications reports:publication reports:publication_pdf reports:publication_data
        reports:catalogue reports:robots reports:sitemap
        retention:overview retention:trial retention:statements retention:statement
        surveys:list surveys:detail surveys:sheets
    """,
}
ASKED = [tuple(line.split()) for line in ASKS.strip().splitlines()]
LONG_AGO = 16 * 60


def tired(client: Client) -> Client:
    """The same browser, a quarter of an hour after signing in."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {**record, "at": record["at"] - LONG_AGO} for record in session[AUTHENTICATION_METHODS_SESSION_KEY]
    ]
    session.save()
    return client


@pytest.fixture
def bea(client_of: ClientOf) -> Client:
    return tired(client_of("bea"))


@pytest.fixture
def page(cast: dict[str, User]) -> str:
    return f"/leden/{cast['bram'].memberships.get().pk}/"


CHANGE = {"job": "Controller", "roles": ["contributor", "validator"], "team_name": "Team <b>Zuid</b>"}


def test_a_change_of_roles_asks_keeps_what_was_sent_and_goes_on(
    bea: Client, page: str, cast: dict[str, User]
) -> None:
    assert bea.get(page).status_code == 200
    asked = bea.post(page, CHANGE)
    text = asked.content.decode()
    assert asked.status_code == 401 and "Bent u het zelf?" in text
    kept = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text)
    assert [pair for pair in kept if pair[0] != "csrfmiddlewaretoken"] == [
        ("job", "Controller"),
        ("roles", "contributor"),
        ("roles", "validator"),
        ("team_name", "Team &lt;b&gt;Zuid&lt;/b&gt;"),
    ]
    assert bea.post(page, {**CHANGE, "again-password": "gok"}).status_code == 422
    assert set(cast["bram"].memberships.get().roles.values_list("role", flat=True)) == {"contributor"}
    assert bea.post(page, {**CHANGE, "again-password": PASSWORD}).status_code == 302
    membership = cast["bram"].memberships.get()
    assert set(membership.roles.values_list("role", flat=True)) == {"contributor", "validator"}
    assert str(membership.team) == CHANGE["team_name"]
    assert bea.post(page, CHANGE).status_code == 302  # and now for a quarter of an hour not again


def test_a_code_of_the_app_will_do(bea: Client, page: str, cast: dict[str, User]) -> None:
    app = App(cast["bea"])
    assert "again-code" in bea.post(page, CHANGE).content.decode()
    assert bea.post(page, {**CHANGE, "again-code": app.code()}).status_code == 302


def test_what_is_wrong_in_the_form_itself_is_still_said_in_its_place(bea: Client, page: str) -> None:
    answer = bea.post(page, {"job": "Controller", "again-password": PASSWORD})
    assert answer.status_code in (200, 422) and "Kies ten minste één rol." in answer.content.decode()
    assert f'href="{page}' not in answer.headers.get("Location", "")


def test_guesses_end_and_are_counted(bea: Client, page: str, cast: dict[str, User]) -> None:
    statuses = [bea.post(page, {**CHANGE, "again-password": f"gok {n}"}).status_code for n in range(11)]
    assert statuses[:10] == [422] * 10 and statuses[10] == 429
    assert FailedSignIn.objects.get(user=cast["bea"]).tries == 10


@pytest.mark.parametrize("target", [Status.ADOPTED, Status.WITHDRAWN])
def test_a_step_that_fixes_or_ends_asks(target: Status, cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.OPEN)
    make_answers(round_, cast["bram"])
    Assessment.objects.filter(pk=round_.pk).update(status=Status.VALIDATION)
    answer = tired(client_of("anna")).post(f"/rondes/{round_.pk}/status/{target}/", {"reason": "Daarom."})
    assert answer.status_code == 401 and "Daarom." in answer.content.decode()


def test_every_address_asks_or_has_a_reason_why_not() -> None:
    """A new address of something that weighs cannot forget it."""
    own = {
        name for name, _ in addresses(get_resolver()) if not name.startswith(("account_", "mfa_", "admin:"))
    }
    named = [*(name for name, *_ in ASKED), *(name for names in ASKS_NOT.values() for name in names.split())]
    assert len(named) == len(set(named))
    assert set(named) == own


@pytest.mark.parametrize("state", ["-", "told", "validation"])
def test_everything_that_asks_does_so(state: str, cast: dict[str, User], client_of: ClientOf) -> None:
    world = make_world(cast, state)
    for name, person, where in ASKED:
        if where == state:
            client, address = tired(client_of(person)), world.address(name)
            answer = client.get(address) if name in READING else client.post(address)
            wanted = "/account/reauthenticate/" if name in READING else ""
            assert answer.headers.get("Location", "").startswith(wanted), name
            assert answer.status_code == (302 if name in READING else 401), name


def test_other_steps_do_not_ask_but_say_what_stands_in_the_way(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, Status.OPEN)
    assert tired(client_of("anna")).post(f"/rondes/{round_.pk}/status/closed/").status_code == 409


def test_who_may_not_learns_nothing_by_proving_it(cast: dict[str, User], client_of: ClientOf) -> None:
    member = cast["chris"].memberships.get().pk
    here, nowhere = (
        tired(client_of("bea")).post(f"/leden/{pk}/", {**CHANGE, "again-password": PASSWORD}).status_code
        for pk in (member, 10**6)
    )
    assert here == nowhere == 404
