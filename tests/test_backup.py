"""A backup put back in a fresh place holds exactly what was there, and no key; a broken one does nothing."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from integrity_portal.backups import database, folder, keys
from organisations.models import LogEntry, Organisation
from tests import postgres
from tests.cast import make_cast
from tests.evidence import kept
from tests.leaving import TOP, as_bytes, fresh_place, make_full

# What a setting tells that is no secret; the others a backup leaves out (keys.SECRET).
PLAIN = {
    *("DEMO", "ALLOWED_HOSTS", "PORTAL_URL", "CSRF_TRUSTED_ORIGINS", "DATABASE_POOL_SIZE", "VAR_DIR"),
    *("DEFAULT_FROM_EMAIL", "BEHIND_PROXY", "HSTS_SECONDS", "CLAMAV_SOCKET", "SEAL_ROOTS"),
    *("OUTGOING_NETWORKS", "SAML", "SECURITY_CONTACT", "LOG_LEVEL"),
}


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs that fit the server of the tests."""
    for cluster in postgres.started:
        monkeypatch.setenv("PATH", f"{cluster.programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture(autouse=True)
def no_files() -> Iterator[None]:
    """Neither what tests before left, nor for those after."""
    for file in kept():
        file.unlink()
    yield
    for file in kept():
        file.unlink()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A whole backup of nothing but a database that cannot be opened and one file."""
    made = tmp_path / "kopie"
    (made / "evidence").mkdir(parents=True)
    (made / database.SQLITE).write_bytes(b"geen database")
    (made / "evidence" / "a1").write_bytes(b"bewijs")
    names = (database.SQLITE, "evidence/a1")
    files = {name: folder.digest_of(made / name) for name in names}
    told = {"kind": folder.KIND, "database": database.SQLITE, "rows": {}, "files": files, "keys": []}
    (made / folder.MANIFEST).write_text(json.dumps(told))
    return made


@pytest.mark.django_db(transaction=True)
def test_put_back_in_a_fresh_place_all_is_as_it_was(tmp_path: Path, programs: None) -> None:
    organisation = make_full(make_cast())
    before = as_bytes(organisation)
    call_command("backup", tmp_path / "kopie")
    call_command("backup", tmp_path / "tweede")
    rows = [
        json.loads((tmp_path / name / folder.MANIFEST).read_text())["rows"] for name in ("kopie", "tweede")
    ]
    assert rows[1]["organisations_logentry"] == rows[0]["organisations_logentry"] + 1
    assert rows[0]["assessments_answer"] == 82
    with fresh_place(tmp_path) as place:
        said = place.run("restore_backup", tmp_path / "kopie").stdout
        assert "1 bestanden zijn terug" in said and "Het logboek klopt" in said
        (evidence,) = (path for path in (place.var / "evidence").rglob("*") if path.is_file())
        assert evidence.read_bytes() == b"De code."
        code = f"""
from pathlib import Path
from organisations.models import Organisation
from tests.leaving import as_bytes
Path({str(tmp_path / "terug.zip")!r}).write_bytes(as_bytes(Organisation.objects.get(slug="waterrijk")))
"""
        place.run("shell", "--no-imports", "-c", code)
        assert (tmp_path / "terug.zip").read_bytes() == before
        again = place.run("restore_backup", tmp_path / "kopie", check=False)
        assert again.returncode == 1 and "Er staan al bestanden" in again.stderr
        shutil.rmtree(place.var / "evidence")
        again = place.run("restore_backup", tmp_path / "kopie", check=False)
        assert again.returncode == 1 and "Er staan al tabellen" in again.stderr


@pytest.mark.django_db(transaction=True)
def test_it_is_for_its_owner_alone_and_is_in_the_log(tmp_path: Path, programs: None) -> None:
    call_command("backup", tmp_path / "kopie")
    assert (tmp_path / "kopie").stat().st_mode & 0o777 == 0o700
    assert LogEntry.objects.get().what == "reservekopie gemaakt"
    with pytest.raises(CommandError, match="niet gelukt"):
        call_command("backup", tmp_path / "kopie")
    assert (tmp_path / "kopie" / folder.MANIFEST).exists()  # the earlier one is left alone
    told = LogEntry.objects.order_by("number").values_list("what", "result")
    assert list(told) == [("reservekopie gemaakt", "done"), ("reservekopie", "failed")]


def test_without_the_programs_of_postgresql_it_says_what_to_install_and_leaves_nothing(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(database, "copy", lambda target: database._run("pg_dump"))
    with pytest.raises(CommandError, match=r"pg_dump is er niet.*apt-get install postgresql-client"):
        call_command("backup", tmp_path / "kopie")
    assert not (tmp_path / "kopie").exists()
    assert LogEntry.objects.get().result == "failed"


def test_a_database_with_tables_is_not_written_over(db: None, copied: Path) -> None:
    Organisation.objects.create(name="Blijft", slug="blijft")
    with pytest.raises(CommandError, match="Er staan al tabellen"):
        call_command("restore_backup", copied)
    assert Organisation.objects.get().name == "Blijft" and not kept()


def _changed(made: Path) -> None:
    (made / "evidence" / "a1").write_bytes(b"ander bewijs")


def _gone(made: Path) -> None:
    (made / "evidence" / "a1").unlink()


def _no_manifest(made: Path) -> None:
    (made / folder.MANIFEST).unlink()


def _retold(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def broken(made: Path) -> None:
        told = json.loads((made / folder.MANIFEST).read_text())
        change(told)
        (made / folder.MANIFEST).write_text(json.dumps(told))

    return broken


@pytest.mark.parametrize(
    ("breaking", "why"),
    [
        (_changed, "a1 is veranderd"),
        (_gone, "geen hele reservekopie"),
        (_no_manifest, "geen hele reservekopie"),
        (_retold(lambda told: told.update(kind="iets anders")), "geen hele reservekopie"),
        (_retold(lambda told: told.update(files=[])), "geen hele reservekopie"),
        (_retold(lambda told: told["files"].update({"../a1": "0"})), "Zo heet"),
    ],
)
def test_a_broken_backup_is_refused_before_anything_changes(
    db: None, copied: Path, breaking: Callable[[Path], None], why: str
) -> None:
    breaking(copied)
    with pytest.raises(folder.BackupRefused, match=why):
        folder.put_back(copied)
    assert not kept()


def test_another_kind_of_database_is_refused(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection.introspection, "table_names", lambda: [])
    other = database.POSTGRESQL if connection.vendor == "sqlite" else database.SQLITE
    with pytest.raises(database.DatabaseRefused, match="ander soort database"):
        database.put_back(Path(other))


def test_what_differs_is_told_by_table_and_file(db: None) -> None:
    told = {"rows": {**database.count(), "organisations_user": 7, "gone": 1}, "database": "", "files": {}}
    told["files"] = {"evidence/a1": "0"}
    lines = folder.compared(told)
    assert lines == [
        "gone: 1 rijen in de kopie, hier 0",
        "organisations_user: 7 rijen in de kopie, hier 0",
        "evidence/a1 verschilt",
    ]


def test_every_setting_is_a_secret_or_not() -> None:
    table = (TOP / "docs" / "settings.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)`", table, re.M)) == PLAIN | set(keys.SECRET)


def test_the_keys_are_named_and_only_written_apart(tmp_path: Path) -> None:
    (tmp_path / "w.p12").write_bytes(b"certificaat")
    (tmp_path / "w.txt").write_text("geheim")
    seals = tmp_path / "zegels.toml"
    seals.write_text(f"[waterrijk]\npkcs12 = '{tmp_path / 'w.p12'}'\npassword = '{tmp_path / 'w.txt'}'\n")
    env = {"SECRET_KEY": "s" * 50, "SEALS": str(seals), "LOG_LEVEL": "INFO", "EMAIL_URL": ""}
    assert keys.named(env) == ["SECRET_KEY", "SEALS"]
    keys.write(tmp_path / "sleutels.json", env)
    assert (tmp_path / "sleutels.json").stat().st_mode & 0o777 == 0o600
    told = json.loads((tmp_path / "sleutels.json").read_text())
    assert told["settings"] == {"SECRET_KEY": "s" * 50, "SEALS": str(seals)}
    assert base64.b64decode(told["files"][str(tmp_path / "w.p12")]) == b"certificaat"
    assert set(told["files"]) == {str(seals), str(tmp_path / "w.p12"), str(tmp_path / "w.txt")}
    with pytest.raises(FileExistsError):
        keys.write(tmp_path / "sleutels.json", env)


@pytest.mark.django_db(transaction=True)
def test_no_key_is_in_the_folder(tmp_path: Path, programs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "een-geheim-dat-nergens-anders-staat")
    call_command("backup", tmp_path / "kopie", "--sleutels", tmp_path / "apart.json")
    held = b"".join(path.read_bytes() for path in (tmp_path / "kopie").rglob("*") if path.is_file())
    assert b"een-geheim-dat-nergens" not in held
    assert "een-geheim-dat-nergens" in (tmp_path / "apart.json").read_text()
