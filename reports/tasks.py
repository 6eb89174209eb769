"""The report's PDF is made by a worker, since it takes seconds."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django_tasks import task

from assessments.models import Adoption
from organisations import walls
from reports import norms, printing
from reports.models import ReportFile, Stage, report_from
from reports.norms import ARCHIVE, COUNCIL
from reports.open_data import csv_of
from reports.report import Report
from reports.style import style_of

if TYPE_CHECKING:
    from reports.sealing import Seal


def ask_for(adoption: Adoption, variant: str = COUNCIL) -> ReportFile:
    """The file of this adoption, made or not; who asks first has it made, an edition's with its twin."""
    file = ReportFile.objects.brief().of(adoption, variant)
    if file is None:
        with transaction.atomic():
            file, is_new = ReportFile.objects.brief().want(adoption, variant)
            if is_new:
                make_report.enqueue(file.pk)
        if is_new and file.edition_id and variant == COUNCIL:
            ask_for(adoption, ARCHIVE)
        file.refresh_from_db(fields=["made_at", "failure", "stage", "sha256", "pages", "size", "checked"])
    return file


def ask_for_editions() -> None:
    """Has the file made of each offered report that nobody opened yet: the council should not wait for it."""
    for adoption in Adoption.objects.filter(edition__isnull=False, edition__files=None):
        ask_for(adoption)


def ask_again(adoption: Adoption, variant: str = COUNCIL) -> None:
    """Has a file that failed made once more; nothing happens to one that is made or being made."""
    file = ask_for(adoption, variant)
    with transaction.atomic():
        if file.again():
            make_report.enqueue(file.pk)


@task()
def make_report(file_id: int) -> None:
    """Makes, checks and keeps a file, unless it is there or nobody wants it any more.

    What goes wrong is kept and raised: PrintingFailed when it cannot be made or does not pass its check.
    """
    found = ReportFile.objects.filter(pk=file_id).select_related("adoption__assessment__organisation")
    with walls.everywhere():
        file = found.first()
    if file is None or file.is_made:
        return
    with walls.only(file.adoption.assessment.organisation_id):
        _make(file)


def _make(file: ReportFile) -> None:
    try:
        content, pages = printed(file)
        file.reach(Stage.CHECKING)
        if found := printing.check_pdf(content, file.variant):
            raise printing.PrintingFailed("\n".join(found))
    except Exception as fault:
        file.fail(f"{type(fault).__name__}: {fault}")
        raise
    file.reach(Stage.KEEPING)
    file.keep(content, pages, norms.said(file.variant))


def printed(file: ReportFile) -> printing.Printed:
    """The PDF and its number of pages. The same order always gives the same bytes, but for a seal.

    Raises SealFailed: a report that should have a seal is not kept without.
    """
    file.reach(Stage.READING)
    seal = _seal_of(file)
    report = report_from(file.adoption, file.beside())
    style = style_of(file.beside().get("style"))
    context = {"report": report, "print": True, "style": style, "sealed": bool(seal)}
    context["check"] = norms.sentence(file.variant)
    html = render_to_string("reports/report/pdf.html", context)
    file.reach(Stage.DRAWING)
    adopted = datetime.combine(date.fromisoformat(report.adopted), time(), UTC)
    inside = attached(file.adoption.document, file.supplement, report) if file.variant == COUNCIL else []
    made = printing.print_pdf(
        html,
        at=adopted,
        variant=file.variant,
        attached=inside,
        style=style.paper,
        files=style.files,
        sealed=bool(seal),
    )
    return made._replace(content=seal.set(made.content)) if seal else made


def _seal_of(file: ReportFile) -> Seal | None:
    """How the organisation seals what it offers to its council; None for a concept, which it never seals."""
    if settings.SEALS is None or file.edition_id is None:
        return None
    from reports.sealing import Seal  # a large library, which no page needs

    return Seal.of(settings.SEALS, file.adoption.assessment.organisation.slug)


def attached(document: str, beside: str, report: Report) -> list[printing.Attached]:
    """The data inside the council's file: what was frozen, byte for byte, and its figures as a table."""
    about = "De vastgestelde gegevens van dit verslag, om de uitkomst na te rekenen"
    return [
        printing.Attached("gegevens.json", about, document),
        printing.Attached("aanvulling.json", "Wat dit verslag naast de uitkomst vertelt", beside),
        printing.Attached("gegevens.csv", "De uitkomst als tabel, een rij per vraag", csv_of(report)),
    ]
