"""The report's PDF, read back by programs that did not make it."""

import hashlib
import json
import os
import re
import runpy
import subprocess
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import page as validator
import pikepdf
import pydyf  # type: ignore[import-untyped]  # publishes no types
import pypdfium2
import pytest
from django.template.loader import render_to_string

from chain.documents import canonical_json
from reports import checking, pdf, printing, streams, tagging
from reports.norms import ARCHIVE, COUNCIL
from reports.report import Report
from reports.tasks import attached
from tests.accounts import account, questionnaire
from tests.rounds import row

pytestmark = pytest.mark.paper
AT = datetime(2025, 11, 14, tzinfo=UTC)
UA, A3 = validator.ValidationProfile.PDF_UA_1, validator.ValidationProfile.PDF_A_3A
CHAPTER = (
    '<!DOCTYPE html><html lang="nl"><head><title>Proef</title></head><body><h1>Proef</h1>{}</body></html>'
)


class Paper(NamedTuple):
    """A report with its HTML and its PDF."""

    report: Report
    html: str
    content: bytes
    pages: int
    opened: pikepdf.Pdf


def inside(report: Report) -> list[printing.Attached]:
    """The data that go into the report's file."""
    return attached(report.account.text, canonical_json(report.account.supplement), report)


def paper(track: str, **changes: Any) -> Paper:
    report = Report.of(account(track, **changes), questionnaire())
    html = render_to_string("reports/report/pdf.html", {"report": report, "print": True})
    made = pdf.render(html, at=AT, attached=[one._asdict() for one in inside(report)])
    return Paper(report, html, made.content, made.pages, pikepdf.open(BytesIO(made.content)))


@pytest.fixture(scope="module", params=["full", "light"])
def both(request: pytest.FixtureRequest) -> Paper:
    return paper(request.param)


def small(body: str) -> bytes:
    """The PDF of a page with this in it."""
    return pdf.render(CHAPTER.format(body), at=AT).content


def tags(opened: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """All structure elements in reading order."""

    def below(tag: pikepdf.Object) -> Iterator[pikepdf.Object]:
        kids: Any = tag.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield kid
                yield from below(kid)

    return below(opened.Root.StructTreeRoot)


def kinds(opened: pikepdf.Pdf, *wanted: str) -> list[pikepdf.Object]:
    return [tag for tag in tags(opened) if str(tag.S)[1:] in wanted]


def text_of(content: bytes) -> list[str]:
    """The text of each page, on one line."""
    document = pypdfium2.PdfDocument(content)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]


# One file for archive and for everyone


@pytest.mark.parametrize("profile", [UA, A3])
def test_it_is_an_accessible_pdf_for_the_archive(both: Paper, profile: validator.ValidationProfile) -> None:
    found = validator.validate_pdf_bytes(both.content, profile=profile)
    assert found.is_compliant, [str(failure) for failure in found.failures]


def test_it_says_what_it_is(both: Paper) -> None:
    root = both.opened.Root
    assert str(root.Lang) == "nl"
    assert root.MarkInfo.Marked and root.ViewerPreferences.DisplayDocTitle
    assert str(both.opened.docinfo.Title) == both.report.full_title
    metadata = root.Metadata.read_bytes().decode()
    assert 'pdfuaid:part="1"' in metadata and 'pdfaid:part="3"' in metadata
    assert both.pages == len(both.opened.pages)


def test_the_frozen_document_is_inside(both: Paper) -> None:
    wanted = inside(both.report)
    assert sorted(both.opened.attachments) == sorted(one.name for one in wanted)
    assert len(both.opened.Root.AF) == len(wanted)
    assert {str(one.AFRelationship) for one in both.opened.Root.AF} == {"/Data"}
    for one in wanted:
        file = both.opened.attachments[one.name].get_file()
        assert file.read_bytes() == one.text.encode(), one.name
        assert file.mime_type == {"json": "application/json", "csv": "text/csv"}[one.name.split(".")[1]]
    data = both.opened.attachments["gegevens.json"].get_file().read_bytes()
    assert hashlib.sha256(data).hexdigest() == both.report.checksum
    assert json.loads(data) == both.report.account.document


def test_its_twin_for_an_archive_is_the_same_without_files_inside(both: Paper) -> None:
    made = pdf.render(both.html, at=AT, variant=ARCHIVE)
    opened = pikepdf.open(BytesIO(made.content))
    assert not opened.attachments and "/AF" not in opened.Root
    assert text_of(made.content) == text_of(both.content)
    assert checking.faults(made.content, ARCHIVE) == []
    metadata = opened.Root.Metadata.read_bytes().decode()
    assert 'pdfuaid:part="1"' in metadata and 'pdfaid:part="2"' in metadata
    with pytest.raises(pdf.RenderFailed, match="no files inside"):
        pdf.render(both.html, at=AT, variant=ARCHIVE, attached=[one._asdict() for one in inside(both.report)])


def test_only_our_own_fonts_are_in_it(both: Paper) -> None:
    names = {str(font.BaseFont) for page in both.opened.pages for font in page.resources.Font.values()}
    assert {re.sub(r"^/[A-Z]{6}\+", "", name) for name in names} <= {
        "Source-Sans-3,",
        "Source-Sans-3-Semi-Bold",
    }


@pytest.mark.parametrize("extra", [{}, {"Type": "/ObjStm"}, {"Length1": 4}])
def test_the_end_of_every_stream_is_clear(extra: dict[str, Any]) -> None:
    """A carriage return before "endstream" is taken for a part of the line end."""
    drawn = [b"0 m " * number + b"S" for number in range(1, 2000)]
    unclear = [part for part in drawn if pydyf.Stream([part], extra, True).data.endswith(streams.UNCLEAR)]
    assert unclear, "chance makes one in 256"
    for part in unclear:
        with streams.clear_ends():
            written = pydyf.Stream([part], extra, True).data
        assert not written.endswith(streams.UNCLEAR)
        content = written.split(b"stream\n", 1)[1].removesuffix(b"\nendstream")
        assert f"/Length {len(content)}".encode() in written
        plain = zlib.decompress(content) if b"FlateDecode" in written else content
        assert plain == part if "Length1" in extra else plain.rstrip() == part


# What a screen reader reads


def test_the_headings_are_those_of_the_page_in_order(both: Paper) -> None:
    found = [int(str(tag.S)[2:]) for tag in tags(both.opened) if re.fullmatch(r"/H[1-6]", str(tag.S))]
    assert found == [int(level) for level in re.findall(r"<h([1-6])[ >]", both.html)]
    assert found[0] == 1 and all(after <= before + 1 for before, after in pairwise(found))


def test_every_figure_has_an_alternative_text_and_a_place_on_its_page(both: Paper) -> None:
    figures = kinds(both.opened, "Figure")
    assert len(figures) == both.html.count("<svg")
    for figure in figures:
        assert len(str(figure.Alt)) > 40
        left, bottom, right, top = (float(number) for number in figure.A.BBox)
        assert 0 < left < right < 596 and 0 < bottom < top < 843


def test_tables_are_whole_and_every_header_cell_has_its_scope(both: Paper) -> None:
    assert len(kinds(both.opened, "Table")) == both.html.count("<table")
    cells = kinds(both.opened, "TH")
    assert len(cells) == both.html.count("<th ")
    assert {str(cell.A.Scope) for cell in cells} == {"/Column", "/Row"}
    rows = kinds(both.opened, "TR")
    assert len(rows) == len(re.findall(r"<tr[ >]", both.html))


def test_headers_that_cells_point_to_exist(both: Paper) -> None:
    known = {str(cell.A.get("/ID", cell.get("/ID"))) for cell in kinds(both.opened, "TH")}
    for cell in kinds(both.opened, "TD"):
        assert {str(header) for header in cell.A.get("/Headers", [])} <= known


def test_the_table_of_contents_is_one(both: Paper) -> None:
    assert len(kinds(both.opened, "TOC")) == 1
    assert len(kinds(both.opened, "TOCI")) == len(both.report.contents)
    links = kinds(both.opened, "Link")
    assert len(links) == both.html.count("<a ")
    names = [str(annotation.Contents) for page in both.opened.pages for annotation in page.get("/Annots", [])]
    assert names == [entry.title for entry in both.report.contents]


def test_running_heads_and_feet_are_not_read_out(both: Paper) -> None:
    def marks(page: pikepdf.Page) -> set[str]:
        begun = [one.operands for one in pikepdf.parse_content_stream(page) if str(one.operator) == "BDC"]
        return {str(mark[1].Subtype) for mark in begun if mark[0] == "/Artifact" and "/Subtype" in mark[1]}

    first, *others = (marks(page) for page in both.opened.pages)
    assert first == {"/Footer"}
    assert all(page == {"/Header", "/Footer"} for page in others)


def test_bookmarks_lead_to_the_chapters(both: Paper) -> None:
    with both.opened.open_outline() as outline:
        titles = [" ".join(item.title.split()) for item in outline.root]
    chapters = [entry.title.replace(": ", " ") for entry in both.report.contents]
    assert [title for title in titles if title != "Wat staat waar"] == chapters


def test_with_another_weasyprint_nothing_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("weasyprint.__version__", "70.1")
    with pytest.raises(ImportError, match=r"made for WeasyPrint 70\.0, not 70\.1"):
        runpy.run_path(tagging.__file__)


# What everyone reads


def test_the_text_of_every_chapter_is_there(both: Paper) -> None:
    text = " ".join(text_of(both.content))
    report = both.report
    for sentence in (*report.brief.core, report.profile.core, report.legal.core, *report.brief.questions):
        assert sentence in text
    for link in report.links:
        assert link.summary in text and link.answered in text and link.evidence in text
    for question in report.account.questions:
        assert question in text
    for section in report.method.sections:
        assert section.title in text and all(" ".join(p.split()) in text for p in section.paragraphs)
    for word, meaning in report.terms.words:
        assert f"{word} {meaning}" in text or f"{word}: {meaning}" in text


def test_every_page_has_the_checksum_and_its_number(both: Paper) -> None:
    for number, text in enumerate(text_of(both.content), 1):
        assert f"Controlegetal {both.report.checksum_in_groups}" in text
        assert f"{number} van {both.pages}" in text
        assert number == 1 or "versie 1" in text


def test_the_covering_page_is_one_page(both: Paper) -> None:
    first, second = text_of(both.content)[:2]
    assert both.report.brief.questions[-1] in first and "Contact" in first
    assert "Wat staat waar" in second


def test_no_page_but_the_last_is_left_nearly_empty(both: Paper) -> None:
    for number, text in enumerate(text_of(both.content)[:-1], 1):
        assert len(text) > 500, f"page {number} of {both.pages}"


def test_a_report_without_any_level_and_with_a_long_name_holds_too() -> None:
    name = "Gemeenschappelijke regeling Veiligheids- en Gezondheidsregio Noord- en Midden-Waterland"
    unknown = [row(question.id, "c1", "unknown") for question in questionnaire().questions]
    made = paper(
        "full",
        answers=unknown,
        evidenced={},
        organisation={**account()["organisation"], "name": name, "kind": "gemeenschappelijke-regeling"},
    )
    first, second = text_of(made.content)[:2]
    assert made.report.brief.questions[-1] in first
    assert f"{made.report.running_head} versie 1" in second
    assert validator.validate_pdf_bytes(made.content, profile=UA).is_compliant


# What checks it


def test_what_is_not_as_it_must_be_is_told_by_norm(both: Paper) -> None:
    assert checking.faults(both.content, COUNCIL) == printing.check_pdf(both.content) == []
    as_archive = checking.faults(both.content, ARCHIVE)
    assert as_archive and all(line.startswith("PDF/A-2a: ") for line in as_archive)
    without_tags = BytesIO()
    with pikepdf.open(BytesIO(both.content)) as opened:
        del opened.Root.StructTreeRoot
        opened.save(without_tags)
    found = checking.faults(without_tags.getvalue(), COUNCIL)
    assert {line.split(":")[0] for line in found} == {"PDF/A-3a", "PDF/UA-1"}


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"hallo" * 99])
def test_what_is_no_pdf_does_not_pass(content: bytes) -> None:
    assert printing.check_pdf(content)


# The same in, the same out; and nothing from outside


def test_the_same_account_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    light = paper("light")
    assert paper("light").content == light.content
    for name, value in {
        "HOME": str(tmp_path),
        "TZ": "Asia/Tokyo",
        "PYTHONHASHSEED": "7",
        "LANG": "C",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(printing, "PASSED_ON", tuple(os.environ))
    assert printing.print_pdf(light.html, at=AT, attached=inside(light.report)) == (
        light.content,
        light.pages,
    )


def test_what_prints_knows_nothing_of_the_portal(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*args: object, env: dict[str, str], **rest: object) -> None:
        assert not set(env) & {"SECRET_KEY", "DATABASE_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE"}
        raise subprocess.TimeoutExpired("reports.pdf", printing.PATIENCE)

    monkeypatch.setenv("SECRET_KEY", "geheim")
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(printing.PrintingFailed, match=r"no answer of reports\.pdf after 120 seconds"):
        printing.print_pdf("", at=AT)


def test_what_went_wrong_comes_back_from_the_other_process() -> None:
    with pytest.raises(printing.PrintingFailed, match="unknown property"):
        printing.print_pdf(CHAPTER.format("<p style='kleur: rood'>rood</p>"), at=AT)


@pytest.mark.parametrize(
    "address",
    [
        "http://example.org/a.png",
        "file:///etc/passwd",
        f"{pdf.STATIC.as_uri()}/../pyproject.toml",
        "data:,hallo",
    ],
)
def test_nothing_comes_from_outside_the_portal(address: str) -> None:
    with pytest.raises(ValueError, match="not a file of the portal"):
        pdf.OwnFiles().fetch(address)
    with pytest.raises(pdf.RenderFailed):
        small(f'<p><img alt="logo" src="{address}"></p>')


@pytest.mark.parametrize("body", ["<p style='kleur: rood'>rood</p>", "<p><a href='#nergens'>nergens</a></p>"])
def test_whatever_weasyprint_complains_of_fails_the_report(body: str) -> None:
    with pytest.raises(pdf.RenderFailed):
        small(body)


def test_a_picture_that_cannot_be_drawn_fails_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def draw(*args: object) -> None:
        raise ValueError("stuk")

    monkeypatch.setattr("weasyprint.svg.SVG.draw", draw)
    with pytest.raises(pdf.RenderFailed, match="Failed to render SVG"):
        small("<svg viewBox='0 0 9 9'><title>Streep</title><path d='M0 0L9 9'/></svg>")


def test_what_crosses_a_page_stays_one_thing() -> None:
    rows = "".join(f'<tr><th scope="row">{n}</th><td>rij</td></tr>' for n in range(120))
    opened = pikepdf.open(
        BytesIO(
            small(
                f"<p>{'Een lange alinea. ' * 600}</p>"
                f'<table><thead><tr><th scope="col">Nummer</th><th scope="col">Wat</th></tr></thead>'
                f"<tbody>{rows}</tbody></table>"
                f"<ul>{'<li>punt</li>' * 120}</ul>"
            )
        )
    )
    assert len(opened.pages) > 5
    assert [len(kinds(opened, kind)) for kind in ("P", "Table", "THead", "TR", "L", "LI")] == [
        1,
        1,
        1,
        121,
        1,
        120,
    ]


def test_what_the_fonts_lack_is_a_box_and_the_report_still_comes() -> None:
    page = '<html lang="nl"><head><title>x</title></head><body><h1>Goed 👍 \ue000 ĳ ≥</h1></body></html>'
    made = pdf.render(page, at=datetime(2025, 5, 20, tzinfo=UTC))
    assert "Goed □ □ ĳ ≥" in text_of(made.content)[0]
    assert pdf.BOX_MEANING in text_of(made.content)[0]
