"""Papers beside the report, as PDF: accessible, fit for the archive, and with nothing inside."""

from __future__ import annotations

import subprocess
from io import BytesIO
from typing import Any

import page as validator
import pikepdf
import pytest
from django.template import engines

from reports import pdf, printing
from tests.test_pdf import kinds, text_of

PROFILES = [validator.ValidationProfile.PDF_UA_1, validator.ValidationProfile.PDF_A_2A]
PAPER = """{% extends "reports/paper.html" %}
{% block title %}Overleg over Preventie{% endblock %}{% block author %}Gemeente Waterrijk{% endblock %}
{% block head %}Overleg over <Preventie>{% endblock %}{% block foot %}Vertrouwelijk{% endblock %}
{% block content %}<h1>Overleg</h1>{{ body|safe }}{% endblock %}"""


def paper(body: str) -> str:
    return engines["django"].from_string(PAPER).render({"body": body})


@pytest.fixture(scope="module")
def printed() -> printing.Printed:
    return printing.print_paper(paper("<p>Een lange alinea.</p>" * 120))


@pytest.mark.parametrize("profile", PROFILES)
def test_a_paper_is_accessible_and_for_the_archive(
    printed: printing.Printed, profile: validator.ValidationProfile
) -> None:
    found = validator.validate_pdf_bytes(printed.content, profile=profile)
    assert found.is_compliant, [str(failure) for failure in found.failures]


def test_it_says_what_it_is_and_has_nothing_inside(printed: printing.Printed) -> None:
    opened = pikepdf.open(BytesIO(printed.content))
    assert str(opened.docinfo.Title) == "Overleg over Preventie"
    assert str(opened.Root.Lang) == "nl"
    metadata = opened.Root.Metadata.read_bytes().decode()
    assert 'pdfuaid:part="1"' in metadata and 'pdfaid:part="2"' in metadata
    assert not opened.attachments and "/AF" not in opened.Root


def test_every_page_has_its_head_foot_and_number_and_none_is_read_out(printed: printing.Printed) -> None:
    first, *others = text_of(printed.content)
    assert printed.pages == len(others) + 1 > 2
    for number, text in enumerate([first, *others], 1):
        assert f"{number} van {printed.pages}" in text and "Vertrouwelijk" in text
    assert all("Overleg over <Preventie>" in text for text in others)
    opened = pikepdf.open(BytesIO(printed.content))
    assert len(kinds(opened, "P")) == 120


def test_what_stands_at_the_top_of_the_body_keeps_its_own_tags() -> None:
    """Body and html have no tag of their own: what stands in them is not theirs to repair or to join."""
    table = (
        '<table><thead><tr><th scope="col">{0}</th></tr></thead><tbody><tr><td>{0}</td></tr></tbody></table>'
    )
    drawn = '<svg viewBox="0 0 9 9" width="90"><title>Streep</title><path d="M0 0L9 9"/></svg>'
    parts = [f"<section><h2>{n}</h2><p>{'Een zin. ' * 400}</p></section>" for n in range(4)]
    html = paper("".join([*parts, table.format("a"), table.format("b"), drawn]))
    opened = pikepdf.open(BytesIO(printing.print_paper(html).content))
    assert len(opened.pages) > 2
    found = [len(kinds(opened, kind)) for kind in ("Sect", "Table", "TD", "Figure")]
    assert found == [4, 2, 2, 1]
    left, bottom, right, top = (float(number) for number in kinds(opened, "Figure")[0].A.BBox)
    assert 0 < left < right < 596 and 0 < bottom < top < 843


def test_the_same_page_gives_the_same_bytes(printed: printing.Printed) -> None:
    assert printing.print_paper(paper("<p>Een lange alinea.</p>" * 120)) == printed


def test_what_the_fonts_lack_is_a_box() -> None:
    (text,) = text_of(pdf.render_paper(paper("<p>Goed 👍</p>")).content)
    assert "Goed □" in text and "dit document niet heeft" in text


def test_who_waits_too_long_for_the_papers_of_others_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object, **how: Any) -> None:
        raise AssertionError("printed all the same")

    monkeypatch.setattr(subprocess, "run", never)
    monkeypatch.setattr(printing, "QUEUE", 0.01)
    with printing._turn, pytest.raises(printing.PrintingFailed, match="others are being printed"):
        printing.print_paper("")
