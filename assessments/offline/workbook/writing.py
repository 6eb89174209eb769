"""Writes the workbook: what to do, a sheet per link with the questions, and hidden what it belongs to."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from django.utils.formats import date_format
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from assessments.models.answer import TEXT_LIMIT, Content
from assessments.offline.workbook.layout import (
    ABOUT,
    ANSWER,
    ASKED,
    COLUMNS,
    EXPLANATION,
    FACTS,
    FIELDS,
    HELPS_HERE,
    LAYOUT,
    LEVELS,
    NUMBER,
    REASON,
    THEME,
    Stamp,
    answers,
    escaped,
    helps,
    sheet_name,
)
from chain.questionnaire import Link, Question, Questionnaire
from organisations.cells import is_formula

# In characters; together they print on A4 at four fifths of their size, which can still be read.
WIDTHS = {
    NUMBER: 9,
    THEME: 15,
    ASKED: 30,
    LEVELS: 42,
    ANSWER: 15,
    REASON: 20,
    HELPS_HERE: 11,
    EXPLANATION: 45,
}
LINE = Side(style="thin", color="767676")
HEAD = PatternFill("solid", fgColor="1F3A5F")
OURS = PatternFill("solid", fgColor="F2F2F2")  # what may not be changed; the border says it too
TOP = Alignment(vertical="top", wrap_text=True)
A4 = 9  # the number that the format gives this paper


@dataclass(frozen=True)
class Pages:
    """What goes into a workbook: these questions of a questionnaire, with what is stored now."""

    stamp: Stamp
    content: Questionnaire
    questions: tuple[Question, ...]
    stored: Mapping[str, tuple[int, Content]]  # by question id: the version and what it says
    deadline: date | None

    def by_link(self) -> Iterable[tuple[Link, list[Question]]]:
        """The links that have questions here, each with those."""
        for link in self.content.links:
            if mine := [one for one in self.questions if self.content.link_of(one.id).slug == link.slug]:
                yield link, mine


def write(pages: Pages) -> bytes:
    """The workbook as a file. All that is typed stands in it as text: nothing can be computed."""
    book = Workbook()
    properties = book.properties
    properties.title, properties.creator = f"Vragen van {pages.stamp.title}", "Integriteitsportaal"
    properties.language = "nl-NL"
    about = book.active
    assert isinstance(about, Worksheet)
    _explain(about, pages)
    facts = book.create_sheet(FACTS)
    lists = _keep_facts(facts, pages)
    for number, (link, questions) in enumerate(pages.by_link(), 1):
        sheet = book.create_sheet(sheet_name(link), number)
        _ask(sheet, pages, questions, number)
        _offer(sheet, pages, questions, lists)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(sheet: Worksheet, row: int, column: int) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # and not part of a merged one
    return cell


def _put(cell: Cell, text: str) -> None:
    """Text and nothing else, also where it begins like a formula."""
    cell.value = escaped(text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = is_formula(text)


def _explain(sheet: Worksheet, pages: Pages) -> None:
    until = f" tot en met {date_format(pages.deadline, 'j F Y')}" if pages.deadline else ""
    lines = [
        f"Vragen van {pages.stamp.title}",
        f"U kunt dit werkblad invullen zonder verbinding{until}. Elke schakel heeft een eigen blad.",
        "1. Kies bij elke vraag een antwoord uit de lijst in de kolom Antwoord.",
        "2. Kiest u niet van toepassing? Schrijf dan in de kolom Reden waarom. Dat komt in het verslag.",
        "3. Bij niveau 2 en hoger kunt u ook zeggen of het in de praktijk helpt.",
        "4. Schrijf in de kolom Toelichting wat u in de praktijk ziet. Noem geen namen van personen.",
        f"In Reden en Toelichting passen {TEXT_LIMIT} tekens. Met Alt en Enter begint u een nieuwe regel.",
        "Wat u nu in het portaal hebt staan, is al ingevuld. De witte cellen kunt u veranderen.",
        "Er gaat niets vanzelf naar het portaal. Bewaar het werkblad als xlsx-bestand. Lees het zelf in op "
        "de pagina Werken zonder verbinding. U ziet dan eerst wat er verandert.",
        "Formules worden niet overgenomen. Schrijf de uitkomst zelf op.",
        "Geef dit werkblad niet aan anderen. Alleen u kunt het inlezen, en alleen in deze ronde.",
        f"Vragenlijst: versie {pages.stamp.version}.",
    ]
    sheet.title = ABOUT
    sheet.column_dimensions["A"].width = 100
    for number, line in enumerate(lines, 1):
        cell = _cell(sheet, number, 1)
        _put(cell, line)
        cell.alignment, cell.font = TOP, Font(size=16 if number == 1 else 12, bold=number == 1)
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    _set_up_print(sheet)


def _keep_facts(sheet: Worksheet, pages: Pages) -> dict[str, str]:
    """Writes what the workbook belongs to; gives per list of words the cells that hold it."""
    facts = {"layout": LAYOUT, **asdict(pages.stamp)}
    for number, (name, value) in enumerate(facts.items(), 1):
        _put(_cell(sheet, number, 1), name)
        _put(_cell(sheet, number, 2), str(value))
    for number, question in enumerate(pages.questions, 1):
        version, _ = pages.stored.get(question.id, (0, Content()))
        _put(_cell(sheet, number, 4), question.id)
        _put(_cell(sheet, number, 5), str(version))
    lists = {}
    for column, name, words in _lists(pages):
        for number, word in enumerate(words, 1):
            _put(_cell(sheet, number, column), word)
        letter = _cell(sheet, 1, column).column_letter
        lists[name] = f"{FACTS}!${letter}$1:${letter}${len(words)}"
    sheet.sheet_state = "hidden"
    sheet.protection.sheet = True
    return lists


def _lists(pages: Pages) -> Iterable[tuple[int, str, list[str]]]:
    """Per list of words: the column it stands in, its name, the words."""
    for column, cases in ((7, True), (8, False)):
        question = next((one for one in pages.questions if one.cases_only is cases), None)
        if question:
            yield column, _list_of(question), list(answers(question, pages.content))
    yield 9, HELPS_HERE, list(helps())


def _list_of(question: Question) -> str:
    return f"{ANSWER} {question.cases_only}"


def _ask(sheet: Worksheet, pages: Pages, questions: list[Question], number: int) -> None:
    """The questions as a table under one row of headers."""
    for column, name in enumerate(COLUMNS, 1):
        cell = _cell(sheet, 1, column)
        _put(cell, name)
        cell.font, cell.fill, cell.alignment = Font(bold=True, color="FFFFFF"), HEAD, TOP
        sheet.column_dimensions[cell.column_letter].width = WIDTHS[name]
    for row, question in enumerate(questions, 2):
        for column, (name, text) in enumerate(_words(question, pages).items(), 1):
            cell = _cell(sheet, row, column)
            _put(cell, text)
            cell.alignment, cell.border = TOP, Border(LINE, LINE, LINE, LINE)
            cell.protection = Protection(locked=name not in FIELDS)
            if name not in FIELDS:
                cell.fill = OURS
    table = Table(
        displayName=f"Vragen{number}", ref=f"A1:{_cell(sheet, len(questions) + 1, len(COLUMNS)).coordinate}"
    )
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    sheet.add_table(table)
    sheet.freeze_panes = "B2"
    sheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "autoFilter"):
        setattr(sheet.protection, allowed, False)  # False: not forbidden
    sheet.print_title_rows = "1:1"
    _set_up_print(sheet)


def _words(question: Question, pages: Pages) -> dict[str, str]:
    """The text of each column at this question."""
    _, stored = pages.stored.get(question.id, (0, Content()))
    word = {value: text for text, value in answers(question, pages.content).items()}
    helping = {value: text for text, value in helps().items()}
    levels = zip(pages.content.ladder, question.levels, strict=True)
    return {
        NUMBER: question.id,
        THEME: str(pages.content.theme_of(question.id).title),
        ASKED: f"{question.title}\n{question.text}",
        LEVELS: "\n".join(f"{rung.level} {rung.word}: {text}" for rung, text in levels),
        ANSWER: word.get(stored.choice, ""),
        REASON: stored.reason,
        HELPS_HERE: helping.get(stored.helps, ""),
        EXPLANATION: stored.explanation,
    }


def _offer(sheet: Worksheet, pages: Pages, questions: list[Question], lists: Mapping[str, str]) -> None:
    """Lists to choose from, and the longest text that fits."""
    rows = list(enumerate(questions, 2))
    letters = {name: _cell(sheet, 1, column).column_letter for column, name in enumerate(COLUMNS, 1)}
    for name, source in lists.items():
        column = letters[name if name == HELPS_HERE else ANSWER]
        cells = " ".join(f"{column}{row}" for row, one in rows if name in (HELPS_HERE, _list_of(one)))
        if cells:
            rule = DataValidation("list", source, allow_blank=True, sqref=cells, showErrorMessage=True)
            rule.error, rule.errorTitle = "Kies een antwoord uit de lijst.", "Dit antwoord kennen wij niet"
            sheet.add_data_validation(rule)
    for name in (REASON, EXPLANATION):
        cells = f"{letters[name]}2:{letters[name]}{len(questions) + 1}"
        rule = DataValidation("textLength", str(TEXT_LIMIT), operator="lessThanOrEqual", sqref=cells)
        rule.allowBlank = rule.showErrorMessage = True
        rule.error, rule.errorTitle = f"Er passen {TEXT_LIMIT} tekens in.", "De tekst is te lang"
        sheet.add_data_validation(rule)


def _set_up_print(sheet: Worksheet) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.6, header=0.3, footer=0.3)
    assert sheet.sheet_properties.pageSetUpPr is not None
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.right.text = "&P van &N"  # type: ignore[union-attr]  # a sheet always has a footer
