"""The second wall: what PostgreSQL shows is of the organisations that a request came for, and of no other."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from assessments.models import Answer, Assessment
from integrity_portal.checks import second_wall
from integrity_portal.middleware import BehindWalls
from organisations import walls
from organisations.log.acts import Act
from organisations.models import LogEntry, LogHead, Membership, Organisation, User
from organisations.models.log import write
from tests.cast import make_round, say
from tests.restricted import ROLE, as_owner, on_postgresql

# Not a SELECT: with that a setting would be sent along.
SETTING = "VALUES (coalesce(current_setting('portal.organisations', true), ''))"

# Who looks over all organisations, and why. Whoever else needs it stands here with a reason first.
EVERYWHERE = {
    "assessments/guests/access.py GuestBackend.get_user": "a guest is known by their passes",
    "assessments/guests/entrance.py guest": "where a personal link leads",
    "assessments/models/guest.py GuestPass._name_for_all": "whether others know them by another name",
    "integrity_portal/leaving/removing.py remove": "who else knows the people of an organisation that goes",
    "integrity_portal/leaving/removing.py remove_due": "of which organisations the day came",
    "integrity_portal/leaving/views.py statement": "nobody of the organisation can sign in any more",
    "integrity_portal/tasks.py tend": "the portal's own work",
    "integrity_portal/visits.py _write": "in whose log it stands that somebody was refused",
    "organisations/forms.py OrganisationForm.validate_unique": "no two have one CBS code",
    "organisations/sign_on/forms.py SignOnForm._own": "no two have one domain of mail",
    "organisations/sign_on/saml/views.py _of": "whose sign-on an address means",
    "organisations/sign_on/views.py _of": "whose sign-on an address means",
    "organisations/sign_on/views.py which": "whose sign-on a domain of mail has",
    "organisations/tasks.py deliver": "the outbox is the portal's",
    "organisations/views.py accept": "where an invitation leads",
    "reports/publication_views.py _entered": "whose public pages an address means",
    "reports/publication_views.py sitemap": "what is public, of all organisations",
    "reports/recognising.py by_code": "which report a code is of",
    "reports/recognising.py by_sum": "which report a file is of",
    "reports/tasks.py make_report": "whose file it is; then that organisation alone",
    "retention/accounts.py forget": "who is a member nowhere",
    "retention/files.py remove_lost_files": "which files no row of anybody names",
    "retention/person_views.py own": "what bears the key of a person is theirs, also where they left",
    "surveys/doors.py by_code": "where the code of a poster leads",
    "surveys/doors.py by_token": "where a personal link leads",
}
# Processes of whoever runs the portal, who has the database anyway.
LIFTED = {"manage.py", "integrity_portal/management/commands/worker.py"}


def uses(name: str) -> Iterator[str]:
    """The places in the code that call `walls.name`, each with its function."""
    folders = [Path(settings.BASE_DIR, app) for app in settings.INSTALLED_APPS if "." not in app]
    files = [file for folder in folders if folder.is_dir() for file in folder.rglob("*.py")]
    for file in [*files, Path(settings.BASE_DIR, "manage.py")]:
        yield from _within(ast.parse(file.read_text()), name, str(file.relative_to(settings.BASE_DIR)), "")


def _within(tree: ast.AST, name: str, file: str, inside: str) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        is_named = isinstance(node, ast.FunctionDef | ast.ClassDef)
        place = f"{inside}.{node.name}".lstrip(".") if is_named else inside  # type: ignore[attr-defined]
        if isinstance(node, ast.Attribute) and node.attr == name and ast.unparse(node.value) == "walls":
            yield f"{file} {place}".strip()
        yield from _within(node, name, file, place)


def test_who_looks_over_all_organisations_is_on_the_list() -> None:
    assert sorted(uses("everywhere")) == sorted(EVERYWHERE)
    assert {place.split()[0] for place in uses("lift_outside_requests")} == LIFTED


# What is told, without a database


def test_whoever_says_nothing_is_nobody() -> None:
    assert walls.Scope().told == ""
    # A thread begins with nothing of the one that made it.
    with ThreadPoolExecutor(1) as thread, walls.only(7):
        assert thread.submit(lambda: walls._scope.get(None)).result() is None


def test_a_scope_ends_where_it_began_also_after_a_fault() -> None:
    before = walls.now()
    with pytest.raises(ZeroDivisionError), walls.everywhere(), walls.only(3):
        assert walls.now().told == "3"
        walls.enter(5)
        assert walls.now().told == "3,5"
        raise ZeroDivisionError
    assert walls.now() is before


def test_what_was_learnt_of_one_person_is_not_told_of_the_next() -> None:
    who = [1]
    scope = walls.Scope(lambda: who[0], entered=[9])
    assert (scope.ask(), scope.told) == (1, "9")
    scope.learn(1, "3,4")
    assert (scope.ask(), scope.told) == (None, "9,3,4")
    who[0] = 2
    assert (scope.ask(), scope.told) == (2, "9")


def test_each_request_begins_as_nobody_and_leaves_nothing() -> None:
    told: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        told.append(walls.now().told)
        walls.enter(4)
        told.append(walls.now().told)
        return HttpResponse()

    before = walls.now().told
    for _ in range(2):
        BehindWalls(page)(RequestFactory().get("/"))
    assert told == ["", "4", "", "4"]
    assert walls.now().told == before


def test_what_is_made_while_it_is_sent_is_made_within_the_same_walls() -> None:
    def page(request: HttpRequest) -> StreamingHttpResponse:
        walls.enter(4)
        return StreamingHttpResponse(walls.now().told for _ in range(2))

    before = walls.now().told
    response = BehindWalls(page)(RequestFactory().get("/"))
    assert list(response) == [b"4", b"4"]
    assert walls.now().told == before


@pytest.mark.parametrize(
    ("staff", "path", "expected"), [(True, "/techniek/", True), (False, "/techniek/", False)]
)
def test_only_the_technical_back_room_is_everywhere(staff: bool, path: str, expected: bool) -> None:
    request = RequestFactory().get(path)
    request.resolver_match, request.user = resolve(path), User(is_staff=staff)
    with walls.scope(walls.Scope()) as scope:
        BehindWalls(lambda request: HttpResponse()).process_view(request, None, (), {})
    assert scope.is_everywhere == expected
    request.resolver_match, request.user = resolve("/"), AnonymousUser()
    with walls.scope(walls.Scope()) as scope:
        BehindWalls(lambda request: HttpResponse()).process_view(request, None, (), {})
    assert not scope.is_everywhere


# What PostgreSQL does with it


@pytest.fixture
def rounds(cast: dict[str, User]) -> tuple[Assessment, Assessment]:
    """A round of Waterrijk and one of Hoogezand, each with an answer of Bram."""
    own, other = make_round(cast), make_round(cast, organisation="hoogezand", leader="chris")
    say(own, cast["bram"], "PA-01", level=2)
    say(other, cast["bram"], "PA-01", level=2)
    return own, other


@on_postgresql
def test_rows_of_another_organisation_are_not_there(rounds: tuple[Assessment, Assessment]) -> None:
    own, other = rounds
    with walls.only(own.organisation_id):
        assert list(Assessment.objects.all()) == [own]
        assert [one.assessment_id for one in Answer.objects.all()] == [own.pk]
        assert Organisation.objects.get().pk == own.organisation_id
        assert Answer.objects.filter(assessment=other).update(level=4) == 0
        assert Assessment.objects.filter(pk=other.pk).delete() == (0, {})
    with walls.scope(walls.Scope()):
        assert not Assessment.objects.exists() and not Membership.objects.exists()
    assert Answer.objects.get(assessment=other).level == 2


@on_postgresql
def test_nothing_can_be_put_into_another_organisation(
    rounds: tuple[Assessment, Assessment], cast: dict[str, User]
) -> None:
    own, other = rounds
    answer: dict[str, Any] = {"question": "PA-02", "contributor": cast["bram"], "level": 1}
    refused = pytest.raises(DatabaseError, match="row-level security")
    attempts: list[Callable[[], object]] = [
        lambda: Answer.objects.create(assessment=other, **answer),
        lambda: Answer.objects.filter(assessment=own).update(assessment=other),
        lambda: Membership.objects.create(organisation_id=other.organisation_id, user=cast["anna"]),
        lambda: Organisation.objects.create(name="Elders", slug="elders"),
    ]
    for attempt in attempts:
        with walls.only(own.organisation_id), refused, transaction.atomic():
            attempt()


@on_postgresql
def test_the_organisations_of_a_person_come_with_the_first_statement(
    rounds: tuple[Assessment, Assessment], cast: dict[str, User]
) -> None:
    with walls.of_person(cast["chris"].pk), CaptureQueriesContext(connection) as asked:
        assert list(Assessment.objects.all()) == [rounds[1]]
        assert walls.now().told == str(rounds[1].organisation_id)
    assert len(asked) == 1  # no statement of its own


@on_postgresql
def test_the_log_of_another_organisation_is_written_and_not_read(
    rounds: tuple[Assessment, Assessment],
) -> None:
    own, other = (round_.organisation_id for round_ in rounds)
    with walls.only(own):
        write(Act.VIEW, "iets", organisation=other)
        write(Act.VIEW, "iets")
        assert not LogEntry.objects.filter(what="iets").exists()
        assert {head.chain for head in LogHead.objects.all()} == {f"organisatie-{own}"}
    with walls.only(None):
        assert [one.organisation_id for one in LogEntry.objects.filter(what="iets")] == [None]
    with walls.only(other):
        assert LogEntry.objects.filter(what="iets").count() == 1


@on_postgresql
@pytest.mark.parametrize("table", ["organisations_logentry", "organisations_loghead"])
def test_the_role_of_the_web_may_not_empty_the_log_nor_lift_what_guards_it(table: str, db: None) -> None:
    for statement in (
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"DROP TABLE {table}",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"DROP TRIGGER organisations_log_kept ON {table}",
        f"DROP POLICY walls ON {table}",
        "DROP FUNCTION organisations_log_fixed() CASCADE",
        "CREATE FUNCTION walls_open(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
        "SET LOCAL session_replication_role = replica",
    ):
        refused = pytest.raises(DatabaseError, match=r"permission denied|must be owner")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@on_postgresql
def test_the_role_of_the_web_may_not_change_an_entry(db: None) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("UPDATE organisations_logentry SET what = ''")


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_nothing_of_one_request_remains_in_a_connection() -> None:
    def told() -> str:
        with connection.cursor() as cursor:
            cursor.execute(SETTING)
            return str((cursor.fetchone() or ("",))[0])

    with walls.everywhere():
        assert Organisation.objects.count() == 0  # which sets it, for that statement
        assert told() == ""
        with transaction.atomic():
            Organisation.objects.count()
            assert told() == "*"
            with walls.only(3):
                Organisation.objects.count()
                assert told() == "3"
        assert told() == ""
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        assert told() == ""
    connection.close()  # back into the pool
    assert told() == ""


@on_postgresql
def test_many_rows_at_once_go_one_after_another(db: None, cast: dict[str, User]) -> None:
    first = Organisation.objects.order_by("pk").values_list("pk", flat=True)[0]
    with walls.only(first), connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO organisations_team (organisation_id, name) VALUES (%s, %s)",
            [(first, "A"), (first, "B 100%")],
        )
        cursor.execute(
            "SELECT name FROM organisations_team WHERE organisation_id = %s AND name LIKE 'B%%'", [first]
        )
        assert cursor.fetchall() == [("B 100%",)]
        assert cursor.rowcount == 1


@on_postgresql
def test_who_answers_a_survey_is_nobody_to_the_database(
    client_of: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also with a session in the same browser: a server that logs statements logs no key of a person."""
    asked: list[int | None] = []
    ask = walls.Scope.ask

    def listening(scope: walls.Scope) -> int | None:
        asked.append(scope.person())
        return ask(scope)

    monkeypatch.setattr(walls.Scope, "ask", listening)
    browser = client_of("anna")
    asked.clear()
    browser.get("/peiling/onbekende-link/")
    assert set(asked) == {None}


# Who is connected


@pytest.mark.django_db
def test_the_check_warns_when_the_policies_do_not_hold_for_whoever_is_connected() -> None:
    assert second_wall(["default"]) == [] == second_wall(None)
    if connection.vendor == "postgresql":
        with as_owner():
            assert [warning.id for warning in second_wall(["default"])] == ["integrity_portal.W001"]


@pytest.mark.django_db
def test_a_command_says_and_gives_what_the_role_of_the_web_needs(capsys: pytest.CaptureFixture[str]) -> None:
    if connection.vendor != "postgresql":
        with pytest.raises(CommandError, match="PostgreSQL"):
            call_command("web_role", ROLE)
        return
    call_command("web_role", 'een "vreemde" rol', "--toon")
    said = capsys.readouterr().out
    assert 'TO "een ""vreemde"" rol";\n' in said and "REVOKE UPDATE, DELETE ON organisations_logentry" in said
    with as_owner():
        call_command("web_role", ROLE)
    assert "heeft de rechten" in capsys.readouterr().out


def test_a_code_that_another_organisation_has_is_refused_in_words(
    cast: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    """What the form cannot see the constraint would refuse with an error."""
    Organisation.objects.filter(slug="hoogezand").update(cbs_code="GM0018")
    page = {"name": "Waterrijk", "kind": "gemeente", "cbs_code": "gm0018", "theme": "portaal"}
    response = client_of("bea").post("/organisaties/waterrijk/", page)
    assert response.status_code in (200, 422)
    assert "bestaat al" in response.content.decode()
