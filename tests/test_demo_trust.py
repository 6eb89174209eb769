"""The demo shows how an organisation looks after the portal: its rights, its sign-in, what is kept."""

from __future__ import annotations

import pytest
from django.utils import timezone

from assessments.models import Assessment
from integrity_portal import demo, demo_trust
from organisations.models import LogEntry, MembershipRole, Organisation, RightsReview, SignOn
from organisations.models.invitation import Invitation
from organisations.roles import Role
from retention.models import Hold, Statement
from tests.cast import published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def looked_after(db: None) -> None:
    """Its people, a round with nothing in it, and what the administrator did; all the rest is slow."""
    data = demo.read("cast")["organisations"][0]
    demo.load_organisation(data)
    organisation = waterrijk()
    anna = demo.holders(organisation)[Role.COORDINATOR]
    Assessment.objects.create(
        organisation=organisation, questionnaire=published(), year=2024, created_by=anna
    )
    demo_trust.look_after(demo.read("trust"))


def waterrijk() -> Organisation:
    return Organisation.objects.get(slug="waterrijk")


def told_of(role: str) -> dict[str, str]:
    held = MembershipRole.objects.current().filter(membership__organisation=waterrijk(), role=role)
    return {one.membership.user.name: one.told for one in held.select_related("membership__user")}


def test_a_colleague_is_administrator_for_a_while_and_somebody_stands_in_for_the_griffier() -> None:
    administrators, clerks = told_of(Role.ADMINISTRATOR), told_of(Role.CLERK)
    assert administrators["Wouter Klaver"] == "beheerder"
    assert administrators["Joost Terpstra"].startswith("beheerder (tot en met ")
    assert clerks["Saskia Latuheru"].startswith("griffier (vervangt Elif Korkmaz, tot en met ")
    today = timezone.localdate()
    limited = MembershipRole.objects.exclude(until=None)
    assert all(one.until and one.until > today for one in limited) and limited.count() == 2


def test_who_has_a_role_for_a_while_does_nothing_in_the_rounds() -> None:
    found = demo.holders(waterrijk())
    assert {found[Role.CLERK].name, found[Role.ADMINISTRATOR].name} == {"Elif Korkmaz", "Wouter Klaver"}


def test_the_rights_were_reviewed_last_year_and_one_was_ended() -> None:
    review = RightsReview.objects.get()
    (ended,) = [line for line in review.told if line["is_ended"]]
    assert (ended["name"], ended["role"], ended["used"]) == ("Bram Nijland", "beheerder", None)
    reviewed = timezone.localdate(review.at)
    assert all(line["since"] < line["signed_in"] <= reviewed for line in review.told)
    assert "Bram Nijland" not in told_of(Role.ADMINISTRATOR)


def test_single_sign_on_is_filled_in_and_lets_nobody_in_yet() -> None:
    sign_on = SignOn.objects.get()
    assert not sign_on.is_open and sign_on.tested_at is None
    assert ".example/" in sign_on.issuer and sign_on.rules().domains == {"waterrijk.example"}


def test_a_round_is_held_and_what_was_due_is_gone_with_its_statement() -> None:
    hold, statement = Hold.objects.in_force().get(), Statement.objects.get()
    assert str(hold) == "Jaarronde 2024"
    assert statement.counts == {"uitnodigingen": 2} and not Invitation.objects.exists()
    entry = LogEntry.objects.get(act="delete", organisation=waterrijk())
    assert entry.detail["controlegetal"] == statement.digest


def test_the_administrator_did_all_that_in_the_log() -> None:
    about = LogEntry.objects.filter(organisation=waterrijk(), who__startswith="Wouter Klaver")
    assert {"rights", "settings"} <= set(about.values_list("act", flat=True))


def test_what_somebody_changed_stays_when_the_demo_is_loaded_again() -> None:
    joost = MembershipRole.objects.get(membership__user__name="Joost Terpstra", role=Role.ADMINISTRATOR)
    joost.end("niet meer nodig")
    Hold.objects.get().lift(demo.holders(waterrijk())[Role.ADMINISTRATOR])
    written = LogEntry.objects.count()
    demo.load_organisation(demo.read("cast")["organisations"][0])
    demo_trust.look_after(demo.read("trust"))
    assert "Joost Terpstra" not in told_of(Role.ADMINISTRATOR)
    assert not Hold.objects.in_force().exists() and LogEntry.objects.count() == written
