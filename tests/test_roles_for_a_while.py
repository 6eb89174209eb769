"""A role can have a last day, and a colleague can stand in; what is past counts no more, at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from integrity_portal.tasks import tend
from organisations.models import LogEntry, MembershipRole, Organisation, RightRefused, User
from organisations.policy import May
from organisations.roles import Role
from tests.cast import make_round

ClientOf = Callable[[str], Client]
DAY = timedelta(days=1)


def today() -> date:
    return timezone.localdate()


def right_of(user: User, role: Role | None = None) -> MembershipRole:
    rights = MembershipRole.objects.filter(membership__user=user)
    return rights.get(role=role) if role else rights.get()


def allowed(user: User, act: May) -> bool:
    return Organisation.objects.where_may(user, act).exists()


def address(right: MembershipRole, more: str = "") -> str:
    return f"/leden/{right.membership_id}/rollen/{right.role}/{more}"


def lend(cast: dict[str, User], of: str, to: str, since: date, until: date) -> MembershipRole:
    return right_of(cast[of]).lend(cast[to].memberships.get(), since, until, cast["bea"])


# A last day


@pytest.mark.parametrize("days, counts", [(-1, False), (0, True), (1, True)])
def test_a_role_counts_through_its_last_day(days: int, counts: bool, cast: dict[str, User]) -> None:
    MembershipRole.objects.filter(membership__user=cast["vera"]).update(until=today() + days * DAY)
    assert allowed(cast["vera"], May.CHECK) is counts
    assert (cast["vera"] in Organisation.objects.get(slug="waterrijk").who_may(May.CHECK)) is counts


def test_what_is_past_opens_nothing_though_no_night_work_ran(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    pages = [f"/rondes/{round_.pk}/", "/leden/", f"/rondes/{round_.pk}/wijzigen/"]
    anna = client_of("anna")
    assert [anna.get(page).status_code for page in pages] == [200, 200, 200]
    MembershipRole.objects.filter(membership__user=cast["anna"]).update(until=today() - DAY)
    assert [anna.get(page).status_code for page in pages] == [404, 404, 404]
    assert "Rondes" not in anna.get("/").content.decode() and not round_.roles_of(cast["anna"])


def test_the_night_work_removes_what_is_past_and_says_so(
    cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrity_portal.tasks.plan", lambda after: None)  # the tests' queue has no times
    MembershipRole.objects.filter(membership__user=cast["vera"]).update(until=today() - DAY)
    tend.call()
    tend.call()
    assert not cast["vera"].memberships.get().roles.exists()
    entries = LogEntry.objects.filter(organisation__slug="waterrijk", act="rights", what="Vera", who="")
    assert [entry.detail for entry in entries.filter(detail__reden="verlopen")] == [
        {"ingetrokken": "validator", "reden": "verlopen"}
    ]


def test_the_administrator_sets_a_last_day_and_takes_it_back(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    bea, right = client_of("bea"), right_of(cast["vera"])
    last = today() + 30 * DAY
    assert bea.post(address(right), {"until": last.isoformat()}).status_code == 302
    assert right_of(cast["vera"]).until == last and "tot en met" in bea.get("/leden/").content.decode()
    assert bea.post(address(right), {"until": ""}).status_code == 302
    assert right_of(cast["vera"]).until is None
    told = LogEntry.objects.filter(act="rights", what="Vera", detail__rol="validator").order_by("number")
    assert [entry.detail["tot en met"] for entry in told][-1] == "zonder einde"


@pytest.mark.parametrize("typed", ["gisteren", "2020-01-01", "0001-01-01", "9999-99-99"])
def test_a_day_that_cannot_be_is_refused_in_words(
    typed: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    right = right_of(cast["vera"])
    response = client_of("bea").post(address(right), {"until": typed})
    assert response.status_code == 422 and typed in response.content.decode()
    assert right_of(cast["vera"]).until is None


def test_the_last_administrator_gets_no_last_day(cast: dict[str, User], client_of: ClientOf) -> None:
    right = right_of(cast["bea"])
    page = client_of("bea").post(address(right), {"until": (today() + DAY).isoformat()})
    assert page.status_code == 422 and "ten minste één beheerder" in page.content.decode()
    cast["guus"].memberships.get().set_roles([Role.ADMINISTRATOR])
    MembershipRole.objects.filter(membership__user=cast["guus"]).update(until=today())
    with pytest.raises(RightRefused):  # one for a while is not one to rely on
        right.end("te veel")
    MembershipRole.objects.filter(membership__user=cast["guus"]).update(until=None)
    right.limit(today(), cast["guus"])
    assert right_of(cast["bea"]).until == today()


def test_nobody_makes_their_own_role_last_longer(cast: dict[str, User]) -> None:
    cast["guus"].memberships.get().set_roles([Role.ADMINISTRATOR])
    right = right_of(cast["guus"])
    right.limit(today() + DAY, cast["guus"])
    for later in (None, today() + 2 * DAY):
        with pytest.raises(RightRefused, match="eigen rol"):
            right.limit(later, cast["guus"])
    right.limit(None, cast["bea"])
    assert right_of(cast["guus"]).until is None


def test_a_last_day_stays_when_the_roles_are_saved(cast: dict[str, User]) -> None:
    right_of(cast["vera"]).limit(today() + DAY, cast["bea"])
    cast["vera"].memberships.get().set_roles([Role.VALIDATOR, Role.CONTRIBUTOR])
    assert right_of(cast["vera"], Role.VALIDATOR).until == today() + DAY


# Standing in


def test_a_substitute_may_what_the_role_may_on_those_days_and_no_other(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    form = {"who": cast["fatima"].memberships.get().pk, "since": today(), "until": today() + DAY}
    right = right_of(cast["vera"])
    assert client_of("bea").post(address(right, "vervanging/"), form).status_code == 302
    assert allowed(cast["fatima"], May.CHECK) and allowed(cast["vera"], May.CHECK)
    lent = right_of(cast["fatima"], Role.VALIDATOR)
    assert lent.stands_in_for == cast["vera"].memberships.get()
    members = client_of("anna").get("/leden/").content.decode()
    assert "vervangt Vera, tot en met" in members
    MembershipRole.objects.filter(pk=lent.pk).update(until=today() - DAY)
    assert not allowed(cast["fatima"], May.CHECK) and allowed(cast["fatima"], May.ANSWER)


def test_who_stands_in_from_a_later_day_may_nothing_yet(cast: dict[str, User]) -> None:
    lent = lend(cast, "vera", "fatima", today() + DAY, today() + 2 * DAY)
    assert lent.is_to_come and not allowed(cast["fatima"], May.CHECK)
    MembershipRole.objects.filter(pk=lent.pk).update(since=timezone.now())
    assert allowed(cast["fatima"], May.CHECK)


def test_standing_in_is_in_the_log_with_whom_and_when(cast: dict[str, User]) -> None:
    lend(cast, "vera", "fatima", date(2099, 12, 1), date(2099, 12, 14))
    entry = LogEntry.objects.filter(act="rights").latest("pk")
    assert entry.what == "Fatima, vervanging" and entry.detail == {
        "rol": "validator",
        "vervangt": "Vera",
        "van": "1 december 2099",
        "tot en met": "14 december 2099",
    }


@pytest.mark.parametrize(
    "of, to, since, until, words",
    [
        ("vera", "bea", 0, 1, "uzelf geen rol"),
        ("vera", "fatima", -1, 1, "vanaf vandaag"),
        ("vera", "fatima", 2, 1, "vanaf vandaag"),
        ("bram", "fatima", 0, 1, "niemand vervangen"),
    ],
)
def test_what_is_no_standing_in_is_refused(
    of: str, to: str, since: int, until: int, words: str, cast: dict[str, User]
) -> None:
    with pytest.raises(RightRefused, match=words):
        lend(cast, of, to, today() + since * DAY, today() + until * DAY)


def test_who_has_the_role_already_stands_in_for_nobody(cast: dict[str, User], client_of: ClientOf) -> None:
    cast["fatima"].memberships.get().set_roles([Role.VALIDATOR])
    form = {"who": cast["fatima"].memberships.get().pk, "since": today(), "until": today()}
    page = client_of("bea").post(address(right_of(cast["vera"]), "vervanging/"), form)
    assert page.status_code == 422 and "Fatima heeft deze rol al" in page.content.decode()


def test_nobody_of_another_organisation_stands_in(cast: dict[str, User], client_of: ClientOf) -> None:
    form = {"who": cast["chris"].memberships.get().pk, "since": today(), "until": today()}
    right = right_of(cast["vera"])
    page = client_of("bea").post(address(right, "vervanging/"), form)
    assert page.status_code == 422 and not right.membership.substitutes.exists()
    assert client_of("chris").get(address(right, "vervanging/")).status_code == 404


def test_questions_are_handed_over_and_not_stood_in_for(cast: dict[str, User], client_of: ClientOf) -> None:
    right = right_of(cast["bram"])
    assert client_of("bea").get(address(right, "vervanging/")).status_code == 404
    assert "vervanging/" not in client_of("bea").get(f"/leden/{right.membership_id}/").content.decode()


def test_standing_in_can_end_early(cast: dict[str, User], client_of: ClientOf) -> None:
    lent = lend(cast, "vera", "fatima", today(), today() + 9 * DAY)
    assert client_of("bea").post(address(lent), {"end": "1"}).status_code == 302
    assert not allowed(cast["fatima"], May.CHECK) and allowed(cast["vera"], May.CHECK)


def test_saving_the_roles_leaves_standing_in_alone_and_can_make_it_their_own(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    lent = lend(cast, "vera", "fatima", today(), today() + DAY)
    form = {"job": "", "team_name": "", "roles": ["contributor"]}
    page = f"/leden/{lent.membership_id}/"
    assert client_of("bea").post(page, form).status_code == 302
    assert right_of(cast["fatima"], Role.VALIDATOR) == lent
    assert client_of("bea").post(page, {**form, "roles": ["contributor", "validator"]}).status_code == 302
    own = right_of(cast["fatima"], Role.VALIDATOR)
    assert own.stands_in_for is None and own.until is None


def test_who_leaves_takes_no_substitute_along(cast: dict[str, User]) -> None:
    lent = lend(cast, "vera", "fatima", today(), today() + DAY)
    cast["vera"].memberships.get().end()
    lent.refresh_from_db()
    assert lent.stands_in_for is None and lent.until and allowed(cast["fatima"], May.CHECK)


def test_the_database_refuses_a_substitute_without_an_end_or_of_themselves(cast: dict[str, User]) -> None:
    right = right_of(cast["vera"])
    other = cast["bram"].memberships.get()
    for wrong in ({"stands_in_for": other}, {"stands_in_for": right.membership, "until": today()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            MembershipRole.objects.filter(pk=right.pk).update(**wrong)


def test_the_page_for_the_auditor_shows_several_roles_and_who_stands_in(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    lend(cast, "anna", "vera", today(), today() + DAY)
    page = " ".join(client_of("vera").get("/organisaties/waterrijk/rechten/").content.decode().split())
    assert "Vera: integriteitscoördinator (vervangt Anna" in page and "Adopt" not in page
    small = client_of("chris").get("/organisaties/hoogezand/rechten/").content.decode()
    assert "Chris: functionaris, integriteitscoördinator, validator, griffier, beheerder" in small
