"""The main job from end to end, by the people whose job it is: from a new round to the clerk's report."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from assessments.models import Assessment
from chain.documents import digest
from organisations.models import Membership, User
from tests.browser.entering import enter
from tests.cast import make_answers, make_cast, published, questionnaire

QUESTIONS = [question.id for question in questionnaire().questions]


def press(page: Page, name: str) -> None:
    """The main action of a page, whether it is a link or a button."""
    main = page.get_by_role("main")
    main.get_by_role("link", name=name).or_(main.get_by_role("button", name=name)).first.click()


def test_from_a_new_round_to_the_report(
    page: Page,
    browser: Browser,
    base_url: str,
    transactional_db: None,
    check_page: Callable[[Page], None],
    tmp_path: Path,
) -> None:
    cast = make_cast()
    published()
    everything = sorted({role for question in questionnaire().questions for role in question.answered_by})
    Membership.objects.filter(user=cast["bram"]).update(functions=everything)

    def window_of(name: str) -> Page:
        context = browser.new_context(base_url=base_url, locale="nl-NL", accept_downloads=True)
        enter(context, cast[name], base_url)
        window = context.new_page()
        window.set_default_timeout(60_000)  # adopting makes the PDF before it answers, here
        window.goto("/")
        return window

    anna = window_of("anna")
    start_and_open(anna)
    round_ = Assessment.objects.get()
    assert {one.user for one in round_.assignments.all()} == {cast["bram"]}
    bram = window_of("bram")
    answer(bram, round_, cast["bram"])
    close_and_adopt(anna)
    results = Assessment.objects.get().results()
    assert next(q["claimed"] for q in results["questions"] if q["id"] == QUESTIONS[0]) == 4

    anna.goto(f"/rondes/{round_.pk}/")
    press(anna, "Resultaat van de keten")
    expect(anna.locator("svg.picture").first).to_be_visible()
    for link in questionnaire().links:
        expect(anna.get_by_role("main").get_by_text(str(link.title)).first).to_be_attached()
    check_page(anna)
    download(window_of("greet"), check_page, tmp_path)
    for context in browser.contexts:
        context.close()


def start_and_open(anna: Page) -> None:
    """Anna starts a round, takes over the proposal for who answers what, and opens it."""
    anna.get_by_role("link", name="Rondes").click()
    press(anna, "Begin een nieuwe ronde")
    anna.get_by_label("Jaar").fill("2026")
    press(anna, "Maak de ronde")
    press(anna, "Vul een voorstel in")
    expect(anna.get_by_text("Er is nog niets opgeslagen.")).to_be_visible()
    press(anna, "Sla de verdeling op")
    for step in ("Rond de voorbereiding af", "Open de ronde"):
        press(anna, step)
        expect(anna.get_by_role("heading", name=step)).to_be_visible()
        press(anna, step)
    expect(anna.get_by_text("Jaarronde 2026 is nu open.")).to_be_visible()


def answer(bram: Page, round_: Assessment, user: User) -> None:
    """Bram answers the first questions himself; the others were answered before."""
    make_answers(round_, user, 2, QUESTIONS[2:])
    bram.goto("/")
    expect(bram.get_by_text("Nog 2 vragen voor u, ongeveer 5 minuten.")).to_be_visible()
    press(bram, "Ga verder met")
    for question in QUESTIONS[:2]:
        card = bram.locator(f"section#{question}")
        card.locator(f".level-option:has(input[name='{question}-choice'][value='4']) label").click()
        expect(card.locator(".save-status")).to_contain_text("Opgeslagen om")
    bram.get_by_role("link", name="Mijn werk").first.click()
    expect(bram.get_by_text(f"U bent klaar: alle {len(QUESTIONS)} vragen zijn beantwoord.")).to_be_visible()
    assert round_.answers.given().count() == len(QUESTIONS)


def close_and_adopt(anna: Page) -> None:
    for step, then in [
        ("Sluit de ronde", "gesloten"),
        ("Start de validatie", "in validatie"),
        ("Stel de resultaten vast", "vastgesteld"),
    ]:
        press(anna, step)
        expect(anna.get_by_role("heading", name=step)).to_be_visible()
        press(anna, step)
        expect(anna.get_by_text(f"Jaarronde 2026 is nu {then}.")).to_be_visible()


def download(greet: Page, check_page: Callable[[Page], None], folder: Path) -> None:
    """Greet reads the report, and takes the PDF and the data along."""
    greet.get_by_role("link", name="Verslagen").first.click()
    check_page(greet)
    greet.get_by_role("main").get_by_role("link", name="Jaarronde 2026").first.click()
    check_page(greet)
    files = {}
    for kind, words in [("pdf", "PDF"), ("json", "gegevens")]:
        link = greet.get_by_role("main").locator(f"a[href$='.{kind}']").first
        with greet.expect_download() as download:
            link.click()
        files[kind] = folder / words
        download.value.save_as(files[kind])
        assert download.value.suggested_filename.endswith(f".{kind}")
    assert files["pdf"].read_bytes().startswith(b"%PDF-1.7")
    document = files["json"].read_text(encoding="utf-8")
    assert json.loads(document)["round"]["year"] == 2026
    assert digest(document)[:8] in greet.content().replace(" ", "")
