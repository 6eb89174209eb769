"""An organisation that goes leaves only a statement; nobody else loses anything, and the log proves it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Evidence
from integrity_portal.leaving import removing
from integrity_portal.leaving.removing import RemovalRefused, remove, remove_due
from integrity_portal.leaving.tables import LEFT, NAMED, TABLES
from integrity_portal.leaving.tasks import ask_for
from organisations import walls
from organisations.models import Departure, DepartureRefused, LogEntry, LogHead, Logo, Organisation, User
from organisations.models.departure import KEPT_DAYS, WAIT_DAYS, archive_storage
from organisations.models.log import end_chain
from retention.models import Hold
from tests.cast import make_guest, make_round
from tests.evidence import kept
from tests.leaving import archive_of, as_bytes, make_full
from tests.restricted import on_postgresql
from tests.surveys import make_open_survey

TODAY = timezone.localdate


@pytest.fixture(autouse=True)
def no_files() -> Iterator[None]:
    """Neither what tests before left, nor for those after."""
    for file in kept():
        file.unlink()
    yield
    for file in kept():
        file.unlink()


@pytest.fixture
def organisation(cast: dict[str, User]) -> Organisation:
    return make_full(cast)


@pytest.fixture
def departure(organisation: Organisation) -> Departure:
    return Departure.of(organisation, "a" * 64)


def test_nothing_of_it_is_left(
    organisation: Organisation, departure: Departure, django_capture_on_commit_callbacks: object
) -> None:
    key = organisation.pk
    assert Evidence.objects.exclude(file="").exists() and kept()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        remove(departure)
    for table in (*TABLES, *LEFT):
        rows = apps.get_model(table.model)._base_manager
        if table.belongs != NAMED:
            assert not rows.filter(**{table.belongs: key}).exists(), table.model
    assert not kept()
    assert not Logo.objects.exists()
    assert not User.objects.filter(email__endswith="@waterrijk.example").exists()
    connection.check_constraints()


def test_another_organisation_keeps_all_it_has(cast: dict[str, User], organisation: Organisation) -> None:
    """And the people it knows: an adviser of both, and somebody who once led a round there."""
    other = Organisation.objects.get(slug="hoogezand")
    other.admit(cast["bram"], [])
    round_ = make_round(cast, organisation="hoogezand", leader="vera", people=("chris",))
    make_guest(round_, email="gast@buiten.example")
    before = as_bytes(other)
    departure = Departure.of(organisation, "a" * 64)
    with walls.only(organisation.pk):  # it does not rely on what its caller sees
        remove(departure)
    assert as_bytes(other) == before
    stayed = set(User.objects.values_list("email", flat=True))
    wanted = {"bram@waterrijk.example", "vera@waterrijk.example", "chris@hoogezand.example"}
    assert stayed == wanted | {"gast@buiten.example"}


def test_forgetting_people_costs_no_query_for_each(db: None) -> None:
    def queries(names: range) -> int:
        made = [User.objects.create_user(f"{name}@weg.example", None, name=str(name)) for name in names]
        with CaptureQueriesContext(connection) as found:
            assert removing._forget({user.pk for user in made}) == len(names)
        return len(found)

    assert queries(range(12)) == queries(range(1))


def test_who_runs_the_portal_stays(cast: dict[str, User], organisation: Organisation) -> None:
    User.objects.filter(pk=cast["bea"].pk).update(is_staff=True)
    remove(Departure.of(organisation, "a" * 64))
    assert User.objects.filter(pk=cast["bea"].pk).exists()


def test_the_statement_tells_how_much_of_what_and_names_nobody(departure: Departure) -> None:
    remove(departure)
    departure.refresh_from_db()
    assert departure.organisation is None and departure.gone_at and departure.name == "Gemeente Waterrijk"
    assert departure.counts["antwoorden"] == 82 and departure.counts["mensen"] == 8
    told = LogEntry.objects.get(organisation=None, act="delete")
    assert told.what == "organisatie vertrokken: Gemeente Waterrijk"
    assert told.detail["archief"] == "a" * 64
    assert "@" not in str(departure.counts) + str(told.detail)


def test_the_log_still_proves_where_the_chain_ended(
    organisation: Organisation, departure: Departure, tmp_path: Path
) -> None:
    chain = f"organisatie-{organisation.pk}"
    head = LogHead.objects.get(chain=chain)
    remove(departure)
    assert not LogEntry.objects.filter(chain=chain).exists()
    said = StringIO()
    call_command("verify_log", stdout=said)
    assert f"{chain} {head.number} {head.digest}" in said.getvalue()
    anchor = tmp_path / "ankers.txt"
    anchor.write_text(f"{chain} {head.number} {head.digest}\n{chain} 1 {'b' * 64}\n")
    call_command("verify_log", "--anker", str(anchor), stdout=StringIO())
    anchor.write_text(f"{chain} {head.number} {'0' * 64}\n")
    with pytest.raises(CommandError, match="klopt niet: 1"):
        call_command("verify_log", "--anker", str(anchor), stdout=StringIO(), stderr=StringIO())


@on_postgresql
def test_the_database_keeps_the_log_of_who_is_still_there(organisation: Organisation) -> None:
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
        end_chain(organisation.pk)


def test_entries_that_vanish_without_an_organisation_going_are_found(organisation: Organisation) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL refuses it: the test above")
    LogEntry.objects.filter(organisation=organisation).delete()
    with pytest.raises(CommandError, match="klopt niet"):
        call_command("verify_log", stdout=StringIO(), stderr=StringIO())


def test_what_is_held_stays(cast: dict[str, User], organisation: Organisation, departure: Departure) -> None:
    hold = Hold.place(organisation, None, "Er loopt een zaak", cast["bea"])
    Departure.objects.update(fetched_at=timezone.now(), goes_on=TODAY())
    with pytest.raises(RemovalRefused, match="procedure"):
        remove(departure)
    assert remove_due(TODAY()) == 0
    hold.lift(cast["bea"])
    assert remove_due(TODAY()) == 1
    assert not Organisation.objects.filter(slug="waterrijk").exists()


def test_it_goes_on_its_day_and_not_before(departure: Departure) -> None:
    departure.fetch()
    departure.plan(TODAY())
    assert remove_due(TODAY() + timedelta(days=WAIT_DAYS - 1)) == 0
    assert remove_due(TODAY() + timedelta(days=WAIT_DAYS)) == 1


def test_who_calls_it_off_at_the_last_moment_keeps_all(
    cast: dict[str, User], departure: Departure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the worker saw what is due, while it removes another organisation."""
    other = Departure.of(Organisation.objects.get(slug="hoogezand"), "b" * 64)
    Departure.objects.update(fetched_at=timezone.now(), goes_on=TODAY())
    first, last = Departure.objects.filter(goes_on=TODAY())
    run = removing._Removal.run

    def slowly(removal: removing._Removal) -> None:
        last.call_off()
        run(removal)

    monkeypatch.setattr(removing._Removal, "run", slowly)
    assert remove_due(TODAY()) == 1
    assert [one.pk for one in Departure.objects.exclude(gone_at=None)] == [first.pk]
    assert {departure.pk, other.pk} == {first.pk, last.pk}
    with pytest.raises(DepartureRefused, match="intussen veranderd"):
        first.call_off()


def test_what_cannot_be_removed_is_no_reason_to_keep_another(
    cast: dict[str, User], departure: Departure, monkeypatch: pytest.MonkeyPatch
) -> None:
    Departure.of(Organisation.objects.get(slug="hoogezand"), "b" * 64)
    Departure.objects.update(fetched_at=timezone.now(), goes_on=TODAY())
    stays = Departure.objects.first()
    assert stays
    run = removing._Removal.run

    def fails(removal: removing._Removal) -> None:
        run(removal)
        if removal.departure == stays:
            raise RuntimeError

    monkeypatch.setattr(removing._Removal, "run", fails)
    assert remove_due(TODAY()) == 1
    assert [one.pk for one in Organisation.objects.all()] == [stays.organisation_id]


def test_a_day_is_not_set_with_an_archive_of_long_ago(organisation: Organisation) -> None:
    """What people did since is in no archive."""
    departure = Departure.ask(organisation)
    departure.keep("a" * 64, 7)
    departure.fetch()
    Departure.objects.update(made_at=timezone.now() - timedelta(days=KEPT_DAYS + 1))
    with pytest.raises(DepartureRefused, match="niet meer van nu"):
        departure.plan(TODAY())
    assert Departure.objects.get().goes_on is None


def test_a_day_is_set_after_the_archive_was_downloaded_and_can_be_called_off(
    organisation: Organisation,
) -> None:
    departure = Departure.ask(organisation)
    with pytest.raises(DepartureRefused, match="Download eerst"):
        departure.plan(TODAY())
    departure.fetch()
    departure.plan(TODAY())
    with pytest.raises(DepartureRefused, match="staat al vast"):
        departure.plan(TODAY())
    with pytest.raises(DepartureRefused, match="Trek die eerst in"):
        Departure.ask(organisation)
    departure.call_off()
    assert remove_due(TODAY() + timedelta(days=WAIT_DAYS)) == 0
    told = list(LogEntry.objects.filter(organisation=organisation).values_list("what", flat=True))
    assert {"vertrek vastgelegd", "vertrek ingetrokken"} <= set(told)


def test_an_archive_that_is_over_a_week_old_goes(organisation: Organisation) -> None:
    departure = Departure.ask(organisation)
    archive_storage().save(departure.file, ContentFile(b"archief"))
    departure.keep("a" * 64, 7)
    Departure.tidy()
    assert departure.is_there
    Departure.objects.update(made_at=timezone.now() - timedelta(days=KEPT_DAYS + 2))
    Departure.tidy()
    assert not departure.is_there


def test_an_archive_that_was_broken_off_goes_as_well(organisation: Organisation) -> None:
    """The worker was killed: half of it is there, and nobody ever says that it is made."""
    departure = Departure.ask(organisation)
    for name in (departure.file, departure.progress_file):
        archive_storage().save(name, ContentFile(b"half"))
    Departure.tidy()
    assert archive_storage().exists(departure.file)
    Departure.objects.update(asked_at=timezone.now() - timedelta(days=KEPT_DAYS + 2))
    Departure.tidy()
    assert not any(map(archive_storage().exists, (departure.file, departure.progress_file)))


def test_the_command_wants_the_archive_of_this_organisation(
    organisation: Organisation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = archive_of(Organisation.objects.get(slug="hoogezand"), tmp_path, "ander.zip")
    with pytest.raises(CommandError, match="andere organisatie"):
        call_command("remove_organisation", "waterrijk", other)
    with pytest.raises(CommandError, match="geen organisatie"):
        call_command("remove_organisation", "atlantis", other)
    call_command("remove_organisation", "waterrijk", archive_of(organisation, tmp_path))
    code = Departure.objects.get().code
    told = capsys.readouterr().out
    assert "Gemeente Waterrijk is verwijderd" in told and f"http://testserver/vertrek/{code}/\n" in told
    assert not Organisation.objects.filter(slug="waterrijk").exists()


ClientOf = Callable[[str], Client]
PAGE = "/organisaties/waterrijk/vertrek/"


def test_the_administrator_has_it_made_the_coordinator_takes_it_and_the_day_is_set(
    organisation: Organisation, client_of: ClientOf
) -> None:
    bea, anna = client_of("bea"), client_of("anna")
    assert bea.post(PAGE, {"step": "archief"}).status_code == 302
    departure = Departure.objects.get()
    assert departure.is_there and departure.digest
    assert "Download het archief" not in bea.get(PAGE).content.decode()
    assert bea.get(f"{PAGE}archief/").status_code == 404
    assert (
        "Download eerst het archief"
        in bea.post(PAGE, {"step": "vertrek", "name": organisation.name}).content.decode()
    )
    assert "Download het archief" in anna.get(PAGE).content.decode()
    sent = anna.get(f"{PAGE}archief/")
    content = b"".join(sent.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert "tabellen/assessments.answer.json" in archive.namelist()
    assert f"waterrijk-{departure.digest[:12]}.zip" in sent["Content-Disposition"]
    wrong = bea.post(PAGE, {"step": "vertrek", "name": "Waterrijk"})
    assert wrong.status_code == 422 and "Typ precies: Gemeente Waterrijk" in wrong.content.decode()
    assert "niet verplicht" not in wrong.content.decode()
    assert bea.post(PAGE, {"step": "vertrek"}).status_code == 422
    assert bea.post(PAGE, {"step": "vertrek", "name": organisation.name}).status_code == 302
    departure.refresh_from_db()
    assert departure.goes_on == TODAY() + timedelta(days=WAIT_DAYS)
    assert "verdwijnt alles" in bea.get(PAGE).content.decode()
    assert bea.post(PAGE, {"step": "blijven"}).status_code == 302
    departure.refresh_from_db()
    assert departure.goes_on is None
    departure.throw_away()


def test_the_coordinator_alone_sets_nothing_in_motion(
    organisation: Organisation, client_of: ClientOf
) -> None:
    for step in ("archief", "vertrek", "blijven"):
        assert client_of("anna").post(PAGE, {"step": step}).status_code == 404
    assert not Departure.objects.exists()
    assert "Laat eerst het archief maken" in client_of("bea").post(PAGE, {"step": "blijven"}).content.decode()


def test_what_stands_in_the_way_is_told_before_and_after_asking(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    make_open_survey(make_round(cast), cast["anna"])
    assert "loopt nog. Sluit haar eerst" in client_of("bea").get(PAGE).content.decode()
    refused = client_of("bea").post(PAGE, {"step": "archief"})
    assert refused.status_code == 422 and not Departure.objects.exists()
    organisation = Organisation.objects.get(slug="waterrijk")
    ask_for(organisation)  # the survey opened in between
    departure = Departure.objects.get()
    assert departure.has_failed and "loopt nog" in departure.failure and not departure.is_there
    assert "Het archief is niet gelukt" in client_of("bea").get(PAGE).content.decode()


def test_a_fault_is_told_in_words_with_a_code_that_the_log_of_the_server_has(
    organisation: Organisation,
    client_of: ClientOf,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(*_: object) -> str:
        raise OSError("No space left on device")

    monkeypatch.setattr("integrity_portal.leaving.tasks.gather", full)
    ask_for(organisation)
    departure = Departure.objects.get()
    code = re.search(r"code ([0-9a-f]{8}) ", departure.failure)
    assert code and not departure.is_there and not Path(archive_storage().path(departure.file)).exists()
    (told,) = (one for one in caplog.records if code[1] in one.getMessage())
    assert told.exc_info and "No space left" in str(told.exc_info[1])
    page = client_of("bea").get(PAGE).content.decode()
    assert code[1] in page and "Laat een nieuw archief maken" in page and "OSError" not in page


def test_what_was_broken_off_says_what_to_do(organisation: Organisation, client_of: ClientOf) -> None:
    Departure.ask(organisation)
    Departure.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    page = client_of("bea").get(PAGE).content.decode()
    assert "Het maken is afgebroken" in page and "een nieuw archief maken</button>" in page


def test_how_far_an_archive_is_can_be_seen(organisation: Organisation, client_of: ClientOf) -> None:
    departure = Departure.ask(organisation)
    path = Path(archive_storage().path(departure.file)).with_suffix(".txt")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("3 van 50")
    page = client_of("bea").get(PAGE).content.decode()
    assert "Klaar: 3 van 50 onderdelen" in page and "nieuw archief maken" not in page
    path.unlink()


def test_the_statement_can_be_read_without_an_account(departure: Departure, client: Client) -> None:
    address = f"/vertrek/{departure.code}/"
    assert "nog niets vernietigd" in client.get(address).content.decode()
    remove(departure)
    page = client.get(address).content.decode()
    assert "Verklaring van vernietiging" in page and departure.digest in page and "82" in page
    assert client.get("/vertrek/verzonnen/").status_code == 404
