"""The council report: as a list, as a web page, as a PDF and as the data behind it."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import retarget

from assessments.models import Adoption, Annex, Assessment
from organisations.models import User
from organisations.policy import May, may
from organisations.requests import signed_in
from reports import libreoffice, words
from reports.models import ReportFile, report_from
from reports.norms import ARCHIVE, COUNCIL
from reports.tasks import ask_again, ask_for


def visible_to(user: User) -> QuerySet[Adoption]:
    """The adoptions whose report the user may read, the newest first."""
    rounds = Assessment.objects.report_visible_to(user)
    adoptions = Adoption.objects.filter(assessment__in=rounds).select_related("assessment__organisation")
    return adoptions.order_by("assessment__organisation__name", "-assessment__year", "-adopted_at", "-pk")


@require_safe
def list_reports(request: HttpRequest) -> HttpResponse:
    """All reports that the user may read, with the file of those that were offered; none of the documents."""
    adoptions = list(visible_to(signed_in(request)).defer("document"))
    files = ReportFile.objects.brief().filter(
        edition__adoption__in=adoptions, variant=COUNCIL, made_at__isnull=False
    )
    made = {file.adoption_id: file for file in files}
    rows = [(adoption, made.get(adoption.pk)) for adoption in adoptions]
    organisations = {adoption.assessment.organisation_id for adoption in adoptions}
    return render(request, "reports/report/list.html", {"rows": rows, "several": len(organisations) > 1})


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as a web page, and how far its PDF is. A POST has a PDF that failed made again."""
    adoption = get_object_or_404(visible_to(signed_in(request)), pk=pk)
    if request.method == "POST":
        ask_again(adoption)
        return redirect("reports:report", pk)
    file = ask_for(adoption)
    round_ = adoption.assessment
    why = file.failure and may(round_.roles_of(signed_in(request)), May.LEAD_ROUND)
    context: dict[str, object] = {"adoption": adoption, "file": file, "why": file.failure if why else ""}
    if request.headers.get("HX-Request"):
        return progress(request, file, context)
    shown = {
        "report": report_from(adoption, file.beside()),
        "round": round_,
        "step": round_.next_step(signed_in(request)),
        "offers_odt": libreoffice.program() is not None,
        "has_annex": Annex.objects.visible_to(signed_in(request)).filter(adoption=adoption).exists(),
    }
    return render(request, "reports/report/page.html", context | shown)


def progress(request: HttpRequest, file: ReportFile, context: dict[str, object]) -> HttpResponse:
    """The piece of the page that tells of the file, or only its stages as long as it is being made.

    With nothing new htmx leaves the page as it is, and a screen reader stays silent.
    """
    if not file.is_awaited:
        return render(request, "reports/report/file.html", context)
    if request.GET.get("stage") == file.stage:
        return HttpResponse(status=204)
    return retarget(render(request, "reports/report/stages.html", context), "#verslag-stappen")


@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The report's PDF for the council; while it is not there yet, the page that says so."""
    return file_of(request, pk, COUNCIL, "pdf")


@require_safe
def archive_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The same without files inside, for an archive that takes none."""
    return file_of(request, pk, ARCHIVE, "archief.pdf")


def file_of(request: HttpRequest, pk: int, variant: str, ending: str) -> HttpResponse:
    """A file of the report from its row; it is made when nobody asked for it before."""
    adoption = get_object_or_404(visible_to(signed_in(request)).defer("document"), pk=pk)
    file = ReportFile.objects.of(adoption, variant)
    if file is None:
        ask_for(adoption, variant)
        # Read again: a quick worker may have made it meanwhile, and what was asked for knows no bytes.
        file = ReportFile.objects.of(adoption, variant)
    if file is None or not file.is_made:
        if variant == ARCHIVE:
            ask_again(adoption, ARCHIVE)
            messages.info(
                request, "De PDF voor het archief wordt gemaakt. Probeer het over een minuut opnieuw."
            )
        return redirect("reports:report", pk)
    return download(bytes(file.pdf or b""), "application/pdf", f"{file_name(adoption)}.{ending}")


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The frozen document, byte for byte: its SHA-256 is the checksum in the report."""
    adoption = get_object_or_404(visible_to(signed_in(request)), pk=pk)
    return download(adoption.document.encode(), "application/json", f"{file_name(adoption)}.json")


def file_name(adoption: Adoption) -> str:
    """A name for downloads without its ending; no query."""
    round_ = adoption.assessment
    return words.file_name(round_.organisation.name, round_.year, adoption.number)


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to keep. It is never shown within the portal: what is in it can then not act as the portal."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
