"""Every reader of files takes a file in, or says in words why not, whatever is in it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from assessments.evidence.uploads import UploadRefused, recognise
from assessments.offline.workbook import reading, write
from chain.documents import canonical_json
from chain.reading import FaultyQuestionnaire, read_statements
from integrity_portal.leaving.archive import Archive, ArchiveRefused, ArchiveWriter
from organisations.drawing import LogoRefused
from organisations.logos import read_logo
from reports.verifying.findings import Unreadable
from reports.verifying.opening import opened
from surveys import tables
from tests.cast import FOLDER
from tests.found_forms import MARK
from tests.fuzzing import TEXTS, trying
from tests.styles import SVG
from tests.test_survey_import import xlsx
from tests.test_verify import changed, leaves, whole
from tests.test_workbook import pages
from tests.uploads import GOOD, picture

ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd">]><a>&c;&x;</a>'
)
NESTED = b"[" * 5_000
CHUNKS = (
    *(
        ENTITIES,
        NESTED,
        b"<a>" * 20_000,
        b"{" * 5_000,
        b"\x00" * 64,
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"%PDF-1.7",
    ),
    *(
        b"PK\x03\x04",
        b"PK\x01\x02" * 50,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
    ),
    *(b"RIFF\xff\xff\xff\xffWEBP", b"\xff\xd8\xff\xe0", b"\xed\xa0\x80", b"=1+1", b'"' * 3, b";" * 300),
    *(
        b"!!python/object/apply:os.system [id]",
        b"&a [*a, *a]",
        b"? " * 500,
        b"- " * 2_000,
        b"<!--",
        b"<![CDATA[",
    ),
    *(
        b"9" * 5_000,
        b"-1",
        b"1e999",
        b"\xf0\x9f\x91\xa9" * 20,
        b"<script>",
        b"\r\n\r\n",
        b"_xD800_",
        b"&#xD800;",
    ),
)


class Reader(NamedTuple):
    """What reads files: with a file of each kind that it takes, and how it refuses one."""

    read: Callable[[bytes, Path], object]
    refuses: type[Exception]
    sound: Mapping[str, bytes]


def _archive(rows: bytes = b'[{"naam": "Waterrijk"}]') -> bytes:
    """An archive of one table, with the right digest for whatever stands in it."""
    file = io.BytesIO()
    writer = ArchiveWriter(file)
    writer.add("tabellen/a.json", [rows])
    table = {"model": "a", "title": "A", "belongs": "", "file": "tabellen/a.json", "rows": 1}
    told = {"portal": "1", "organisation": {"pk": 1, "name": "Waterrijk", "slug": "waterrijk"}}
    tables = [{**table, "columns": {"naam": "CharField"}, "left_out": {}}]
    writer.close({**told, "migrations": {}, "log": None, "tables": tables, "missing": []})
    return file.getvalue()


def _restored(content: bytes, folder: Path) -> object:
    path = folder / "archief.zip"
    path.write_bytes(content)
    with Archive(path) as archive:
        archive.check()
        return [list(archive.rows(table)) for table in archive.manifest["tables"]]


def _as(name: str) -> Callable[[bytes, Path], object]:
    return lambda content, _: recognise(io.BytesIO(content), name)


def _statements(content: bytes, folder: Path) -> object:
    path = folder / "stellingen.yaml"
    path.write_bytes(content)
    return read_statements(path)


def readers() -> dict[str, Reader]:
    found = {
        f"evidence {good.name}": Reader(_as(good.name), UploadRefused, {good.name: good.content})
        for good in GOOD
    }
    sheet, lines = xlsx(("Groep", "Aantal"), ("Ruimte", 12)), b"Groep;Aantal\nRuimte;12\n"
    return found | {
        "workbook": Reader(
            lambda content, _: reading.read(io.BytesIO(content), "vragen.xlsx"),
            UploadRefused,
            {"xlsx": write(pages(questions=["PA-01"]))},
        ),
        "table": Reader(
            lambda content, _: tables.read(io.BytesIO(content), 100),
            tables.TableRefused,
            {"xlsx": sheet, "csv": lines},
        ),
        "logo": Reader(
            lambda content, _: read_logo(content),
            LogoRefused,
            {"svg": SVG.encode(), "png": picture("PNG", (120, 60))},
        ),
        "report": Reader(
            lambda content, _: opened(content if not content.startswith(b"%PDF") else b"{"),
            Unreadable,
            {"json": canonical_json(whole()).encode()},
        ),
        "statements": Reader(
            _statements, FaultyQuestionnaire, {"yaml": (FOLDER.parent / "statements/staff.yaml").read_bytes()}
        ),
        "archive": Reader(_restored, ArchiveRefused, {"zip": _archive()}),
    }


@st.composite
def damaged(draw: st.DrawFn, sound: Mapping[str, bytes]) -> bytes:
    """A sound file with something cut, changed or put in; of what is packed also inside one of its parts."""
    content = draw(st.sampled_from(list(sound.values())))
    if content.startswith(b"PK") and draw(st.booleans()):
        return draw(_repacked(content))
    for _ in range(draw(st.integers(1, 3))):
        at, to = sorted(draw(st.tuples(*[st.integers(0, max(len(content), 1))] * 2)))
        new = draw(st.sampled_from(CHUNKS) | st.binary(max_size=12))
        how = draw(st.sampled_from(("put in", "replaced", "cut off", "twice", "alone")))
        content = {
            "put in": content[:at] + new + content[at:],
            "replaced": content[:at] + new + content[at + len(new) :],
            "cut off": content[:at] + content[to:],
            "twice": content[:to] + content[at:],
            "alone": content[:8] + new,
        }[how]
    return content


@st.composite
def _repacked(draw: st.DrawFn, content: bytes) -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        names = old.namelist()
        chosen = draw(st.sampled_from(names))
        for name in names:
            part = old.read(name)
            if name == chosen:
                part = draw(damaged({"part": part}) if not part.startswith(b"PK") else st.just(b""))
            new.writestr(
                draw(st.sampled_from(("../x", name.upper(), "/a", name))) if name == chosen else name, part
            )
    return packed.getvalue()


@pytest.mark.parametrize("name", list(readers()))
def test_no_file_breaks_its_reader(name: str, tmp_path: Path) -> None:
    reader = readers()[name]
    for content in reader.sound.values():
        reader.read(content, tmp_path)  # else nothing below would get far

    def read(content: bytes) -> None:
        try:
            reader.read(content, tmp_path)
        except reader.refuses as refusal:
            assert str(refusal)

    trying(25 if name.startswith("evidence") else 80)(given(damaged(reader.sound))(read))()


@pytest.mark.parametrize("rows", CHUNKS)
def test_an_archive_with_right_digests_of_wrong_rows_is_refused(rows: bytes, tmp_path: Path) -> None:
    with pytest.raises(ArchiveRefused):
        _restored(_archive(rows), tmp_path)


# An account of a stranger says what it likes, and its words stand on a page of the portal.


@pytest.mark.django_db
def test_no_word_in_an_account_breaks_the_page_that_checks_it(client: Client) -> None:
    account = whole()
    every = [path for path, value in leaves(account) if isinstance(value, str)]
    few = sorted({path[:1] + path[-1:]: path for path in every}.values(), key=str)

    def check(path: Any, text: str) -> None:
        cache.clear()
        said = json.dumps(changed(account, path, text))  # a lone half of a pair is written \ud800
        file = SimpleUploadedFile("gegevens.json", said.encode(), "application/json")
        answer = client.post("/controle/", {"file": file})
        assert answer.status_code in (200, 422)
        assert f"<{MARK}" not in answer.content.decode()

    texts = st.sampled_from(TEXTS) | st.text(max_size=20)
    trying(60)(given(st.sampled_from(few), texts)(check))()
