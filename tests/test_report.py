"""The council report: its words and figures against the results, its HTML, and how its PDF is asked for."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from hashlib import sha256
from html import unescape
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from assessments.models import Adoption, Reaction
from assessments.status import TRANSITIONS, Status
from chain.scoring import parse, score
from organisations.models import User
from organisations.roles import Role
from reports import norms, printing, words
from reports.account import ADOPTED_BY
from reports.chapters.evidence import carried
from reports.models import PATIENCE, ReportFile
from reports.report import Report
from reports.tasks import ask_for, ask_for_editions, make_report
from tests.accounts import account, questionnaire
from tests.cast import bring_to, make_adopted, make_round
from tests.rounds import row

Browser = Callable[[str], Client]
DUMMY = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}  # remembers, and does nothing


def report(track: str = "full", **changes: Any) -> Report:
    return Report.of(account(track, **changes), questionnaire())


def levels(*given: int | str, evidenced: dict[str, int] | None = None, **rest: Any) -> Report:
    """A report in which all questions of the five links stand at these levels, or in these states."""
    answers = [
        row(question.id, "c1", said)
        for link, said in zip(questionnaire().links, given, strict=True)
        for question in link.questions
    ]
    return report(answers=answers, evidenced=evidenced or {}, **rest)


def html(shown: Report, **context: Any) -> str:
    return render_to_string("reports/report/pdf.html", {"report": shown, "print": True, **context})


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<(title|desc)[ >].*?</\1>|<[^>]+>", " ", page)).split())


@pytest.fixture(scope="module", params=["full", "light"])
def both(request: pytest.FixtureRequest) -> Report:
    return report(request.param)


# What is in it


def test_every_figure_of_a_link_is_that_of_the_results(both: Report) -> None:
    for link, result in zip(both.links, both.account.results["links"], strict=True):
        assert link.figure == words.figure(result["printed"])
        assert [theme.figure for theme in link.themes] == [
            words.figure(t["printed"]) for t in result["themes"]
        ]
        for part in link.parts:
            name = next(key for key, title in words.GROUPS.items() if title == part.title)
            assert part.figure == words.figure(result[name]["printed"])  # type: ignore[literal-required]


def test_every_question_stands_once_with_its_levels(both: Report) -> None:
    rows = [row for link in both.links for group in link.questions for row in group.rows]
    assert [row.id for row in rows] == [question["id"] for question in both.account.results["questions"]]
    for shown, result in zip(rows, both.account.results["questions"], strict=True):
        assert (result["claimed"] is None) == (shown.claimed in words.STATES.values())
        if result["claimed"] is not None:
            assert shown.claimed.startswith(f"{result['claimed']} ")
        if result["evidenced"] is not None:
            assert shown.evidenced.startswith(f"{result['evidenced']} ")
        elif result["state"] == "level":
            assert shown.evidenced == "niet gecontroleerd"


def test_the_legal_checklist_holds_every_minimum_under_its_status(both: Report) -> None:
    found = {row.id: group.status for group in both.legal.groups for row in group.rows}
    assert found == {one["question"]: one["status"] for one in both.account.results["legal"]}
    assert sum(number for _, number in both.legal.counts) == len(both.account.results["legal"])


def test_what_is_not_applicable_has_its_reasons() -> None:
    group = next(group for group in report().legal.groups if group.status == "not_applicable")
    assert [row.reasons for row in group.rows] == [("Geen enkele functie is aangewezen sinds 2023.",)]


@pytest.mark.parametrize(
    ("given", "sentences"),
    [
        (
            (3, 3, 2, 3, 1),
            "De zwakste schakel is nazorg: niveau 1, Soms. De sterkste schakels zijn pro-actie, ",
        ),
        ((4, 0, 0, 1, 1), "De zwakste schakels zijn preventie en preparatie: allebei niveau 0, Niet."),
        ((2, 2, 2, 2, 2), "De schakels staan even hoog: alle vijf niveau 2, Vastgelegd."),
        (("unknown",) * 5, "Geen enkele schakel heeft een cijfer. Daarom is geen zwakste schakel"),
        (
            (2, 2, 2, 2, "unknown"),
            "Voor nazorg is er geen cijfer. Daarom is geen zwakste schakel aan te wijzen.",
        ),
    ],
)
def test_the_core_message_names_the_weakest_link(given: tuple[int | str, ...], sentences: str) -> None:
    assert levels(*given).summary.core.startswith(sentences)


def test_the_core_message_tells_of_the_legal_minimums() -> None:
    missing = levels(2, 2, 2, 2, 2).summary
    assert "Van de 23 wettelijke minimums zijn er 9 niet aangetoond." in missing.core
    legal = {q.id: q.legal_minimum for q in questionnaire().questions if q.legal_minimum is not None}
    shown = levels(4, 4, 4, 4, 4, evidenced=legal).summary
    assert "Van de 23 wettelijke minimums zijn er 23 aangetoond met bewijs." in shown.core
    asked = levels(4, 4, 4, 4, 4, evidenced=legal).brief.questions
    assert not any("wettelijke minimums" in question for question in asked)


def test_titles_in_a_sentence_can_be_told_from_its_words() -> None:
    said = " ".join(levels(2, 1, 2, 2, 1).summary.points[1].sentences)
    assert "Preventie is voorkomen dat" in said and "Nazorg is herstellen" in said
    assert "Het laagst" not in said  # its themes stand alike
    usual = " ".join(Report.of(account(), questionnaire()).summary.points[1].sentences)
    assert re.search("Het laagst (staat|staan) daar: ‘[^’]+’( en ‘[^’]+’)?[.]", usual), usual


def test_what_nobody_checked_is_said() -> None:
    def said(shown: Report) -> str:
        return " ".join(shown.summary.points[-1].sentences)

    everything = {question.id: 2 for question in questionnaire().questions}
    assert said(levels(2, 2, 2, 2, 2)).startswith("Niemand heeft het bewijs bij de antwoorden gecontroleerd.")
    assert "Bij 81 van de 82 vragen" in said(levels(2, 2, 2, 2, 2, evidenced={"PA-01": 2}))
    assert said(levels(2, 2, 2, 2, 2, evidenced=everything)) == (
        "Bij alle vragen met een niveau is het bewijs gecontroleerd. "
        "Het bewijs liet overal het niveau zien dat de deelnemers noemden."
    )


@pytest.mark.parametrize(
    ("judged", "sentence"),
    [
        ([(2, 2), (3, 3)], "Het bewijs liet overal het niveau zien dat de deelnemers noemden."),
        (
            [(2, 1), *[(2, 2)] * 4],
            "Bij 1 daarvan laat het bewijs een lager niveau zien. Bij de andere 4 is het gelijk.",
        ),
        ([(3, 2), (2, 2)], "lager niveau zien. Bij de andere is het gelijk. Gemiddeld"),
        ([(2, 1), *[(2, 2)] * 3], "Gemiddeld ligt het bewijs een half niveau lager"),
        (
            [(4, 1)],
            "Het bewijs laat steeds een lager niveau zien. "
            "Gemiddeld ligt het bewijs 3 niveaus lager dan wat de deelnemers zeiden.",
        ),
    ],
)
def test_the_gap_is_told_in_halves(judged: list[tuple[int, int]], sentence: str) -> None:
    assert sentence in carried(judged)


def test_a_difference_that_rounds_to_nothing_has_no_mean() -> None:
    assert "Gemiddeld" not in carried([(2, 1), *[(2, 2)] * 4])


def test_what_stayed_without_an_answer_is_told_as_a_fact_and_not_as_a_stage() -> None:
    answers = [row(question.id, "c1", 2) for question in questionnaire().questions[:60]]
    shown = report(answers=answers, evidenced={}, agreed={})
    assert "22 vragen bleven zonder antwoord." in shown.summary.points[0].sentences
    reservations = [link.reservation for link in shown.links]
    assert "Dit niveau is niet compleet: 5 vragen zonder antwoord." in reservations
    assert "niet compleet" in shown.brief.picture
    assert not re.search(r"voorlopig|nog niet alle|nog geen antwoord", text(html(shown)))


def test_where_a_level_is_missing_the_tables_say_why() -> None:
    shown = levels(2, 2, 2, 2, "unknown")
    assert {said for _, said in shown.profile.kind_rows[-1].labelled} == {"te weinig inzicht"}
    assert {part.told for part in shown.links[-1].parts} == {"te weinig inzicht"}


def test_who_adopted_is_told_by_role_and_it_is_the_only_role_that_can() -> None:
    by = [step.roles for step in TRANSITIONS if step.target == Status.ADOPTED]
    assert by == [(Role.COORDINATOR,)] and f"de {Role.COORDINATOR.label}" == ADOPTED_BY
    shown = report()
    for said in (shown.subtitle, str(shown.method.sections), dict(shown.colophon)["Vastgesteld op"]):
        assert f"door {ADOPTED_BY}" in said


def test_a_weak_theme_gets_the_steps_that_fit_its_level() -> None:
    for level, froms in ((0, [0]), (1, [0, 1]), (2, [1, 2]), (4, [2, 3])):
        beginning = levels(level, 2, 2, 2, 2).links[0].beginnings[0]
        theme = questionnaire().theme("pro-actie", "richting-en-voorbeeld")
        fitting = [str(one.text) for one in theme.suggestions if one.from_level in froms]
        assert (beginning.title, list(beginning.steps)) == (str(theme.title), fitting)


def test_weights_are_told_with_whether_they_matter() -> None:
    assert "Alle vragen tellen even zwaar." in str(report().method.sections)
    told = str(levels(2, 2, 2, 2, 2, weights={"PA-03": 2}).method.sections)
    assert "PA-03 (2 keer)" in told
    assert "Zonder die gewichten is het beeld van de schakels hetzelfde." in told


def test_a_document_of_another_questionnaire_is_refused() -> None:
    other = account()
    other["questionnaire"]["digest"] = "0" * 64
    with pytest.raises(ValueError, match="not an account of questionnaire"):
        Report.of(other, questionnaire())


@pytest.mark.parametrize(
    ("name", "kind", "within"),
    [
        ("Gemeente Waterrijk", "gemeente", "gemeente Waterrijk"),
        ("Waterschap De Vaart", "waterschap", "waterschap De Vaart"),
        ("Veiligheidsregio Oost", "gemeenschappelijke-regeling", "Veiligheidsregio Oost"),
    ],
)
def test_an_organisation_is_named_as_in_a_sentence(name: str, kind: str, within: str) -> None:
    shown = report(organisation={"name": name, "kind": kind})
    assert shown.title == f"De integriteitsketen van {within}"


def test_a_download_has_a_name_that_every_system_takes() -> None:
    shown = report(organisation={"name": "Gemeente Súdwest/Fryslân \"'…", "kind": "gemeente"})
    assert shown.file_name == "integriteit-gemeente-sudwest-fryslan-2025-versie-1"


# How it reads


def test_the_text_keeps_to_halves_and_hard_words_are_not_there(both: Report) -> None:
    shown = text(html(both))
    assert set(re.findall(r"\d+,\d+", shown)) <= {f"{whole},5" for whole in range(5)}
    assert not re.search(r"overtre|stoplicht|[Oo]nvoldoende", shown)
    assert not re.search(r"\bc\d\b", shown), "a contributor's code"


def test_all_chapters_are_there_in_order(both: Report) -> None:
    page = html(both)
    anchors = re.findall(r'<section class="report-chapter[^"]*" id="([\w-]+)"', page)
    assert anchors == [entry.anchor for entry in both.contents]


def test_the_html_can_be_read_by_everyone(both: Report) -> None:
    for page in (html(both), html(both, print=False)):
        headings = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
        assert headings.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(headings))
        assert all('scope="' in cell for cell in re.findall(r"<th[ >][^>]*>", page))
        ids = re.findall(r'\bid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert len(re.findall(r"<svg[^>]*>\s*<title", page)) == page.count("<svg")
        assert not re.search(r"<script|<style|style=", page)


def test_a_phone_has_drawings_of_its_own_and_a_way_back_and_paper_has_not(both: Report) -> None:
    page, paper = html(both, print=False), html(both)
    assert page.count('"picture-narrow"') == page.count('"picture-wide"') == paper.count('"picture-wide"')
    assert page.count('"chain-narrow"') == page.count('"chain-wide"') == 1
    assert both.is_light or paper.count('"picture-wide"') > 5
    assert page.count('href="#wat-staat-waar"') == len(both.contents) and 'id="wat-staat-waar"' in page
    assert "picture-narrow" not in paper and 'href="#wat-staat-waar"' not in paper


def test_the_light_track_gives_a_shorter_report() -> None:
    assert len(text(html(report("light")))) < 0.7 * len(text(html(report())))


# How it is asked for


@pytest.fixture
def adoption(cast: dict[str, User], settings: Settings) -> Adoption:
    """An adopted round whose report nobody has asked for; and no worker that would make it."""
    settings.TASKS = DUMMY
    found = make_adopted(cast).adoption
    assert found
    return found


def url(name: str, adoption: Adoption) -> str:
    return reverse(f"reports:{name}", args=[adoption.pk])


def fake(pages: int = 3, fault: Exception | None = None) -> Callable[..., printing.Printed]:
    """A stand-in for `print_pdf`, which takes seconds."""

    def print_pdf(*args: object, **kwargs: object) -> printing.Printed:
        if fault:
            raise fault
        return printing.Printed(b"%PDF-1.7 verslag", pages)

    return print_pdf


def make(adoption: Adoption, variant: str = norms.COUNCIL) -> None:
    """What the worker does when this file was asked for."""
    make_report.call(ask_for(adoption, variant).pk)


@pytest.fixture(autouse=True)
def nothing_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    """The checker likes every file; tests/test_pdf.py asks the real one."""
    monkeypatch.setattr(printing, "check_pdf", lambda content, variant: [])


def test_the_first_visit_has_the_pdf_made_and_the_next_waits_for_it(
    adoption: Adoption, client_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_of("greet")
    first = browser.get(url("report", adoption)).content.decode()
    assert "De PDF wordt gemaakt." in first and "Kijk of de PDF klaar is" in first
    assert ReportFile.objects.get().requested_at
    requested = ReportFile.objects.get().requested_at
    assert browser.get(url("pdf", adoption)).headers["Location"] == url("report", adoption)
    asked = browser.get(url("report", adoption), {"stage": "waiting"}, headers={"HX-Request": "true"})
    assert asked.status_code == 204, "nothing new"
    assert ReportFile.objects.get().requested_at == requested
    monkeypatch.setattr(printing, "print_pdf", fake())
    make(adoption)
    piece = browser.get(url("report", adoption), headers={"HX-Request": "true"}).content.decode()
    assert (
        "Download de PDF" in piece
        and "3 pagina’s, 0 kB" in piece
        and "<html" not in piece
        and "hx-get" not in piece
    )


def test_who_waits_sees_how_far_it_is(
    adoption: Adoption, client_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, seen = client_of("greet"), []

    def look(*args: object, **kwargs: object) -> None:
        page = browser.get(url("report", adoption), {"stage": "waiting"}, headers={"HX-Request": "true"})
        assert page.headers["HX-Retarget"] == "#verslag-stappen"
        seen.append(text(re.sub(r"(?s).*(<li[^>]*aria-current.*?</li>).*", r"\1", page.content.decode())))

    def print_pdf(*args: object, **kwargs: object) -> printing.Printed:
        look()
        return printing.Printed(b"%PDF-1.7 verslag", 3)

    def check_pdf(*args: object) -> list[str]:
        look()
        return []

    monkeypatch.setattr(printing, "print_pdf", print_pdf)
    monkeypatch.setattr(printing, "check_pdf", check_pdf)
    whole = text(browser.get(url("report", adoption)).content.decode())
    assert "Wacht op zijn beurt (nu bezig) Gegevens lezen Pagina’s opmaken" in whole
    make(adoption)
    assert seen == [
        "Pagina’s opmaken (nu bezig)",
        "Toegankelijkheid en archiefnorm controleren (nu bezig)",
    ]


def test_what_does_not_pass_its_check_is_not_kept_and_the_coordinator_sees_why(
    adoption: Adoption, client_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "print_pdf", fake())
    monkeypatch.setattr(printing, "check_pdf", lambda content, variant: ["PDF/UA-1: Figure without Alt"])
    with pytest.raises(printing.PrintingFailed, match="Figure without Alt"):
        make(adoption)
    file = ReportFile.objects.get()
    assert not file.is_made and file.pdf is None and file.has_failed
    for name, told in (("anna", True), ("greet", False), ("guus", False)):
        page = client_of(name).get(url("report", adoption)).content.decode()
        assert "De PDF is niet gelukt." in page and "Maak de PDF opnieuw" in page
        assert ("Figure without Alt" in page) == told, name
    assert client_of("greet").get(url("pdf", adoption)).headers["Location"] == url("report", adoption)
    monkeypatch.setattr(printing, "check_pdf", lambda content, variant: [])
    client_of("greet").post(url("report", adoption))
    make(adoption)
    assert ReportFile.objects.get().checked == norms.said(norms.COUNCIL)


def test_a_concept_is_made_anew_when_what_goes_with_it_changes_and_an_edition_never(
    cast: dict[str, User], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TASKS = DUMMY
    monkeypatch.setattr(printing, "print_pdf", fake())
    round_ = make_adopted(cast, Status.EXECUTIVE)
    adoption = round_.adoption
    assert adoption
    make(adoption)
    first = ReportFile.objects.get()
    assert ask_for(adoption) == first
    Reaction.write(round_, cast["guus"], 0, text="Wij nemen dit over.", decided_on=date(2026, 3, 2))
    second = ask_for(adoption)
    assert second.order != first.order and list(ReportFile.objects.all()) == [second]
    bring_to(round_, Status.SUBMITTED, cast["anna"])
    make(adoption)
    kept = ask_for(adoption)
    assert kept.is_made and kept.edition and kept.supplement == kept.edition.document
    monkeypatch.setattr("reports.models.RENDERER", "later")
    assert ask_for(adoption) == kept
    assert {file.variant for file in ReportFile.objects.all()} == {norms.COUNCIL, norms.ARCHIVE}


def test_an_offered_report_that_nobody_opened_has_its_file_made_all_the_same(
    cast: dict[str, User], settings: Settings
) -> None:
    settings.TASKS = DUMMY
    make_adopted(cast, Status.EXECUTIVE, year=2025)
    offered = make_adopted(cast, Status.SUBMITTED)
    ReportFile.objects.all().delete()
    ask_for_editions()
    files = ReportFile.objects.all()
    assert {(file.adoption, file.variant) for file in files} == {
        (offered.adoption, norms.COUNCIL),
        (offered.adoption, norms.ARCHIVE),
    }
    ask_for_editions()  # and once is enough
    assert ReportFile.objects.count() == 2


def test_adopting_leads_to_the_report_which_has_its_pdf_made(
    cast: dict[str, User], client_of: Browser, settings: Settings
) -> None:
    settings.TASKS = DUMMY
    round_ = make_adopted(cast, Status.VALIDATION)
    browser = client_of("anna")
    landed = browser.post(reverse("assessments:transition", args=[round_.pk, "adopted"]), follow=True)
    adoption = round_.adoptions.get()
    assert landed.redirect_chain == [(url("report", adoption), 302)]
    page = landed.content.decode()
    assert "Jaarronde 2026 is nu vastgesteld." in page
    assert page.index("Oplegger voor de raad") < page.index("Colofon") < page.index("Volgende stap")
    assert ReportFile.objects.get().adoption == adoption


def test_the_pdf_comes_as_a_file_to_keep(
    adoption: Adoption, client_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "print_pdf", fake())
    make(adoption)
    response = client_of("greet").get(url("pdf", adoption))
    assert response.content == b"%PDF-1.7 verslag"
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="integriteit-gemeente-waterrijk-2026-versie-1.pdf"'
    )
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert response.headers["Cache-Control"] == "no-store"


def test_a_pdf_is_made_once(adoption: Adoption, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "print_pdf", fake(3))
    make(adoption)
    made_at = ReportFile.objects.get().made_at
    monkeypatch.setattr(printing, "print_pdf", fake(4))
    make(adoption)
    assert (ReportFile.objects.get().made_at, ReportFile.objects.get().pages) == (made_at, 3)
    assert ReportFile.objects.get().sha256 == sha256(b"%PDF-1.7 verslag").hexdigest()


def test_a_pdf_that_failed_can_be_asked_for_again(
    adoption: Adoption, client_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = client_of("greet")
    monkeypatch.setattr(printing, "print_pdf", fake(fault=printing.PrintingFailed("Ignored `color: zwart`")))
    with pytest.raises(printing.PrintingFailed):
        make(adoption)
    page = browser.get(url("report", adoption)).content.decode()
    assert "De PDF is niet gelukt." in page and "zwart" not in page
    assert "Wettelijke minimums" in page, "the page itself does not need the PDF"
    assert browser.post(url("report", adoption)).status_code == 302
    assert "De PDF wordt gemaakt." in browser.get(url("report", adoption)).content.decode()
    assert ReportFile.objects.get().failure == ""


def test_a_pdf_that_nobody_makes_can_be_asked_for_again(adoption: Adoption, client_of: Browser) -> None:
    long_ago = timezone.now() - PATIENCE - timedelta(seconds=1)
    browser = client_of("greet")
    browser.get(url("report", adoption))
    ReportFile.objects.update(requested_at=long_ago)
    assert "Maak de PDF opnieuw" in browser.get(url("report", adoption)).content.decode()
    browser.post(url("report", adoption))
    assert ReportFile.objects.get().requested_at > long_ago


def test_asking_again_changes_nothing_about_a_pdf_that_is_there(
    adoption: Adoption, client_of: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "print_pdf", fake())
    make(adoption)
    before = ReportFile.objects.values().get()
    client_of("greet").post(url("report", adoption))
    assert ReportFile.objects.values().get() == before


def test_the_data_are_what_was_frozen_and_can_be_recomputed(adoption: Adoption, client_of: Browser) -> None:
    response = client_of("greet").get(url("document", adoption))
    assert sha256(response.content).hexdigest() == adoption.digest
    assert response.headers["Content-Disposition"].endswith('-versie-1.json"')
    data = json.loads(response.content)
    assert score(questionnaire(), parse(questionnaire(), data)).as_document() == data["results"]


def test_a_document_that_was_tampered_with_is_not_shown(adoption: Adoption, client_of: Browser) -> None:
    changed = adoption.document.replace('"claimed":2', '"claimed":4', 1)
    Adoption.objects.filter(pk=adoption.pk).update(document=changed)
    with pytest.raises(ValueError, match="no longer has the digest"):
        client_of("greet").get(url("report", adoption))


def test_the_list_has_the_reports_of_the_own_organisation(
    cast: dict[str, User], client_of: Browser, settings: Settings
) -> None:
    settings.TASKS = DUMMY
    make_adopted(cast, year=2025)
    make_adopted(cast, Status.PUBLISHED, year=2024)
    make_round(cast, Status.OPEN, year=2026)
    page = client_of("greet").get(reverse("reports:list")).content.decode()
    assert re.findall(r"Jaarronde \d{4}</a>", page) == ["Jaarronde 2025</a>", "Jaarronde 2024</a>"]
    assert "Er is nog geen verslag." in client_of("chris").get(reverse("reports:list")).content.decode()


def queries(browser: Client, addresses: Iterable[str]) -> list[int]:
    counts = []
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(address).status_code == 200
        counts.append(len(captured))
    return counts


def test_the_pages_ask_as_much_with_fifty_reports_as_with_one(
    cast: dict[str, User], client_of: Browser, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TASKS = DUMMY
    monkeypatch.setattr(printing, "print_pdf", fake())
    adoption = make_adopted(cast, year=1999).adoption
    assert adoption
    make(adoption)
    browser = client_of("greet")
    addresses = [reverse("reports:list"), *(url(name, adoption) for name in ("report", "pdf", "document"))]
    queries(browser, addresses)
    few = queries(browser, addresses)
    for year in range(2000, 2049):
        make_adopted(cast, year=year)
    assert (few, queries(browser, addresses)) == (few, few)
    assert few == [6, 20, 22, 9]


def test_the_file_of_an_edition_is_read_from_one_row(
    cast: dict[str, User], client_of: Browser, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TASKS = DUMMY
    monkeypatch.setattr(printing, "print_pdf", fake())
    adoption = make_adopted(cast, Status.PUBLISHED).adoption
    assert adoption
    make(adoption)
    make(adoption, norms.ARCHIVE)
    browser = client_of("greet")
    addresses = [url(name, adoption) for name in ("pdf", "archive_pdf")]
    queries(browser, addresses)
    assert queries(browser, addresses) == [10, 10]


def test_a_command_makes_all_reports_that_are_missing(
    adoption: Adoption, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "print_pdf", fake(fault=printing.PrintingFailed("mislukt")))
    with pytest.raises(CommandError):
        call_command("make_reports", stdout=StringIO(), stderr=StringIO())
    monkeypatch.setattr(printing, "print_pdf", fake())
    call_command("make_reports", stdout=StringIO())
    assert ReportFile.objects.get().is_made
    out = StringIO()
    call_command("make_reports", stdout=out)
    assert out.getvalue() == ""
