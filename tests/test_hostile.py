"""Markup in every text of the cast stays text: on each page, in mails, and in Word and Excel files."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from django.test import Client

from organisations.models import Message, Organisation, User
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
    wrong.update(f"a mail: {mail}" for mail in Message.objects.all() if list(running(mail.html.encode())))
    assert not wrong, "\n".join(sorted(wrong))
    assert shown, "the markup was on no page"
