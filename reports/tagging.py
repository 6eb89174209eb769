"""Better tags than WeasyPrint 70.0 makes by itself, so that a screen reader reads what was written.

WeasyPrint passes the validators of PDF/UA, but a paragraph, list or table that crosses a page becomes two,
running heads are read aloud on every page, header cells have no scope, a figure's box is in the wrong unit
and the language of a part is lost. This module repairs that while the tag tree is built. It wraps two private
functions of `weasyprint.pdf`, so WeasyPrint is pinned, and a test reads the tags back.

Within `better_tags()` one document at a time may be written in a process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

import pydyf  # type: ignore[import-untyped]  # publishes no types
import weasyprint.pdf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import tags

# What WeasyPrint and pydyf hand over has no types of its own: a box of the layout, and a tag (a PDF
# dictionary with S its kind and K its kids).
Box: TypeAlias = Any
Tag: TypeAlias = Any
Pdf: TypeAlias = Any

MADE_FOR: Final = "70.0"  # the version whose private functions are wrapped; with another nothing is printed
SVG: Final = "{http://www.w3.org/2000/svg}"
ARTIFACT_HEADER: Final = "<</Type/Pagination/Subtype/Header>>"
ARTIFACT_FOOTER: Final = "<</Type/Pagination/Subtype/Footer>>"
ARTIFACT_REPEATED: Final = "<</Type/Pagination>>"
ARTIFACT_LAYOUT: Final = "<</Type/Layout>>"
# Kinds that are one thing to the reader, also when the page ends in the middle of it.
MERGED: Final = frozenset(
    {"/Sect", "/Part", "/Art", "/Div", "/P", "/BlockQuote", "/L", "/LI", "/LBody", "/TOC", "/TOCI"}
    | {"/Table", "/TBody", "/TR", "/TD", "/TH", "/Caption"}
)
EMPTY_MEANS_NOTHING: Final = frozenset({"/Span", "/NonStruct", "/Div", "/P", "/LBody", "/Sect"})
PASSED_THROUGH: Final = frozenset(
    {"html", "body"}
)  # they have no tag: what comes out of them is mended already
SCOPES: Final = {"col": "/Column", "colgroup": "/Column", "row": "/Row", "rowgroup": "/Row"}
NUMBERING: Final = {"decimal": "/Decimal", "disc": "/Disc", "circle": "/Circle", "square": "/Square"}
CONTENTS: Final = "report-contents"  # the class of the list that is the table of contents
POINTS_PER_PIXEL: Final = 0.75

if weasyprint.__version__ != MADE_FOR:
    raise ImportError(f"the repairs of tags are made for WeasyPrint {MADE_FOR}, not {weasyprint.__version__}")
_build_box_tree = tags._build_box_tree
_add_tags = tags.add_tags


@contextmanager
def better_tags() -> Iterator[None]:
    """While this is open, documents are written with the repaired tags."""
    weasyprint.pdf.add_tags = add_tags
    try:
        yield
    finally:
        weasyprint.pdf.add_tags = _add_tags


def add_tags(pdf: Pdf, document: Any, pdf_version: Any, page_streams: list[Any]) -> None:
    """Take the place of WeasyPrint's function of this name: tag the document, with the repairs."""
    repair = TagRepair(pdf)
    tags._build_box_tree = repair.build
    try:
        _add_tags(pdf, document, pdf_version, page_streams)
    finally:
        tags._build_box_tree = _build_box_tree
    for page, kinds in repair.artifacts.items():
        _mark_artifacts(page_streams[page].stream, kinds)


def _mark_artifacts(stream: list[Any], kinds: dict[int, str]) -> None:
    """Turn marked content of a page into artifacts; `kinds` has the marks that must change."""
    for i, operator in enumerate(stream):
        if operator == b"BDC" and isinstance(stream[i - 1], dict):
            kind = kinds.get(stream[i - 1].get("MCID", -1))
            if kind:
                stream[i - 2], stream[i - 1] = "/Artifact", kind


class TagRepair:
    """The repairs of one document, with what must be remembered from page to page."""

    def __init__(self, pdf: Pdf) -> None:
        self.pdf = pdf
        self.artifacts: dict[int, dict[int, str]] = {}  # page -> mark -> kind of artifact
        self._open: list[tuple[Any, str | None]] = []  # the HTML elements whose boxes are being built
        self._first: dict[
            tuple[int, str | None], tuple[Tag, int]
        ] = {}  # element -> its first tag and last page
        self._cells: dict[int, Tag] = {}  # HTML cell -> its first tag

    def build(
        self,
        box: Box,
        parent: Tag,
        pdf: Pdf,
        page: int,
        nums: dict[int, Any],
        annotations: list[Any],
        marks: Any,
    ) -> Iterator[Tag]:
        """Take the place of WeasyPrint's `_build_box_tree`: the repaired tags of a box, with their kids."""
        box = _unwrapped(box)
        element, name = box.element, None if box.element is None else box.element_tag
        inner = element is not None and bool(self._open) and self._open[-1] == (element, name)
        if kind := self._artifact_kind(box, name, page, inner):
            self._forget(box, page, nums, marks, kind)
            return
        self._open.append((element, name))
        for tag in _build_box_tree(box, parent, pdf, page, nums, annotations, marks):
            if not tag["K"] and tag["S"] in EMPTY_MEANS_NOTHING:
                continue
            if inner and tag["S"] == parent["S"]:
                tag["S"] = "/NonStruct"  # a box that layout put into a heading is not a second heading
            if element is None or inner or name in PASSED_THROUGH:
                yield tag
                continue
            self._mend(tag, box, page)
            if not self._merged(tag, (id(element), name), page):
                yield tag
        self._open.pop()

    def _artifact_kind(self, box: Box, name: str | None, page: int, inner: bool) -> str | None:
        """The kind of artifact that this box is, None for content."""
        if isinstance(box, boxes.MarginBox):
            return ARTIFACT_HEADER if box.at_keyword.startswith("@top") else ARTIFACT_FOOTER
        if _attributes(box).get("aria-hidden") == "true":
            return ARTIFACT_LAYOUT
        first = self._first.get((id(box.element), name))
        if name == "thead" and not inner and first is not None and first[1] != page:
            return ARTIFACT_REPEATED
        return None

    def _forget(self, box: Box, page: int, nums: dict[int, Any], marks: Any, kind: str) -> None:
        """Leave this box and all in it out of the tags."""
        box = _unwrapped(box)
        if isinstance(box, boxes.TextBox | boxes.ReplacedBox):
            mark = marks.pop(box, None)
            if mark:
                nums[mark["mcid"]] = b"null"
                self.artifacts.setdefault(page, {})[mark["mcid"]] = kind
            return
        if isinstance(box, boxes.TableCellBox):
            box.mark = {}
        for child in getattr(box, "children", ()):
            self._forget(child, page, nums, marks, kind)

    def _mend(self, tag: Tag, box: Box, page: int) -> None:
        """Repair what one tag says about itself."""
        attributes, kind = _attributes(box), tag["S"]
        if kind in ("/TH", "/TD"):
            self._cells.setdefault(id(box.element), tag)
        if kind == "/TH":
            tag["A"]["Scope"] = SCOPES.get(attributes.get("scope", ""), "/Column")
        elif kind == "/Figure":
            self._mend_figure(tag, box, page)
        elif kind == "/L":
            self._mend_list(tag, box)
        elif kind == "/Link" and box.link_annotation is not None:
            text = attributes.get("aria-label") or " ".join("".join(box.element.itertext()).split())
            box.link_annotation["Contents"] = pydyf.String(text)
        elif kind == "/Table":
            self._point_at_first_headers(box)
        if attributes.get("lang") and box.element_tag != "html" and "::" not in box.element_tag:
            tag["Lang"] = pydyf.String(attributes["lang"])

    def _mend_figure(self, tag: Tag, box: Box, page: int) -> None:
        """The box in points from the bottom left; title and description together are the alternative text."""
        height = self._object(self.pdf.page_references[page])["MediaBox"][3]
        left, top, right, bottom = (value * POINTS_PER_PIXEL for value in tag["A"]["BBox"])
        tag["A"]["BBox"] = pydyf.Array((left, height - bottom, right, height - top))
        texts = [box.element.findtext(f"{SVG}{name}") for name in ("title", "desc")]
        tag["Alt"] = pydyf.String(". ".join(text.strip(" .") for text in texts if text) + ".")

    def _mend_list(self, tag: Tag, box: Box) -> None:
        if CONTENTS not in _attributes(box).get("class", "").split():
            numbering = NUMBERING.get(str(box.style["list_style_type"]), "/None")
            tag["A"] = pydyf.Dictionary({"O": "/List", "ListNumbering": numbering})
            return
        tag["S"] = "/TOC"
        for item in map(self._object, tag["K"]):
            item["S"] = "/TOCI"
            for body in map(self._object, item["K"]):
                if body["S"] == "/LBody":
                    body["S"] = "/Reference"

    def _merged(self, tag: Tag, key: tuple[int, str | None], page: int) -> bool:
        """Whether the tag went into the one that its element already has, made on an earlier page."""
        first, last_page = self._first.get(key, (None, page))
        if first is None:
            self._first[key] = (tag, page)
            return False
        if last_page == page or tag["S"] not in MERGED or first["S"] != tag["S"]:
            return False
        self._merge(first, tag)
        self._first[key] = (first, page)
        return True

    def _merge(self, first: Tag, tag: Tag) -> None:
        """Move the kids of a tag into the first tag of the same element."""
        for reference in tag["K"]:
            kid = self._object(reference) if isinstance(reference, bytes) else None
            if kid is not None and kid.get("Type") == "/StructElem":
                body = self._body(first) if (tag["S"], kid["S"]) == ("/LI", "/LBody") else None
                if body is not None:
                    self._merge(body, kid)
                    continue
                kid["P"] = first.reference
            first["K"].append(reference)

    def _body(self, item: Tag) -> Tag | None:
        return next((kid for kid in map(self._object, item["K"]) if kid["S"] == "/LBody"), None)

    def _point_at_first_headers(self, table: Box) -> None:
        """Repeated header cells are artifacts: cells on later pages point to those of the first page."""
        cells = list(_cells(table))
        first = {
            cell.mark["ID"].string: self._cells[id(cell.element)]["ID"]
            for cell in cells
            if cell.mark and "S" not in cell.mark and "ID" in cell.mark and id(cell.element) in self._cells
        }
        for cell in cells:
            layout = cell.mark.get("A") if cell.mark else None
            if first and layout and "Headers" in layout:
                layout["Headers"] = pydyf.Array(first.get(h.string, h) for h in layout["Headers"])

    def _object(self, reference: bytes) -> Tag:
        return self.pdf.objects[int(reference.split()[0])]


def _unwrapped(box: Box) -> Box:
    return box._box if isinstance(box, AbsolutePlaceholder) else box


def _attributes(box: Box) -> dict[str, str]:
    """The attributes of the HTML element behind a box, none for anonymous boxes and pseudo-elements' text."""
    attributes: dict[str, str] = getattr(box.element, "attrib", {})
    return attributes


def _cells(box: Box) -> Iterator[Box]:
    for child in getattr(box, "children", ()):
        if isinstance(child, boxes.TableCellBox):
            yield child
        else:
            yield from _cells(child)
