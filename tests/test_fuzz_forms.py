"""Whatever is sent by a form, nothing breaks and nothing is stored that should not be.

The forms are found by walking the addresses of tests/test_access.py: a new one is tried by itself.
FUZZ=20 tries twenty times as much (tests/fuzzing.py).
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.cache import cache
from django.db import models, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments.delegating.division import Part
from assessments.models import Action
from assessments.models.delegation import divide
from assessments.status import Status
from organisations.models import Organisation, User
from surveys.models import Remark, Survey, inviting
from tests.actions import make_action
from tests.cast import THEME, make_answers, make_round
from tests.evidence import make_evidence
from tests.factors import App, with_password
from tests.found_forms import Field, FoundForm, forms_of, running
from tests.fuzzing import Sent, as_body, as_query, filled_in, trying
from tests.ledger import Change, Ledger, faults
from tests.surveys import make_links
from tests.test_access import PAGES
from tests.world import SURVEYED, World, make_world

pytestmark = pytest.mark.usefixtures("quick_pdf")
ClientOf = Callable[[str], Client]
PEOPLE = ("anna", "bram", "fatima", "vera", "guus", "greet", "bea", "chris", "nobody")
EXAMPLES = 5
# In the others nothing is sent that is not in one of these too.
STATES = ("-", "draft", "open", "closed", "validation", "adopted", "executive", "submitted", *SURVEYED)
STATUSES = (200, 302, 400, 401, 403, 404, 405, 409, 410, 422, 429)
# What any visit may leave behind, also one that is refused.
TRACES = {"LogEntry", "LogHead", "Session"}
# Where each part is saved by itself, so that a fault in one does not cost the others.
BY_PART = {"assessments:theme"}
# Sent by a script, or from a page that these states do not have.
QUESTION = (
    "questionnaire",
    *(f"PA-01-{name}" for name in ("choice", "reason", "helps", "explanation", "version")),
)
BY_HAND: dict[str, list[tuple[str, ...]]] = {
    "open": [
        ("bram", "assessments:question", *QUESTION),
        ("nobody", "assessments:guest_stop"),
        ("anna", "assessments:turn", "from", "to", "shown"),
    ],
    "adopted": [("guus", "assessments:action_move", "due", "note", "shown"), ("anna", "reports:report")],
    "polled": [("anna", "surveys:remind")],
}
found_in: dict[str, set[str]] = {}  # by state the views that a form was found for


def make_elsewhere(cast: dict[str, User]) -> list[models.Model]:
    """Hoogezand with some of everything, of which nobody of Waterrijk may change any; to whom it belongs."""
    round_ = make_round(
        cast, Status.OPEN, people=("chris",), year=2019, organisation="hoogezand", leader="chris"
    )
    make_answers(round_, cast["chris"])
    make_evidence(round_, cast["chris"])
    make_action(round_, cast["chris"])
    return [Organisation.objects.get(slug="hoogezand"), cast["chris"]]


@pytest.fixture
def clients(client_of: ClientOf) -> dict[str, Client]:
    return {person: client_of("anonymous" if person == "nobody" else person) for person in PEOPLE}


def furnish(state: str, world: World, cast: dict[str, User]) -> Iterator[tuple[str, str]]:
    """What the table of access has no need of: who finds a form where, once it is there."""
    if state == "-":
        for _ in range(2):
            with_password(cast["bram"])  # signed in elsewhere too: one to end, and all at once
        App(cast["fatima"])
        yield "bram", world.address("organisations:sessions")
        yield "bea", world.address("organisations:forget_factor")
    elif state == "open" and world.round:
        divide(world.round, *THEME, {cast["bram"].pk: Part(), cast["fatima"].pk: Part(turn=2)})
        yield "anna", world.address("assessments:turn")
    elif state == "adopted" and world.round:
        Action.objects.filter(pk=world.action).update(status="running")
        yield "guus", world.address("assessments:action_move")
    elif state in SURVEYED:
        yield from surveyed(state, world)


def surveyed(state: str, world: World) -> Iterator[tuple[str, str]]:
    survey = Survey.objects.get()
    leader = "anna" if state in ("polled", "told") else "greet"
    for name in ("remind", "close", "release", "remarks", "destruction", "posters", "invite"):
        yield leader, world.address(f"surveys:{name}")
    if state == "polled":
        inviting.make_codes(survey)
        group = survey.groups.all()[0]
        for door in (
            reverse("surveys:answer", args=make_links(group, 1)),
            reverse("surveys:code_answer", args=[group.code]),
        ):
            yield from (("nobody", f"{door}{step}") for step in ("", "1/", "6/"))
    elif state == "told":
        Remark.objects.create(survey=survey, text="Het is druk.", masked="Het is druk.", state="report")


def pages(state: str) -> Iterator[tuple[str, str]]:
    """Who can look at which page in this state."""
    for person in PEOPLE:
        for row in PAGES:
            if row.state == state and row.expected[person] in ("200", "409"):
                yield person, row.name


def walk(state: str, cast: dict[str, User], clients: dict[str, Client]) -> list[FoundForm]:
    """Every form that anybody finds on a page of this state; of those that look alike the first."""
    world, found = make_world(cast, state), dict[Any, FoundForm]()
    places = [*furnish(state, world, cast), *((person, world.address(name)) for person, name in pages(state))]
    for person, address in places:
        if not address.endswith("/"):
            continue  # a file
        response = clients[person].get(address)
        if "text/html" in response.get("Content-Type", ""):
            for form in forms_of(response.content, address, person):
                found.setdefault(form.looks, form)
    for person, name, *fields in BY_HAND.get(state, []):
        offered = tuple(Field(field, "text", ()) for field in fields)
        form = FoundForm(person, "post", world.address(name), name, offered)
        found[form.looks] = form
    found_in[state] = {form.view for form in found.values() if form.method == "post"}
    return list(found.values())


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """What happens within is as if it had not, in the database and in what the browser remembers."""
    cache.clear()
    cookies = client.cookies
    client.cookies = SimpleCookie(cookies.output(header="", sep=";"))
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


def ask(client: Client, form: FoundForm, sent: Sent) -> Any:
    if form.method == "get":
        return client.get(f"{form.address}?{as_query(sent)}")
    body, kind = as_body(sent, any(field.kind == "file" for field in form.fields))
    return client.generic("POST", form.address, body, kind)


def outcome(client: Client, form: FoundForm, sent: Sent, ledger: Ledger, others: Any) -> list[str]:
    """What went wrong when this was sent."""
    try:
        with ledger.watching():
            response = ask(client, form, sent)
        return [*wrong_page(response), *wrong_rows(form, response.status_code, ledger.changes(), others)]
    except Exception as fault:
        return [f"{type(fault).__name__}: {fault}\n{traceback.format_exc()[-900:]}"]


def wrong_page(response: Any) -> Iterator[str]:
    if response.status_code not in STATUSES:
        yield f"status {response.status_code}"
    location = response.get("Location", "/").replace("\\", "/")  # as browsers read it
    if urlsplit(urljoin("http://testserver/", location)).netloc != "testserver":
        yield f"sent on to {location}"
    if "text/html" in response.get("Content-Type", ""):
        yield from (f"on the page: {one}" for one in running(response.content))


def wrong_rows(form: FoundForm, status: int, changes: list[Change], others: Any) -> Iterator[str]:
    stored = [change for change in changes if change.model.__name__ not in TRACES]
    if stored and (form.method == "get" or (status != 302 and form.view not in BY_PART)):
        yield f"stored though {status}: {stored[0]}"
    for change in changes:
        if change.model.__name__ == "LogEntry" and change.before:
            yield f"the log changed: {change}"
    for change in stored:
        yield from faults(change, others)


@pytest.mark.parametrize("state", STATES)
def test_nothing_that_is_sent_breaks_a_form(
    state: str, cast: dict[str, User], clients: dict[str, Client]
) -> None:
    roots = make_elsewhere(cast)
    forms = walk(state, cast, clients)
    ledger = Ledger()
    others = ledger.belonging_to(*roots)
    ids = sorted({key for _, key in others if isinstance(key, int)})[:40]
    wrong: dict[str, str] = {}

    def send(form: FoundForm, sent: Sent) -> None:
        with undone(clients[form.person]):
            found = outcome(clients[form.person], form, sent, ledger, others)
        for one in found:
            wrong.setdefault(f"{form.view} {one[:60]}", f"{form}: {one}\n  {sent}"[:2500])

    for form in forms:
        trying(EXAMPLES)(given(st.just(form), filled_in(form, ids))(send))()
    assert not wrong, f"{len(wrong)} faults\n\n" + "\n\n".join(wrong.values())


def views(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, str]]:
    """The name of every view of ours and its source."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from views(one, f"{space}{one.namespace}:" if one.namespace else space)
        elif isinstance(one, URLPattern) and not f"{space}{one.name}".startswith(("account_", "admin:")):
            yield f"{space}{one.name}", inspect.getsource(inspect.unwrap(one.callback))


# No page has its form: test_saml_answer.py bends what comes in.
FROM_ELSEWHERE = {"organisations:saml_answer"}


def test_everything_that_takes_a_form_was_tried() -> None:
    if found_in.keys() != set(STATES):
        pytest.skip("the walk through all states did not run")
    takes = {name for name, source in views(get_resolver()) if "POST" in source} - FROM_ELSEWHERE
    assert " ".join(sorted(takes - set().union(*found_in.values()))) == ""
