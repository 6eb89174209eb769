"""gegevens.csv: a row per question, for whoever computes with it."""

import csv
from io import StringIO
from typing import Any

import pytest

from reports import words
from reports.open_data import HEAD, csv_of
from reports.report import Report
from tests.accounts import account, questionnaire


def read(track: str = "full", **changes: Any) -> tuple[Report, list[dict[str, str]]]:
    report = Report.of(account(track, **changes), questionnaire())
    return report, list(csv.DictReader(StringIO(csv_of(report), newline="")))


@pytest.mark.parametrize("track", ["full", "light"])
def test_every_question_has_one_row_with_the_figures_of_the_results(track: str) -> None:
    report, rows = read(track)
    assert [row["vraag"] for row in rows] == list(report.account.questions)
    for row, result in zip(rows, report.account.results["questions"], strict=True):
        assert row["niveau"] == ("" if result["claimed"] is None else str(result["claimed"]))
        assert row["onderbouwd_niveau"] == ("" if result["evidenced"] is None else str(result["evidenced"]))
        assert row["stand"] == words.STATES.get(result["state"], "niveau")
        assert set(row) == set(HEAD) and row["organisatie"] == "Gemeente Waterrijk"


def test_a_legal_minimum_has_its_level_standing_and_ground() -> None:
    report, rows = read()
    found = {row["vraag"]: row for row in rows if row["wettelijk_minimum"]}
    for one in report.account.results["legal"]:
        row = found.pop(one["question"])
        assert row["wettelijk_minimum"] == str(one["minimum"])
        assert row["wettelijke_stand"] == words.LEGAL[one["status"]]
        assert row["grondslag"]
    assert not found


def test_it_is_plain_utf_8_by_the_rules_of_rfc_4180() -> None:
    text = csv_of(Report.of(account(), questionnaire()))
    assert text.startswith("organisatie,cbs_code,") and text.endswith("\r\n")
    assert text == csv_of(Report.of(account(), questionnaire()))


def test_no_cell_is_a_formula() -> None:
    organisation = account()["organisation"] | {"name": "=1+1, gemeente"}
    _, rows = read(organisation=organisation)
    assert {row["organisatie"] for row in rows} == {"'=1+1, gemeente"}
