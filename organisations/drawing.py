"""A logo as SVG, built anew from what a drawing needs. Pure: no Django, no network, no other file.

Nothing is copied as it stands: shapes, groups, gradients and clips are written again from a list, with their
ids renamed, and styles become attributes. What is not on the list (scripts, events, links, styles that load
something, fonts, animation) is left out, and what would change the picture unseen is refused. An SVG cannot
be made safe by taking away what is known to be bad: the list has to be of what is good.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

SVG: Final = "http://www.w3.org/2000/svg"
XLINK: Final = "http://www.w3.org/1999/xlink"
MAX_BYTES: Final = 200_000
MAX_ELEMENTS: Final = 3_000
MAX_DEPTH: Final = 40
MAX_RATIO: Final = 12  # of width to height, or height to width

_PAINT: Final = (
    *("fill", "fill-opacity", "fill-rule", "opacity", "stroke", "stroke-dasharray", "stroke-dashoffset"),
    *("stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width"),
    *("clip-path", "clip-rule", "color", "display", "visibility", "stop-color", "stop-opacity"),
)
_GRADIENT = ("gradientUnits", "gradientTransform", "spreadMethod", "href")
# What an element may have beside an id, a transform and how it is painted.
ELEMENTS: Final = {
    "svg": (),
    "g": (),
    "defs": (),
    "path": ("d",),
    "rect": ("x", "y", "width", "height", "rx", "ry"),
    "circle": ("cx", "cy", "r"),
    "ellipse": ("cx", "cy", "rx", "ry"),
    "line": ("x1", "y1", "x2", "y2"),
    "polyline": ("points",),
    "polygon": ("points",),
    "linearGradient": ("x1", "y1", "x2", "y2", *_GRADIENT),
    "radialGradient": ("cx", "cy", "r", "fx", "fy", *_GRADIENT),
    "stop": ("offset",),
    "clipPath": ("clipPathUnits",),
    "use": ("x", "y", "width", "height", "href"),
}
_REFUSED: Final = {
    "text": "In dit logo staat tekst met een lettertype. Zet de tekst om in lijnen (contouren) en bewaar het "
    "opnieuw.",
    "image": "In dit logo zit een foto. Kies een PNG, of een SVG met alleen lijnen en vlakken.",
}
_NO_SVG: Final = "Dit bestand is geen goede SVG. Bewaar het logo opnieuw als SVG, of kies een PNG."
# No colon, slash, quote or backslash: no address of anything else can be written with these.
_VALUE = re.compile(r"[\w\s.,;#%+()-]*", re.ASCII)
_INSIDE = re.compile(r"url\(\s*['\"]?#([\w.-]{1,100})['\"]?\s*\)")
_FUNCTION = re.compile(r"([\w-]+)\s*\(", re.ASCII)
_FUNCTIONS = {"rgb", "rgba", "hsl", "hsla", "matrix", "translate", "scale", "rotate", "skewx", "skewy"}
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_CLASS = re.compile(r"\.([A-Za-z_][\w-]*)", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", re.ASCII)


class LogoRefused(Exception):
    """The file cannot be a logo; its text says why and what helps, in Dutch."""


@dataclass
class Element:
    """An element as it was read: names of SVG only, `attributes` without any namespace but xlink:href."""

    name: str
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def walk(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Drawing:
    """The logo as it may be shown; sizes in its own units. `left_out` are the names of what it lost."""

    content: bytes
    width: float
    height: float
    left_out: tuple[str, ...]


def rebuilt(content: bytes) -> Drawing:
    """The drawing of this SVG, built anew; the same file gives the same bytes. Raises `LogoRefused`."""
    if len(content) > MAX_BYTES:
        raise LogoRefused(f"Deze SVG is te groot: hoogstens {MAX_BYTES // 1000} kB.")
    root, left_out = _Reader().read(content)
    _styled(root)
    box = _box(root)
    _named_anew(root)
    _refuse_loops(root)
    x, y, width, height = (f"{number:g}" for number in box)
    root.attributes = {"viewBox": f"{x} {y} {width} {height}", "width": width, "height": height}
    if not any(one.name not in ("svg", "g", "defs") for one in root.walk()):
        raise LogoRefused("In deze SVG staat niets dat getekend kan worden.")
    written = f'<svg xmlns="{SVG}"{_written(root)[4:]}'
    return Drawing(written.encode(), box[2], box[3], tuple(sorted(left_out)))


class _Reader:
    """Reads XML without document type, entities or anything from elsewhere, into elements of the list."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element | None] = []  # None for what is left out, with all that is in it
        self.left_out: set[str] = set()
        self.count = 0

    def read(self, content: bytes) -> tuple[Element, set[str]]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = lambda name: self.open.pop()
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = parser.SkippedEntityHandler = self._entity
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError) as fault:
            raise LogoRefused(_NO_SVG) from fault
        if self.root is None:
            raise LogoRefused(_NO_SVG)
        return self.root, self.left_out

    def _doctype(self, name: str, system: str | None, public: str | None, inside: int) -> None:
        # Drawing programs write one without anything in it; nobody reads what it points to.
        if inside:
            self._entity()

    def _entity(self, *declared: object) -> None:
        raise LogoRefused(
            "In deze SVG worden eigen afkortingen gebruikt (entities). Bewaar het als gewone SVG."
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        self.count += 1
        if self.count > MAX_ELEMENTS or len(self.open) >= MAX_DEPTH:
            raise LogoRefused(
                "Deze tekening is te ingewikkeld voor een logo. Maak haar eenvoudiger, of kies een PNG."
            )
        if self.root is None and (space, local) != (SVG, "svg"):
            raise LogoRefused(_NO_SVG)
        outside = bool(self.open) and self.open[-1] is None
        if space != SVG or outside:
            self.open.append(None)
            return
        if local in _REFUSED:
            raise LogoRefused(_REFUSED[local])
        local = "g" if local in ("a", "switch") else local  # a link or a choice is drawn as what is in it
        if local not in ELEMENTS and local != "style":
            if local not in ("title", "desc", "metadata"):
                self.left_out.add(local)
            self.open.append(None)
            return
        element = Element(local, dict(_plain(attributes)))
        if self.root is None:
            self.root = element
        elif parent := self.open[-1]:
            parent.children.append(element)
        self.open.append(element)

    def _text(self, text: str) -> None:
        if self.open and (here := self.open[-1]) and here.name == "style":
            here.text += text


def _plain(attributes: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in attributes.items():
        space, _, local = name.rpartition(" ")
        if not space or (space == XLINK and local == "href"):
            yield local, value


def _styled(root: Element) -> None:
    """Writes what style sheets and style attributes say as attributes, and takes those away."""
    classes: dict[str, dict[str, str]] = {}
    for one in root.walk():
        if one.name == "style":
            _read_sheet(one.text, classes)
    for one in root.walk():
        own = one.attributes
        for name in own.pop("class", "").split():
            own.update(classes.get(name, {}))
        own.update(_declarations(own.pop("style", "")))
        one.children = [child for child in one.children if child.name != "style"]


def _read_sheet(text: str, classes: dict[str, dict[str, str]]) -> None:
    """Adds what a sheet says of classes; any other selector is left out."""
    for selectors, body in _RULE.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)):
        for selector in selectors.split(","):
            if found := _CLASS.fullmatch(selector.strip()):
                classes.setdefault(found[1], {}).update(_declarations(body))


def _declarations(text: str) -> dict[str, str]:
    pairs = (one.partition(":") for one in text.split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if name.strip() in _PAINT}


def _box(root: Element) -> tuple[float, float, float, float]:
    """Where the drawing is: its viewBox, or its size. Raises `LogoRefused` without either."""
    numbers = [float(one) for one in _NUMBER.findall(root.attributes.get("viewBox", ""))]
    if len(numbers) != 4:
        sizes = [_NUMBER.match(root.attributes.get(side, "")) for side in ("width", "height")]
        numbers = [0.0, 0.0, *(float(size[0]) for size in sizes if size)]
    if len(numbers) != 4 or not all(abs(one) < 1e6 for one in numbers):
        raise LogoRefused("Deze SVG zegt niet hoe groot zij is (viewBox). Bewaar het logo opnieuw als SVG.")
    x, y, width, height = numbers
    if min(width, height) <= 0.01 or not 1 / MAX_RATIO <= width / height <= MAX_RATIO:
        raise LogoRefused("Dit logo is veel te smal of te laag. Snijd het bij tot het logo zelf.")
    return x, y, width, height


def _named_anew(root: Element) -> None:
    """Keeps the attributes of the list whose value is safe, with ids and what points to them renamed."""
    ids = {one.attributes["id"] for one in root.walk() if "id" in one.attributes}
    names = {old: f"logo-{number}" for number, old in enumerate(sorted(ids), 1)}
    for one in root.walk():
        kept = {}
        for name in ("id", "transform", *_PAINT, *ELEMENTS[one.name]):
            value = _safe(name, one.attributes.get(name, ""), names)
            if value:
                kept[name] = value
        one.attributes = kept


def _safe(name: str, value: str, names: dict[str, str]) -> str:
    """The value as it may be written, empty when it may not."""
    value = value.strip().removesuffix("!important").strip()
    if name == "id":
        return names.get(value, "")
    if name == "href":
        return f"#{names[value[1:]]}" if value.startswith("#") and value[1:] in names else ""
    if name in ("fill", "stroke", "clip-path") and (found := _INSIDE.match(value)):
        return f"url(#{names[found[1]]})" if found[1] in names else ""
    if not _VALUE.fullmatch(value):
        return ""
    functions = {one.lower() for one in _FUNCTION.findall(value)}
    return "" if functions - _FUNCTIONS else " ".join(value.split())


def _refuse_loops(root: Element) -> None:
    """What is pointed to must point to nothing: else few lines could ask for endless drawing."""
    pointed = {
        one.attributes["id"]: any("href" in inner.attributes for inner in one.walk())
        for one in root.walk()
        if "id" in one.attributes
    }
    for one in root.walk():
        if pointed.get(one.attributes.get("href", "")[1:]):
            raise LogoRefused(
                "In deze SVG verwijst een verwijzing naar een verwijzing. Bewaar het als gewone SVG."
            )
        if one.name == "clipPath":
            for inner in one.walk():
                inner.attributes.pop("clip-path", None)


def _written(element: Element) -> str:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in element.attributes.items())
    inside = "".join(_written(child) for child in element.children)
    return (
        f"<{element.name}{attributes}>{inside}</{element.name}>"
        if inside
        else f"<{element.name}{attributes}/>"
    )
