"""Markup in every text of the cast stays text: on each page, in mails, and in Word and Excel files."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from organisations.models import Organisation, User
from reports import printing
from tests.found_forms import MARK, running
from tests.hostile import PAYLOAD, SHORT, spread, typed_fields
from tests.test_access import PAGES
from tests.test_fuzz_forms import PEOPLE
from tests.world import make_world

pytestmark = pytest.mark.anywhere
ClientOf = Callable[[str], Client]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The page that each PDF is made of."""
    pages: list[str] = []

    def keep(html: str, **how: object) -> printing.Printed:
        pages.append(html)
        return printing.Printed(b"%PDF-", 1)

    for name in ("print_pdf", "print_paper"):
        monkeypatch.setattr(printing, name, keep)
    monkeypatch.setattr(printing, "check_pdf", lambda content, variant: [])
    return pages


def inside(content: bytes) -> list[bytes]:
    """The parts of a file that are XML; of any other the file itself."""
    if not content.startswith(b"PK"):
        return []
    with zipfile.ZipFile(BytesIO(content)) as packed:
        return [packed.read(name) for name in packed.namelist() if name.endswith((".xml", ".rels"))]


def test_what_is_typed_is_known() -> None:
    assert len(typed_fields()) > 40
    assert "explanation" in {field.name for _, field in typed_fields()}


def test_markup_stays_text_in_mails(cast: dict[str, User], client_of: ClientOf) -> None:
    """An invitation and a forgotten password; every mail is made in the same way."""
    User.objects.update(name=SHORT)
    Organisation.objects.filter(slug="waterrijk").update(name=PAYLOAD)
    invited = {"email": "nieuw@waterrijk.example", "name": SHORT, "roles": ["contributor"]}
    client_of("bea").post(reverse("organisations:invite", args=["waterrijk"]), invited)
    Client().post(reverse("account_reset_password"), {"email": "bram@waterrijk.example"})
    sent = [one for one in mail.outbox if isinstance(one, mail.EmailMultiAlternatives)]
    pages = [str(page) for one in sent for page, _ in one.alternatives]
    assert len(pages) == 2 and all(MARK in page for page in pages)
    assert [one for page in pages for one in running(page.encode())] == []


@pytest.mark.parametrize("state", ["-", "draft", "open", "validation", "adopted", "submitted", "told"])
def test_markup_stays_text(
    state: str, cast: dict[str, User], client_of: ClientOf, printed: list[str]
) -> None:
    User.objects.update(name=SHORT)  # before anything is frozen with it
    Organisation.objects.filter(slug="waterrijk").update(name=PAYLOAD)
    for user in cast.values():
        user.refresh_from_db()
    world = make_world(cast, state)
    assert spread() >= 5
    wrong: set[str] = set()
    shown = 0
    for person in PEOPLE:
        client = client_of("anonymous" if person == "nobody" else person)
        for row in PAGES:
            if row.state != state or row.expected[person] not in ("200", "409"):
                continue
            response = client.get(world.address(row.name))
            content = response.getvalue()
            shown += MARK.encode() in content
            if "text/html" in response["Content-Type"]:
                wrong.update(f"{row}: {one}" for one in running(content))
            wrong.update(str(row) for part in inside(content) if f"<{MARK}".encode() in part)
    wrong.update(f"a PDF: {one}" for page in printed for one in running(page.encode()))
    assert not wrong, "\n".join(sorted(wrong))
    assert shown, "the markup was on no page"
