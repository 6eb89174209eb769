"""Before what weighs one proves anew who one is, and nothing that was typed is lost by it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.core.cache import cache
from django.test import Client

from assessments.models import Assessment
from assessments.status import Status
from organisations.models import FailedSignIn, User
from tests.cast import PASSWORD, make_answers, make_round
from tests.factors import App

ClientOf = Callable[[str], Client]
LONG_AGO = 16 * 60


@pytest.fixture(autouse=True)
def _no_failed_attempts() -> None:
    cache.clear()


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
