"""A survey in the council report: frozen without its groups, told beside the levels and never in them."""

from __future__ import annotations

import json
import re
from html import unescape
from io import BytesIO

import page as validator
import pikepdf
import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from assessments.status import Status
from chain.scoring import parse, score
from organisations.models import User
from reports import pdf
from reports.chapters.voices import in_short
from reports.models import report_of
from reports.outcome import HIDDEN, Row
from reports.report import Report
from surveys.models import Survey
from surveys.protection import Counts
from tests.accounts import account, questionnaire, report_with, told
from tests.cast import bring_to, make_answers, make_round
from tests.surveys import make_open_survey, make_told
from tests.test_pdf import A3, AT, UA, inside, text_of

STAFF = told("staff", (118, 71), (90, 36), PA_S2=Counts((0, 0, 1, 1, 0)))
COUNCIL = told("council", (27, 19))
TITLE = "Wat medewerkers en raadsleden merken"


def html(report: Report) -> str:
    return render_to_string("reports/report/pdf.html", {"report": report, "print": True})


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<(title|desc)[ >].*?</\1>|<[^>]+>", " ", page)).split())


# What is frozen


@pytest.mark.django_db
def test_an_account_keeps_closed_surveys_and_the_councils_only_when_released(cast: dict[str, User]) -> None:
    round_ = make_round(cast, Status.OPEN)
    make_answers(round_, cast["bram"])
    staff = make_told(round_, cast["anna"], {"Zorg": (60, 41), "Klein": (12, 3), "Groen": (50, 33)})
    council = make_told(round_, cast["greet"], {"Raad": (27, 19)}, audience="council")
    first = round_.freeze(cast["anna"]).frozen()
    Survey.objects.filter(pk=council.pk).update(released_on=timezone.localdate())
    second = round_.freeze(cast["anna"]).frozen()
    assert [one["audience"] for one in first["surveys"]] == ["staff"]
    assert [one["audience"] for one in second["surveys"]] == ["staff", "council"]
    kept = first["surveys"][0]
    assert kept["digest"] == staff.digest and kept["statements"]["digest"] == staff.statements_id
    assert kept["document"]["statements"] == staff.results()["statements"]
    assert kept["document"]["groups"] == kept["document"]["hidden"] == []
    assert "Zorg" not in json.dumps(first) and "groep-" not in json.dumps(first)


@pytest.mark.django_db
def test_an_open_survey_is_not_in_the_account_nor_is_there_a_chapter(cast: dict[str, User]) -> None:
    round_ = make_round(cast, Status.OPEN)
    make_answers(round_, cast["bram"])
    make_open_survey(round_, cast["anna"])
    bring_to(round_, Status.ADOPTED, cast["anna"])
    adoption = round_.adoptions.get()
    assert "surveys" not in adoption.frozen()
    assert "peiling" not in [entry.anchor for entry in report_of(adoption).contents]


@pytest.mark.django_db
def test_the_report_of_an_adopted_round_reads_its_statements_by_their_digest(cast: dict[str, User]) -> None:
    round_ = make_round(cast, Status.OPEN)
    make_answers(round_, cast["bram"])
    make_told(round_, cast["anna"], {"Zorg": (60, 41), "Groen": (50, 33)})
    bring_to(round_, Status.ADOPTED, cast["anna"])
    shown = report_of(round_.adoptions.get())
    assert shown.voices.title == "Wat medewerkers merken"
    assert "Van de 110 medewerkers deden er 74 mee: 67%." in text(html(shown))


def test_a_survey_changes_no_level_and_the_account_can_still_be_recomputed() -> None:
    with_survey, without = report_with(STAFF, COUNCIL).account, account()
    assert with_survey.results == without["results"]
    again = score(questionnaire(), parse(questionnaire(), json.loads(with_survey.text))).as_document()
    assert again == without["results"]


def test_an_account_of_other_statements_is_refused() -> None:
    with pytest.raises(ValueError, match="other statements"):
        Report.of(account(surveys=[STAFF]), questionnaire())


# What is printed


def test_the_chapter_tells_response_statements_and_protection_of_each_audience() -> None:
    report = report_with(STAFF, COUNCIL)
    page = html(report)
    words = text(page)
    assert f'id="peiling">\n  <h2>{TITLE}</h2>' in page and TITLE in [one.title for one in report.contents]
    assert "Van de 208 medewerkers deden er 107 mee: 51%." in words
    assert "Van de 27 raadsleden deden er 19 mee: 70%." in words
    for outcome in report.voices.outcomes:
        for row in outcome.whole.rows.values():
            assert row.text in words
            if row.base is not None:
                cells = f"{row.base} {row.agree} {row.reach} {row.neutral} {row.disagree} {row.unknown}"
                assert f"{row.text} {cells}" in words
    assert words.count("Een stelling staat hier vanaf 5 antwoorden") == 2


def test_a_hidden_statement_is_not_in_the_report() -> None:
    report = report_with(STAFF)
    row = report.voices.outcomes[0].whole.rows["PA-S2"]
    assert row.base is None
    assert f"{row.text} {HIDDEN}" in text(html(report))
    assert '{"base":null,"id":"PA-S2"}' in report.account.text


def test_each_link_says_in_short_what_people_notice() -> None:
    report = report_with(STAFF, COUNCIL)
    for link in report.links:
        assert [said.people for said in link.voices] == ["medewerkers", "raadsleden"]
        assert all(said.text in text(html(report)) for said in link.voices)
    assert [link.voices for link in report_with().links] == [[]] * 5


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "Er zijn te weinig antwoorden om iets te tonen zonder iemand te verraden."),
        ([("Wij praten.", 70)], "Met ‘Wij praten’: 70% is het eens (m), 10% oneens; ‘weet ik niet’: 5%."),
        ([("Wij praten.", 70), ("Wij leren.", 70)], "Met elke stelling is 70% het eens."),
        (
            [("Wij praten.", 70), ("Wij leren.", 30)],
            "Het vaakst is men het eens met ‘Wij praten’: 70% (m). Het minst vaak met ‘Wij leren’: 30% (m).",
        ),
    ],
)
def test_a_link_is_told_in_two_or_three_sentences(rows: list[tuple[str, int]], words: str) -> None:
    shown = [Row("x", says, 20, f"{agree}%", "", "10%", "5%", "m", "", agree) for says, agree in rows]
    assert in_short(shown) == words
    if shown:
        left_out = in_short([*shown, Row("y", "Weg.", None)])
        assert left_out == f"{words} 1 stelling staat hier niet: te weinig antwoorden."


@pytest.mark.parametrize(
    ("surveys", "words"),
    [
        ((), "niet hoe medewerkers, raadsleden of inwoners het ervaren"),
        ((STAFF,), "niet hoe raadsleden of inwoners het ervaren"),
        ((STAFF, COUNCIL), "niet hoe inwoners het ervaren"),
    ],
)
def test_the_method_says_who_was_not_asked(surveys: tuple[dict[str, object], ...], words: str) -> None:
    assert words in text(html(report_with(*surveys)))


def test_a_report_without_surveys_has_no_word_of_them() -> None:
    assert "merken" not in text(html(report_with()))


@pytest.mark.parametrize("track", ["full", "light"])
def test_the_pdf_with_surveys_is_accessible_and_for_the_archive(track: str) -> None:
    report = report_with(STAFF, COUNCIL, track=track)
    made = pdf.render(html(report), at=AT, attached=[one._asdict() for one in inside(report)])
    for profile in (UA, A3):
        found = validator.validate_pdf_bytes(made.content, profile=profile)
        assert found.is_compliant, [str(failure) for failure in found.failures]
    pages = text_of(made.content)
    assert not [number for number, page in enumerate(pages, 1) if len(page) < 500]
    assert TITLE in " ".join(pages)
    opened = pikepdf.open(BytesIO(made.content))  # kept: what is in it lives as long as it does
    attached = opened.attachments["gegevens.json"].get_file().read_bytes()
    assert json.loads(attached)["surveys"] == [STAFF, COUNCIL]
