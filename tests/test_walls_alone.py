"""The second wall holds by itself: with the first one taken away on purpose nobody sees another organisation.

The first wall is every method of a queryset that is asked for somebody (`visible_to(user)` and the like):
here they all return everything. Chris is of Hoogezand, and everything in the table of test_access.py is
Waterrijk's.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment
from organisations.models import User
from tests.restricted import as_owner
from tests.test_access import ROWS, STATES, Row, outcome
from tests.world import make_world

pytestmark = [
    pytest.mark.usefixtures("quick_pdf"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite there is the first wall alone"),
]


def first_wall() -> Iterator[tuple[Any, str]]:
    """Each queryset of the portal's own with the names of its methods that are asked for a user."""
    waiting: list[Any] = list(models.QuerySet.__subclasses__())
    while waiting:
        queryset = waiting.pop()
        waiting += queryset.__subclasses__()
        if not queryset.__module__.startswith("django"):
            for name, method in vars(queryset).items():
                if inspect.isfunction(method) and "user" in list(inspect.signature(method).parameters)[1:2]:
                    yield queryset, name


@pytest.fixture
def take_away(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Takes the first wall away, once the world behind it has been made."""

    def gone() -> None:
        for queryset, name in first_wall():
            monkeypatch.setattr(queryset, name, lambda self, *_, **__: self.all())

    return gone


def got(browser: Client, row: Row, address: str) -> HttpResponseBase:
    with transaction.atomic():
        response: HttpResponseBase = getattr(browser, row.method.lower())(address)
        transaction.set_rollback(row.method == "POST")
    return response


def tells(response: HttpResponseBase, round_: Assessment | None) -> bool:
    """Whether a page names the other municipality, or leads to its round."""
    text = b"".join(response).decode(errors="replace")
    return "Waterrijk" in text or bool(round_ and f'/rondes/{round_.pk}/"' in text)


@pytest.mark.parametrize("state", STATES)
def test_who_is_of_elsewhere_gets_what_the_table_says_without_the_first_wall(
    state: str,
    cast: dict[str, User],
    client_of: Callable[[str], Client],
    take_away: Callable[[], None],
) -> None:
    world, chris = make_world(cast, state), client_of("chris")
    rows = [(row, world.address(row.name)) for row in ROWS if row.state == state]
    take_away()
    wrong = []
    for row, address in rows:
        held = deepcopy(chris.cookies)
        response = got(chris, row, address)
        chris.cookies = held  # a form may have let him in as a guest, or out
        if outcome(response) != row.expected["chris"]:
            wrong.append(f"{row}: {outcome(response)}, not {row.expected['chris']}")
        elif row.expected["nobody"] == "login" and tells(response, world.round):
            wrong.append(f"{row}: it tells of Waterrijk")
    assert wrong == []


def test_the_first_wall_really_was_away(
    cast: dict[str, User], client_of: Callable[[str], Client], take_away: Callable[[], None]
) -> None:
    """As the owner of the tables, for whom the second one does not hold, Chris sees everything."""
    round_ = make_world(cast, "open").round
    assert round_
    addresses = [reverse("assessments:detail", args=[round_.pk]), reverse("assessments:list")]
    chris = client_of("chris")
    with as_owner():
        refused = [chris.get(address) for address in addresses]
    take_away()
    with as_owner():
        shown = [chris.get(address) for address in addresses]
    assert [response.status_code for response in refused] == [404, 200]
    assert [response.status_code for response in shown] == [200, 200]
    assert [tells(response, round_) for response in refused] == [False, False]
    assert [tells(response, round_) for response in shown] == [True, True]
