"""The council report: as a list, as a web page, as a PDF and as the data behind it."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Adoption, Assessment
from organisations.models import User
from organisations.requests import signed_in
from reports.models import ReportFile, report_of
from reports.tasks import ask_again, ask_for


def visible_to(user: User) -> QuerySet[Adoption]:
    """The adoptions whose report the user may read, the newest first."""
    rounds = Assessment.objects.report_visible_to(user)
    adoptions = Adoption.objects.filter(assessment__in=rounds).select_related("assessment__organisation")
    return adoptions.order_by("assessment__organisation__name", "-assessment__year", "-adopted_at", "-pk")


@require_safe
def list_reports(request: HttpRequest) -> HttpResponse:
    """All reports that the user may read; two queries, and none of the documents."""
    adoptions = list(visible_to(signed_in(request)).defer("document"))
    files = ReportFile.objects.current().filter(adoption__in=adoptions, made_at__isnull=False)
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
    context: dict[str, object] = {"adoption": adoption, "file": file}
    if request.headers.get("HX-Request"):
        if file.is_awaited:
            return HttpResponse(
                status=204
            )  # nothing new: htmx leaves the page, and a screen reader stays silent
        return render(request, "reports/report/file.html", context)
    round_ = adoption.assessment
    words = {"report": report_of(adoption), "round": round_, "step": round_.next_step(signed_in(request))}
    return render(request, "reports/report/page.html", context | words)


@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The report's PDF; while it is not there yet, the page that says so."""
    adoption = get_object_or_404(visible_to(signed_in(request)), pk=pk)
    file = ask_for(adoption)
    if not file.is_made:
        return redirect("reports:report", pk)
    return download(bytes(file.pdf or b""), "application/pdf", f"{report_of(adoption).file_name}.pdf")


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The frozen document, byte for byte: its SHA-256 is the checksum in the report."""
    adoption = get_object_or_404(visible_to(signed_in(request)), pk=pk)
    name = f"{report_of(adoption).file_name}.json"
    return download(adoption.document.encode(), "application/json", name)


def download(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to keep. It is never shown within the portal: what is in it can then not act as the portal."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
