"""The result of a survey: only what the protected document tells, in words, for whoever may read it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from hashlib import sha256
from html import unescape
from io import StringIO

import pytest
from django.test import Client

from organisations.cells import plain
from organisations.models import User
from reports.outcome import HIDDEN, LOW, MORE, Outcome, Row, compared, outcome_of, reach
from reports.survey_sheet import sheet
from surveys.models import Remark, Survey
from surveys.protection import Counts, StatementDocument, SurveyDocument, Tally, printed, publish
from tests.accounts import made_up
from tests.cast import make_round, questionnaire
from tests.surveys import make_open_survey, make_told, published_statements

Browser = Callable[[str], Client]
# The two last groups stay hidden: one has too few answers, the other would give that one away.
TEAMS = {"Zorg": (9000, 5003), "Arbeid": (9100, 5009), "Kabinet": (7919, 3), "Groen": (3571, 1499)}
SECRET = ("7919", "7.919", "3571", "3.571", "1499", "1.499")


@pytest.fixture
def told(cast: dict[str, User]) -> Survey:
    return make_told(make_round(cast), cast["anna"], TEAMS)


def address(survey: Survey, rest: str = "") -> str:
    return f"/rondes/{survey.assessment_id}/peilingen/{survey.audience}/uitkomst/{rest}"


def text(content: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", content.decode())).split())


def outcome(document: SurveyDocument) -> Outcome:
    return outcome_of(published_statements().read(), document, questionnaire())


def staff(*teams: Tally) -> Outcome:
    return outcome(publish(published_statements().read().ids, teams))


def team(population: int, ballots: int, number: int = 1, **counts: Counts) -> Tally:
    ids = published_statements().read().ids
    changed = {id_.replace("_", "-"): one for id_, one in counts.items()}
    return Tally(f"groep-{number}", population, ballots, made_up(ids, ballots, number) | changed)


# In words


@pytest.mark.parametrize(
    ("value", "words"), [(0, "bijna niemand"), (1, "1%"), (99, "99%"), (100, "bijna iedereen")]
)
def test_unanimity_is_never_a_figure(value: int, words: str) -> None:
    assert printed(value) == words


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        ((57, 80), "tussen 57% en 80%"),
        ((72, 100), "minstens 72%"),
        ((0, 28), "hoogstens 28%"),
        ((0, 100), "tussen bijna niemand en bijna iedereen"),
        ((44, 44), "44%"),
        ((100, 100), "bijna iedereen"),
    ],
)
def test_the_margin_is_told_in_words(interval: tuple[int, int], words: str) -> None:
    assert reach(interval) == words


def test_who_all_answered_leave_no_margin() -> None:
    assert reach((44, 44), everybody=True) == "44%, iedereen gaf antwoord"


def test_the_figures_of_the_method_come_out_in_its_words(db: None) -> None:
    """Population 90, base 36, 70 % agree: 57-80 % (scoring, stream B)."""
    one = Counts((6, 0, 5, 25, 0))  # 25 of 36 is 69.4 %
    shown = staff(team(90, 36, PA_S1=one)).whole.rows["PA-S1"]
    assert (shown.base, shown.agree, shown.neutral, shown.disagree) == (36, "69%", "14%", "17%")
    assert shown.reach == "tussen 57% en 80%"
    assert shown.sentence == "69% is het eens (tussen 57% en 80%), 17% oneens; ‘weet ik niet’: bijna niemand."


@pytest.mark.parametrize(("ballots", "low"), [(39, True), (40, False)])
def test_a_low_response_is_called_a_signal(db: None, ballots: int, low: bool) -> None:
    response = staff(team(100, ballots)).response
    assert response.startswith(f"Van de 100 medewerkers deden er {ballots} mee: {ballots}%.")
    assert (LOW in response) is low


def document_of(agree: int, low: int, high: int) -> StatementDocument:
    return StatementDocument(
        id="x", base=20, agree=agree, neutral=0, disagree=0, unknown=0, interval=[low, high]
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (51, 70, "vaker eens dan het geheel"),
        (50, 70, "ongeveer als het geheel"),
        (30, 50, "ongeveer als het geheel"),
        (30, 49, "minder vaak eens dan het geheel"),
    ],
)
def test_only_a_difference_beyond_the_margin_is_called_one(low: int, high: int, words: str) -> None:
    assert compared(document_of(40, low, high), document_of(50, 45, 55)) == words
    assert compared(document_of(40, low, high), StatementDocument(id="x", base=None)) == ""


def test_a_statement_that_is_hidden_says_why_and_nothing_else(db: None) -> None:
    shown = staff(team(60, 40, PA_S1=Counts((0, 0, 0, 3, 1)))).whole
    row = shown.rows["PA-S1"]
    assert row == Row("PA-S1", row.text, None) and HIDDEN in row.sentence.lower()
    part = shown.part("pro-actie")
    assert part and HIDDEN in part.picture


def test_a_survey_that_is_too_small_tells_its_response_alone(db: None) -> None:
    shown = staff(team(60, 4))
    assert shown.is_too_small and all(part.is_hidden for part in shown.whole.parts)
    assert "er 4 mee" in shown.response and shown.whole.example == ""


def test_every_statement_stands_under_its_link_once(db: None) -> None:
    parts = staff(team(60, 40)).whole.parts
    assert [row.id for part in parts for row in part.rows] == list(published_statements().read().ids)
    assert [part.title for part in parts] == ["Pro-actie", "Preventie", "Preparatie", "Repressie", "Nazorg"]


# On the page


def test_the_page_tells_response_statements_margins_and_groups_in_the_order_of_the_alphabet(
    told: Survey, client_of: Browser
) -> None:
    page = text(client_of("anna").get(address(told)).content)
    assert "Van de 29.590 medewerkers deden er 11.514 mee: 39%." in page and LOW in page
    row = outcome(told.results()).whole.rows["PA-S1"]
    assert f"{row.text} {row.base} {row.agree} {row.reach} {row.neutral} {row.disagree} {row.unknown}" in page
    assert page.index("Arbeid : 5009") < page.index("Zorg : 5003")
    assert page.index("Deze groepen staan niet apart") < page.index("Groen") < page.index("Kabinet")
    assert told.digest in page and "Bijvoorbeeld ‘" in page


def test_a_group_stands_beside_the_whole(told: Survey, client_of: Browser) -> None:
    page = text(client_of("guus").get(address(told, "groep-1/")).content)
    assert "Zorg: wat medewerkers merken 5003 van de 9000 medewerkers" in page
    assert "Naast het geheel" in page and "ongeveer als het geheel" in page


def test_nothing_of_a_hidden_group_is_anywhere(told: Survey, client_of: Browser) -> None:
    assert told.results()["hidden"] == ["groep-3", "groep-4"]
    anna = client_of("anna")
    for rest in ("", "groep-1/", "groep-2/", "uitkomst.csv", "uitkomst.json"):
        content = re.sub(
            r"<svg.*?</svg>|[0-9a-f]{64}", "", anna.get(address(told, rest)).content.decode(), flags=re.S
        )
        assert not [
            number for number in SECRET if re.search(rf"(?<![\d.]){re.escape(number)}(?!\d)", content)
        ], rest
    for hidden in ("groep-3/", "groep-4/", "groep-9/"):
        assert anna.get(address(told, hidden)).status_code == 404


def test_nothing_of_a_hidden_statement_is_anywhere(cast: dict[str, User], client_of: Browser) -> None:
    few = {"PA-S1": Counts((0, 1, 0, 3, 0))}
    survey = make_told(make_round(cast), cast["anna"], {"Alle": (61, 43)}, counts=few)
    anna = client_of("anna")
    whole = survey.results()["statements"][0]
    assert whole == {"id": "PA-S1", "base": None}
    page = text(anna.get(address(survey)).content)
    statement = survey.content.statement("PA-S1").text
    assert f"{statement} {HIDDEN}" in page
    rows = list(
        csv.reader(
            StringIO(anna.get(address(survey, "uitkomst.csv")).content.decode("utf-8-sig")), delimiter=";"
        )
    )
    assert rows[1][4:] == ["PA-S1", str(statement), *[""] * 6, HIDDEN]


def test_before_it_closes_there_is_no_result(cast: dict[str, User], client_of: Browser) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"])
    for rest in ("", "groep-1/", "uitkomst.csv", "uitkomst.json"):
        assert client_of("anna").get(address(survey, rest)).status_code == 404


def test_a_group_is_named_with_those_that_count_as_part_of_it(
    cast: dict[str, User], client_of: Browser
) -> None:
    survey = make_told(make_round(cast), cast["anna"], TEAMS, joined={"Sport": "Zorg"})
    assert "Zorg met Sport : 5003" in text(client_of("anna").get(address(survey)).content)


# To take along


def test_the_data_are_the_document_itself(told: Survey, client_of: Browser) -> None:
    response = client_of("vera").get(address(told, "uitkomst.json"))
    assert sha256(response.content).hexdigest() == told.digest
    assert json.loads(response.content) == told.results()
    assert (
        "attachment" in response["Content-Disposition"] and "sandbox" in response["Content-Security-Policy"]
    )


def test_the_sheet_has_a_row_for_each_statement_of_the_whole_and_of_each_group(
    told: Survey, client_of: Browser
) -> None:
    content = client_of("vera").get(address(told, "uitkomst.csv")).content.decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(content), delimiter=";"))
    assert [row["groep"] for row in rows] == [
        *["geheel"] * 40,
        *["Arbeid"] * 40,
        *["Zorg"] * 40,
        "Groen",
        "Kabinet",
    ]
    assert rows[0]["eens"] == outcome(told.results()).whole.rows["PA-S1"].agree
    assert rows[-1]["opmerking"] == "staat niet apart" and not rows[-1]["mensen"]


@pytest.mark.parametrize("name", ["=1+1", "+31", "-1", "@SUM(A1)", "\t=1", "  =1"])
def test_no_cell_is_a_formula(told: Survey, name: str) -> None:
    assert plain(name) == f"'{name}" and plain("70%") == "70%"
    names = {"groep-1": name, "groep-2": "B", "groep-3": "C", "groep-4": name}
    cells = [
        cell
        for row in csv.reader(StringIO(sheet(outcome(told.results()), names)), delimiter=";")
        for cell in row
    ]
    assert not [cell for cell in cells if cell.strip(" \ufeff")[:1] in tuple("=+-@\t\r")[:6] and cell]


def test_the_griffier_reads_the_councils_result_first(cast: dict[str, User], client_of: Browser) -> None:
    survey = make_told(make_round(cast), cast["greet"], {"Raad": (27, 19)}, audience="council")
    page = text(client_of("greet").get(address(survey)).content)
    assert "Van de 27 raadsleden deden er 19 mee: 70%." in page
    assert "De raad staat alleen als geheel" in page and "Per groep" not in page
    assert client_of("anna").get(address(survey)).status_code == 404


def test_more_answers_than_people_are_called_so(cast: dict[str, User], client_of: Browser) -> None:
    survey = make_told(make_round(cast), cast["anna"], {"Zorg": (12, 20), "Arbeid": (14, 10)})
    anna = client_of("anna")
    assert "Zorg : 12 mensen, 20 antwoorden: meer dan er mensen zijn" in text(
        anna.get(address(survey)).content
    )
    page = text(anna.get(address(survey, "groep-1/")).content)
    assert MORE in page and "20 van de 12" not in page and "iedereen gaf antwoord" not in page
    whole = make_told(make_round(cast, year=2031), cast["anna"], {"Alle": (12, 20)})
    page = text(anna.get(address(whole)).content)
    assert MORE in page and "Bij 12 medewerkers kwamen 20 antwoorden binnen" in page


def test_remarks_that_were_released_stand_below_the_result_and_no_others(
    told: Survey, client_of: Browser
) -> None:
    state = Remark.State
    Remark.objects.create(survey=told, text="Kees loog.", masked="[…] loog.", state=state.SHOWN)
    Remark.objects.create(survey=told, text="Geheim.", masked="Geheim.", state=state.WITHHELD)
    page = text(client_of("guus").get(address(told)).content)
    assert "[…] loog." in page and "Kees" not in page and "Geheim" not in page
