"""The other forms of a report: two drafts in Word, the figures as a workbook, and how they are offered."""

from __future__ import annotations

import os
import stat
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from assessments.status import Status
from assessments.supplement import SupplementDocument, bare
from chain.documents import digest
from organisations.models import User
from reports import council_papers, libreoffice
from reports.council_papers import BODIES, PAPERS
from reports.paper_parts import Fill, Items, Paper, Paragraph, Table
from reports.report import Report
from reports.settled import printable
from reports.word_file import word_file
from reports.workbook import workbook_of
from tests.accounts import account, questionnaire, report_with, told
from tests.cast import make_adopted

ClientOf = Callable[[str], Client]
AT = datetime(2025, 11, 14, tzinfo=UTC)
ACTION: dict[str, Any] = {
    **{"key": 1, "what": "=De code bespreken", "why": "", "owner": "Gemeentesecretaris", "due": "2026-03-01"},
    **{"status": "decided", "reason": "", "barrier": "", "change": "", "link": "nazorg", "question": ""},
    **{"area": "", "since": "Jaarronde 2025"},
}
PARTS: dict[str, Any] = {
    "brief": {
        **{"asked": "Stel het verslag aan de orde.", "council": "Vragen stellen.", "next_on": "2026-05-01"},
        **{"next": "de raad bespreekt het", "contact": ["Afdeling Juridische zaken"]},
    },
    "reaction": {"text": "Wij herkennen dit beeld.\n\nWij gaan aan het werk.", "decided_on": "2025-12-02"},
    "actions": [ACTION, ACTION | {"key": 2, "what": "Dit niet meer", "status": "dropped"}],
    "figures": {
        **{"year": 2025, "note": "", "reading": []},
        "figures": [
            {
                **{
                    "slug": "meldingen",
                    "title": "Meldingen",
                    "unit": "meldingen",
                    "told": "12",
                    "beside": [],
                },
                "parts": [{"slug": "a", "title": "Intern", "told": "0 tot en met 4"}],
            }
        ],
    },
}


def report(kind: str = "gemeente", **parts: Any) -> Report:
    """The report of an organisation of this kind, with these parts in its supplement."""
    base = account()
    document = account(organisation={**base["organisation"], "kind": kind})
    alone = Report.of(document, questionnaire())
    supplement: SupplementDocument = {**bare(alone.checksum, 1), **parts}  # type: ignore[typeddict-item]
    return Report.of(document, questionnaire(), supplement=supplement)


def file_of(paper: Paper) -> bytes:
    return word_file(paper, author="Gemeente Waterrijk", foot="versie 1", at=AT)


def opened(content: bytes) -> Any:
    return docx.Document(BytesIO(content))


def text(paper: Paper) -> str:
    found = opened(file_of(paper))
    cells = [cell.text for table in found.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(line.text for line in found.paragraphs), *cells])


def head(paper: Paper) -> str:
    """What stands above each page."""
    return str(opened(file_of(paper)).sections[0].header.paragraphs[0].text)


def fields(paper: Paper) -> list[str]:
    """What is left to fill in."""
    parts: list[Any] = [value for _, value in paper.facts]
    for section in paper.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                parts += block.parts
            elif isinstance(block, Items):
                parts += block.items
            elif isinstance(block, Table):
                parts += [cell for row in block.rows for cell in row]
    return [part.text for part in parts if isinstance(part, Fill)]


# The drafts


@pytest.mark.parametrize("make", PAPERS.values())
def test_a_draft_has_real_headings_one_title_and_dutch(make: Callable[[Report], Paper]) -> None:
    found = opened(file_of(make(report(**PARTS))))
    styles = [line.style.name for line in found.paragraphs]
    assert styles.count("Title") == 1 and styles.count("Heading 1") >= 8
    assert found.core_properties.language == "nl-NL" and found.core_properties.author == "Gemeente Waterrijk"
    assert found.core_properties.title.startswith("Concept: Verantwoording integriteit 2025")
    assert 'w:val="nl-NL"' in found.styles.element.xml and 'w:val="en-US"' not in found.styles.element.xml


@pytest.mark.parametrize("make", PAPERS.values())
def test_every_table_has_a_head_and_an_alternative_text(make: Callable[[Report], Paper]) -> None:
    tables = opened(file_of(make(report(**PARTS)))).tables
    assert tables
    for table in tables:
        assert "w:tblHeader" in table.rows[0]._tr.xml and "w:tblDescription" in table._tbl.xml


def test_without_what_others_must_say_the_draft_has_fields_and_invents_nothing() -> None:
    asked = fields(council_papers.letter(report()))
    assert any("reactie" in field for field in asked) and any("kost" in field for field in asked)
    assert any("wie dat doet" in field for field in asked)
    shown = text(council_papers.letter(report()))
    assert all(f"[in te vullen: {field}]" in shown for field in asked)
    assert "Dit is een concept." in shown


def test_what_the_report_holds_stands_in_the_letter() -> None:
    shown = text(council_papers.letter(report(**PARTS)))
    for said in ("Wij herkennen dit beeld.", "=De code bespreken", "1 maart 2026", "Stel het verslag"):
        assert said in shown
    assert "Afdeling Juridische zaken" in shown and "1 mei 2026: de raad bespreekt het" in shown
    assert "Dit niet meer" not in shown  # it was dropped
    assert not [field for field in fields(council_papers.letter(report(**PARTS))) if "reactie" in field]


def test_the_proposal_has_what_a_council_expects() -> None:
    titles = [section.title for section in council_papers.proposal(report(**PARTS)).sections]
    wanted = ["Gevraagd besluit", "Aanleiding", "Beoogd effect", "Argumenten", "Kanttekeningen"]
    assert [one for one in titles if one in wanted] == wanted
    assert {"Financiën", "Uitvoering", "Bijlagen"} <= set(titles)


@pytest.mark.parametrize("kind", BODIES)
def test_each_kind_of_organisation_has_its_own_words(kind: str) -> None:
    shown = text(council_papers.proposal(report(kind)))
    assert f"Wij stellen {BODIES[kind].council} voor:" in shown
    assert f"Concept · {BODIES[kind].proposal}" in head(council_papers.proposal(report(kind)))


def test_what_changed_is_told_when_there_was_an_earlier_report() -> None:
    change = {
        **{"title": "Jaarronde", "year": 2024, "adopted": "2024-11-01", "digest": "0" * 64, "version": "1"},
        **{"track": "full", "legal": {}},
        "links": [{"slug": "nazorg", "before": 1.0, "now": 1.5, "change": 0.42, "questions": 12}],
    }
    shown = text(council_papers.letter(report(change=change)))
    assert "+0,42" in shown and "De schakels vergeleken met Jaarronde 2024" in shown


def test_control_characters_that_were_pasted_break_no_file() -> None:
    assert printable("a\x00b\x0bc\ud800") == "abc"
    pasted = PARTS | {"reaction": {"text": "Goed\x07 zo", "decided_on": "2025-12-02"}}
    assert "Goed zo" in text(council_papers.letter(report(**pasted)))


@pytest.mark.parametrize("make", [lambda r: file_of(council_papers.letter(r)), workbook_of])
def test_the_same_report_gives_the_same_bytes(
    make: Callable[[Report], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make(report(**PARTS))
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert digest_of(make(report(**PARTS))) == digest_of(first)
    with zipfile.ZipFile(BytesIO(first)) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2025-11-14T00:00:00Z</dcterms:modified>" in packed.read("docProps/core.xml")
        assert not any("thumbnail" in name for name in packed.namelist())


def digest_of(content: bytes) -> str:
    return digest(content.hex())


# The workbook


def test_the_workbook_explains_itself_and_has_a_head_on_each_sheet() -> None:
    book = load_workbook(BytesIO(workbook_of(report(**PARTS))))
    first = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(max_col=2)}
    assert first["Controlegetal van de resultaten"] == report(**PARTS).checksum and first["Versie"] == 1
    assert book.sheetnames[1:] == [
        *("Schakels", "Doorsneden", "Thema’s", "Vragen", "Wet", "Verbeterplan", "Jaarcijfers")
    ]
    for page in book.worksheets[1:]:
        assert page.freeze_panes == "A2" and all(cell.font.bold for cell in page[1])
        assert f"Blad {page.title}" in first


def test_numbers_are_numbers_and_those_of_the_results() -> None:
    shown = report()
    book = load_workbook(BytesIO(workbook_of(shown)))
    found = {row[2].value: row[5].value for row in book["Vragen"].iter_rows(min_row=2)}
    assert found == {one["id"]: one["claimed"] for one in shown.account.results["questions"]}
    links = [row[1].value for row in book["Schakels"].iter_rows(min_row=2)]
    assert links == [one["printed"] for one in shown.account.results["links"]]


def test_text_that_begins_like_a_formula_stays_text() -> None:
    cell = load_workbook(BytesIO(workbook_of(report(**PARTS))))["Verbeterplan"]["A2"]
    assert (cell.value, cell.data_type) == ("=De code bespreken", "s")


def test_a_small_number_stays_as_it_is_printed() -> None:
    page = load_workbook(BytesIO(workbook_of(report(**PARTS))))["Jaarcijfers"]
    assert [page["D2"].value, page["D3"].value] == [12, "0 tot en met 4"]


def test_what_a_figure_counts_is_said_in_dutch() -> None:
    figure = {"title": "Duur", "unit": "days", "told": "4 tot 8", "parts": []}
    told = {**PARTS["figures"], "figures": [figure]}
    page = load_workbook(BytesIO(workbook_of(report(**{**PARTS, "figures": told}))))["Jaarcijfers"]
    assert page["C2"].value == "dagen"


def test_a_survey_has_its_shares_as_told() -> None:
    shown = report_with(told("staff", (210, 120)))
    rows = list(
        load_workbook(BytesIO(workbook_of(shown)))["Peilingen"].iter_rows(min_row=2, values_only=True)
    )
    first = shown.account.outcomes[0].whole.parts[0].rows[0]
    assert (rows[0][2], rows[0][4], rows[0][5]) == (first.id, first.base, first.agree)


# How they are offered


def test_the_page_offers_every_form(
    cast: dict[str, User], client_of: ClientOf, quick_pdf: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    adoption = make_adopted(cast).adoptions.get()
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    page = client_of("greet").get(reverse("reports:report", args=[adoption.pk])).content.decode()
    for name in ("brief_pdf", "sheet", "csv", "supplement", "document", "archive_pdf"):
        assert reverse(f"reports:{name}", args=[adoption.pk]) in page
    assert "raadsvoorstel.docx" in page and ".odt" not in page and "Vertrouwelijke bijlage" not in page
    page = client_of("anna").get(reverse("reports:report", args=[adoption.pk])).content.decode()
    assert "Vertrouwelijke bijlage" in page


COUNTS = {
    **{"letter": 10, "proposal": 10, "sheet": 10, "csv": 10, "brief_pdf": 10, "supplement": 11},
    **{"annex": 12, "annex_pdf": 10},  # a page also asks what its frame shows
}


def test_a_form_asks_as_much_with_another_report_as_without(
    cast: dict[str, User], client_of: ClientOf, quick_pdf: None
) -> None:
    adoption = make_adopted(cast, Status.SUBMITTED, year=1999).adoptions.get()
    vera = client_of("vera")

    def asked(name: str) -> int:
        address = reverse(f"reports:{name}", args=[adoption.pk, *(["docx"] if name in PAPERS else [])])
        with CaptureQueriesContext(connection) as captured:
            assert vera.get(address).status_code == 200
        return len(captured)

    for name in COUNTS:
        asked(name)
    assert {name: asked(name) for name in COUNTS} == COUNTS
    make_adopted(cast, Status.SUBMITTED, year=2000)
    assert {name: asked(name) for name in COUNTS} == COUNTS


def test_the_supplement_is_the_one_that_was_frozen(cast: dict[str, User], client_of: ClientOf) -> None:
    adoption = make_adopted(cast, Status.SUBMITTED).adoptions.get()
    got = client_of("greet").get(reverse("reports:supplement", args=[adoption.pk]))
    assert got.content.decode() == adoption.edition.document
    assert digest(got.content.decode()) == adoption.edition.digest


def test_an_odt_is_offered_only_where_libreoffice_is(
    cast: dict[str, User], client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    adoption = make_adopted(cast).adoptions.get()
    address = reverse("reports:letter", args=[adoption.pk, "odt"])
    monkeypatch.setattr(libreoffice, "program", lambda: None)
    assert client_of("greet").get(address).status_code == 404
    assert client_of("greet").get(address.replace("odt", "exe")).status_code == 404


def fake(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A LibreOffice that does no more than this."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_what_the_converter_makes_is_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake(tmp_path, 'for last; do :; done; cp "$last" "${last%.docx}.odt"', monkeypatch)
    assert libreoffice.to_odt(b"a paper") == b"a paper"


@pytest.mark.parametrize("script", ["echo broken; exit 1", "true", "sleep 60"])
def test_a_converter_that_fails_or_hangs_gives_no_file(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake(tmp_path, script, monkeypatch)
    monkeypatch.setattr(libreoffice, "PATIENCE", 1)
    with pytest.raises(libreoffice.ConversionFailed):
        libreoffice.to_odt(b"a paper")


def test_a_conversion_that_fails_is_said_on_the_page(
    cast: dict[str, User],
    client_of: ClientOf,
    quick_pdf: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    adoption = make_adopted(cast).adoptions.get()
    fake(tmp_path, "exit 1", monkeypatch)
    address = reverse("reports:letter", args=[adoption.pk, "odt"])
    page = client_of("greet").get(address, follow=True).content.decode()
    assert "Het bestand kon niet gemaakt worden." in page


@pytest.mark.skipif(libreoffice.program() is None, reason="there is no LibreOffice here")
def test_libreoffice_keeps_headings_and_tables() -> None:
    made = libreoffice.to_odt(file_of(council_papers.letter(report(**PARTS))))
    with zipfile.ZipFile(BytesIO(made)) as packed:
        content = packed.read("content.xml").decode()
        assert packed.read("mimetype") == b"application/vnd.oasis.opendocument.text"
    assert "text:outline-level" in content and "table:table-header-rows" in content
