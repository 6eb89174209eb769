"""Somebody's questions on paper: accessible, with what is stored, and with the talk only when asked for."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import page as validator
import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Remark, Thread
from organisations.models import User
from reports import printing
from tests.cast import make_round, say
from tests.test_pdf import kinds, text_of

ClientOf = Callable[[str], Client]
PROFILES = [validator.ValidationProfile.PDF_UA_1, validator.ValidationProfile.PDF_A_2A]


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    round_ = make_round(cast)
    say(round_, cast["bram"], "PA-01", level=3, helps="partly", explanation="Regel <een>\nregel twee 👍")
    say(round_, cast["bram"], "PA-10", state="not_applicable", reason="Dat hebben wij niet.")
    thread = Thread.objects.create(assessment=round_, question="PA-01")
    Remark.objects.create(thread=thread, author=cast["anna"], text="Waar blijkt dit uit?")
    return round_


def paper(client: Client, round_: Assessment, **asked: str | int) -> bytes:
    response = client.get(reverse("reports:offline_pdf", args=[round_.pk]), asked)
    assert response.status_code == 200 and response.headers["Content-Type"] == "application/pdf"
    return response.content


@pytest.fixture
def html(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would be printed, in place of printing it."""
    pages: list[str] = []

    def keep(page: str) -> printing.Printed:
        pages.append(page)
        return printing.Printed(b"%PDF-", 1)

    monkeypatch.setattr(printing, "print_paper", keep)
    return pages


def test_it_is_an_accessible_pdf_with_a_heading_and_a_list_for_each_question(
    round_: Assessment, client_of: ClientOf
) -> None:
    content = paper(client_of("bram"), round_, schakel="pro-actie")
    for profile in PROFILES:
        found = validator.validate_pdf_bytes(content, profile=profile)
        assert found.is_compliant, [str(failure) for failure in found.failures]
    opened = pikepdf.open(BytesIO(content))
    assert str(opened.docinfo.Title) == "Vragen van Jaarronde 2026, Gemeente Waterrijk"
    assert str(opened.Root.Lang) == "nl"
    questions = round_.content.link("pro-actie").questions
    assert len(kinds(opened, "H4")) == len(kinds(opened, "L")) == len(questions) == 16
    assert f"1 van {len(opened.pages)}" in text_of(content)[0]


def test_what_is_stored_is_on_it(round_: Assessment, client_of: ClientOf, html: list[str]) -> None:
    paper(client_of("bram"), round_)
    (page,) = html
    assert page.count("paper-box--chosen") == page.count("<strong>(nu opgeslagen)</strong>") == 2
    assert "Regel &lt;een&gt;\nregel twee" in page and "Dat hebben wij niet." in page
    assert "<strong>Deels (nu opgeslagen).</strong>" in page
    assert page.count('class="paper-question"') == 82
    assert "Wettelijk minimum: niveau 2." in page and "Beleidsplan, besluit tot vaststelling" in page


def test_the_talk_is_on_it_only_when_asked_for(
    round_: Assessment, client_of: ClientOf, html: list[str]
) -> None:
    bram = client_of("bram")
    paper(bram, round_)
    paper(bram, round_, gesprekken="1")
    without, with_talk = html
    assert "Waar blijkt dit uit?" not in without and "Anna" not in without
    assert "Waar blijkt dit uit?" in with_talk


def test_the_coordinator_prints_for_who_is_asked_something_and_nobody_else_does(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf, html: list[str]
) -> None:
    asked: dict[str, str | int] = {"persoon": cast["bram"].pk}
    paper(client_of("anna"), round_, **asked)
    assert "Dat hebben wij niet." in html[0]
    for name in ("vera", "fatima", "chris"):
        response = client_of(name).get(reverse("reports:offline_pdf", args=[round_.pk]), asked)
        assert response.status_code == 404


def test_the_coordinator_finds_both_beside_each_person(
    round_: Assessment, cast: dict[str, User], client_of: ClientOf
) -> None:
    url = reverse("assessments:detail", args=[round_.pk])
    page = client_of("anna").get(url).content.decode()
    for name in ("assessments:workbook", "reports:offline_pdf"):
        assert f'{reverse(name, args=[round_.pk])}?persoon={cast["bram"].pk}"' in page
    assert "persoon=" not in client_of("vera").get(url).content.decode()


def test_a_pdf_that_cannot_be_made_is_said_where_one_came_from(
    round_: Assessment, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(page: str) -> None:
        raise printing.PrintingFailed("no fonts")

    monkeypatch.setattr(printing, "print_paper", fail)
    response = client_of("bram").get(reverse("reports:offline_pdf", args=[round_.pk]), follow=True)
    assert response.redirect_chain[0][0] == reverse("assessments:offline", args=[round_.pk])
    assert "De PDF kon niet gemaakt worden." in response.content.decode()
