"""The confidential annex of a report, as a page and as a PDF. For who may not read it, it does not exist."""

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from assessments.models import Adoption, Annex
from chain.documents import digest as checksum
from organisations.requests import signed_in
from reports import printing
from reports.annex import AnnexPaper
from reports.models import report_of
from reports.report_views import download

logger = logging.getLogger(__name__)


def _annex(request: HttpRequest, pk: int) -> tuple[AnnexPaper, Adoption]:
    """The annex of this adoption, if this reader may see it; raises Http404."""
    annexes = Annex.objects.visible_to(signed_in(request))
    annex = get_object_or_404(annexes.select_related("adoption__assessment__organisation"), adoption=pk)
    if checksum(annex.document) != annex.digest:
        raise ValueError(f"annex {annex.pk} no longer has the digest {annex.digest}")
    return AnnexPaper.of(report_of(annex.adoption), annex.frozen(), annex.digest), annex.adoption


@require_safe
def annex(request: HttpRequest, pk: int) -> HttpResponse:
    """The annex as a page."""
    paper, adoption = _annex(request, pk)
    return render(request, "reports/annex/page.html", {"paper": paper, "adoption": adoption})


@require_safe
def annex_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a PDF, made now: it is kept nowhere."""
    paper, _ = _annex(request, pk)
    html = render_to_string("reports/annex/pdf.html", {"paper": paper})
    try:
        printed = printing.print_paper(html)
    except printing.PrintingFailed:
        logger.exception("the annex of adoption %s could not be printed", pk)
        messages.error(request, "De PDF kon niet gemaakt worden. Probeer het over een minuut opnieuw.")
        return redirect("reports:annex", pk)
    return download(printed.content, "application/pdf", f"{paper.file_name}.pdf")
