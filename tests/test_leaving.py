"""An organisation takes all of itself along, and it is all there in an empty installation of this or a later
version; nobody else's goes along, nor what people said anonymously, nor anybody's secrets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.db import models, transaction
from pytest_django.plugin import DjangoDbBlocker

from integrity_portal.leaving.archive import MANIFEST, Archive, ArchiveRefused
from integrity_portal.leaving.gathering import NotYet, barriers, gather
from integrity_portal.leaving.restoring import check_log, restore
from integrity_portal.leaving.tables import EXEMPT, NAMED, TABLES
from organisations.log.acts import Act
from organisations.models import LogEntry, LogHead, Organisation, User
from organisations.models.log import write
from surveys.models import Survey
from tests.cast import make_cast, make_round
from tests.evidence import kept
from tests.leaving import (
    Change,
    archive_of,
    as_bytes,
    change_rows,
    fresh_place,
    make_full,
    manifest_of,
    repacked,
    rewritten,
    text_of,
)
from tests.restricted import as_owner
from tests.surveys import make_open_survey, make_told

LABELS = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}


@pytest.fixture
def organisation(cast: dict[str, User]) -> Organisation:
    return make_full(cast)


@pytest.fixture(scope="module")
def archive(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The archive of an organisation that is not in the database any more; nor is anything else."""
    with django_db_blocker.unblock(), transaction.atomic():
        path = archive_of(make_full(make_cast()), tmp_path_factory.mktemp("archief"))
        transaction.set_rollback(True)
    for file in kept():
        file.unlink()
    return path


@pytest.fixture(autouse=True)
def no_files() -> Iterator[None]:
    """What a test restored is not there for the next."""
    yield
    for file in kept():
        file.unlink()


def test_every_table_is_in_the_archive_or_has_a_reason_why_not() -> None:
    told = {table.model for table in TABLES} | set(EXEMPT)
    missing = sorted(set(LABELS) - told)
    assert not missing, f"say in integrity_portal/leaving/tables.py what becomes of {missing}"
    assert not told - set(LABELS), "these tables are no more"
    assert not {table.model for table in TABLES} & set(EXEMPT)
    assert all(EXEMPT.values()) and len({table.model for table in TABLES}) == len(TABLES)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.model)
def test_every_column_of_bytes_becomes_a_file_or_stays_behind(table: Any) -> None:
    columns = {one.name: one for one in LABELS[table.model]._meta.concrete_fields}
    binary = {name for name, one in columns.items() if isinstance(one, models.BinaryField)}
    assert binary <= set(table.files) | set(table.left_out)
    assert set(table.files) | set(table.left_out) <= set(columns)


def test_who_is_named_comes_after_who_names_them() -> None:
    """Else a row could name what was not gathered."""
    named = [table.belongs == NAMED for table in TABLES]
    assert named == sorted(named)
    shared = {table.model for table in TABLES if table.belongs == NAMED}
    for table in (one for one in TABLES if one.belongs == NAMED):
        points = {one.related_model for one in LABELS[table.model]._meta.concrete_fields if one.related_model}
        assert not {one._meta.label for one in points} & shared


def test_restored_elsewhere_it_gives_the_same_archive(archive: Path, tmp_path: Path) -> None:
    with fresh_place(tmp_path) as place:
        told = place.run("restore_organisation", archive).stdout
        assert Archive(archive).digest in told
        assert "klopt: " in place.run("verify_log").stdout
        again = tmp_path / "opnieuw.zip"
        gathered = f"""
from pathlib import Path
from organisations.models import Organisation
from tests.leaving import archive_of
archive_of(Organisation.objects.get(), Path({str(tmp_path)!r}), "opnieuw.zip")
"""
        place.run("shell", "--no-imports", "-c", gathered)
        assert again.read_bytes() == archive.read_bytes()
        (evidence,) = (path for path in (place.var / "evidence").rglob("*") if path.is_file())
        assert evidence.read_bytes() == b"De code."
        refused = place.run("restore_organisation", archive, check=False)
        assert "niet leeg" in refused.stderr and refused.returncode == 1


def test_an_archive_of_an_earlier_version_is_brought_to_now(archive: Path, tmp_path: Path) -> None:
    """As it would be from before surveys knew reminders, and so before retention, which builds on those."""
    gone = {"surveys.Survey": ("reminded_on", "reminded_again_on"), "surveys.Destruction": ("by_id",)}

    def earlier(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        manifest["migrations"]["surveys"] = "0002_fixed_once_open"
        del manifest["migrations"]["retention"]
        tables = {one["model"]: one for one in manifest["tables"]}
        for model in [name for name in tables if name.startswith("retention.")]:
            del files[tables.pop(model)["file"]]
        manifest["tables"] = list(tables.values())
        for model, name in ((model, name) for model, names in gone.items() for name in names):
            del tables[model]["columns"][name]
            change_rows(files, model.lower(), lambda row, name=name: row.pop(name))  # type: ignore[misc]

    with fresh_place(tmp_path) as place:
        place.run("restore_organisation", rewritten(archive, earlier))
        code = """
from surveys.models import Survey
print(list(Survey.objects.values_list('status', 'reminded_on')))
"""
        assert "[('closed', None)]" in place.run("shell", "--no-imports", "-c", code).stdout
        assert "[ ]" not in place.run("showmigrations", "surveys").stdout


def test_it_tells_what_is_in_it(organisation: Organisation, tmp_path: Path) -> None:
    manifest = manifest_of(archive_of(organisation, tmp_path))
    assert manifest["organisation"] == {"pk": organisation.pk, "name": str(organisation), "slug": "waterrijk"}
    head = LogHead.objects.get(chain=f"organisatie-{organisation.pk}")
    assert manifest["log"] == {"number": head.number, "digest": head.digest}
    answers = next(one for one in manifest["tables"] if one["model"] == "assessments.Answer")
    assert answers["rows"] == 82 and answers["columns"]["explanation"] == "toelichting"
    assert manifest["missing"] == []


def test_nothing_of_another_organisation_goes_along(archive: Path) -> None:
    assert "hoogezand" not in text_of(archive).casefold()


def test_no_secret_and_no_anonymous_answer_goes_along(archive: Path) -> None:
    text = text_of(archive)
    assert make_password("x").split("$")[0] + "$" not in text
    assert "Er zijn vragen voor u" in text  # what was sent goes along
    assert "Dag." not in text  # what waits does not, with the link in it
    names = {Path(one["name"]).stem for one in manifest_of(archive)["files"]}
    assert not names & {"surveys.box", "surveys.remark", "surveys.invite", "mfa.authenticator"}


def test_a_lost_file_is_named_and_keeps_nothing_here(organisation: Organisation, tmp_path: Path) -> None:
    mine = [path for path in kept() if path.name in text_of(archive_of(organisation, tmp_path))]
    for path in mine:
        path.unlink()
    manifest = manifest_of(archive_of(organisation, tmp_path, "zonder.zip"))
    assert manifest["missing"] == sorted(f"bestanden/assessments.evidence/{path.name}" for path in mine)


def test_an_open_survey_must_be_closed_first(cast: dict[str, User], tmp_path: Path) -> None:
    make_open_survey(make_round(cast), cast["anna"])
    organisation = Organisation.objects.get(slug="waterrijk")
    assert len(barriers(organisation)) == 1 and "Sluit haar eerst" in barriers(organisation)[0]
    with pytest.raises(NotYet), (tmp_path / "niet.zip").open("wb") as target:
        gather(organisation, target)
    with pytest.raises(CommandError, match="Sluit haar eerst"):
        call_command("archive_organisation", "waterrijk", tmp_path / "ook-niet.zip")
    assert not (tmp_path / "ook-niet.zip").exists()
    assert not barriers(Organisation.objects.get(slug="hoogezand"))


def test_what_the_griffier_did_not_release_stays(cast: dict[str, User]) -> None:
    survey = make_told(make_round(cast), cast["greet"], {"Raad": (27, 19)}, audience="council")
    organisation = Organisation.objects.get(slug="waterrijk")
    assert "gaf de uitkomst nog niet vrij" in barriers(organisation)[0]
    Survey.objects.filter(pk=survey.pk).update(released_on=survey.closes_on)
    assert not barriers(organisation)


def test_the_command_writes_in_the_log_and_never_over_a_file(
    organisation: Organisation, tmp_path: Path
) -> None:
    path = tmp_path / "archief.zip"
    call_command("archive_organisation", "waterrijk", path)
    assert LogEntry.objects.filter(organisation=organisation, act="export").exists()
    assert path.stat().st_mode & 0o777 == 0o600
    before = path.read_bytes()
    with pytest.raises(CommandError, match="kan daar niet komen"):
        call_command("archive_organisation", "waterrijk", path)
    assert path.read_bytes() == before
    with pytest.raises(CommandError, match="geen organisatie"):
        call_command("archive_organisation", "atlantis", tmp_path / "a.zip")


TEAMS = "tabellen/organisations.membership.json"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({TEAMS: b"[\n]\n"}, "is veranderd"),
        ({TEAMS: None}, "andere bestanden"),
        ({"bestanden/extra": b"x"}, "andere bestanden"),
        ({"../../etc/passwd": b"x"}, "andere bestanden"),
        ({MANIFEST: None}, "geen archief"),
        ({MANIFEST: b"[]"}, "geen archief"),
        ({MANIFEST: b'{"kind": "iets anders", "files": []}'}, "geen archief"),
    ],
    ids=lambda value: "" if isinstance(value, str) else next(iter(value)),
)
def test_an_archive_that_was_touched_is_refused(
    archive: Path, changes: dict[str, bytes | None], why: str
) -> None:
    with pytest.raises(ArchiveRefused, match=why), Archive(repacked(archive, changes)) as opened:
        opened.check()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", None),
        ("portal", 6),
        ("organisation", {"pk": True, "name": "x", "slug": "x"}),
        ("organisation", {"pk": 1}),
        ("organisation", []),
        ("migrations", {"surveys": 2}),
        ("log", {"number": "1", "digest": "x"}),
        ("tables", [{}]),
        ("tables", {"model": "x"}),
        ("files", [{"name": "x"}]),
        ("files", [{"name": "x", "bytes": "1", "sha256": "x"}]),
        ("missing", None),
        ("missing", [None]),
    ],
)
def test_a_manifest_with_something_else_in_a_place_is_refused(archive: Path, key: str, value: object) -> None:
    changed = json.dumps(manifest_of(archive) | {key: value}).encode()
    with pytest.raises(ArchiveRefused, match=key if key != "format" else "vorm 1"):
        Archive(repacked(archive, {MANIFEST: changed}))


def _newer_format(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["migrations"]["surveys"] = "0999_from_the_future"


def _contradicting(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["migrations"]["organisations"] = "0001_initial"


def _outside(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    files["bestanden/a/..b"] = b"x"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_newer_format, "nieuwere versie"),
        (_contradicting, "spreken de versies .* elkaar tegen: organisations is ouder"),
        (_outside, "Zo heet"),
        (lambda manifest, files: None, "niet leeg"),
    ],
)
def test_what_cannot_be_restored_changes_nothing(
    organisation: Organisation, tmp_path: Path, change: Change, why: str
) -> None:
    before, archive = as_bytes(organisation), archive_of(organisation, tmp_path)
    with pytest.raises(ArchiveRefused, match=why), Archive(rewritten(archive, change)) as opened:
        restore(opened)
    assert as_bytes(organisation) == before


def _stranger(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    change_rows(files, "organisations.membership", lambda row: row.update(surprise=1))


def _of_another(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    other = {**json.loads(files["tabellen/organisations.organisation.json"])[0], "id": 4321, "slug": "ander"}
    other |= {"style_id": None, "cbs_code": None}
    files["tabellen/organisations.organisation.json"] = json.dumps([other]).encode()
    manifest["organisation"]["pk"] = 4321


def _too_many(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    files[TEAMS] = b"[]"


def _wrong_value(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    change_rows(files, "organisations.membership", lambda row: row.update(user_id="geen getal"))


def _wrong_day(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    change_rows(files, "assessments.assessment", lambda row: row.update(created_at="geen dag"))


def _unknown_column(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["tables"][0]["left_out"] = {"onbekend": 1}


def _unknown_way(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    manifest["tables"][1]["belongs"] = "nergens"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_stranger, "andere kolommen"),
        (_of_another, "niet bij deze organisatie"),
        (_too_many, "niet zoveel rijen"),
        (_wrong_value, "past niet"),
        (_wrong_day, "past niet"),
        (_unknown_column, "past niet"),
        (_unknown_way, "past niet"),
    ],
)
def test_an_archive_that_contradicts_itself_leaves_nothing(
    db: None, archive: Path, change: Change, why: str
) -> None:
    with pytest.raises(ArchiveRefused, match=why), Archive(rewritten(archive, change)) as opened:
        restore(opened)
    assert not Organisation.objects.exists() and not User.objects.exists() and not kept()


def test_who_comes_back_asks_a_new_password_and_runs_nothing(db: None, archive: Path) -> None:
    with Archive(archive) as opened, as_owner():
        restore(opened)
    anna = User.objects.get(email="anna@waterrijk.example")
    assert not anna.has_usable_password() and not anna.is_staff and anna.is_active
    assert Organisation.objects.get().memberships.count() == 7
    told = LogEntry.objects.get(organisation=None)
    assert told.what == "archief van Gemeente Waterrijk teruggezet"
    write(Act.SETTINGS, "verder", organisation=Organisation.objects.get())  # the chain goes on
    assert not check_log(f"organisatie-{Organisation.objects.get().pk}")
    assert Organisation.objects.create(name="Nieuw", slug="nieuw").pk > Organisation.objects.first().pk  # type: ignore[union-attr]


def test_an_archive_cannot_bring_in_somebody_who_runs_the_portal(db: None, archive: Path) -> None:
    """Sound in itself, and made up by whoever made it: with a password that they know."""

    def forged(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        users = next(one for one in manifest["tables"] if one["model"] == "organisations.User")
        brought = {"password": make_password("geheim"), "is_superuser": True, "is_staff": True}
        users["left_out"] = {"last_login": None}
        users["columns"].update(dict.fromkeys(brought, ""))
        change_rows(files, "organisations.user", lambda row: row.update(brought))

    with Archive(rewritten(archive, forged)) as opened, as_owner():
        restore(opened)
    assert not User.objects.filter(models.Q(is_superuser=True) | models.Q(is_staff=True)).exists()
    assert not any(user.has_usable_password() for user in User.objects.all())


@pytest.mark.parametrize("name", ["zz/nergens", "../../elders"])
def test_a_restore_that_fails_at_its_files_leaves_none(db: None, archive: Path, name: str) -> None:
    """After one that went well. The other is told of as lost, when it would lie outside its place."""

    def second(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        (row,) = json.loads(files["tabellen/assessments.evidence.json"])
        other = {**row, "id": row["id"] + 1, "file": name, "reused_from_id": None}
        files["tabellen/assessments.evidence.json"] = json.dumps([row, other]).encode()
        next(one for one in manifest["tables"] if one["model"] == "assessments.Evidence")["rows"] = 2
        manifest["missing"] = [f"bestanden/assessments.evidence/{name}"] if ".." in name else []

    made = rewritten(archive, second)
    with pytest.raises(ArchiveRefused, match="past niet"), as_owner(), Archive(made) as opened:
        restore(opened)
    assert not Organisation.objects.exists() and not kept()


def test_a_log_that_was_changed_in_the_archive_is_told(db: None, archive: Path) -> None:
    def changed(manifest: dict[str, Any], files: dict[str, bytes]) -> None:
        change_rows(files, "organisations.logentry", lambda row: row.update(what="niets gebeurd"))

    with pytest.raises(CommandError, match="regel 1: is veranderd"), as_owner():
        call_command("restore_organisation", rewritten(archive, changed))


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"PK\x03\x04", json.dumps({}).encode()):
        (tmp_path / "x.zip").write_bytes(content)
        with pytest.raises(CommandError, match="geen archief"):
            call_command("restore_organisation", tmp_path / "x.zip")
    with pytest.raises(CommandError, match="geen archief"):
        call_command("restore_organisation", tmp_path / "er-niet.zip")


def test_a_sound_archive_can_be_checked_without_restoring(
    db: None, archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("restore_organisation", archive, "--controleer")
    assert f"klopt. Controlegetal: {Archive(archive).digest}" in capsys.readouterr().out
