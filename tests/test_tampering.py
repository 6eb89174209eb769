"""A number of another municipality, in an address or a form, gets nowhere: it does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import get_resolver, resolve, reverse

from tests.tampering import (
    Both,
    counterpart,
    crossings,
    forms_of,
    is_other,
    make_both,
    of_the_other,
    tampered,
)
from tests.test_access import outcome
from tests.world import addresses

# Where there is no second wall, the first has to hold alone.
pytestmark = [pytest.mark.anywhere, pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]
PEOPLE = ("anna", "bram", "vera", "guus", "greet", "bea")
STATES = ("open", "validation", "submitted")
MAY = ("200", "302", "409", "422")
# Shown to anybody without an account, or told by an unguessable word: there is no number to change.
OPEN = (
    *("demo_", "account_", "admin:", "surveys:answer", "surveys:code", "reports:publication"),
    *("reports:verify", "organisations:accept"),
)
ENTRANCE = ("assessments:guest", "assessments:guest_gone", "assessments:guest_stop")  # signs somebody else in


@pytest.fixture(params=STATES)
def both(request: pytest.FixtureRequest) -> Both:
    return make_both(request.param)


def clients(both: Both) -> dict[str, Client]:
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    found = {person: Client() for person in PEOPLE}
    for person, client in found.items():
        client.force_login(both.cast[person], backend=backend)
    return found


def places(both: Both) -> Iterator[tuple[str, str]]:
    """The name and address of all that is Waterrijk's."""
    for name, pattern in addresses(get_resolver()):
        if name.startswith(OPEN) or "<" not in pattern or name in ENTRANCE:
            continue
        has_report = both.own.round and both.own.round.adoption
        if has_report or not pattern.startswith("verslagen/<int:pk>"):
            yield name, both.own.address(name)


def swapped(name: str, address: str) -> Iterator[str]:
    """The address with one number, or the organisation's name in it, of the other municipality."""
    kwargs = resolve(address).kwargs
    for key, value in kwargs.items():
        instead: object = counterpart(value) if isinstance(value, int) else None
        if key in ("slug", "organisation"):
            instead = f"elders-{value}"
        if instead is not None:
            yield reverse(name, kwargs=kwargs | {key: instead})


def test_a_number_of_another_municipality_in_an_address_does_not_exist(both: Both) -> None:
    before, wrong, tried = of_the_other(), [], set()
    people = clients(both)
    for name, address in places(both):
        instead = list(swapped(name, address))
        for person, client in people.items():
            for method in ("get", "post"):
                with transaction.atomic():
                    own = outcome(getattr(client, method)(address))
                    transaction.set_rollback(True)
                if own not in MAY:
                    continue
                for other in instead:
                    tried.add(name)
                    found = outcome(getattr(client, method)(other))
                    if found != "404":
                        wrong.append((person, method, other, found))
    assert wrong == [] and of_the_other() == before and crossings() == set()
    assert len(tried) > 40, sorted(tried)


def test_a_number_of_another_municipality_in_a_form_is_refused(both: Both) -> None:
    before, wrong, tried = of_the_other(), [], set()
    for person, client in clients(both).items():
        for name, address in [*places(both), *((name, reverse(name)) for name in PLAIN)]:
            for form in forms_of(client, address):
                for field, sent in tampered(form):
                    if (person, name, field) in tried:
                        continue
                    tried.add((person, name, field))
                    data = QueryDict(mutable=True)
                    for key, value in sent:
                        data.appendlist(key, value)
                    with transaction.atomic():
                        status = client.post(form.action, dict(data.lists())).status_code
                        if status >= 500 or crossings() or of_the_other() != before:
                            wrong.append((person, address, field, status, crossings()))
                        transaction.set_rollback(True)
    assert wrong == []
    assert len(tried) >= 5, tried


PLAIN = ("home", "assessments:list", "assessments:create", "organisations:members")


def test_no_page_shows_a_number_of_another_municipality(both: Both) -> None:
    seen, wrong = 0, []
    for person, client in clients(both).items():
        for _, address in [*places(both), *((name, reverse(name)) for name in PLAIN)]:
            response = client.get(address)
            if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
                continue
            numbers = {
                int(one) for one in re.findall(r"(?<![\w.,-])\d{6,8}(?![\w,-])", response.content.decode())
            }
            seen += len(numbers)
            wrong += [(person, address, one) for one in numbers if is_other(one)]
    assert wrong == [] and seen > 100
