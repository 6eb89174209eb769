"""The dashboard and the figures behind it, as each reader sees them."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import AgreedLevel, Answer, Assessment, EvidencedLevel
from assessments.status import Status
from organisations.models import User
from reports.dashboard import Dashboard
from tests.cast import bring_to, make_adopted, make_answers, make_round, questionnaire, say
from tests.rounds import CHAIN, answers_file, results_of

Browser = Callable[[str], Client]
Said = dict[str, list[int | str]]


PAGES: dict[str, list[str]] = {
    "reports:dashboard": [],
    "reports:link": ["pro-actie"],
    "reports:figure": ["pro-actie", "hard"],
}


# The page as plain values


def page_of(said: Said, **rest: object) -> Dashboard:
    data = answers_file(said, **rest)
    return Dashboard(CHAIN, results_of(data), data["answers"])


def levels(**links: int) -> Said:
    """Every question of these links at this level, by one contributor; the other links at 2."""
    return {
        question.id: [links.get(link.slug.replace("-", "_"), 2)]
        for link in CHAIN.links
        for question in link.questions
    }


def test_the_weakest_link_is_named_in_a_sentence() -> None:
    page = page_of(levels(nazorg=1))
    assert page.finding == "Nazorg is de zwakste schakel: niveau 1, Soms."
    assert [row.score.title for row in page.rows if row.weakest] == ["Nazorg"]
    assert "zwakste schakel" in page.chain and "zwakste schakel" in page.chain_tall


def test_equal_weakest_links_are_named_together() -> None:
    page = page_of(levels(nazorg=1, pro_actie=1))
    assert page.finding == "Pro-actie en Nazorg zijn samen de zwakste schakels: niveau 1, Soms."


def test_when_all_links_are_equal_none_is_marked() -> None:
    page = page_of(levels())
    assert page.finding == "Alle schakels staan op hetzelfde niveau: 2, Vastgelegd."
    assert not page.weakest
    assert "zwakste" not in page.chain.lower()


def test_while_a_link_has_no_score_there_is_no_weakest_link() -> None:
    said = levels(nazorg=1)
    page = page_of({id: words for id, words in said.items() if not id.startswith("RE")})
    assert page.finding == "De zwakste schakel is nog niet te zien: Repressie heeft geen cijfer."
    assert not page.weakest


def test_a_provisional_figure_and_too_little_insight_are_said_in_words() -> None:
    said = levels()
    del said["PA-01"]
    said |= {question.id: ["unknown"] for question in CHAIN.link("nazorg").questions[:10]}
    rows = {row.score.slug: row.score for row in page_of(said).rows}
    assert rows["pro-actie"].note == "voorlopig: 1 vraag zonder antwoord"
    assert (rows["nazorg"].figure, rows["nazorg"].word) == ("–", "te weinig inzicht")
    assert rows["nazorg"].unknown_share == "59%"
    assert rows["preventie"].note == ""


def test_a_share_is_not_printed_where_there_is_nothing_to_take_it_of() -> None:
    rows = {row.score.slug: row.score for row in page_of({"PA-01": [2], "PV-01": ["not_applicable"]}).rows}
    assert [rows[slug].unknown_share for slug in ("pro-actie", "preventie", "nazorg")] == ["0%", "", ""]


def test_the_table_of_the_distribution_holds_every_question_once() -> None:
    page = page_of(levels(nazorg=4))
    assert (
        sum(count for _, counts in page.distribution_table for _, count in counts)
        == page.total
        == len(CHAIN.questions)
    )
    assert [count for _, count in dict(page.distribution_table)["4 lerend"]] == [0, 0, 0, 0, 17]


def test_legal_minimums_are_listed_by_what_was_shown() -> None:
    asked = [question for question in CHAIN.questions if question.legal_minimum is not None]
    cases = next(question for question in asked if question.cases_only)
    one, two, three = [question for question in asked if not question.cases_only][:3]
    said: Said = {one.id: [4], two.id: [4], three.id: ["not_applicable"], cases.id: ["not_occurred"]}
    page = page_of(said, evidenced={one.id: 4})
    groups = {group.status: [item.question.id for item in group.items] for group in page.legal}
    assert list(groups) == ["not_shown", "claimed", "not_occurred", "not_applicable", "shown"]
    assert (groups["shown"], groups["claimed"]) == ([one.id], [two.id])
    assert (groups["not_applicable"], groups["not_occurred"]) == ([three.id], [cases.id])
    assert len(groups["not_shown"]) == len(asked) - 4
    reasons = next(group for group in page.legal if group.status == "not_applicable").items[0].reasons
    assert reasons == ("past niet",)


def test_questions_to_discuss_show_the_answers_and_agreeing_takes_them_off() -> None:
    page = page_of({"PA-01": [4, 1], "PA-02": [2, 3]})
    assert [(item.question.id, item.detail) for item in page.discuss] == [
        ("PA-01", "De antwoorden zijn 1 en 4.")
    ]
    assert not page_of({"PA-01": [4, 1]}, agreed={"PA-01": {"level": 2, "reason": "besproken"}}).discuss


def test_a_ritual_is_in_place_but_does_not_help() -> None:
    data = answers_file({"PA-01": [3], "PA-02": [3]})
    data["answers"][0]["helps"], data["answers"][1]["helps"] = "no", "yes"
    page = Dashboard(CHAIN, results_of(data), data["answers"])
    assert [(item.question.id, item.detail) for item in page.rituals] == [("PA-01", "Niveau 3 Gedaan.")]


# The page as people get it


def text_of(browser: Client, name: str, *args: object) -> str:
    """What the page says, without its markup; drawings included."""
    response = browser.get(reverse(name, args=args))
    assert response.status_code == 200
    body = response.content.decode().split("<main", 1)[1].split("</main", 1)[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", body)))


@pytest.fixture
def running(cast: dict[str, User]) -> Assessment:
    """An open round in which Bram and Fatima differ, and Vera looked at some evidence."""
    round_ = make_round(cast, people=["bram", "fatima"])
    make_answers(round_, cast["bram"], 3)
    say(round_, cast["fatima"], "PA-01", level=1)
    say(round_, cast["fatima"], "PA-02", state="unknown")
    AgreedLevel.objects.create(
        assessment=round_, question="PA-03", level=2, reason="Samen bekeken.", by=cast["anna"]
    )
    EvidencedLevel.objects.create(assessment=round_, question="PA-04", level=2, by=cast["vera"])
    return round_


def test_a_running_round_shows_the_stand_of_now_and_who_is_how_far(
    running: Assessment, client_of: Browser
) -> None:
    shown = text_of(client_of("anna"), "reports:dashboard", running.pk)
    assert "Resultaat van Jaarronde 2026" in shown
    assert "Dit is de stand van nu" in shown
    assert "Voortgang per persoon" in shown
    assert "Bram" in shown and "82 van 82" in shown
    assert "Fatima" in shown and "2 van 82" in shown
    assert "De antwoorden zijn 1 en 3." in shown


def test_an_adopted_round_shows_what_was_frozen_and_no_progress(
    cast: dict[str, User], running: Assessment, client_of: Browser
) -> None:
    bring_to(running, Status.ADOPTED, cast["anna"])
    before = text_of(client_of("anna"), "reports:dashboard", running.pk)
    Answer.objects.exclude(level=None).update(level=0)
    EvidencedLevel.objects.all().delete()
    assert text_of(client_of("anna"), "reports:dashboard", running.pk) == before
    assert "deze cijfers veranderen niet meer" in before
    assert "Voortgang per persoon" not in before


def test_what_was_not_answered_is_not_yet_so_only_until_it_is_frozen(
    cast: dict[str, User], client_of: Browser
) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"], questions=[f"PA-{number:02}" for number in range(1, 15)])
    pages = [("reports:dashboard", []), ("reports:link", ["pro-actie"]), ("reports:link", ["nazorg"])]

    def said() -> str:
        return " ".join(text_of(client_of("anna"), name, round_.pk, *rest) for name, rest in pages)

    running = said()
    assert "68 nog geen antwoord" in running and "voorlopig: 2 vragen zonder antwoord" in running
    assert "– geen antwoorden" in running, "no share of nothing"
    bring_to(round_, Status.ADOPTED, cast["anna"])
    frozen = said()
    assert "68 van de 82 vragen bleven zonder antwoord" in frozen
    assert "68 vragen bleven zonder antwoord." in frozen
    assert "niet compleet: 2 vragen zonder antwoord" in frozen
    assert not re.search(r"[Nn]og (geen antw|niet alle|niet te|niemand)|oorlopig", frozen)


def test_a_figure_opens_to_its_sum_and_its_answers(running: Assessment, client_of: Browser) -> None:
    shown = text_of(client_of("anna"), "reports:figure", running.pk, "pro-actie", "richting-en-voorbeeld")
    assert "Pro-actie: richting en voorbeeld" in shown
    assert "Hoe komt dit cijfer tot stand?" in shown
    assert re.search(r"\([\d +]+\) / 4 = [\d,]+, afgerond op halven: [\d,]+", shown)
    assert "Van laag naar hoog 1 en 3. De laagste van de twee telt: 1." in shown
    assert "Fatima: 1 Soms" in shown


def test_a_link_opens_to_its_parts_and_all_its_questions(running: Assessment, client_of: Browser) -> None:
    shown = text_of(client_of("vera"), "reports:link", running.pk, "pro-actie")
    for theme in questionnaire().link("pro-actie").themes:
        assert str(theme.title) in shown
    for question in questionnaire().link("pro-actie").questions:
        assert question.id in shown
    assert "Samen afgesproken: 2." in shown and "Reden: ‘Samen bekeken.’" in shown
    assert "Verschil met het bewijs 3 / 1 − 2 / 1 = 1" in shown


@pytest.mark.parametrize("person", ["bram", "guus"])
def test_only_coordinator_and_validator_see_names(
    cast: dict[str, User], running: Assessment, client_of: Browser, person: str
) -> None:
    bring_to(running, Status.ADOPTED, cast["anna"])
    for name in PAGES:
        shown = text_of(client_of(person), name, running.pk, *PAGES[name])
        assert "Bram" not in shown and "Fatima" not in shown
        assert "Wie zei wat" not in shown
    assert "Deelnemer 1: 3 Gedaan" in shown
    for follower in ("anna", "vera"):
        assert "Bram: 3 Gedaan" in text_of(client_of(follower), name, running.pk, *PAGES[name])


def test_own_weights_that_matter_are_mentioned(cast: dict[str, User], client_of: Browser) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"])
    Answer.objects.filter(question="PA-01").update(level=4)
    said = "De eigen gewichten van deze ronde maken verschil"
    assert said not in text_of(client_of("anna"), "reports:dashboard", round_.pk)
    Assessment.objects.update(weights={"PA-01": 10})
    assert said in text_of(client_of("anna"), "reports:dashboard", round_.pk)
    assert "(10×4 + 1×2" in text_of(client_of("anna"), "reports:link", round_.pk, "pro-actie")


def test_explanations_stay_with_who_wrote_them(running: Assessment, client_of: Browser) -> None:
    for name in PAGES:
        assert "Zo is PA-" not in text_of(client_of("anna"), name, running.pk, *PAGES[name])


def test_decimals_are_printed_in_sums_only(running: Assessment, client_of: Browser) -> None:
    dashboard = text_of(client_of("anna"), "reports:dashboard", running.pk)
    assert {found[-1] for found in re.findall(r"\d,\d+", dashboard)} <= {"5"}
    assert not re.search(r"\d,\d\d", dashboard)
    assert not re.search(r"\beindcijfer:|\bgemiddelde: ", dashboard)


@pytest.mark.parametrize(
    "path",
    ["bestaat-niet/", "pro-actie/bestaat-niet/", "bestaat-niet/hard/", "nazorg/richting-en-voorbeeld/"],
)
def test_what_the_chain_does_not_have_is_not_found(
    running: Assessment, client_of: Browser, path: str
) -> None:
    assert client_of("anna").get(f"/rondes/{running.pk}/resultaat/{path}").status_code == 404


def test_the_light_track_shows_its_own_questions_only(cast: dict[str, User], client_of: Browser) -> None:
    round_ = make_adopted(cast, track="light")
    light = questionnaire().for_track("light")
    shown = text_of(client_of("anna"), "reports:dashboard", round_.pk)
    assert f"Van de {len(light.questions)} vragen" in shown
    for link in light.links:
        text_of(client_of("guus"), "reports:link", round_.pk, link.slug)


def test_a_round_without_answers_has_a_page_too(cast: dict[str, User], client_of: Browser) -> None:
    round_ = make_round(cast)
    shown = text_of(client_of("anna"), "reports:dashboard", round_.pk)
    assert "De zwakste schakel is nog niet te zien" in shown
    assert "geen enkele vraag heeft een niveau" in text_of(
        client_of("anna"), "reports:link", round_.pk, "nazorg"
    )


# Queries: two for the session and its user, two for the navigation of the shell; the rest is the page


def queries(browser: Client, name: str, round_: Assessment) -> int:
    browser.get(reverse(name, args=[round_.pk, *PAGES[name]]))  # the questionnaire is read once per process
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(reverse(name, args=[round_.pk, *PAGES[name]])).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("person", "status", "name", "expected"),
    [  # six of each write the visit in the log: four statements, and the transaction around three of them
        ("anna", Status.OPEN, "reports:dashboard", 16),
        ("anna", Status.OPEN, "reports:link", 16),
        ("anna", Status.OPEN, "reports:figure", 15),
        ("anna", Status.ADOPTED, "reports:dashboard", 13),
        ("anna", Status.ADOPTED, "reports:link", 14),
        ("anna", Status.ADOPTED, "reports:figure", 13),
        ("guus", Status.ADOPTED, "reports:dashboard", 13),
        ("guus", Status.ADOPTED, "reports:figure", 12),
    ],
)
def test_the_number_of_queries_depends_on_nothing(
    cast: dict[str, User], client_of: Browser, person: str, status: Status, name: str, expected: int
) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"])
    bring_to(round_, status, cast["anna"])
    browser = client_of(person)
    assert queries(browser, name, round_) == expected
    for year in range(1970, 2019):
        make_round(cast, Status.CLOSED, year=year)
    crowded = make_round(cast, people=["bram", "fatima", "anna", "vera"], year=2019)
    for contributor in ("bram", "fatima", "anna", "vera"):
        make_answers(crowded, cast[contributor])
    bring_to(crowded, status, cast["anna"])
    assert queries(browser, name, crowded) == expected
