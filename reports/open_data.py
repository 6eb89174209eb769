"""The results as open data: gegevens.csv, a row per question.

RFC 4180: commas, a dot in numbers, UTF-8 without a mark, lines that end in CRLF. So every program for data
reads it alike. Who wants columns in a Dutch Excel takes the workbook (reports/workbook.py). Pure.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from typing import Final

from chain.questionnaire import Place
from chain.results import LegalDocument
from organisations.cells import plain
from reports import words
from reports.report import Report

# What does not change from row to row comes first: who puts files of more years or organisations under each
# other still knows which row is whose.
HEAD: Final = (
    *("organisatie", "cbs_code", "jaar", "ronde", "versie", "vragenlijst", "versie_vragenlijst"),
    *("schakel", "thema", "vraag", "titel", "dimensie", "soort", "antwoorden", "stand", "niveau"),
    *("onderbouwd_niveau", "verschil_tussen_antwoorden", "helpt", "wettelijk_minimum", "wettelijke_stand"),
    "grondslag",
)
LEVEL: Final = "niveau"  # the state of a question that has one


def csv_of(report: Report) -> str:
    """The whole file. The same report always gives the same text; what does not exist is an empty cell."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(HEAD)
    writer.writerows(_rows(report))
    return written.getvalue()


def _rows(report: Report) -> Iterator[list[str]]:
    account, content = report.account, report.account.questionnaire
    organisation, round_ = account.document["organisation"], account.round
    common = [organisation["name"], organisation["cbs_code"], round_["year"], round_["title"]]
    common += [round_["version"], content.slug, content.version]
    answers = Counter(answer["question"] for answer in account.document["answers"])
    legal = {one["question"]: one for one in account.results["legal"]}
    for question in content.questions:
        result = account.questions[question.id]
        place = content.place(question.id)
        row: list[object] = [*common, *_about(place), answers[question.id]]
        row.append(LEVEL if result["state"] == "level" else words.STATES[result["state"]])
        row += [result["claimed"], result["evidenced"], result["spread"]]
        row.append(words.HELPS[result["helps"]] if result["helps"] else None)
        row += _legal(place, legal.get(question.id))
        yield ["" if cell is None else plain(str(cell)) for cell in row]


def _about(place: Place) -> list[object]:
    question = place.question
    return [
        *(place.link.title, place.theme.title, question.id, question.title),
        *(words.GROUPS[question.dimension].lower(), words.GROUPS[question.nature].lower()),
    ]


def _legal(place: Place, legal: LegalDocument | None) -> list[object]:
    if legal is None:
        return [None, None, None]
    basis = "; ".join(f"{one.law}, {one.article}" for one in place.question.legal_basis)
    return [legal["minimum"], words.LEGAL[legal["status"]], basis]
