"""The other forms of a report: its first page, two drafts, the figures, and the data beside the results.

All public: they are made of the report alone, which holds nothing else (reports/report.py).
"""

import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from assessments.models import Assessment, Edition
from assessments.models.accounting import BEFORE_THE_COUNCIL
from assessments.models.edition import supplement as supplement_of
from assessments.status import FROZEN
from chain.documents import canonical_json
from organisations.requests import signed_in
from reports import council_papers, libreoffice, printing
from reports.models import report_from, report_of
from reports.open_data import csv_of
from reports.paper_parts import Paper
from reports.report import Report
from reports.report_views import download, visible_to
from reports.word_file import word_file
from reports.workbook import workbook_of

logger = logging.getLogger(__name__)
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT: Final = "application/vnd.oasis.opendocument.text"


def _report(request: HttpRequest, pk: int) -> Report:
    """The report of this adoption, if this reader may see it; raises Http404."""
    return report_of(get_object_or_404(visible_to(signed_in(request)), pk=pk))


def _adopted(report: Report) -> datetime:
    return datetime.combine(date.fromisoformat(report.adopted), time(), UTC)


@require_safe
def covering_page(request: HttpRequest, pk: int) -> HttpResponse:
    """How the covering page becomes with what was saved; before the adoption with the results of now."""
    user = signed_in(request)
    rounds = Assessment.objects.editable_by(user).filter(status__in=[*BEFORE_THE_COUNCIL, *FROZEN])
    round_ = get_object_or_404(rounds.select_related("organisation"), pk=pk)
    if round_.is_frozen and round_.adoption:
        report = report_of(round_.adoption)
    else:
        round_.adoption = round_.drawn_up(user)  # what is compared with last year is this
        report = report_from(round_.adoption, supplement_of(round_.adoption))
    return render(request, "reports/covering_page.html", {"round": round_, "report": report})


@require_safe
def brief_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The covering page by itself, made now."""
    report = _report(request, pk)
    html = render_to_string("reports/report/brief_pdf.html", {"report": report, "print": True})
    try:
        printed = printing.print_page(html, at=_adopted(report))
    except printing.PrintingFailed:
        logger.exception("the covering page of adoption %s could not be printed", pk)
        return _sorry(request, pk)
    return download(printed.content, "application/pdf", f"{report.file_name}-oplegger.pdf")


@require_safe
def letter(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The draft of the information letter."""
    return _draft(request, pk, form, council_papers.letter)


@require_safe
def proposal(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The draft of the proposal."""
    return _draft(request, pk, form, council_papers.proposal)


def _draft(request: HttpRequest, pk: int, form: str, make: Callable[[Report], Paper]) -> HttpResponse:
    """A draft as docx; as odt where LibreOffice can make that of it, elsewhere that does not exist."""
    if form not in ("docx", "odt") or (form == "odt" and libreoffice.program() is None):
        raise Http404
    report = _report(request, pk)
    paper = make(report)
    foot = f"{report.full_title}, {report.version}"
    made = word_file(paper, author=report.account.name, foot=foot, at=_adopted(report))
    name = f"{report.file_name}-concept-{paper.kind.split()[0].lower()}"
    if form == "docx":
        return download(made, DOCX, f"{name}.docx")
    try:
        return download(libreoffice.to_odt(made), ODT, f"{name}.odt")
    except libreoffice.ConversionFailed:
        logger.exception("a draft of adoption %s could not be converted", pk)
        return _sorry(request, pk)


@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures as a workbook."""
    report = _report(request, pk)
    return download(workbook_of(report), XLSX, f"{report.file_name}-cijfers.xlsx")


@require_safe
def csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The results as open data, a row per question."""
    report = _report(request, pk)
    return download(csv_of(report).encode(), "text/csv; charset=utf-8", f"{report.file_name}.csv")


@require_safe
def supplement(request: HttpRequest, pk: int) -> HttpResponse:
    """What goes with the results: byte for byte as it was frozen, of a concept as it stands now."""
    report = _report(request, pk)
    edition = Edition.objects.filter(adoption=pk).first()
    text = edition.document if edition else canonical_json(report.account.supplement)
    return download(text.encode(), "application/json", f"{report.file_name}-aanvulling.json")


def _sorry(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, "Het bestand kon niet gemaakt worden. Probeer het over een minuut opnieuw.")
    return redirect("reports:report", pk)
