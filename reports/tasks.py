"""The report's PDF is made by a worker, since it takes seconds."""

from datetime import UTC, date, datetime, time
from hashlib import sha256

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from assessments.models import Adoption
from reports import printing
from reports.models import RENDERER, ReportFile, report_of


def ask_for(adoption: Adoption) -> ReportFile:
    """The file of this adoption, made or not; who asks first has it made. One query when it is there."""
    file = ReportFile.objects.current().filter(adoption=adoption).first()
    if file is None:
        with transaction.atomic():
            file, is_new = ReportFile.objects.current().get_or_create(adoption=adoption, renderer=RENDERER)
            if is_new:
                make_report.enqueue(adoption.pk)
        file.refresh_from_db(fields=["made_at", "failure", "sha256", "pages", "size"])
    return file


def ask_again(adoption: Adoption) -> None:
    """Has a file that failed made once more; nothing happens to one that is made or being made."""
    file = ask_for(adoption)
    if not file.has_failed:
        return
    with transaction.atomic():
        asked = ReportFile.objects.filter(pk=file.pk, made_at=None, requested_at=file.requested_at)
        if asked.update(requested_at=timezone.now(), failure=""):
            make_report.enqueue(adoption.pk)


@task()
def make_report(adoption_id: int) -> None:
    """Makes and keeps the PDF of an adoption, unless it is there. What goes wrong is kept and raised."""
    adoption = Adoption.objects.get(pk=adoption_id)
    file, _ = ReportFile.objects.current().get_or_create(adoption=adoption, renderer=RENDERER)
    if file.is_made:
        return
    unmade = ReportFile.objects.filter(pk=file.pk, made_at=None)
    try:
        content, pages = printed(adoption)
    except Exception as fault:
        unmade.update(failure=f"{type(fault).__name__}: {fault}")
        raise
    unmade.update(
        pdf=content,
        sha256=sha256(content).hexdigest(),
        pages=pages,
        size=len(content),
        made_at=timezone.now(),
        failure="",
    )


def printed(adoption: Adoption) -> printing.Printed:
    """The PDF and its number of pages. The same adoption always gives the same bytes."""
    report = report_of(adoption)
    html = render_to_string("reports/report/pdf.html", {"report": report, "print": True})
    adopted = datetime.combine(date.fromisoformat(report.adopted), time(), UTC)
    return printing.print_pdf(html, data=adoption.document, at=adopted)
