"""XML of strangers, read so that it can neither reach nor become anything else."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

ASSERTION: Final = "{urn:oasis:names:tc:SAML:2.0:assertion}"
PROTOCOL: Final = "{urn:oasis:names:tc:SAML:2.0:protocol}"
METADATA: Final = "{urn:oasis:names:tc:SAML:2.0:metadata}"
SIGNATURE: Final = "{http://www.w3.org/2000/09/xmldsig#}"
REDIRECT: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST: Final = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
MOST_ELEMENTS: Final = 5000  # of an answer; one with two hundred groups has some 450
MOST_NAMES: Final = 40  # namespaces at one place, or attributes of one element; a dozen is much
_DECLARATION: Final = re.compile(r"\A\s*<\?xml\s[^<>]*\?>")
_COMMENT: Final = re.compile(r"<!--.*?-->", re.DOTALL)


class Malformed(ValueError):
    """No XML, or of a kind that SAML has no need of."""


def read(document: bytes, *, largest: int, comments: bool = False) -> etree._Element:
    """The root of a document of UTF-8. Raises Malformed.

    There is no DOCTYPE in it, so no entity, and no processing instruction or CDATA either: all that is
    refused before anything is parsed, and what a declaration says of the encoding is not believed. A comment
    can part a text in two, so it is refused as well; with `comments` it is taken out, for what people write.
    """
    if len(document) > largest:
        raise Malformed("groter dan het mag zijn")
    try:
        text = _DECLARATION.sub("", document.decode("utf-8-sig"), count=1)
    except UnicodeDecodeError as fault:
        raise Malformed("geen UTF-8") from fault
    text = _COMMENT.sub("", text) if comments else text
    if "<!" in text or "<?" in text:
        raise Malformed("meer dan elementen en tekst")
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as fault:
        raise Malformed("geen XML") from fault


def modest(root: etree._Element) -> None:
    """Raises Malformed for more elements, or more names to one of them, than anybody needs.

    Canonical XML looks for each namespace among all of them, at each element, and that is done before there
    is a signature to go by: 64 kB of a stranger kept a processor at it for minutes.
    """
    elements = spaces = 0
    for event, one in etree.iterwalk(root, events=("start", "start-ns", "end-ns")):
        if event == "start":
            elements += 1
            names = max(len(one.attrib), len(one.get("PrefixList", "").split()))
        else:
            spaces += 1 if event == "start-ns" else -1
            names = spaces
        if names > MOST_NAMES or elements > MOST_ELEMENTS:
            raise Malformed("meer namen of elementen dan nodig")


def text_of(element: etree._Element | None) -> str:
    """All text within an element, without the white space around it; empty without an element."""
    return "" if element is None else "".join(element.itertext()).strip()
