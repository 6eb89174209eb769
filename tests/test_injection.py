"""What somebody types in stays what it is: no formula in a sheet, no line in a mail's head, no other host."""

from __future__ import annotations

import ast
import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django import forms
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.mail import BadHeaderError, EmailMessage
from django.test import Client, override_settings
from django.urls import get_resolver, reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from organisations.cells import SIGNS, is_formula, plain
from organisations.forms import OneLineMixin, one_line
from organisations.log.sheet import sheet
from organisations.models import Invitation, Membership, Organisation, User
from organisations.sign_on.forms import SignOnForm
from reports.workbook import _put
from tests.cast import PASSWORD

ClientOf = Callable[[str], Client]
TOP = Path(__file__).parent.parent
APPS = ("assessments", "chain", "integrity_portal", "organisations", "reports", "retention", "surveys")
LOGIN = "/account/login/"


# Formulas in sheets


@pytest.mark.parametrize("before", ["", " ", "\u00a0", "\u200b", "\ufeff", "  \u2060"])
@pytest.mark.parametrize("sign", SIGNS)
def test_no_cell_is_taken_for_a_formula(before: str, sign: str) -> None:
    text = f"{before}{sign}HYPERLINK('https://elders.example')"
    assert is_formula(text) and plain(text) == f"'{text}"


@given(st.text())
def test_a_cell_says_what_was_typed_and_begins_with_no_sign(text: str) -> None:
    assert plain(text).removeprefix("'") == text.removeprefix("'")
    assert not is_formula(plain(text))


def test_the_sheet_of_the_log_has_no_formula_in_any_column() -> None:
    lines = "".join(sheet([["=1+1", " @x", "\nx", "-1", "＝1", "gewoon"]]))
    (row,) = list(csv.reader(io.StringIO(lines)))[1:]
    assert row == ["'=1+1", "' @x", "'\nx", "'-1", "'＝1", "gewoon"]


def test_a_text_in_a_workbook_stays_a_text_when_somebody_edits_the_cell() -> None:
    page = Workbook().worksheets[0]
    _put(page, [["=1+1", "gewoon"]])
    assert [(cell.data_type, cell.quotePrefix) for cell in page[1]] == [("s", True), ("s", False)]


# Each of these passes what people typed by `organisations.cells`.
WRITES_SHEETS = {
    "assessments/offline/workbook/writing.py",
    "organisations/log/sheet.py",
    "reports/open_data.py",
    "reports/survey_sheet.py",
    "reports/workbook.py",
}


def test_every_module_that_writes_a_sheet_asks_what_a_formula_is() -> None:
    found = set()
    for app in APPS:
        for path in (TOP / app).rglob("*.py"):
            text = path.read_text("utf-8")
            if "csv.writer" in text or "Workbook()" in text or "csv.DictWriter" in text:
                found.add(str(path.relative_to(TOP)))
                names = {one.module for one in ast.walk(ast.parse(text)) if isinstance(one, ast.ImportFrom)}
                assert "organisations.cells" in names, path
    assert found == WRITES_SHEETS


# Lines in the head of a mail


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\x85"])
def test_a_name_puts_no_line_in_the_head_of_a_mail(
    end: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    """Neither one that is typed in, which the form refuses, nor one that stands in the database already."""
    invite, bea = reverse("organisations:invite", args=["waterrijk"]), client_of("bea")
    data = {"email": "jan@waterrijk.example", "name": "Jan", "roles": ["contributor"]}
    refused = bea.post(invite, data | {"name": f"Jan{end}Bcc: ander@elders.example"})
    assert "op één regel" in refused.content.decode() and not Invitation.objects.exists()
    Organisation.objects.filter(slug="waterrijk").update(name=f"Gemeente{end}Bcc: ander@elders.example")
    User.objects.filter(pk=cast["bea"].pk).update(name=f"Bea{end}Bcc: ander@elders.example")
    bea.post(invite, data)
    (sent,) = mail.outbox
    heads = sent.message().items()
    assert "Gemeente Bcc: ander@elders.example" in sent.subject
    assert "Bcc" not in dict(heads) and sent.recipients() == ["jan@waterrijk.example"]
    assert not any("\n" in value.replace("\n ", "") or "\r" in value for _, value in heads)


# What is only compared or searched for, and never kept.
NOT_KEPT = {
    ("integrity_portal.leaving.forms", "name"),
    ("organisations.log_forms", "words"),
    ("organisations.signing.forms", "code"),
    ("reports.verify_forms", "code"),
}


def test_every_short_text_that_is_kept_is_one_readable_line() -> None:
    """Those of `SignOnForm` get the same when the form is made."""
    _ = get_resolver().url_patterns  # which brings in every form
    bare = {
        (form.__module__, name)
        for form in _below(forms.BaseForm)
        if form.__module__.split(".")[0] in APPS and not issubclass(form, (OneLineMixin, SignOnForm))
        for name, field in getattr(form, "base_fields", {}).items()
        if type(field.widget) is forms.TextInput and one_line not in field.validators
        if isinstance(field, forms.CharField) and not isinstance(field, forms.EmailField)
    }
    assert bare == NOT_KEPT
    with pytest.raises(ValidationError):
        one_line("waarom\x08niet")


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def test_the_library_itself_refuses_a_line_end_in_the_head_of_a_mail() -> None:
    for head in ({"subject": "a\nBcc: x@y.example"}, {"to": ["x@y.example\nBcc: z@y.example"]}):
        with pytest.raises((BadHeaderError, ValueError)):
            EmailMessage(body="Dag.", **head).message()


@pytest.mark.parametrize(
    "address", ["a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "a@b\x00.example"]
)
def test_an_invitation_goes_to_one_address(address: str, cast: dict[str, User], client_of: ClientOf) -> None:
    data = {"email": address, "name": "Jan", "roles": ["contributor"]}
    answer = client_of("bea").post(reverse("organisations:invite", args=["waterrijk"]), data)
    assert answer.status_code in (200, 422) and not Invitation.objects.exists() and mail.outbox == []
    client_of("bea").post(
        reverse("organisations:invite", args=["waterrijk"]), data | {"email": "a@b.example"}
    )
    assert Invitation.objects.get().email == "a@b.example" and len(mail.outbox) == 1


# Another host


def test_a_host_that_is_not_ours_gets_nothing(db: None) -> None:
    for host in (
        "elders.example",
        "localhost.elders.example",
        "localhost@elders.example",
        "elders.example:80",
    ):
        for address in (LOGIN, "/", "/gezond/", reverse("account_reset_password")):
            assert Client().get(address, headers={"host": host}).status_code == 400


@override_settings(PORTAL_URL="https://portaal.example")
def test_a_link_in_a_mail_is_of_the_portal_whatever_the_request_says(cast: dict[str, User]) -> None:
    for head in (
        {"host": "localhost"},
        {"x-forwarded-host": "elders.example"},
        {"forwarded": "host=elders.example"},
    ):
        mail.outbox.clear()
        Client().post(reverse("account_reset_password"), {"email": "bram@waterrijk.example"}, headers=head)
        text = "".join(str(sent.message()) for sent in mail.outbox)
        assert "elders.example" not in text and "https://portaal.example/account/" in text, head


# Another site


@pytest.mark.parametrize(
    "to",
    [
        *(
            "https://elders.example/",
            "//elders.example/",
            "/\\elders.example/",
            "\\\\elders.example",
            "///elders.example",
        ),
        *(
            "https:elders.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "/\t/elders.example",
            "http:///elders.example",
        ),
        *(
            "//localhost@elders.example/",
            "https://localhost.elders.example/",
            "/%0d%0aLocation:%20//elders.example/\r\n",
        ),
    ],
)
def test_nobody_is_sent_to_another_site_after_signing_in_or_out(to: str, cast: dict[str, User]) -> None:
    data = {"login": "bram@waterrijk.example", "password": PASSWORD, "next": to}
    browser = Client()
    for answer in (browser.post(LOGIN, data), browser.post("/account/logout/", {"next": to})):
        assert answer.status_code == 302
        to = answer.headers["Location"]
        assert to.startswith("/") and not to.startswith(("//", "/\\")) and not urlsplit(to).netloc


def test_no_view_sends_people_where_a_request_says() -> None:
    """`redirect` gets a name, an address that was made here, or the address of this page."""
    found = set()
    for path in [path for app in APPS for path in (TOP / app).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("redirect", "HttpResponseRedirect"):
                said = ast.unparse(node)
                if any(f"request.{one}" in said for one in ("GET", "POST", "META", "headers")):
                    found.add(said)
    assert found <= {"redirect(by_code(plain(request.POST.get('code', ''))).url())"}  # of a report of ours


# Too much


def test_a_form_without_end_is_refused(cast: dict[str, User], client_of: ClientOf) -> None:
    membership = Membership.objects.get(user=cast["fatima"])
    address = reverse("organisations:member", args=[membership.pk])
    large, many = {"job": "x" * 1_100_000}, {f"a{number}": "1" for number in range(10_001)}
    for data in (large, many):
        assert client_of("bea").post(address, data).status_code == 400
