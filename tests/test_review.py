"""Once a year somebody looks at who may do what: since when, last used when, keep or end; and it is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from organisations.letters import review_due
from organisations.log.acts import Act
from organisations.models import (
    LogEntry,
    Membership,
    MembershipRole,
    Message,
    Organisation,
    RightsReview,
    User,
    rights_held,
)
from organisations.models.log import write
from organisations.models.review import EVERY, Held
from organisations.roles import Role
from organisations.use import SIGNS

ClientOf = Callable[[str], Client]
PAGE = "/organisaties/waterrijk/rechten/herziening/"
MONTH = timedelta(days=30)


def waterrijk() -> Organisation:
    return Organisation.objects.get(slug="waterrijk")


def held(of: User, role: Role | None = None) -> Held:
    """What the reviewer sees of this one right."""
    found = [one for one in rights_held(waterrijk()) if one.person == of]
    return next(one for one in found if role in (None, one.right.role))


def choices(**ended: Role) -> dict[str, str]:
    """Keeps every right but those of these people."""
    return {
        f"right-{one.right.pk}": "end" if one.person.name.lower() in ended else "keep"
        for one in rights_held(waterrijk())
    }


# What the reviewer sees


@pytest.mark.parametrize("role", list(Role))
def test_a_line_of_the_log_shows_the_role_used(role: Role, cast: dict[str, User]) -> None:
    act, what = SIGNS[role][-1]
    user = next(one.person for one in rights_held(waterrijk()) if one.right.role == role)
    assert held(user).used is None
    entry = write(act, f"{what} en meer", organisation=waterrijk(), who=user)
    assert held(user).used == entry.at and held(user).signed_in is None


def test_what_was_refused_or_done_elsewhere_or_by_another_is_no_use(cast: dict[str, User]) -> None:
    hoogezand = Organisation.objects.get(slug="hoogezand")
    write(Act.JUDGE, "onderbouwd niveau van PA-01", organisation=hoogezand, who=cast["vera"])
    write(Act.JUDGE, "onderbouwd niveau van PA-01", organisation=waterrijk(), who=cast["anna"])
    write(Act.SETTINGS, "naam", organisation=waterrijk(), who=cast["vera"])
    assert held(cast["vera"]).used is None


def test_of_several_roles_each_has_its_own_last_use(cast: dict[str, User]) -> None:
    cast["vera"].memberships.get().set_roles([Role.VALIDATOR, Role.CONTRIBUTOR])
    write(Act.VIEW, "gesprek, Jaarronde 2026", organisation=waterrijk(), who=cast["vera"])
    assert held(cast["vera"], Role.CONTRIBUTOR).used and not held(cast["vera"], Role.VALIDATOR).used


def test_signing_in_is_shown_beside_it(cast: dict[str, User], client_of: ClientOf) -> None:
    write(Act.SIGN_IN, organisation=waterrijk(), who=cast["bram"])
    page = client_of("bea").get(PAGE).content.decode()
    assert held(cast["bram"]).signed_in and "geen spoor" in page and page.count("<select") == 7


# Deciding


def test_each_right_is_decided_on_and_nothing_is_chosen_beforehand(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    bea = client_of("bea")
    assert "selected" not in bea.get(PAGE).content.decode().replace('value="" selected', "")
    given = choices()
    left = given.popitem()[0]
    page = bea.post(PAGE, given)
    assert page.status_code == 422 and "Kies behouden of beëindigen." in page.content.decode()
    assert page.content.decode().count('value="keep" selected') == 6 and left in page.content.decode()
    assert not RightsReview.objects.exists()


def test_what_is_ended_ends_at_once_and_all_of_it_is_kept(cast: dict[str, User], client_of: ClientOf) -> None:
    bea, vera = client_of("bea"), client_of("vera")
    assert vera.get("/organisaties/waterrijk/rechten/").status_code == 200
    response = bea.post(PAGE, choices(vera=Role.VALIDATOR))
    review = RightsReview.objects.get()
    assert response.headers["Location"] == f"{PAGE}{review.pk}/"
    assert vera.get("/organisaties/waterrijk/rechten/").status_code == 404
    assert (review.by, review.by_name, review.ended, len(review.lines)) == (cast["bea"], "Bea", 1, 7)
    (ended,) = [line for line in review.lines if line["is_ended"]]
    assert (ended["name"], ended["role"]) == ("Vera", "validator")
    page = bea.get(f"{PAGE}{review.pk}/").content.decode()
    assert "beëindigd" in page and "Vera" in page and "Bea" in page
    told = LogEntry.objects.filter(act="rights").order_by("-number")[:2]
    assert [entry.detail for entry in told] == [
        {"rechten": 7, "beëindigd": 1},
        {"ingetrokken": "validator", "reden": "herziening van rechten"},
    ]


def test_the_review_stays_when_who_did_it_is_gone(cast: dict[str, User]) -> None:
    review = RightsReview.record(waterrijk(), cast["guus"], [], {})
    cast["guus"].delete()
    review.refresh_from_db()
    assert review.by is None and review.by_name == "Guus"


def test_the_last_administrator_stays_and_then_nothing_is_ended(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    page = client_of("bea").post(PAGE, choices(bea=Role.ADMINISTRATOR, vera=Role.VALIDATOR))
    assert page.status_code == 422 and "ten minste één beheerder" in page.content.decode()
    assert MembershipRole.objects.filter(membership__organisation=waterrijk()).count() == 7
    assert not RightsReview.objects.exists()


def test_a_right_that_came_meanwhile_is_asked_for_too(cast: dict[str, User], client_of: ClientOf) -> None:
    given = choices()
    cast["guus"].memberships.get().set_roles([Role.EXECUTIVE, Role.CONTRIBUTOR])
    assert client_of("bea").post(PAGE, given).status_code == 422
    given = choices()
    cast["guus"].memberships.get().set_roles([Role.EXECUTIVE])
    assert client_of("bea").post(PAGE, given).status_code == 302


def test_a_review_of_another_organisation_does_not_exist(cast: dict[str, User], client_of: ClientOf) -> None:
    review = RightsReview.record(waterrijk(), cast["bea"], [], {})
    assert client_of("chris").get(f"{PAGE}{review.pk}/").status_code == 404
    own = f"/organisaties/hoogezand/rechten/herziening/{review.pk}/"
    assert client_of("chris").get(own).status_code == 404


# Every year


def test_the_administrator_is_written_to_a_month_before_and_each_month_after(cast: dict[str, User]) -> None:
    day = RightsReview.objects.due(waterrijk(), timezone.localdate())
    assert day == timezone.localdate() + EVERY
    Message.objects.all().delete()
    assert not review_due(day - MONTH - timedelta(days=1))
    written = {
        days: review_due(day + timedelta(days=days)) for days in (-30, -29, -1, 0, 1, 29, 30, 31, 60, 61)
    }
    assert [days for days, is_new in written.items() if is_new] == [-30, 0, 30, 60]
    to = set(Message.objects.filter(organisation=waterrijk()).values_list("to", flat=True))
    assert to == {"bea@waterrijk.example"}


def test_a_review_puts_the_next_a_year_on(cast: dict[str, User]) -> None:
    day = timezone.localdate() + EVERY
    review = RightsReview.record(waterrijk(), cast["bea"], [], {})
    RightsReview.objects.filter(pk=review.pk).update(at=timezone.now() + timedelta(days=100))
    Membership.objects.exclude(organisation=waterrijk()).delete()
    assert not review_due(day)
    assert RightsReview.objects.due(waterrijk(), day) == day + timedelta(days=100)


def test_the_mail_leads_to_the_page_and_names_nobody(cast: dict[str, User]) -> None:
    review_due(timezone.localdate() + EVERY)
    Message.objects.send_due()
    letter = next(one for one in mail.outbox if one.to == ["bea@waterrijk.example"])
    assert f"http://testserver{PAGE}" in letter.body and "Vera" not in letter.body
    assert letter.subject == "Kijk na wie wat mag: Gemeente Waterrijk"


def test_the_auditor_reads_when_it_was_done_and_when_it_is_due(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    address = "/organisaties/waterrijk/rechten/"
    assert "Dat is nog niet gebeurd." in client_of("vera").get(address).content.decode()
    RightsReview.record(waterrijk(), cast["bea"], [], {})
    page = client_of("vera").get(address).content.decode()
    assert "door Bea" in page and "uiterlijk" in page and f'"{PAGE}"' not in page
    assert f'"{PAGE}"' in client_of("bea").get(address).content.decode()
