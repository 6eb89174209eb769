"""Workbooks for the tests: downloaded, filled in as a person would, and sent back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from assessments.models import Assessment
from assessments.offline.workbook.layout import COLUMNS, FACTS

Book = Any  # openpyxl's own types make each cell a riddle


def page(name: str, round_: Assessment) -> str:
    return reverse(f"assessments:{name}", args=[round_.pk])


def downloaded(client: Client, round_: Assessment, **asked: str) -> bytes:
    response = client.get(page("workbook", round_), asked)
    assert response.status_code == 200
    return response.content


def opened(content: bytes) -> Book:
    return load_workbook(io.BytesIO(content))


def closed(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cell(book: Book, question: str, column: str) -> Any:
    """The cell of this question under this header."""
    for sheet in book.worksheets:
        for row in sheet.iter_rows(2):
            if sheet.title != FACTS and row[0].value == question:
                return row[COLUMNS.index(column)]
    raise KeyError(question)


def filled(content: bytes, answers: Mapping[str, Mapping[str, object]]) -> bytes:
    """The workbook with these values typed, by question and header."""
    book = opened(content)
    for question, typed in answers.items():
        for column, value in typed.items():
            cell(book, question, column).value = value
    return closed(book)


def fact(content: bytes, name: str, value: str) -> bytes:
    """The workbook with another value in its hidden sheet."""
    book = opened(content)
    sheet: Worksheet = book[FACTS]
    for row in sheet.iter_rows(max_col=2):
        if row[0].value == name:
            row[1].value = value
    return closed(book)


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def sent(client: Client, round_: Assessment, content: bytes, name: str = "vragen.xlsx") -> HttpResponse:
    file = SimpleUploadedFile(name, content)
    response: HttpResponse = client.post(page("read_back", round_), {"file": file})  # type: ignore[assignment]
    return response


def hidden(response: HttpResponse) -> dict[str, str]:
    """What the preview's form would send: its hidden fields and the radio buttons as they stand."""
    fields: dict[str, str] = {}

    class Inputs(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            own = dict(attrs)
            if tag == "input" and (own.get("type") == "hidden" or "checked" in own) and own.get("name"):
                fields[own["name"] or ""] = own.get("value") or ""

    Inputs().feed(response.content.decode())
    fields.pop("csrfmiddlewaretoken", None)
    return fields | {"confirm": "1"}
