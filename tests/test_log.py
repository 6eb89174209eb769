"""The log as the database keeps it: entries that follow each other, and nobody who can change one."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from integrity_portal.tasks import anchor
from organisations.log import context
from organisations.log.acts import Act, Result
from organisations.models import LogEntry, LogHead, Organisation, User
from organisations.models.log import write
from tests.restricted import as_owner, on_postgresql

pytestmark = pytest.mark.django_db


@pytest.fixture
def waterrijk(cast: dict[str, User]) -> Organisation:
    """A municipality that has no log yet: what was written about its people is as never written."""
    with as_owner(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        LogEntry.objects.all().delete()
        LogHead.objects.all().delete()
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")
    return Organisation.objects.get(slug="waterrijk")


def verified(*arguments: str) -> tuple[str, str]:
    """What the command says, and what it finds wrong."""
    out, wrong = StringIO(), StringIO()
    try:
        call_command("verify_log", *arguments, stdout=out, stderr=wrong)
    except CommandError as fault:
        assert fault.returncode == 1
        wrong.write(str(fault))
    return out.getvalue(), wrong.getvalue()


def tamper(entry: LogEntry, **changes: object) -> None:
    """As somebody would who is the owner of the database."""
    with as_owner(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        LogEntry.objects.filter(pk=entry.pk).update(**changes)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")


def test_each_entry_carries_the_digest_of_the_one_before(
    waterrijk: Organisation, cast: dict[str, User]
) -> None:
    first = write(Act.STATUS, "Jaarronde 2026", organisation=waterrijk, who=cast["anna"])
    second = write(Act.DOWNLOAD, "verslag", organisation=waterrijk, who=cast["greet"])
    elsewhere = write(Act.OPERATION, "reservekopie", who="")
    assert (first.number, second.number, elsewhere.number) == (1, 2, 1)
    assert second.previous == first.digest
    assert LogHead.objects.get(chain=second.chain).digest == second.digest
    assert elsewhere.organisation_id is None
    assert (first.who, first.who_id) == ("Anna <anna@waterrijk.example>", cast["anna"].pk)
    out, wrong = verified()
    assert (wrong, "Het logboek klopt: 3 regels." in out) == ("", True)


def test_what_is_read_back_has_the_digest_that_was_written(
    waterrijk: Organisation, cast: dict[str, User]
) -> None:
    detail = {"van": "open", "naar": "gesloten", "aantal": 3, "é": ["ü", None, True]}
    written = write(Act.STATUS, "Ronde “Ĳssel” 😀", organisation=waterrijk, detail=detail)
    assert LogEntry.objects.get(pk=written.pk).line.digest == written.digest


def test_who_and_whence_come_from_the_visit(waterrijk: Organisation, cast: dict[str, User]) -> None:
    request = RequestFactory().get("/")
    request.user = cast["bea"]
    with context.visit(request, "192.0.2.7"):
        inside = write(Act.RIGHTS, organisation=waterrijk)
    outside = write(Act.RIGHTS, organisation=waterrijk)
    assert (inside.who_id, inside.whence) == (cast["bea"].pk, "192.0.2.7")
    assert (outside.who, outside.who_id, outside.whence) == ("", None, "")


def test_an_act_that_is_taken_back_leaves_no_entry(waterrijk: Organisation) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        write(Act.STATUS, organisation=waterrijk)
        raise RuntimeError
    assert not LogEntry.objects.exists()
    assert write(Act.STATUS, organisation=waterrijk).number == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"who": "Iemand anders"},
        {"what": "niets"},
        {"result": Result.REFUSED},
        {"detail": {"naar": "concept"}},
        {"number": 9},
        {"digest": "0" * 64},
    ],
)
def test_the_command_finds_a_changed_entry(waterrijk: Organisation, changes: dict[str, object]) -> None:
    entries = [write(Act.STATUS, f"stap {number}", organisation=waterrijk) for number in range(5)]
    tamper(entries[2], **changes)
    assert "organisatie-" in verified()[1]


def test_the_command_finds_a_chain_that_was_made_anew_by_what_was_told_before(
    waterrijk: Organisation, tmp_path: Path
) -> None:
    for number in range(3):
        write(Act.STATUS, f"stap {number}", organisation=waterrijk)
    told = tmp_path / "eerder.txt"
    told.write_text(f"2026-11-22 03:00 INFO logboek: {verified()[0]}", encoding="utf-8")
    assert verified("--anker", str(told))[1] == ""
    other = [write(Act.STATUS, "iets anders") for _ in range(3)]
    chain = LogEntry.objects.filter(organisation=waterrijk).first()
    assert chain
    told.write_text(f"{chain.chain} 2 {other[0].digest}", encoding="utf-8")
    assert f"{chain.chain}, regel 2: is een andere dan eerder is gemeld" in verified("--anker", str(told))[1]
    with pytest.raises(CommandError, match="niet te lezen"):
        call_command("verify_log", "--anker", str(tmp_path / "weg"))


def test_once_a_day_the_process_tells_where_each_chain_stands(
    waterrijk: Organisation, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = write(Act.STATUS, "stap", organisation=waterrijk)
    with caplog.at_level("INFO", "integrity_portal.tasks"):
        anchor()
        said = [record.getMessage() for record in caplog.records]
        assert said[0] == f"logboek: {entry.chain} 1 {entry.digest}"
        assert len(said) == 2  # and the portal's own chain, which now tells that this was done
        anchor()
        assert len(caplog.records) == 2
        tomorrow = timezone.now() + timedelta(days=1)
        monkeypatch.setattr(timezone, "now", lambda: tomorrow)
        anchor()
        assert len(caplog.records) == 4
    told = tmp_path / "ankers.txt"
    told.write_text("\n".join(f"2026-11-22 00:03 INFO integrity_portal.tasks: {one}" for one in said))
    assert verified("--anker", str(told))[1] == ""
    tamper(entry, digest="0" * 64)
    assert "is een andere dan eerder is gemeld" in verified("--anker", str(told))[1]


@on_postgresql
def test_postgresql_refuses_to_change_or_remove_an_entry(waterrijk: Organisation) -> None:
    entry = write(Act.STATUS, "stap", organisation=waterrijk)
    heads = LogHead.objects.filter(chain=entry.chain)
    for attempt in (
        lambda: LogEntry.objects.filter(pk=entry.pk).update(who="Iemand anders"),
        lambda: LogEntry.objects.filter(pk=entry.pk).delete(),
        lambda: heads.update(number=0),
        lambda: heads.delete(),
    ):
        with pytest.raises(DatabaseError, match=r"permission denied|only added to"), transaction.atomic():
            attempt()
        # Nor for the owner, who is asked for no permission.
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), as_owner():
            attempt()


@on_postgresql
def test_postgresql_refuses_to_empty_the_log_also_to_its_owner(waterrijk: Organisation) -> None:
    for table in ("organisations_logentry", "organisations_loghead"):
        refused = pytest.raises(DatabaseError, match="only added to")
        with as_owner(), refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else what waits is in the way
            cursor.execute(f"TRUNCATE {table}")


def test_the_page_shows_the_newest_first_and_narrows_down(
    waterrijk: Organisation, cast: dict[str, User], client: Client
) -> None:
    for number in range(60):
        write(Act.VIEW, f"pagina {number}", organisation=waterrijk, who=cast["vera"])
    write(Act.RIGHTS, "rechten van Bram", organisation=waterrijk, who=cast["bea"], result=Result.REFUSED)
    write(Act.RIGHTS, "elders", organisation=Organisation.objects.get(slug="hoogezand"))
    client.force_login(cast["bea"])
    address = reverse("organisations:log", args=["waterrijk"])
    page = client.get(address).content.decode()
    assert page.index("rechten van Bram") < page.index("pagina 59") and "pagina 10<" not in page
    assert "pagina=2" in page and "elders" not in page
    narrowed = client.get(address, {"act": "rights", "words": "bram"}).content.decode()
    assert "rechten van Bram" in narrowed and "pagina 59" not in narrowed
    assert "geweigerd" in narrowed
    assert "Geen enkele regel" in client.get(address, {"until": "2020-01-01"}).content.decode()
    wrong = client.get(address, {"since": "2026-02-02", "until": "2026-01-01"})
    assert (wrong.status_code, "ligt voor de eerste dag" in wrong.content.decode()) == (422, True)
    second = client.get(address, {"act": "view", "pagina": "2"}).content.decode()
    assert "pagina 0<" in second.replace("<br>", "<") and "act=view" in second


def test_the_sheet_holds_the_same_and_no_formula(
    waterrijk: Organisation, cast: dict[str, User], client: Client
) -> None:
    entry = write(Act.INVITE, "=cmd|' /C calc'!A0", organisation=waterrijk, who=cast["bea"])
    client.force_login(cast["bea"])
    response = client.get(reverse("organisations:log_csv", args=["waterrijk"]))
    lines = b"".join(response.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 3 and lines[0].startswith("nummer,wanneer,wie")
    assert "uitgevoerd naar een bestand,logboek" in lines[2]  # asking for it is in it
    assert "'=cmd" in lines[1] and entry.digest in lines[1]


def test_only_the_administrator_reads_the_log(cast: dict[str, User], client: Client) -> None:
    for name in ("anna", "bram", "vera", "guus", "greet", "chris"):
        client.force_login(cast[name])
        for page in ("log", "log_csv"):
            address = reverse(f"organisations:{page}", args=["waterrijk"])
            assert client.get(address).status_code == 404, (name, page)
