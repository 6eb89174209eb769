"""From the words of a paper to a Word file: the one module that knows python-docx.

Real styles, lists, header rows and a language, so that it can be gone on with and read aloud; its look is
plain, for the municipality's own template to take over. The same paper gives the same bytes.
"""

from datetime import datetime
from io import BytesIO
from typing import Any, Final

import docx
from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Line

from reports.paper_parts import Block, Fill, Items, Paper, Paragraph, Section, Table, Words
from reports.settled import printable, settled

FONT: Final = "Arial"
INK: Final = RGBColor(0x1F, 0x29, 0x37)
LANGUAGE: Final = "nl-NL"
THUMBNAIL: Final = "/docProps/thumbnail.jpeg"  # of an empty page of python-docx's own
TOGETHER: Final = 8  # rows; so short a table stays on one page
NOTICE: Final = "Dit is een concept. Vul in wat geel is en tussen [ ] staat, en haal deze regel daarna weg."


def word_file(paper: Paper, *, author: str, foot: str, at: datetime) -> bytes:
    """The paper as docx, dated `at`; `foot` stands below each page."""
    document = docx.Document()
    _style(document)
    _properties(document, paper, author, at)
    _frame(document, paper, foot)
    document.add_paragraph(f"Concept-{paper.kind[0].lower()}{paper.kind[1:]}", "Subtitle")
    document.add_paragraph(printable(paper.title), "Title")
    _marked(document.add_paragraph().add_run(NOTICE))
    for name, value in paper.facts:
        line = document.add_paragraph(style="No Spacing")
        line.add_run(f"{name}: ").bold = True
        _write(line, value)
    for section in paper.sections:
        _section(document, section)
    _forget_thumbnail(document)
    written = BytesIO()
    document.save(written)
    return settled(written.getvalue(), modified=at)


def _section(document: Document, section: Section) -> None:
    document.add_heading(printable(section.title), section.level)
    for block in section.blocks:
        _block(document, block)


def _block(document: Document, block: Block) -> None:
    if isinstance(block, Paragraph):
        line = document.add_paragraph()
        for part in block.parts:
            _write(line, part)
    elif isinstance(block, Items):
        for item in block.items:
            _write(document.add_paragraph(style="List Number" if block.numbered else "List Bullet"), item)
    else:
        _table(document, block)


def _table(document: Document, block: Table) -> None:
    document.add_paragraph(printable(block.title), "Caption").paragraph_format.keep_with_next = True
    table = document.add_table(1, len(block.head), "Table Grid")
    _describe(table, block.title)
    for cell, title in zip(table.rows[0].cells, block.head, strict=True):
        cell.paragraphs[0].add_run(title).bold = True
    _repeat(table.rows[0])
    for row in block.rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            _write(cell.paragraphs[0], value)
    if len(block.rows) <= TOGETHER:
        for shown in table.rows[:-1]:
            shown.cells[0].paragraphs[0].paragraph_format.keep_with_next = True
    document.add_paragraph(style="No Spacing")


def _write(line: Line, part: Words) -> None:
    if isinstance(part, Fill):
        _marked(line.add_run(f"[in te vullen: {part.text}]"))
    else:
        line.add_run(printable(part))


def _marked(run: Any) -> None:
    """Yellow, for the eye; the brackets say it to who does not see colour."""
    run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def _style(document: Document) -> None:
    """Black letters of one family, room between paragraphs, and Dutch for spelling and reading aloud."""
    for name in ("Normal", "No Spacing", "Title", "Subtitle", "Caption", "Heading 1", "Heading 2"):
        style: Any = document.styles[name]
        style.font.name = FONT
        style.font.color.rgb = INK
        style.font.italic = False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    sizes = {
        "Normal": 11,
        "No Spacing": 11,
        "Title": 20,
        "Subtitle": 12,
        "Caption": 10,
        "Heading 1": 14,
        "Heading 2": 12,
    }
    for name, size in sizes.items():
        document.styles[name].font.size = Pt(size)
    document.styles["Normal"].paragraph_format.space_after = Pt(6)
    for found in document.styles.element.iter(qn("w:lang")):
        found.set(qn("w:val"), LANGUAGE)


def _properties(document: Document, paper: Paper, author: str, at: datetime) -> None:
    known = document.core_properties
    known.title, known.author, known.last_modified_by = f"Concept: {paper.title}", author, author
    known.subject, known.comments, known.language = paper.kind, "", LANGUAGE
    known.created = known.modified = at
    known.revision = 1


def _frame(document: Document, paper: Paper, foot: str) -> None:
    """The margins, and what stands above and below each page."""
    part = document.sections[0]
    part.page_width, part.page_height = Cm(21), Cm(29.7)
    part.left_margin = part.right_margin = Cm(2.5)
    part.top_margin = part.bottom_margin = Cm(2.5)
    part.header.paragraphs[0].text = f"Concept · {paper.kind}"
    line = part.footer.paragraphs[0]
    line.add_run(f"{printable(foot)} · Pagina ")
    _field(line, "PAGE")
    line.add_run(" van ")
    _field(line, "NUMPAGES")


def _field(line: Line, code: str) -> None:
    """What Word computes itself, such as the number of the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    line._p.append(field)


def _repeat(row: Any) -> None:
    """Makes the row the head of its table: read with each cell, and repeated on a next page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _describe(table: Any, title: str) -> None:
    """Gives the table its alternative text."""
    properties = table._tbl.tblPr
    for name in ("w:tblCaption", "w:tblDescription"):
        found = OxmlElement(name)
        found.set(qn("w:val"), printable(title))
        properties.append(found)


def _forget_thumbnail(document: Document) -> None:
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if not relation.is_external and str(relation.target_part.partname) == THUMBNAIL:
            package.rels.pop(key)
