"""The forms of a page as a browser has them: where they go, with which fields, and what they may hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import lxml.html
from django.urls import Resolver404, resolve
from lxml.html import HtmlElement

MARK = "zq9x"  # what must never become an element of a page
SCHEMES = ("javascript:", "data:", "vbscript:")
CHOSEN = ("radio", "checkbox", "submit")


class Field(NamedTuple):
    """One name in a form. `offered`: the values that the page has for it, the one that is shown first."""

    name: str
    kind: str  # the type of an input; select, textarea
    offered: tuple[str, ...]


class FoundForm(NamedTuple):
    """A form, or a link with a question in its address: that is one too, filled in beforehand."""

    person: str
    method: str
    address: str
    view: str
    fields: tuple[Field, ...]

    @property
    def looks(self) -> tuple[object, ...]:
        """The same for forms that differ only in what is filled in."""
        return self.method, self.view, frozenset((one.name, one.kind) for one in self.fields)

    def __str__(self) -> str:
        return f"{self.person} {self.method.upper()} {self.view} ({self.address})"


def forms_of(content: bytes, address: str, person: str) -> Iterator[FoundForm]:
    """Every form and every link with a query on the page that stands at this address."""
    page = lxml.html.document_fromstring(content)
    for form in page.iter("form"):
        # The frame's form to sign out stands on each page, and what sends without a form says so itself.
        where = urljoin(address, form.get("action") or "")
        yield from _form(person, form.get("method", "get").lower(), where, tuple(_fields(form)))
        for button in form.xpath(".//*[@formaction or @hx-post]"):
            at = urljoin(address, button.get("formaction") or button.get("hx-post"))
            yield from _form(person, "post", at, tuple(_fields(form)))
    for link in page.iter("a"):
        where = urljoin(address, link.get("href") or "")
        fields = [Field(key, "link", (value,)) for key, value in parse_qsl(urlsplit(where).query)]
        if fields:
            yield from _form(person, "get", where, tuple(fields))


def _form(person: str, method: str, where: str, fields: tuple[Field, ...]) -> Iterator[FoundForm]:
    path = urldefrag(where).url.partition("?")[0]
    try:
        view = resolve(path).view_name
    except Resolver404:
        return  # another site, or a file that the web server gives
    yield FoundForm(person, method, path, view, fields)


def _fields(form: HtmlElement) -> Iterator[Field]:
    elements: dict[str, list[HtmlElement]] = {}
    for element in form.xpath(".//input | .//select | .//textarea | .//button"):
        name = element.get("name")
        if name and name != "csrfmiddlewaretoken":
            elements.setdefault(name, []).append(element)
    for name, found in elements.items():
        first = found[0]
        kind = first.get("type", "text") if first.tag == "input" else first.tag
        kind = "submit" if kind == "button" else kind
        offered = [value for element in found for value in _offered(element)]
        yield Field(name, kind, tuple(dict.fromkeys(offered)))


def _offered(element: HtmlElement) -> list[str]:
    """What this element may send, with what it shows first."""
    if element.tag == "select":
        options = element.xpath(".//option")
        options.sort(key=lambda option: option.get("selected") is None)
        return [option.get("value", option.text_content()) for option in options]
    if element.tag == "textarea":
        return [(element.text or "").removeprefix("\n")]
    default = "on" if element.get("type") in ("checkbox", "radio") else ""
    return [element.get("value", default)]


def running(content: bytes) -> Iterator[str]:
    """What of a page would run or is no element of ours; a page of the portal has none of it."""
    if not content.strip():
        return
    page = lxml.html.document_fromstring(content)
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue  # a comment
        if element.tag == MARK or (element.tag == "script" and element.text):
            yield lxml.html.tostring(element, encoding="unicode")[:200]
        for name, value in element.attrib.items():
            acts = name in ("href", "src", "action", "formaction", "hx-get", "hx-post")
            if name.startswith(("on", "hx-on")) or (acts and value.strip().lower().startswith(SCHEMES)):
                yield f"{element.tag} {name}={value[:100]}"
