"""The second wall holds by itself: with the first one taken away on purpose nobody sees another organisation.

The first wall is every method of a queryset that is asked for somebody (`visible_to(user)` and the like):
here they all return everything. Chris is of Hoogezand, and everything in the table of test_access.py is
Waterrijk's.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment
from organisations.models import User
from tests.restricted import as_owner, on_postgresql
from tests.test_access import ROWS, STATES, Row, outcome
from tests.world import make_world

pytestmark = pytest.mark.usefixtures("quick_pdf")


# Methods that are asked for a user and give no rows to ask on: what they read comes through the others.
GIVES_NO_ROWS = {"ThreadQuerySet.for_list", "FailedSignInQuerySet.held", "SignOnQuerySet.only_way_for"}


def of_a_user(function: Callable[..., Any]) -> bool:
    """Whether it is asked for somebody; mypy sees to it that each parameter says what it is."""
    given = inspect.signature(function).parameters.values()
    return any(one.name == "user" or "User" in str(one.annotation) for one in given)


def asked_for_a_user(querysets: Iterable[type[Any]]) -> Iterator[tuple[type[Any], str]]:
    """Of these and all that come of them: each method that is asked for a user, with who has it."""
    for queryset in querysets:
        for name, method in inspect.getmembers(queryset, inspect.isfunction):
            if not method.__module__.startswith("django") and of_a_user(method):
                yield queryset, name
        yield from asked_for_a_user(queryset.__subclasses__())


def first_wall() -> list[tuple[type[Any], str]]:
    """Each queryset of the portal with its methods that give somebody the rows that are theirs."""
    own = [one for one in models.QuerySet.__subclasses__() if one.__module__ != __name__]
    found = asked_for_a_user(own)
    return [
        (queryset, name) for queryset, name in found if f"{queryset.__name__}.{name}" not in GIVES_NO_ROWS
    ]


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


@on_postgresql
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


@on_postgresql
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


# Whether all of it is taken away


def test_a_new_method_that_is_asked_for_somebody_would_be_taken_away_too() -> None:
    class Reading:
        def read_by(self, *, reader: User | None) -> object:
            return reader

        def read_on(self, day: int) -> object:
            return day

    class NewQuerySet(Reading, models.QuerySet[User]):
        def shown(self, day: int, user: object) -> object:
            return day, user

    class Newer(NewQuerySet):
        pass

    found = list(asked_for_a_user([NewQuerySet]))
    assert found == [(queryset, name) for queryset in (NewQuerySet, Newer) for name in ("read_by", "shown")]


def test_all_of_the_first_wall_is_taken_away(take_away: Callable[[], None]) -> None:
    managers = {type(model._default_manager.all()): model._default_manager for model in apps.get_models()}
    somebody = AnonymousUser()

    def gives_all(queryset: type[Any], name: str) -> bool:
        rows = managers[queryset].all()
        more = len(inspect.signature(getattr(queryset, name)).parameters) - 2
        return str(getattr(rows, name)(somebody, *[None] * more).query) == str(rows.query)

    wall = first_wall()
    take_away()
    assert [f"{queryset.__name__}.{name}" for queryset, name in wall if not gives_all(queryset, name)] == []


def test_what_gives_somebody_their_rows_beside_the_querysets_asks_these() -> None:
    """So it goes when they go. `visible_to` of the reports is such a function."""
    beside = dict(functions_that_give_rows())
    assert "reports/report_views.py visible_to" in beside
    names = {name for _, name in first_wall()} | {place.split()[1] for place in beside}
    assert [place for place, asked in beside.items() if not asked & names] == []


def functions_that_give_rows() -> Iterator[tuple[str, set[str]]]:
    """Functions that are asked for a user and give rows, with the names that they use."""
    for app in (app for app in settings.INSTALLED_APPS if "." not in app):
        for file in Path(settings.BASE_DIR, app).rglob("*.py"):
            for node in ast.parse(file.read_text()).body:
                if isinstance(node, ast.FunctionDef) and node.returns:
                    is_asked = "user" in ast.unparse(node.args).lower()
                    if is_asked and "QuerySet" in ast.unparse(node.returns):
                        used = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
                        called = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
                        place = f"{file.relative_to(settings.BASE_DIR)} {node.name}"
                        yield place, used | called
