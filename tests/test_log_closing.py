"""Old entries of the log go when their time is over, and what is left is still proven."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from organisations.log.acts import Act
from organisations.log.chain import LAST, UPTO
from organisations.models import LogEntry, Organisation, User
from organisations.models.log import close_off, write
from tests.restricted import on_postgresql
from tests.test_log import verified, waterrijk
from tests.test_log_chain import Lines, a_chain, found, remade, tamper

pytestmark = pytest.mark.django_db
__all__ = ["waterrijk"]  # the fixture: a municipality without a log


def write_at(day: datetime, organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> LogEntry:
    with monkeypatch.context() as patched:
        patched.setattr("organisations.models.log.timezone.now", lambda: day)
        return write(Act.STATUS, f"{day:%Y-%m}", organisation=organisation)


@pytest.fixture
def years(waterrijk: Organisation, monkeypatch: pytest.MonkeyPatch) -> list[LogEntry]:
    """An entry every half year, the last one of today."""
    days = [timezone.now() - timedelta(days=180 * number) for number in range(8, -1, -1)]
    return [write_at(day, waterrijk, monkeypatch) for day in days]


def test_what_is_old_goes_and_the_rest_is_still_proven(
    years: list[LogEntry], waterrijk: Organisation
) -> None:
    before = timezone.now() - timedelta(days=800)
    assert close_off(waterrijk, before, {"termijn": "26 maanden"}) == 4
    left = list(LogEntry.objects.filter(organisation=waterrijk).order_by("number"))
    assert [one.number for one in left] == [5, 6, 7, 8, 9, 10]
    assert left[-1].act == Act.CLOSING and left[-1].who == ""
    assert left[-1].detail[UPTO] == 4 and left[-1].detail[LAST] == years[3].digest == left[0].previous
    assert (left[-1].detail["aantal regels"], left[-1].detail["termijn"]) == (4, "26 maanden")
    assert verified()[1] == ""


def test_closing_off_twice_and_when_there_is_nothing(years: list[LogEntry], waterrijk: Organisation) -> None:
    assert close_off(waterrijk, timezone.now() - timedelta(days=4000), {}) == 0
    assert LogEntry.objects.count() == 9
    assert close_off(waterrijk, timezone.now() - timedelta(days=1000), {}) == 3
    assert close_off(waterrijk, timezone.now() - timedelta(days=500), {}) == 3
    assert close_off(waterrijk, timezone.now() - timedelta(days=500), {}) == 0
    assert verified()[1] == ""


def test_an_old_entry_after_a_younger_one_stays(
    waterrijk: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that was put back makes no hole."""
    for days in (900, 100, 900):
        write_at(timezone.now() - timedelta(days=days), waterrijk, monkeypatch)
    assert close_off(waterrijk, timezone.now() - timedelta(days=800), {}) == 1
    assert verified()[1] == ""


def test_earlier_anchors_fit_a_chain_that_was_closed_off(
    years: list[LogEntry], waterrijk: Organisation, tmp_path: Path
) -> None:
    told = tmp_path / "ankers.txt"
    lines = [f"{one.chain} {one.number} {one.digest}" for one in years]
    told.write_text("\n".join(lines), encoding="utf-8")
    close_off(waterrijk, timezone.now() - timedelta(days=800), {})
    assert verified("--anker", str(told))[1] == ""
    lines[3] = lines[3][:-64] + "f" * 64
    told.write_text("\n".join(lines), encoding="utf-8")
    assert "regel 4: is een andere dan eerder is gemeld" in verified("--anker", str(told))[1]


@on_postgresql
def test_postgresql_removes_nothing_that_is_young_or_not_closed_off(
    years: list[LogEntry], waterrijk: Organisation
) -> None:
    cut = "SELECT organisations_log_cut(%s, %s)"
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        close_off(waterrijk, timezone.now() - timedelta(days=100), {})
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="only added to"),
        transaction.atomic(),
    ):
        cursor.execute(cut, [years[0].chain, 3])  # nothing tells of it
    close_off(waterrijk, timezone.now() - timedelta(days=800), {})
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="only added to"),
        transaction.atomic(),
    ):
        cursor.execute(cut, [years[0].chain, 5])  # more than what was told


@on_postgresql
def test_a_table_of_ones_own_by_the_same_name_deceives_nobody(
    years: list[LogEntry], waterrijk: Organisation
) -> None:
    """What cuts the log is run as its owner, and looks whether the organisation is really gone."""
    chain, last = years[0].chain, years[-1].number
    write(Act.CLOSING, who="", detail={"keten": chain, UPTO: last})
    with (
        pytest.raises(DatabaseError, match="only added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("CREATE TEMP TABLE organisations_organisation (id bigint) ON COMMIT DROP")
        cursor.execute("GRANT SELECT ON pg_temp.organisations_organisation TO PUBLIC")
        cursor.execute("SELECT organisations_log_cut(%s, %s)", [chain, last])


# The chain itself, without a database


def closed_off(length: int, gone: int) -> tuple[Lines, Lines]:
    """A chain that ends with a closing entry, whole and without the entries that it closes off."""
    lines, _ = a_chain(length)
    detail = {UPTO: gone, LAST: lines[gone - 1][1]}
    closing = replace(lines[-1][0], act=Act.CLOSING, detail=detail, previous=lines[-2][1])
    lines[-1] = (closing, closing.digest)
    return lines, lines[gone:]


def test_a_beginning_that_nobody_tells_of_is_found() -> None:
    lines, head = a_chain(12)
    assert [str(one) for one in found(lines[3:], head)] == [
        "organisatie-1, regel 1: regels verdwenen: 1 tot en met 3"
    ]


@pytest.mark.parametrize("detail", [{}, {UPTO: 4}, {UPTO: 3, LAST: "f" * 64}, {LAST: None, UPTO: "3"}])
def test_a_closing_entry_that_tells_of_something_else_is_no_proof(detail: dict[str, object]) -> None:
    lines, _ = closed_off(12, 3)
    wrong = replace(lines[-1][0], detail=detail)
    lines[-1] = (wrong, wrong.digest)
    head = replace(a_chain(12)[1], digest=wrong.digest)
    assert "regels verdwenen: 1 tot en met 3" in str(found(lines[3:], head)[0])


def test_thousands_of_random_tamperings_with_a_closed_off_chain_are_each_found() -> None:
    chance = random.Random(6)
    _, left = closed_off(40, 12)
    head = replace(a_chain(40)[1], digest=left[-1][1])
    assert found(left, head) == []
    for _ in range(3000):
        touched = list(left)
        for _ in range(chance.randint(1, 3)):
            tamper(touched, chance)
        if touched != left:
            assert found(touched, head), touched


def test_a_chain_made_anew_from_one_does_not_fit_its_head() -> None:
    _, left = closed_off(12, 3)
    head = replace(a_chain(12)[1], digest=left[-1][1])
    assert found(remade(left), head)


def test_who_reads_the_page_sees_what_was_closed_off(
    years: list[LogEntry], waterrijk: Organisation, cast: dict[str, User], client: Client
) -> None:
    close_off(waterrijk, timezone.now() - timedelta(days=800), {})
    client.force_login(cast["bea"])
    page = client.get("/organisaties/waterrijk/logboek/").content.decode()
    assert "oude regels afgesloten" in page and "tot en met regel: 4" in page
