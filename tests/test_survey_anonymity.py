"""As the system manager, who may read everything: which answers came by which invitation?"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from operator import itemgetter
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection, models
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from organisations.models import Message, User
from surveys import letters
from surveys.models import Box, Group, Invite, Survey, inviting
from tests.cast import make_round
from tests.restricted import as_owner
from tests.surveys import cast_by, make_links, make_open_survey

pytestmark = pytest.mark.django_db(
    transaction=True
)  # each answer has a transaction of its own, as it has for real

PEOPLE = 12
SURVEYS = 12
MAIL_TABLES = (Message._meta.db_table, DBTaskResult._meta.db_table)
SYSTEM = {"postgresql": ("xmin::text::bigint", "ctid::text"), "sqlite": ("rowid", "rowid")}


def rows(table: str) -> list[dict[str, Any]]:
    """Everything there is to read in a table, with what the database itself knows of each row."""
    age, place = SYSTEM[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {age} AS _age, {place} AS _place, * FROM {table}")
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@pytest.fixture(autouse=True)
def queue(settings: Settings) -> None:
    """The worker's own queue, which keeps what it was asked."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def invited(survey: Survey, group: Group, number: int) -> dict[str, str]:
    """So many people get their mail; their tokens by address."""
    people = [f"mens.{at}.{group.pk}@waterrijk.example" for at in range(number)]
    made = inviting.invite(survey, {group.pk: people})
    letters.invite(survey, made, survey.created_by)
    Message.objects.send_due()
    return {one.email: inviting.token_of(one) for one in made}


def reminded(survey: Survey) -> None:
    """Who did not answer yet gets another mail; the survey opened long enough ago."""
    survey.opened_on = (survey.opened_on or survey.closes_on) - timedelta(days=inviting.DAYS_BETWEEN)
    survey.save(update_fields=["opened_on"])
    letters.remind(survey, inviting.remind(survey), survey.created_by)
    Message.objects.send_due()


def answered(cast: dict[str, User], chance: random.Random, number: int) -> dict[str, str]:
    """Twelve people of a group of sixteen answer, each something else, six of them only after a reminder.

    Gives who answered what.
    """
    survey = make_open_survey(
        make_round(cast, title=f"Ronde {number}"), cast["anna"], {"Alle": PEOPLE + 4, "Anderen": 20}
    )
    tokens = invited(survey, survey.groups.get(name="Alle"), PEOPLE + 4)
    said = {}
    for at, address in enumerate(chance.sample(sorted(tokens), PEOPLE)):
        if at == PEOPLE // 2:
            reminded(survey)
        answers = {id_: 1 + (at // 5**k) % 5 for k, id_ in enumerate(survey.content.ids[:3])}
        cast_by(tokens[address], answers)
        said[address] = "".join(str(answers[id_]) for id_ in survey.content.ids[:3])
    return said


def attacks(group: Group) -> Iterator[tuple[str, list[str], list[str]]]:
    """Pairs of orders, of used links (addresses) and of answers, to be laid side by side."""
    invites = [row for row in rows("surveys_invite") if row["group_id"] == group.pk]
    used = [row for row in invites if Invite.objects.get(pk=row["id"]).is_used]
    (box,) = (row for row in rows("surveys_box") if row["group_id"] == group.pk)
    answers: dict[str, str] = json.loads(box["contents"])["answers"]
    said = [signs[:3] for signs in answers.values()]
    for name in invites[0]:
        addresses = [row["email"] for row in sorted(used, key=itemgetter(name))]
        yield f"{name}, as they lie", addresses, said
        yield f"{name}, backwards", addresses, said[::-1]
        yield f"{name}, by random id", addresses, [answers[id_][:3] for id_ in sorted(answers)]
    for table in MAIL_TABLES:  # who stands in it was reminded, or comes first
        lines = [repr(row) for row in rows(table)]
        first = {row["email"]: [row["email"] in line for line in lines] for row in used}
        addresses = sorted(first, key=lambda address: first[address], reverse=True)
        yield f"{table}, as it speaks of them", addresses, said
        yield f"{table}, as it does not", addresses[::-1], said


def test_no_order_of_rows_links_answers_to_invitations_better_than_chance(cast: dict[str, User]) -> None:
    """Any fixed pairing of twelve with twelve gets one right on average, whatever the pairing."""
    chance = random.Random(2019)
    hits: dict[str, int] = {}
    for number in range(SURVEYS):
        said = answered(cast, chance, number)
        group = Group.objects.filter(name="Alle").latest("pk")
        for name, addresses, answers in attacks(group):
            right = sum(said[address] == one for address, one in zip(addresses, answers, strict=True))
            hits[name] = hits.get(name, 0) + right
    # On average SURVEYS right, with that variance; five standard deviations, for many attacks are tried.
    assert len(hits) >= 18
    assert max(hits.values()) <= SURVEYS + 5 * SURVEYS**0.5, hits


def test_the_same_attack_finds_everyone_where_each_leaves_a_row() -> None:
    """Two tables without a key between them, that grow in the same order: what the portal does not have."""
    people = [f"mens-{number}" for number in range(PEOPLE)]
    random.Random(7).shuffle(people)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE careless_used (email text)")
        cursor.execute("CREATE TABLE careless_answer (said text)")
        try:
            for one in people:
                cursor.execute("INSERT INTO careless_used VALUES (%s)", [one])
                cursor.execute("INSERT INTO careless_answer VALUES (%s)", [f"van {one}"])
            used = [row["email"] for row in sorted(rows("careless_used"), key=itemgetter("_age"))]
            said = [row["said"] for row in sorted(rows("careless_answer"), key=itemgetter("_age"))]
        finally:
            cursor.execute("DROP TABLE careless_used")
            cursor.execute("DROP TABLE careless_answer")
    assert [f"van {one}" for one in used] == said


def test_what_is_written_for_an_answer_is_the_groups_and_no_ones(cast: dict[str, User]) -> None:
    """All tables, before and after: nothing else changes than two rows that are the whole group's."""
    survey = make_open_survey(make_round(cast), cast["anna"], {"Alle": 20})
    tokens = make_links(survey.groups.get(), 3)
    cast_by(tokens[0], {"PA-S1": 3})
    before = everything()
    cast_by(tokens[1], {"PA-S1": 5}, repressie="Zo is het.")
    after = everything()
    changed = {(table, row) for table in after for row in set(after[table]) ^ set(before[table])}
    assert {table for table, _ in changed} == {"surveys_box", "surveys_group"}
    assert all(len(after[table]) == len(before[table]) for table in after)


def everything() -> dict[str, set[str]]:
    tables = connection.introspection.table_names()
    found = {}
    for table in tables:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = {
                repr([bytes(v) if isinstance(v, memoryview) else v for v in row]) for row in cursor
            }
    return found


def test_after_invitations_and_a_reminder_only_the_invitation_holds_an_address_and_nothing_a_link(
    cast: dict[str, User],
) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"], {"Alle": 20})
    tokens = invited(survey, survey.groups.get(), 8)
    cast_by(tokens[min(tokens)])
    reminded(survey)
    assert len(mail.outbox) == 8 + 7
    assert DBTaskResult.objects.exists() and not Message.objects.exists()
    found = everything()
    digests = found.pop(Invite._meta.db_table)
    assert len(digests) == 8
    assert not [address for address in tokens if address in repr(found)]
    assert not [token for token in tokens.values() if token in repr(found) + repr(digests)]


def test_a_reminder_changes_the_day_of_the_survey_and_no_row_that_tells_who_got_it(
    cast: dict[str, User],
) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"], {"Alle": 20})
    tokens = invited(survey, survey.groups.get(), 8)
    for address in sorted(tokens)[:3]:
        cast_by(tokens[address])
    told = (Invite._meta.db_table, Group._meta.db_table, Box._meta.db_table)
    before, rows_before = everything(), {table: rows(table) for table in told}
    reminded(survey)
    after = everything()
    # With what the database itself knows of each row: which transaction wrote it, and where it lies.
    assert {table: rows(table) for table in told} == rows_before
    changed = {table for table in after if set(after[table]) != set(before[table])}
    assert changed - {"sqlite_sequence"} == {Survey._meta.db_table, DBTaskResult._meta.db_table}


def test_nothing_in_a_box_is_found_anywhere_else(cast: dict[str, User]) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"], {"Alle": 20})
    for token in make_links(survey.groups.get(), 3):
        cast_by(token, {"PA-S1": 5}, repressie="Een zin die nergens anders staat.")
    box = json.loads(Box.objects.get().contents)
    elsewhere = repr({table: values for table, values in everything().items() if table != "surveys_box"})
    assert not [id_ for id_ in box["answers"] if id_ in elsewhere]
    assert "nergens anders" not in elsewhere


@pytest.mark.parametrize("model", [Invite, Box, Group])
def test_no_time_is_kept_with_an_invitation_or_an_answer(model: type[models.Model]) -> None:
    times = (models.DateField, models.TimeField)
    assert not [field.name for field in model._meta.get_fields() if isinstance(field, times)]


def test_no_row_points_from_answers_to_invitations_or_to_people() -> None:
    def points_to(model: type[models.Model]) -> set[Any]:
        return {
            field.related_model for field in model._meta.get_fields() if field.is_relation and field.concrete
        }

    assert points_to(Box) == {Group} == points_to(Invite)
    assert not points_to(Group) & {User, Invite, Box}
    others: Sequence[type[models.Model]] = [
        model for model in apps.get_models() if {Invite, Box} & points_to(model)
    ]
    assert not others
