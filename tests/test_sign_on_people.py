"""Whom single sign-on lets in, with which roles, and who keeps a way in without it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from organisations.models import Invitation, LogEntry, Membership, Organisation, SignOn, User
from organisations.models.sign_on import NotNow
from tests.cast import PASSWORD, make_guest, make_round
from tests.provider import STRONG, Browser, Provider, make_sign_on

MAPPED = {"contributor": ["g-invullen"], "validator": ["g-controle"], "administrator": ["g-beheer"]}


@pytest.fixture
def sign_on(provider: Provider, cast: dict[str, User]) -> SignOn:
    return make_sign_on(provider, level=STRONG)


def comes(provider: Provider, account: str, **claims: object) -> tuple[int, str]:
    """The status for who comes as `account`, known by these claims, and as whom they are in."""
    provider.knows(account, **claims)
    browser = Browser(provider)
    return browser.signs_in(account, STRONG).status_code, browser.name


def roles(name: str) -> set[str]:
    member = Membership.objects.get(user__email=f"{name}@waterrijk.example")
    return set(member.roles.values_list("role", flat=True))


def why() -> str:
    return str(LogEntry.objects.filter(act="sign_in").latest("number").detail.get("reden", ""))


def maps(sign_on: SignOn, newcomers: str = SignOn.Newcomers.INVITED) -> None:
    sign_on.roles, sign_on.claim, sign_on.newcomers = MAPPED, "groups", newcomers
    sign_on.save()


def invite(cast: dict[str, User], email: str, **fields: object) -> Invitation:
    organisation = Organisation.objects.get(slug="waterrijk")
    end = timezone.now() + timedelta(days=1)
    details = {"name": "Nieuw", "roles": ["executive"], "expires_at": end, **fields}
    return Invitation.objects.create(
        organisation=organisation, email=email, invited_by=cast["bea"], **details
    )


# Who


def test_somebody_unknown_stays_out(provider: Provider, sign_on: SignOn) -> None:
    assert comes(provider, "piet", email="piet@waterrijk.example") == (403, "")
    assert why() == "unknown" and not User.objects.filter(email="piet@waterrijk.example").exists()


def test_a_person_of_another_organisation_stays_out(provider: Provider, sign_on: SignOn) -> None:
    """Also when this organisation's provider says that it is Chris: its word counts for its own domains."""
    assert comes(provider, "chris", email="chris@hoogezand.example") == (403, "")
    assert why() == "address"


def test_who_is_of_two_organisations_cannot_be_signed_in_by_one(
    provider: Provider, sign_on: SignOn, cast: dict[str, User]
) -> None:
    assert comes(provider, "bram", email="bram@waterrijk.example")[0] == 302
    Organisation.objects.get(slug="hoogezand").admit(cast["bram"], ["contributor"])
    assert comes(provider, "bram", email="bram@waterrijk.example") == (403, "")
    assert why() == "elsewhere"


def test_whoever_runs_the_portal_cannot_be_signed_in_by_an_organisation(
    provider: Provider, sign_on: SignOn, cast: dict[str, User]
) -> None:
    User.objects.filter(pk=cast["bram"].pk).update(is_staff=True)
    assert comes(provider, "bram", email="bram@waterrijk.example") == (403, "")


def test_a_closed_account_stays_closed(provider: Provider, sign_on: SignOn, cast: dict[str, User]) -> None:
    User.objects.filter(pk=cast["bram"].pk).update(is_active=False)
    assert comes(provider, "bram", email="bram@waterrijk.example") == (403, "")
    assert why() == "inactive"


def test_a_guest_is_no_member(provider: Provider, sign_on: SignOn) -> None:
    User.objects.guest("gast@waterrijk.example", "Gast")
    assert comes(provider, "gast", email="gast@waterrijk.example") == (403, "")


@pytest.mark.parametrize("is_guest", [True, False])
def test_who_is_known_elsewhere_comes_by_the_link_in_the_invitation(
    is_guest: bool, provider: Provider, sign_on: SignOn, cast: dict[str, User]
) -> None:
    """An administrator can invite anybody and set up any provider: with both they would be somebody who
    answers, or answered, in another municipality.
    """
    email = "lotte@waterrijk.example"
    known = User.objects.create_user(email, name="Lotte", is_guest=is_guest)
    round_ = make_round(cast, organisation="hoogezand", leader="chris", people=("chris",))
    if is_guest:
        make_guest(round_, email=email)
    token = invite(cast, email, token_digest="l").renew()
    for newcomers in SignOn.Newcomers.values:
        maps(sign_on, newcomers)
        assert comes(provider, "lotte", email=email, groups=["g-invullen"]) == (403, "")
        assert why() == "by_link" and not known.memberships.exists()
    page = Client().get(f"/uitnodiging/{token}/")
    assert page.status_code == (200 if is_guest else 302) and "organisatie" not in str(page.headers)


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"email": "bram@kwaad.example"},
        {"email": "bram@waterrijk.example@kwaad.example"},
        {"email": "bram@waterrijk.example", "email_verified": False},
    ],
)
def test_an_address_that_is_not_proven_there_opens_nothing(
    claims: dict[str, object], provider: Provider, sign_on: SignOn
) -> None:
    assert comes(provider, "bram", **claims) == (403, "")


def test_who_was_invited_comes_in_without_a_password(
    provider: Provider, sign_on: SignOn, cast: dict[str, User]
) -> None:
    invite(cast, "nora@waterrijk.example")
    assert comes(provider, "nora", email="nora@waterrijk.example", name="Nora") == (302, "Nora")
    assert roles("nora") == {"executive"}
    assert not User.objects.get(email="nora@waterrijk.example").has_usable_password()


def test_an_invitation_that_is_over_lets_nobody_in(
    provider: Provider, sign_on: SignOn, cast: dict[str, User]
) -> None:
    invite(cast, "nora@waterrijk.example", expires_at=timezone.now() - timedelta(days=1))
    assert comes(provider, "nora", email="nora@waterrijk.example") == (403, "")


def test_a_person_is_known_by_number_and_not_by_address(
    provider: Provider, sign_on: SignOn, cast: dict[str, User]
) -> None:
    comes(provider, "b-1", email="bram@waterrijk.example")
    assert comes(provider, "b-1", email="bram.nieuw@waterrijk.example") == (302, "Bram")
    assert comes(provider, "b-2", email="bram@waterrijk.example") == (
        403,
        "",
    )  # the next one with this address
    assert why() == "other_account"
    sign_on.accounts.get().loosen()
    assert comes(provider, "b-2", email="bram@waterrijk.example") == (302, "Bram")


# With which roles


def test_the_provider_gives_and_takes_the_roles_that_it_manages(provider: Provider, sign_on: SignOn) -> None:
    maps(sign_on)
    bram = {"email": "bram@waterrijk.example"}
    assert comes(provider, "bram", **bram, groups=["g-invullen", "g-controle", "g-ander"]) == (302, "Bram")
    assert roles("bram") == {"contributor", "validator"}
    assert comes(provider, "bram", **bram, groups="g-controle") == (302, "Bram")
    assert roles("bram") == {"validator"}
    told = LogEntry.objects.filter(act="rights").latest("number")
    assert told.detail == {"ingetrokken": "functionaris"}


def test_roles_that_it_does_not_manage_stay(provider: Provider, sign_on: SignOn) -> None:
    maps(sign_on)
    comes(provider, "anna", email="anna@waterrijk.example", groups=["g-controle"])
    assert roles("anna") == {"coordinator", "validator"}


def test_who_has_no_role_left_is_out(provider: Provider, sign_on: SignOn) -> None:
    maps(sign_on)
    assert comes(provider, "bram", email="bram@waterrijk.example", groups=[]) == (403, "")
    assert (why(), roles("bram")) == ("no_role", set())


def test_the_last_administrator_stays_one(provider: Provider, sign_on: SignOn, cast: dict[str, User]) -> None:
    maps(sign_on)
    bea = {"email": "bea@waterrijk.example", "groups": []}
    assert comes(provider, "bea", **bea) == (302, "Bea")
    assert roles("bea") == {"administrator"}
    Membership.objects.get(user=cast["anna"]).set_roles(["administrator"])
    assert comes(provider, "bea", **bea) == (403, "")


def test_groups_that_are_left_out_take_no_role(provider: Provider, sign_on: SignOn) -> None:
    maps(sign_on)
    much = {"_claim_names": {"groups": "src1"}}
    assert comes(provider, "bram", email="bram@waterrijk.example", **much) == (403, "")
    assert (why(), roles("bram")) == ("overage", {"contributor"})


def test_who_has_a_role_there_may_become_a_member_where_that_is_set(
    provider: Provider, sign_on: SignOn
) -> None:
    maps(sign_on, SignOn.Newcomers.ROLE)
    new = {"email": "piet@waterrijk.example", "name": "Piet"}
    assert comes(provider, "piet", **new, groups=["g-ander"]) == (403, "")
    assert not User.objects.filter(email="piet@waterrijk.example").exists()
    assert comes(provider, "piet", **new, groups=["g-invullen"]) == (302, "Piet")
    assert roles("piet") == {"contributor"}
    assert LogEntry.objects.filter(act="join", what="piet@waterrijk.example").exists()


# The emergency account


def by_password(name: str) -> tuple[int, str]:
    client = Client()
    login = {"login": f"{name}@waterrijk.example", "password": PASSWORD}
    response = client.post("/account/login/", login)
    return response.status_code, response.content.decode()


@pytest.fixture
def closed(provider: Provider, sign_on: SignOn, cast: dict[str, User]) -> SignOn:
    """Waterrijk without passwords, but for Bea."""
    comes(provider, "bea", email="bea@waterrijk.example")
    sign_on.close_passwords(True, Membership.objects.filter(user=cast["bea"]))
    return sign_on


def test_where_passwords_are_closed_only_the_emergency_account_has_one(closed: SignOn) -> None:
    status, page = by_password("bram")
    assert status == 403 and "alleen inloggen met het account van uw werk" in page
    entry = LogEntry.objects.filter(act="sign_in", result="refused").get()
    assert entry.who.startswith("Bram") and entry.what == "niet via de organisatie"
    assert by_password("bea")[0] == 302


def test_a_wrong_password_does_not_tell_that_passwords_are_closed(closed: SignOn) -> None:
    client = Client()
    pages = [
        client.post("/account/login/", {"login": f"{name}@waterrijk.example", "password": "gok"}).status_code
        for name in ("bram", "bea", "niemand")
    ]
    assert pages == [200, 200, 200]


def test_who_cannot_be_signed_in_over_there_keeps_a_password(closed: SignOn, cast: dict[str, User]) -> None:
    Organisation.objects.get(slug="hoogezand").admit(cast["bram"], ["contributor"])
    assert by_password("bram")[0] == 302
    User.objects.filter(pk=cast["fatima"].pk).update(email="fatima@buiten.example")
    login = {"login": "fatima@buiten.example", "password": PASSWORD}
    assert Client().post("/account/login/", login).status_code == 302


def test_an_invitation_opens_no_account_with_a_password(closed: SignOn, cast: dict[str, User]) -> None:
    token = invite(cast, "nora@waterrijk.example", token_digest="n").renew()
    response = Client().get(f"/uitnodiging/{token}/")
    assert response.headers["Location"] == "/account/organisatie/waterrijk/"


def test_who_was_a_guest_still_proves_the_address_by_the_invitation(
    closed: SignOn, cast: dict[str, User]
) -> None:
    User.objects.guest("gast@waterrijk.example", "Gast")
    token = invite(cast, "gast@waterrijk.example", token_digest="g").renew()
    assert Client().get(f"/uitnodiging/{token}/").status_code == 200


def test_putting_it_off_opens_the_passwords_again(closed: SignOn) -> None:
    closed.switch(False)
    assert by_password("bram")[0] == 302


def test_passwords_are_not_closed_before_somebody_can_repair_it(
    provider: Provider, sign_on: SignOn, cast: dict[str, User]
) -> None:
    bea = Membership.objects.filter(user=cast["bea"])
    with pytest.raises(NotNow, match="noodaccount"):
        sign_on.close_passwords(True, [])
    with pytest.raises(NotNow, match="noodaccount"):
        sign_on.close_passwords(True, Membership.objects.filter(user=cast["bram"]))
    with pytest.raises(NotNow, match="eerst een beheerder"):
        sign_on.close_passwords(True, bea)
    comes(provider, "bea", email="bea@waterrijk.example")
    cast["bea"].set_unusable_password()
    cast["bea"].save()
    with pytest.raises(NotNow, match="noodaccount"):
        sign_on.close_passwords(True, bea)
    assert not SignOn.objects.get().closes_passwords
