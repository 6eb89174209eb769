"""The covering page: one A4 whatever is in it; what goes with the results; the light report's six pages."""

import re
from typing import Any, cast

import pytest
from django.template.loader import render_to_string

from assessments.counting.content import vulnerabilities
from assessments.counting.told import told_vulnerabilities
from assessments.supplement import ActionDocument, SupplementDocument, bare
from reports import pdf
from reports.chapters.asking import questions
from reports.chapters.brief import MISSING, CoveringPage
from reports.report import Report
from tests.accounts import account, questionnaire, statements, told
from tests.rounds import row
from tests.test_pdf import AT, text_of

LINKS = [link.slug for link in questionnaire().links]
WIDE, BROKEN = "W" * 600, "a\n" * 300


def action(number: int, link: str = "nazorg", **changes: Any) -> ActionDocument:
    usual: ActionDocument = {
        "key": number,
        "what": f"Na elke zaak een gesprek om van te leren, stap {number}",
        "why": "Nu leert de organisatie niet van zaken.",
        "owner": "Gemeentesecretaris",
        "due": f"2026-{1 + number % 12:02}-15",
        "status": "decided",
        "reason": "",
        "barrier": "Geen tijd",
        "change": "Na elke zaak is er een gesprek.",
        "link": link,
        "question": "",
        "area": "",
        "since": "Jaarronde 2025",
    }
    return cast(ActionDocument, {**usual, **changes})


def brief(**changes: Any) -> dict[str, Any]:
    return {
        "asked": "Neem kennis van dit verslag. Spreek met het college af wat de raad in juni hoort.",
        "council": "Vraag om een tussenstand.",
        "next_on": "2026-01-22",
        "next": "Behandeling in de commissie Bestuur",
        "contact": ["Integriteitscoördinator", "integriteit@waterrijk.example", "0123 456789"],
        **changes,
    }


def report(track: str = "full", *surveys: Any, beside: Any = (), **changes: Any) -> Report:
    """A report with these parts in its supplement; of the answers those that the track asks."""
    if "answers" in changes:
        asked = questionnaire().for_track(track)
        changes["answers"] = [one for one in changes["answers"] if asked.has(one["question"])]
    document = account(track, **({"surveys": list(surveys)} if surveys else {}), **changes)
    lists = {one.digest: one for one in map(statements, ("staff", "council"))}
    checksum = Report.of(document, questionnaire(), lists).checksum
    supplement = cast(SupplementDocument, {**bare(checksum, 1), **dict(beside)})
    return Report.of(document, questionnaire(), lists, supplement)


def html(shown: Report) -> str:
    return render_to_string("reports/report/pdf.html", {"report": shown, "print": True})


def every(said: int | str) -> list[dict[str, Any]]:
    return [row(question.id, "c1", said) for question in questionnaire().questions]


OFFERED = {
    "date": "2025-12-10",
    "code": "B7KM-2XQP",
    "address": "https://portaal.voorbeeld.nl/controle/B7KM-2XQP/",
    "corrects": "",
}
LONG_NAME = {"name": "Samenwerkingsverband" * 6, "kind": "gemeenschappelijke-regeling"}
FULL_BRIEF = brief(
    asked="Stel vast. " * 54,
    council="Vraag het college. " * 31,
    next="Raad " * 40,
    contact=["Afdeling " * 13],
)
EXTREMES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing": ({}, {}),
    "usual": ({"brief": brief(), "actions": [action(1), action(2)]}, {}),
    "one word of 600 wide letters": (
        {"brief": brief(asked=WIDE, council=WIDE, next="W" * 200, contact=["W" * 120, "w@" + "W" * 250])},
        {},
    ),
    "only line breaks": ({"brief": brief(asked=BROKEN, council=BROKEN)}, {}),
    "82 actions of 200 wide letters": (
        {"brief": FULL_BRIEF, "actions": [action(n, what="W" * 200, owner="M" * 120) for n in range(82)]},
        {},
    ),
    "everything at once": (
        {
            "brief": brief(asked=WIDE, council=WIDE, next="W" * 200, contact=["W" * 120, "w@" + "W" * 250]),
            "actions": [action(n, what="W" * 200, owner="M" * 120) for n in range(82)],
        },
        {"answers": every(0), "evidenced": {}, "agreed": {}, "organisation": LONG_NAME},
    ),
    "nothing is known": (
        {"brief": FULL_BRIEF},
        {"answers": every("unknown"), "evidenced": {}, "agreed": {}, "organisation": LONG_NAME},
    ),
    "nothing was answered": ({"brief": brief()}, {"answers": [], "evidenced": {}, "agreed": {}}),
}


@pytest.mark.parametrize("track", ["full", "light"])
@pytest.mark.parametrize("name", EXTREMES)
def test_the_covering_page_is_one_page_whatever_is_in_it(name: str, track: str) -> None:
    beside, changes = EXTREMES[name]
    shown = report(track, beside=beside, **changes)
    only = re.sub(
        r'(<section class="report-chapter report-guide.*?</section>).*(</body>)',
        r"\1\2",
        re.sub(r'<ol class="report-contents">.*?</ol>', "", html(shown), flags=re.S),
        flags=re.S,
    )
    only = re.sub(r', zie bladzijde <span class="report-page"[^>]*></span>', "", only)
    pages = text_of(pdf.render(only, at=AT).content)
    assert "Contact" in pages[0] and pages[1].count("Wat staat waar") == 1
    assert all(question in pages[0] for question in shown.brief.questions)


def test_what_is_on_it_stands_in_its_order() -> None:
    shown = report(beside={"brief": brief(), "actions": [action(1)]})
    headings = re.findall(r"<h3>(.*?)</h3>", html(shown).split("</section>")[0])
    assert headings == [
        "Wat wij de raad vragen",
        "Zwakste en sterkste schakel",
        "Wettelijke minimums die niet zijn aangetoond",
        "Wat veranderde sinds vorig jaar",
        "Wat het college gaat doen",
        "Wat de raad kan doen",
        "Vijf vragen die u kunt stellen",
        "Volgend moment",
        "Contact",
    ]
    page = CoveringPage(shown.account)
    assert page.actions.items == (
        "Na elke zaak een gesprek om van te leren, stap 1 (Gemeentesecretaris; klaar op 15 februari 2026)",
    )
    assert page.next_moment == "22 januari 2026: Behandeling in de commissie Bestuur"
    assert page.layout.has_picture


def test_what_nobody_filled_in_is_said_and_not_made_up() -> None:
    page = report().brief
    assert page.asked.startswith(MISSING) and page.contact == [MISSING]
    assert page.next_moment == "Nog niet bekend."
    assert page.actions_lead == "Er zijn nog geen verbeteringen besloten of voorgesteld."
    proposed = report(beside={"actions": [action(1, status="proposed")]}).brief
    assert "nog niet besloten" in proposed.actions_lead and len(proposed.actions.items) == 1


def test_the_message_is_three_sentences() -> None:
    for given in (0, 2, "unknown", "not_applicable"):
        core = report(answers=every(given), evidenced={}, agreed={}).brief.core
        assert len(core) == 3 and all(re.fullmatch(r"[A-Z][^.!?]*(\d\.\d[^.]*)?\.", one) for one in core), (
            core
        )


@pytest.mark.parametrize("given", [0, 1, 4, "unknown", "not_applicable"])
def test_there_are_five_questions_whatever_the_figures_are(given: int | str) -> None:
    both: list[dict[str, Any]] = [{"answers": every(given), "evidenced": {}, "agreed": {}}, {}]
    for changes in both:
        asked = questions(report(beside={"actions": [action(1)]}, **changes).account)
        assert len(set(asked)) == 5 and all(one.endswith("?") for one in asked)


def test_the_questions_follow_from_the_figures() -> None:
    asked = " ".join(report().brief.questions)
    assert "nazorg sterker" in asked and "niet zijn aangetoond" in asked and "Welke verbeteringen" in asked
    assert "Welke verbeteringen" not in " ".join(report(beside={"actions": [action(1)]}).brief.questions)
    shown = every(4), {question.id: 4 for question in questionnaire().questions}
    best = " ".join(report(answers=shown[0], evidenced=shown[1], agreed={}).brief.questions)
    assert "niet zijn aangetoond" not in best and "sterker" not in best


def test_lists_end_with_how_many_more_there_are() -> None:
    page = report(beside={"actions": [action(number) for number in range(20)]}).brief
    assert len(page.actions.items) + page.actions.others == 20 and page.actions.others
    assert len(page.minimums.items) + page.minimums.others == len(page.legal.not_shown)


# A concept, and what goes with it


def test_a_concept_says_so_on_every_page_and_an_offered_report_does_not() -> None:
    concept = report("light")
    for page in text_of(pdf.render(html(concept), at=AT).content):
        assert "Concept" in page
    final = report("light", beside={"edition": OFFERED})
    assert "Concept" not in html(final) and "Aangeboden aan de raad op 10 december 2025." in html(final)
    told_ = dict(final.colophon)
    assert told_["Code van dit verslag"] == "B7KM-2XQP"
    assert told_["Controlegetal van de aanvulling"] == final.account.supplement_checksum


def test_without_a_reaction_the_report_says_that_it_is_missing() -> None:
    assert "Het college heeft nog niet gereageerd." in html(report())
    with_one = html(report(beside={"reaction": {"text": "Wij herkennen dit.", "decided_on": "2025-12-02"}}))
    assert "Wij herkennen dit." in with_one and "nog niet gereageerd" not in with_one


def test_what_a_link_does_is_what_was_decided_or_else_a_suggestion_that_is_called_so() -> None:
    shown = report(beside={"actions": [action(1, "nazorg"), action(2, "", question="PA-01")]})
    doing = {link.link.slug: link.doing for link in shown.links}
    assert [one.what for one in doing["nazorg"].rows] == ["Na elke zaak een gesprek om van te leren, stap 1"]
    assert len(doing["pro-actie"].rows) == 1 and "besloten" in doing["pro-actie"].lead
    assert not doing["preventie"].rows and "suggesties uit de vragenlijst" in doing["preventie"].lead


# The light report


def figure(number: int) -> dict[str, Any]:
    return {
        "slug": f"cijfer-{number}",
        "title": f"Meldingen van soort {number}",
        "unit": "count",
        "told": "0 tot en met 4",
        "together": "",
        "parts": [{"slug": "a", "title": "Van binnen", "told": "0 tot en met 4"}] * 3,
        "types": [],
        "beside": [],
    }


STEPS = ["Niet", "Een beetje", "Duidelijk", "Veel"]
FULL: dict[str, Any] = {
    "promises": [
        {
            "kind": "action",
            "what": f"Een gesprek na elke zaak, belofte {number}",
            "owner": "gemeentesecretaris",
            "due": "2025-06-01",
            "made": "Jaarronde 2024",
            "outcome": outcome,
            "due_now": "2026-03-01" if outcome == "moved" else None,
            "reason": "Er was geen tijd." if outcome != "done" else "",
        }
        for number, outcome in enumerate(("done", "moved", "dropped"))
    ],
    "change": {
        "title": "Jaarronde 2024",
        "year": 2024,
        "adopted": "2024-11-12",
        "digest": "a" * 64,
        "version": "2025.1",
        "track": "full",
        "links": [{"slug": slug, "before": 1.5, "now": 2, "change": 0.5, "questions": 6} for slug in LINKS],
        "legal": {"newly_shown": ["PV-01"], "no_longer_shown": ["PP-04"]},
    },
    "figures": {
        "year": 2025,
        "figures": [figure(number) for number in range(11)],
        "note": "Er is dit jaar meer aandacht voor melden.",
        "reading": ["Een aantal onder 5 staat er als ‘0 tot en met 4’.", "Nul is geen goed cijfer."],
    },
    "vulnerabilities": {
        "areas": [
            {"slug": f"gebied-{n}", "title": f"Kwetsbaar werk {n}", "inherent": 3, "control": 1, "gap": 2}
            for n in range(12)
        ],
        "unscored": [],
        "steps": {"inherent": STEPS, "control": STEPS, "factor": STEPS},
        "factors": [{"slug": f"f{n}", "title": f"Veel geld of druk {n}", "value": 2} for n in range(5)],
        "note": "",
    },
}
FIGURES: dict[str, Any] = {
    "actions": [action(number, LINKS[number % 5]) for number in range(6)],
    "brief": brief(),
}


@pytest.mark.parametrize("content", ["typical", "full"])
def test_a_light_report_is_six_pages_at_most(content: str) -> None:
    reaction = {
        "text": "Het college herkent dit beeld en gaat ermee aan het werk. " * 18,
        "decided_on": "2025-12-02",
    }
    beside: dict[str, Any] = {"brief": brief(), "actions": FIGURES["actions"][:3], "reaction": reaction}
    surveys = []
    if content == "full":
        beside |= FIGURES | FULL | {"check": {"on": "2025-12-05"}}
        surveys = [told("staff", (118, 71), (90, 36))]
    made = pdf.render(html(report("light", *surveys, beside=beside)), at=AT)
    assert made.pages <= 6


def test_the_light_report_lists_what_has_a_gap_and_counts_the_others() -> None:
    areas = {area.slug: {"inherent": 1, "control": 3} for area in vulnerabilities().areas}
    scored = told_vulnerabilities(
        vulnerabilities(), areas | {"informatie": {"inherent": 3, "control": 1}}, {}
    )
    beside = {"vulnerabilities": {**scored, "note": ""}}
    full, light = (report(track, beside=beside).vulnerabilities for track in ("full", "light"))
    assert (len(full.rows), full.others) == (12, "")
    assert [row.title for row in light.rows] == ["Informatie"]
    assert light.others.startswith("11 gebieden zijn zo goed beheerst")


def test_a_link_of_the_full_report_is_one_page_in_four_parts() -> None:
    surveys = [told("staff", (118, 71), (90, 36)), told("council", (27, 19))]
    shown = report("full", *surveys, beside={"actions": FIGURES["actions"]})
    pages = text_of(pdf.render(html(shown), at=AT).content)
    for link in shown.links:
        page = [text for text in pages if f"{link.position} {link.title} {link.summary}" in text]
        assert len(page) == 1
        for part in ("Wat wij zien", shown.voices.title, "Wat het bewijs laat zien", "Wat wij doen"):
            assert part in page[0]
        assert link.doing.rows[-1].what in page[0]
