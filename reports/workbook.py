"""The figures of the report as a workbook (xlsx): a sheet that explains, and a sheet per subject.

Numbers are numbers, and text is text: what begins like a formula stays as it was written. What the report
does not print is not here either. The same report gives the same bytes.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from organisations.cells import is_formula
from reports.report import Report
from reports.settled import printable, settled
from reports.sheets import Sheet, Value, sheets_of

HEAD: Final = PatternFill("solid", fgColor="1F3A5F")
NARROW, WIDE = 11, 60  # characters; a column is as wide as what is in it, within these
TOP: Final = Alignment(vertical="top")
WRAPPED: Final = Alignment(vertical="top", wrap_text=True)
DAY: Final = "dd-mm-yyyy"


def workbook_of(report: Report) -> bytes:
    """The whole file."""
    book, sheets = Workbook(), sheets_of(report)
    first = book.worksheets[0]
    first.title = "Toelichting"
    _explain(first, report, sheets)
    for sheet in sheets:
        _fill(book.create_sheet(sheet.title), sheet)
    at = datetime.combine(date.fromisoformat(report.adopted), time(), UTC)
    known = book.properties
    known.creator, known.title = printable(report.account.name), printable(report.full_title)
    known.language, known.created = "nl-NL", at.replace(tzinfo=None)
    written = BytesIO()
    book.save(written)
    return settled(written.getvalue(), modified=at)


def _explain(page: Worksheet, report: Report, sheets: Iterable[Sheet]) -> None:
    rows: list[tuple[Value, Value]] = [
        ("Organisatie", report.account.name),
        ("Verslag", report.full_title),
        ("Versie", report.account.round["version"]),
        ("Vastgesteld op", date.fromisoformat(report.adopted)),
        ("Controlegetal van de resultaten", report.checksum),
        (
            "Wat is dit?",
            "De cijfers uit het verslag voor de raad, om mee te werken. Het verslag zelf gaat voor.",
        ),
        ("Niveau", "Van 0 (niet) tot en met 4 (lerend). Er is geen eindcijfer."),
        ("Lege cel", "Hier is geen cijfer. Waarom niet, staat in de kolom Stand."),
        ("Narekenen", "Dat gaat met gegevens.json. Dat bestand zit ook in de PDF."),
        *((f"Blad {sheet.title}", f"{sheet.about}.") for sheet in sheets),
    ]
    _put(page, rows)
    for line in range(1, len(rows) + 1):
        page.cell(line, 1).font = Font(bold=True)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 34, 90


def _fill(page: Worksheet, sheet: Sheet) -> None:
    _put(page, [sheet.head, *sheet.rows])
    for cell in page[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), HEAD
    page.freeze_panes, page.print_title_rows = "A2", "1:1"
    page.page_setup.orientation = "landscape"
    for column in page.columns:
        longest = max(len(str(cell.value or "")) for cell in column)
        letter = column[0].column_letter  # type: ignore[union-attr]  # no cell here is merged
        page.column_dimensions[letter].width = min(WIDE, max(NARROW, longest + 2))


def _put(page: Worksheet, rows: Iterable[Sequence[Value]]) -> None:
    for line, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            cell = page.cell(line, place)
            cell.alignment = TOP
            if isinstance(value, str):
                cell.value = printable(value)
                cell.data_type = "s"  # whatever it begins with
                cell.quotePrefix = is_formula(value)  # and it stays so for who edits the cell
                cell.alignment = WRAPPED
            elif value is not None:
                cell.value = value
            if isinstance(value, date):
                cell.number_format = DAY
