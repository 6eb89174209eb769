"""Members come by invitation, hold roles, and leave; an organisation never loses its last administrator."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from organisations.models import Invitation, Membership, Organisation, User
from organisations.roles import Role
from tests.cast import PASSWORD, make_round, say

ClientOf = Callable[[str], Client]
INVITE = "/leden/uitnodigen/waterrijk/"
NEW = {
    "name": "Noor Nieuw",
    "email": "Noor@Waterrijk.example",
    "job": "Jurist",
    "roles": ["contributor", "clerk"],
}


def invite(client: Client, **changes: object) -> int:
    return client.post(INVITE, NEW | changes).status_code


def link() -> str:
    """The path in the newest mail."""
    found = re.search(r"http://testserver(/uitnodiging/\S+/)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def roles_of(user: User) -> set[str]:
    return set(user.memberships.values_list("roles__role", flat=True))


# Inviting


def test_an_invitation_goes_to_one_person_and_says_who_invites(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    assert invite(client_of("bea")) == 302
    (message,) = mail.outbox
    assert message.to == ["noor@waterrijk.example"] and not message.cc and not message.bcc
    assert message.subject == "Uitnodiging voor het integriteitsportaal van Gemeente Waterrijk / Invitation"
    assert "Beste Noor Nieuw," in message.body and "Bea nodigt u uit" in message.body
    assert link()


def test_the_token_is_in_the_mail_alone(cast: dict[str, User], client_of: ClientOf) -> None:
    invite(client_of("bea"))
    token = link().split("/")[-2]
    (row,) = Invitation.objects.values()
    assert len(token) >= 43 and token not in str(row)
    assert token not in client_of("bea").get("/leden/").content.decode()


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"email": ""}, "Dit veld is verplicht."),
        ({"email": "geen adres"}, "Voer een geldig e-mailadres in."),
        ({"email": "a@b.example\nBcc: c@d.example"}, "Voer een geldig e-mailadres in."),
        ({"email": "bram@waterrijk.example"}, "Deze persoon is al lid."),
        ({"email": "BRAM@Waterrijk.Example"}, "Deze persoon is al lid."),
        ({"name": ""}, "Dit veld is verplicht."),
        ({"name": "x" * 121}, "niet meer dan 120 tekens"),
        ({"roles": []}, "Kies ten minste één rol."),
        ({"roles": ["mayor"]}, "Selecteer een geldige keuze"),
    ],
    ids=str,
)
def test_a_bad_invitation_is_refused_in_words_and_sends_nothing(
    changes: dict[str, object], message: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    response = client_of("bea").post(INVITE, NEW | changes)
    assert response.status_code == 422 and message in response.content.decode()
    assert not mail.outbox and not Invitation.objects.exists()


@pytest.mark.parametrize("name", ["Noor\r\nBcc: kwaad@example.com", "Noor\nSubject: Prijs gewonnen"])
def test_a_name_adds_no_header_to_the_mail(name: str, cast: dict[str, User], client_of: ClientOf) -> None:
    invite(client_of("bea"), name=name)
    for message in mail.outbox:
        headers, _, _ = message.message().as_string().partition("\n\n")
        assert "kwaad@example.com" not in headers and "Prijs" not in headers


def test_an_organisation_of_two_lines_still_invites(cast: dict[str, User], client_of: ClientOf) -> None:
    Organisation.objects.filter(slug="waterrijk").update(name="Gemeente\nBcc: kwaad@example.com")
    assert invite(client_of("bea")) == 302
    headers, _, _ = mail.outbox[0].message().as_string().partition("\n\n")
    assert not re.search("^Bcc:", headers, re.MULTILINE)


def test_nobody_is_invited_twice(cast: dict[str, User], client_of: ClientOf) -> None:
    invite(client_of("bea"))
    assert "Deze persoon is al uitgenodigd." in client_of("bea").post(INVITE, NEW).content.decode()
    assert len(mail.outbox) == Invitation.objects.count() == 1


def test_sending_again_replaces_the_link(cast: dict[str, User], client_of: ClientOf) -> None:
    invite(client_of("bea"))
    old, pk = link(), Invitation.objects.get().pk
    assert client_of("bea").post(f"/uitnodigingen/{pk}/opnieuw/").status_code == 302
    assert link() != old and len(mail.outbox) == 2
    assert Client().get(old).status_code == 404
    assert Client().get(link()).status_code == 200


# Accepting


def accept(client: Client, **changes: str) -> int:
    data = {"name": "Noor Nieuw", "password": "een zin van woorden"} | changes
    return client.post(link(), data).status_code


def test_who_is_new_chooses_a_password_and_is_in(cast: dict[str, User], client_of: ClientOf) -> None:
    invite(client_of("bea"), functions=["HR"])
    browser = Client()
    assert "noor@waterrijk.example" in browser.get(link()).content.decode()
    assert accept(browser) == 302
    noor = User.objects.get(email="noor@waterrijk.example")
    membership = noor.memberships.get()
    assert (str(membership.organisation), membership.job) == ("Gemeente Waterrijk", "Jurist")
    assert roles_of(noor) == {"contributor", "clerk"} and membership.functions == ["HR"]
    assert noor.check_password("een zin van woorden") and not noor.is_staff
    assert browser.get("/").headers["Location"] == "/account/tweede-stap/"  # a griffier needs one
    assert "Welkom bij het integriteitsportaal" in browser.get("/account/tweede-stap/").content.decode()


@pytest.mark.parametrize(
    "password, message",
    [
        ("kort", "te kort"),
        ("noor@waterrijk.example", "lijkt te veel op"),
        ("noor nieuw 12", "lijkt te veel op"),
        ("password1234", "bekend uit een datalek"),
        ("", "Dit veld is verplicht."),
    ],
)
def test_a_weak_password_is_refused_in_words(
    password: str, message: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    invite(client_of("bea"))
    response = Client().post(link(), {"name": "Noor Nieuw", "password": password})
    assert response.status_code == 422 and message in response.content.decode()
    assert not User.objects.filter(email__startswith="noor").exists()


def test_a_password_is_taken_as_it_is_typed(cast: dict[str, User], client_of: ClientOf) -> None:
    invite(client_of("bea"))
    accept(Client(), password="  spaties horen erbij  ")
    assert User.objects.get(name="Noor Nieuw").check_password("  spaties horen erbij  ")


def test_a_link_works_once(cast: dict[str, User], client_of: ClientOf) -> None:
    invite(client_of("bea"))
    assert accept(Client()) == 302
    assert Client().get(link()).status_code == accept(Client(), name="Nog eens") == 404
    assert User.objects.filter(email="noor@waterrijk.example").count() == 1


@pytest.mark.parametrize("gone", ["expired", "revoked"])
def test_a_link_that_is_gone_says_so(gone: str, cast: dict[str, User], client_of: ClientOf) -> None:
    invite(client_of("bea"))
    if gone == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        client_of("bea").post(f"/uitnodigingen/{Invitation.objects.get().pk}/intrekken/")
    response = Client().get(link())
    assert response.status_code == 404
    assert "Deze uitnodiging werkt niet meer" in response.content.decode()
    assert accept(Client()) == 404


def test_a_link_works_for_two_weeks(cast: dict[str, User], client_of: ClientOf) -> None:
    invite(client_of("bea"))
    left = Invitation.objects.get().expires_at - timezone.now()
    assert timedelta(days=13, hours=23) < left <= timedelta(days=14)


@pytest.mark.parametrize("token", ["x", "%00", "a" * 500, "é"])
def test_a_made_up_link_opens_nothing(token: str, cast: dict[str, User], client_of: ClientOf) -> None:
    invite(client_of("bea"))
    assert Client().get(f"/uitnodiging/{token}/").status_code == 404


def test_who_has_an_account_must_sign_in_to_accept(cast: dict[str, User], client_of: ClientOf) -> None:
    invite(client_of("bea"), email="chris@hoogezand.example")
    evil = {"name": "Kwaad", "password": "een zin van woorden"}
    response = Client().post(link(), evil)
    assert response.status_code == 302 and response.headers["Location"].startswith("/account/login/")
    other = client_of("anna").post(link(), evil)
    assert other.status_code == 403 and "is voor iemand anders" in other.content.decode()
    assert cast["chris"].memberships.count() == 1
    assert User.objects.get(pk=cast["chris"].pk).check_password(PASSWORD)


def test_who_has_an_account_joins_a_second_organisation(cast: dict[str, User], client_of: ClientOf) -> None:
    invite(client_of("bea"), email="chris@hoogezand.example", roles=["executive"])
    chris = client_of("chris")
    assert chris.get(link()).status_code == 200 and cast["chris"].memberships.count() == 1
    assert chris.post(link()).status_code == 302
    joined = cast["chris"].memberships.get(organisation__slug="waterrijk")
    assert [held.role for held in joined.roles.all()] == ["executive"]


def test_who_became_a_member_meanwhile_keeps_their_roles(cast: dict[str, User], client_of: ClientOf) -> None:
    """Even the last administrator: the invitation gives, and takes nothing."""
    invite(client_of("bea"), email="chris@hoogezand.example", roles=["executive"])
    waterrijk = cast["bea"].memberships.get().organisation
    waterrijk.admit(cast["chris"], ["administrator"])
    cast["bea"].memberships.get().set_roles(["contributor"])
    assert client_of("chris").post(link()).status_code == 302
    joined = cast["chris"].memberships.get(organisation=waterrijk)
    assert {held.role for held in joined.roles.all()} == {"administrator", "executive"}
    assert cast["chris"].memberships.get(organisation__slug="hoogezand").roles.count() == 5


# Roles, teams and leaving


def change(client: Client, user: User, **data: object) -> int:
    pk = user.memberships.get().pk
    return client.post(f"/leden/{pk}/", {"job": "Jurist", "team_name": ""} | data).status_code


def test_roles_take_effect_at_once(cast: dict[str, User], client_of: ClientOf) -> None:
    guus = client_of("guus")
    assert guus.get("/leden/").status_code == 404
    assert change(client_of("bea"), cast["guus"], roles=["administrator", "executive"]) == 302
    assert guus.get("/leden/").status_code == 200
    assert change(client_of("bea"), cast["guus"], roles=["executive"]) == 302
    assert guus.get("/leden/").status_code == 404


def test_the_last_administrator_keeps_the_role(cast: dict[str, User], client_of: ClientOf) -> None:
    bea = client_of("bea")
    membership = cast["bea"].memberships.get()
    membership.set_roles(["administrator", "contributor"])
    pk = membership.pk
    response = bea.post(f"/leden/{pk}/", {"job": "", "team_name": "", "roles": ["contributor"]})
    assert "Er moet ten minste één beheerder blijven." in response.content.decode()
    assert (
        "er moet ten minste één beheerder blijven" in bea.post(f"/leden/{pk}/verwijderen/").content.decode()
    )
    assert roles_of(cast["bea"]) == {"administrator", "contributor"}


def test_nobody_gives_a_role_to_themselves(cast: dict[str, User], client_of: ClientOf) -> None:
    assert change(client_of("bea"), cast["bea"], roles=["administrator", "coordinator"]) == 422
    assert roles_of(cast["bea"]) == {"administrator"}


def test_with_a_second_administrator_the_first_may_leave(cast: dict[str, User], client_of: ClientOf) -> None:
    bea = client_of("bea")
    change(bea, cast["guus"], roles=["administrator"])
    pk = cast["bea"].memberships.get().pk
    assert bea.post(f"/leden/{pk}/verwijderen/").status_code == 302
    assert bea.get("/leden/").status_code == 404
    assert client_of("guus").get("/leden/").status_code == 200


def test_a_member_needs_a_role(cast: dict[str, User], client_of: ClientOf) -> None:
    assert change(client_of("bea"), cast["bram"], roles=[]) == 422
    assert roles_of(cast["bram"]) == {"contributor"}


def test_a_team_is_made_by_naming_it_and_found_again(cast: dict[str, User], client_of: ClientOf) -> None:
    bea = client_of("bea")
    for name, team in [("bram", " Bedrijfsvoering "), ("fatima", "bedrijfsvoering"), ("vera", "")]:
        assert change(bea, cast[name], roles=["contributor"], team_name=team) == 302
    teams: dict[str, str | None] = dict(Membership.objects.values_list("user__name", "team__name"))
    assert (teams["Bram"], teams["Fatima"], teams["Vera"]) == ("Bedrijfsvoering", "Bedrijfsvoering", None)


def test_answers_stay_when_a_member_leaves(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    say(round_, cast["bram"], "PA-01", level=3)
    pk = cast["bram"].memberships.get().pk
    assert client_of("bea").post(f"/leden/{pk}/verwijderen/").status_code == 302
    assert round_.answers.get().contributor == cast["bram"]
    assert "Bram" in client_of("anna").get(f"/rondes/{round_.pk}/voortgang/").content.decode()


def test_a_coordinator_sees_members_and_changes_none(cast: dict[str, User], client_of: ClientOf) -> None:
    page = client_of("anna").get("/leden/").content.decode()
    assert "Fatima" in page and "Chris" not in page
    assert "Wijzig" not in page and "Nodig iemand uit" not in page


@pytest.mark.parametrize("email", ["Bram@waterrijk.example", "BRAM@WATERRIJK.EXAMPLE"])
def test_an_address_is_one_address_however_it_is_written(email: str, cast: dict[str, User]) -> None:
    assert User.objects.get_by_natural_key(email) == cast["bram"]
    assert User.objects.create_user(f"X{email}", name="X").email == f"x{email.lower()}"


def test_each_role_is_explained_where_it_is_given(cast: dict[str, User], client_of: ClientOf) -> None:
    page = client_of("bea").get(INVITE).content.decode()
    for role in Role:
        assert f"{role.label}: {role.explanation}" in html.unescape(page)
