"""The way round: download, fill in, look at what changes, choose, confirm."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assessments.models import Answer, Assessment
from assessments.offline.workbook.layout import ANSWER, EXPLANATION
from organisations.models import User
from tests.browser.entering import enter
from tests.cast import make_round, say
from tests.workbooks import filled, page

pytestmark = pytest.mark.usefixtures("quick_pdf")
LONG = "Eenwoordzonderspaties" * 12


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    round_ = make_round(cast)
    say(round_, cast["bram"], "PA-02", level=1, explanation="Eerst.")
    return round_


def test_a_workbook_goes_out_and_comes_back(
    screen: Page,
    round_: Assessment,
    cast: dict[str, User],
    base_url: str,
    tmp_path: Path,
    check_page: Callable[[Page], None],
) -> None:
    enter(screen.context, cast["bram"], base_url)
    screen.goto(page("questions", round_))
    screen.get_by_role("link", name="Werk zonder verbinding").click()
    check_page(screen)
    with screen.expect_download() as download:
        screen.get_by_role("link", name="Werkblad met al uw vragen (xlsx)").click()
    typed = {"PA-01": {ANSWER: "3 Gedaan"}, "PA-02": {EXPLANATION: LONG}, "PA-03": {ANSWER: "misschien"}}
    content = filled(Path(download.value.path()).read_bytes(), typed)
    (tmp_path / "vragen.xlsx").write_bytes(content)
    say(round_, cast["bram"], "PA-02", 1, level=2, explanation="Intussen.")
    screen.get_by_label("Uw ingevulde werkblad").set_input_files(tmp_path / "vragen.xlsx")
    screen.get_by_role("button", name="Bekijk wat er verandert").click()
    for group in (
        "Intussen ook in het portaal veranderd (1)",
        "Nieuw (1)",
        "Dit kan niet worden overgenomen (1)",
    ):
        expect(screen.get_by_role("heading", name=group)).to_be_visible()
    check_page(screen)
    assert not Answer.objects.filter(question="PA-01").exists()
    screen.get_by_text("Wat in het werkblad staat").click()
    screen.get_by_role("button", name="Sla dit op").click()
    expect(screen.get_by_text("2 antwoorden zijn uit het werkblad opgeslagen.")).to_be_visible()
    assert Answer.objects.get(question="PA-02").explanation == LONG
