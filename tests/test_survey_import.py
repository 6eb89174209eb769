"""Groups from a file: shown first, row by row; nothing nasty is taken, nothing kept before a yes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from organisations.models import User
from surveys import sheet
from surveys.models import Survey
from surveys.tables import TableRefused
from tests.cast import make_round
from tests.surveys import make_open_survey, make_survey

ClientOf = Callable[[str], Client]


def xlsx(*rows: Sequence[object]) -> bytes:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def package(**parts: bytes) -> bytes:
    """A sound workbook with these parts as well, or instead."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(["A", 1]))) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name) if name in parts else old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()


def lines(content: bytes) -> list[tuple[str, int, bool]]:
    return [(one.name, one.population, bool(one.faults)) for one in sheet.read(io.BytesIO(content))]


@pytest.mark.parametrize(
    "content",
    [
        b"Beheer;12\nStaf;7",
        b"Naam;Aantal\r\nBeheer;12\r\n\r\nStaf;7\r\n",
        "\ufeffnaam,mensen\nBeheer,12\nStaf,7\n".encode(),
        b'"Beheer"\t12\nStaf \t 7',
        xlsx(["Beheer", 12], ["Staf", "7"]),
        xlsx(["Naam", "Mensen"], ["Beheer", 12.0], [None, None], ["Staf", 7]),
    ],
)
def test_csv_and_xlsx_are_read_as_programs_write_them(content: bytes) -> None:
    assert lines(content) == [("Beheer", 12, False), ("Staf", 7, False)]


def test_letters_of_an_old_spreadsheet_program_are_read() -> None:
    assert lines("Café;12".encode("cp1252")) == [("Café", 12, False)]


@pytest.mark.parametrize(
    "row",
    [
        ["Beheer", "twaalf"],
        ["Beheer", 12.5],
        ["Beheer", "1.200"],
        ["Beheer", -3],
        ["Beheer", "=1+1"],
        ["=HYPERLINK(1)", 12],
        ["Beheer", date(2026, 1, 1)],
        ["Beheer", True],
        ["Beheer", 12, "anna@waterrijk.example"],
        ["Beheer", None],
        ["Beheer", "9" * 12],
        ["Beheer", "١٢"],
    ],
)
def test_a_row_that_cannot_be_a_group_says_so(row: list[object]) -> None:
    assert [faulty for *_, faulty in lines(xlsx(["Staf", 7], row))] == [False, True]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "geen groepen"),
        (b"Naam;Aantal\n", "geen groepen"),
        (b"x;1\n" * 300_000, "te groot"),
        (b"team;20\n" * 121, "meer dan"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "geen csv of xlsx"),
        (b"%PDF-1.7\n", "geen csv of xlsx"),
        (b"<html><table><tr><td>A</td></tr></table>", "geen csv of xlsx"),
        (b"A;1\n\x1b[2J;2", "geen csv of xlsx"),
        (b'"A;1\n', "niet te lezen"),
        (b"A;1".decode().encode("utf-16"), "geen csv of xlsx"),
        (b"PK\x03\x04 geen zip", "niet te lezen"),
        (xlsx(["A", 1])[:900], "niet te lezen"),
        (package(**{"bom.bin": b"\0" * 11_000_000}), "te groot"),
        (package(**{f"{at}.xml": b"x" for at in range(250)}), "te groot"),
        (package(**{"xl/vbaProject.bin": b"x"}), "macro"),
        (package(**{"x.xml": b"<a>" * 200_000}), "niet te lezen"),
        (package(**{"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>'}), "niet te lezen"),
        (package(**{"xl/workbook.xml": b"<kapot"}), "niet te lezen"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(TableRefused, match=why):
        sheet.read(io.BytesIO(content))


def test_any_beginning_of_a_workbook_is_refused_and_nothing_breaks() -> None:
    whole = xlsx(["A", 1])
    for end in range(4, len(whole), 97):
        with pytest.raises(TableRefused):
            sheet.read(io.BytesIO(whole[:end]))


# The pages


@pytest.fixture
def survey(cast: dict[str, User]) -> Survey:
    return make_survey(make_round(cast), cast["anna"], {"Staf": 12, "Beheer": 30})


def page(survey: Survey) -> str:
    return f"/rondes/{survey.assessment_id}/peilingen/staff/groepen/inlezen/"


def send(client: Client, survey: Survey, content: bytes) -> tuple[int, str]:
    response = client.post(page(survey), {"file": SimpleUploadedFile("teams.csv", content)})
    return response.status_code, response.content.decode()


def hidden(shown: str) -> dict[str, list[str]]:
    """What the preview sends back when it is confirmed."""
    found: dict[str, list[str]] = {"confirm": ["1"]}
    for name, value in re.findall(r'type="hidden" name="(shown|name|population)" value="([^"]*)"', shown):
        found.setdefault(name, []).append(value)
    return found


def test_a_file_is_shown_first_and_kept_once_confirmed(survey: Survey, client_of: ClientOf) -> None:
    anna = client_of("anna")
    status, shown = send(anna, survey, "Naam;Mensen\nstaf;14\nCafé & co;25\n".encode())
    assert status == 200 and "was 12" in shown and "nieuw" in shown and "nog niets opgeslagen" in shown
    assert "1 andere groep blijft zoals nu" in shown
    assert survey.groups.count() == 2
    assert anna.post(page(survey), hidden(shown) | {"name": ["staf", "Café & co"]}).status_code == 302
    found = dict(survey.groups.values_list("name", "population"))
    assert found == {"staf": 14, "Beheer": 30, "Café & co": 25}


def test_faults_stand_with_their_row_and_cannot_be_confirmed(survey: Survey, client_of: ClientOf) -> None:
    anna = client_of("anna")
    status, shown = send(anna, survey, b"Nieuw;=1+1\nDubbel;20\ndubbel;21\n")
    assert status == 422 and "In 3 rijen klopt iets niet" in shown and 'name="confirm"' not in shown
    forged = {"confirm": "1", "name": ["Nieuw"], "population": ["-4"]}
    assert anna.post(page(survey), forged).status_code == 422
    assert anna.post(page(survey), {"confirm": "1"}).status_code in (200, 422)
    assert survey.groups.count() == 2


def test_a_refused_file_says_why_at_the_field(survey: Survey, client_of: ClientOf) -> None:
    status, shown = send(client_of("anna"), survey, b"%PDF-1.7")
    assert status == 422 and "geen csv of xlsx" in shown


def test_groups_that_changed_after_the_preview_are_not_overwritten(
    survey: Survey, client_of: ClientOf
) -> None:
    anna = client_of("anna")
    _, shown = send(anna, survey, b"Staf;14")
    survey.groups.filter(name="Staf").update(population=13)
    assert anna.post(page(survey), hidden(shown)).status_code == 409
    assert survey.groups.get(name="Staf").population == 13


def test_there_is_nothing_to_import_once_it_is_open(cast: dict[str, User], client_of: ClientOf) -> None:
    opened = make_open_survey(make_round(cast), cast["anna"])
    assert send(client_of("anna"), opened, b"Staf;14")[0] == 409
