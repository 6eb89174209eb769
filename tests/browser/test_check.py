"""A report is compared in the browser: the file stays on the machine, only its checksum may leave it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from assessments.models import Edition
from assessments.status import Status
from organisations.models import User
from tests.cast import make_adopted

DROP = """([form, text]) => {
  const files = new DataTransfer();
  files.items.add(new File([text], "gegevens.json"));
  form.dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def edition(cast: dict[str, User], quick_pdf: None) -> Edition:
    return Edition.objects.get(adoption__assessment=make_adopted(cast, Status.SUBMITTED))


def drop(page: Page, text: str) -> list[str | None]:
    """Drops a file with this text; what was sent to the portal because of it."""
    sent: list[str | None] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.post_data)

    page.on("request", note)
    form = page.locator("form[data-check-file]").element_handle()
    page.evaluate(DROP, [form, text])
    expect(page.locator("[data-told]")).not_to_be_empty()
    return sent


def test_a_dropped_file_is_recognised_by_its_checksum_alone(
    page: Page, live_server: Any, edition: Edition
) -> None:
    page.goto(f"{live_server.url}/controle/")
    (sent,) = drop(page, edition.adoption.document)
    assert sent and f"sha256={edition.adoption.digest}" in sent and "schema" not in sent
    told = page.get_by_role("status").filter(has_text="gegevens.json")
    expect(told).to_contain_text("ongewijzigd")
    expect(told.get_by_role("link")).to_have_attribute("href", f"/controle/{edition.code}/")


def test_on_the_page_of_the_report_nothing_leaves_the_machine(
    page: Page, live_server: Any, edition: Edition
) -> None:
    page.goto(f"{live_server.url}/controle/{edition.code}/")
    assert drop(page, edition.adoption.document) == []
    expect(page.locator("[data-told]")).to_contain_text("ongewijzigd")


def test_a_changed_file_is_not_known(page: Page, live_server: Any, edition: Edition) -> None:
    page.goto(f"{live_server.url}/controle/{edition.code}/")
    drop(page, edition.adoption.document + " ")
    expect(page.locator("[data-told]")).to_contain_text("kennen wij niet")
    page.get_by_role("button", name="Laat het bestand narekenen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Er klopt iets niet")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{live_server.url}/controle/")
