"""From HTML to PDF: the one module that knows WeasyPrint.

The report is PDF/A-3a (archive) and PDF/UA-1 (accessible) at once, with its data inside as associated files;
its twin for an archive and any other paper, which have nothing inside, are PDF/A-2a and PDF/UA-1. The same
input gives the same bytes: fonts, style and dates come from the repository and the caller only.
"""

import json
import logging
import os
import re
import sys
import threading
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from typing import Any, Final

# WeasyPrint reads this once, when it is imported, and in C: it must be in the environment before.
os.environ["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))

import pydyf  # type: ignore[import-untyped]  # publishes no types
import weasyprint
from fontTools.ttLib import TTFont
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reports.norms import ARCHIVE, COUNCIL
from reports.printing import NOTHING
from reports.seal_field import add_seal_field
from reports.streams import clear_ends
from reports.tagging import SVG, better_tags

STATIC: Final = Path(__file__).resolve().parent.parent / "static"
BUILT: Final = STATIC / "build"
PDF_VARIANTS: Final = {COUNCIL: "pdf/a-3a", ARCHIVE: "pdf/a-2a"}  # as WeasyPrint calls them
GIVEN: Final = "portal:"  # begins the address of a file that came with the order
TEXT: Final = re.compile(r"(?<=>)[^<>]+(?=<)")
_LETTER: Final = r"(?:&#?\w+;|[^\s<>&])"  # in HTML
ENDLESS: Final = re.compile(f"{_LETTER}{{81,}}")  # longer than a checksum, which must stay whole to be copied
PIECE: Final = re.compile(f"{_LETTER}{{20}}")
BREAK: Final = "\u200b"  # a space of no width
BOX: Final = "□"
BOX_MEANING: Final = "Een □ staat voor een teken dat het lettertype van dit verslag niet heeft."
BOX_MEANING_ON_PAPER: Final = BOX_MEANING.replace("dit verslag", "dit document")

# WeasyPrint writes one claim only, PDF/A or PDF/UA. And PDF/A asks that a file explains metadata that PDF/A
# does not know, such as the claim to be PDF/UA.
UA_CLAIM: Final = b"""<rdf:Description rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description></rdf:li></rdf:Seq>
</pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""

# Whatever the settings say of logging: a warning must reach `_complaints`. Progress is told at every step.
logging.getLogger("weasyprint").setLevel(logging.WARNING)
logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)

_one_at_a_time = threading.Lock()  # the tag repairs replace functions of WeasyPrint while a file is written


class RenderFailed(Exception):
    """The PDF was not made well; the message has what WeasyPrint said about it, a line each."""


@dataclass(frozen=True, slots=True)
class Rendered:
    content: bytes
    pages: int


class OwnFiles(URLFetcher):  # type: ignore[misc]  # the base class has no types
    """Fetches files below static/ and those that came with the order: no network, no other file here."""

    def __init__(self, given: Mapping[str, bytes] = NOTHING) -> None:
        super().__init__()
        self._given = given

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        name = url.removeprefix(GIVEN)
        if url.startswith(GIVEN) and name in self._given:
            return URLFetcherResponse(url, self._given[name], {"Content-Type": guess_type(name)[0] or ""})
        path = Path(url.removeprefix("file://")).resolve()
        if not url.startswith("file:///") or not path.is_relative_to(STATIC):
            raise ValueError(f"not a file of the portal: {url}")
        return super().fetch(url, headers)


def render(
    html: str,
    *,
    at: datetime,
    variant: str = COUNCIL,
    attached: Sequence[Mapping[str, str]] = (),
    style: str = "",
    files: Mapping[str, bytes] = NOTHING,
    sealed: bool = False,
) -> Rendered:
    """The PDF of a whole HTML page of a report; `printing.print_pdf` tells what the arguments are.

    Raises RenderFailed for anything that WeasyPrint warns of: it draws on after a fault, and a broken picture
    would go unseen. Not for more than one thread at a time (they wait for each other).
    """
    if attached and variant != COUNCIL:
        raise RenderFailed(f"{variant}: this PDF can have no files inside")
    inside = [_attachment(one, at) for one in attached]
    page = _printable(html, BOX_MEANING)
    return _render(page, ["report.css"], PDF_VARIANTS[variant], style, files, inside, sealed)


def render_paper(html: str, *, style: str = "", files: Mapping[str, bytes] = NOTHING) -> Rendered:
    """The PDF of a whole HTML page with nothing inside it: other papers than the report. Raises RenderFailed.

    The body's data-head and data-foot stand at the top (not of the first page) and the foot of its pages.
    """
    page = _printable(html, BOX_MEANING_ON_PAPER)
    return _render(page, ["report.css", "paper.css"], PDF_VARIANTS[ARCHIVE], style, files, [])


def _attachment(one: Mapping[str, str], at: datetime) -> Any:
    return weasyprint.Attachment(
        string=one["text"],
        name=one["name"],
        description=one["description"],
        relationship="Data",
        created=at,
        modified=at,
    )


def _render(
    html: str,
    sheets: Iterable[str],
    variant: str,
    style: str,
    files: Mapping[str, bytes],
    attachments: list[Any],
    sealed: bool = False,
) -> Rendered:
    fetcher = OwnFiles(files)
    with _one_at_a_time, _complaints() as complaints:
        page = weasyprint.HTML(string=html, base_url=STATIC.as_uri() + "/", url_fetcher=fetcher)
        _style_pictures(page.etree_element)
        own = [weasyprint.CSS(string=style, url_fetcher=fetcher)] if style else []
        document = page.render(
            font_config=_fonts(), stylesheets=[*(_stylesheet(name) for name in sheets), *own]
        )
        with better_tags(), clear_ends():
            content: bytes = document.write_pdf(
                finisher=_finish_with_field if sealed else _finish,
                pdf_variant=variant,
                attachments=attachments,
            )
    if complaints.lines:
        raise RenderFailed("\n".join(complaints.lines))
    return Rendered(content, len(document.pages))


def _printable(html: str, meaning: str) -> str:
    """The page with a box in place of every character that the fonts lack, and a sentence that says so.

    People type and paste anything, emoji too; the text is frozen by then, and a report must still come.
    """
    missing = {
        ord(letter): BOX for letter in set(html) if not letter.isspace() and ord(letter) not in _letters()
    }
    if missing:
        html = html.translate(missing).replace("</body>", f"<p>{meaning}</p></body>")
    return TEXT.sub(lambda text: ENDLESS.sub(_with_breaks, text[0]), html)


def _with_breaks(word: re.Match[str]) -> str:
    """A word that no line can hold, with places where it may break.

    `overflow-wrap: anywhere` would do that as well, but WeasyPrint then tries each letter of it again and
    again: minutes for 4,000 of them.
    """
    return PIECE.sub(lambda piece: piece[0] + BREAK, word[0])


@cache
def _letters() -> frozenset[int]:
    """The characters that every one of the fonts can print."""
    known = []
    for path in (BUILT / "fonts" / "pdf").glob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            known.append(set(font.getBestCmap()))
    return frozenset(set.intersection(*known))


class _complaints(logging.Handler):
    """Collects, while it is open, every warning and error of WeasyPrint."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())

    def __enter__(self) -> "_complaints":
        logging.getLogger("weasyprint").addHandler(self)
        return self

    def __exit__(self, *fault: object) -> None:
        logging.getLogger("weasyprint").removeHandler(self)


@cache
def _fonts() -> Any:
    return FontConfiguration()


@cache
def _stylesheet(name: str) -> Any:
    return weasyprint.CSS(filename=BUILT / name, font_config=_fonts(), url_fetcher=OwnFiles())


@cache
def _picture_style() -> str:
    return (BUILT / "pictures.css").read_text(encoding="utf-8")


def _style_pictures(page: Any) -> None:
    """Put the colours into each picture: WeasyPrint applies no style sheet of the page to an inline SVG."""
    for picture in page.iter(f"{SVG}svg"):
        style = picture.makeelement(f"{SVG}style", {})
        style.text = _picture_style()
        picture.append(style)


def _finish(document: Any, pdf: Any) -> None:
    """Claim PDF/UA beside PDF/A, and set right what WeasyPrint leaves: a double entry, a packed stream."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream = [b"".join(metadata.stream).replace(b"</rdf:RDF>", UA_CLAIM)]
    metadata.compress = False
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def _finish_with_field(document: Any, pdf: Any) -> None:
    _finish(document, pdf)
    add_seal_field(pdf)


def main() -> None:
    """Does one order of `reports.printing` from standard input: prints the number of pages, then the PDF."""
    order = json.load(sys.stdin)
    order["files"] = {name: b64decode(one) for name, one in order["files"].items()}
    try:
        if "variant" in order:
            order["at"] = datetime.fromisoformat(order["at"])
            made = render(**order)
        else:
            made = render_paper(**order)
    except RenderFailed as fault:
        sys.exit(str(fault))
    sys.stdout.buffer.write(b"%d\n" % made.pages + made.content)


if __name__ == "__main__":
    main()
