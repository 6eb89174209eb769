"""The result of a survey as a sheet: a CSV file that spreadsheet programs open, and take as text."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO

from organisations.cells import plain
from reports.outcome import HIDDEN, Outcome, Told

HEAD = (
    *("groep", "mensen", "deden mee", "schakel", "stelling", "tekst", "antwoorden"),
    *("eens", "marge van eens", "neutraal", "oneens", "weet ik niet", "opmerking"),
)
WHOLE = "geheel"


def sheet(outcome: Outcome, names: Mapping[str, str]) -> str:
    """All that is told of a survey, a row a statement. `names`: those of the groups, by slug."""
    written = StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEAD)
    document = outcome.document
    writer.writerows(_rows(WHOLE, document["population"], document["ballots"], outcome.whole))
    for group in sorted(document["groups"], key=lambda one: names[one["slug"]]):
        if told := outcome.group(group["slug"]):
            writer.writerows(_rows(names[group["slug"]], group["population"], group["ballots"], told))
    for name in sorted(names[slug] for slug in document["hidden"]):
        writer.writerow([plain(name), *[""] * (len(HEAD) - 2), "staat niet apart"])
    return "\ufeff" + written.getvalue()  # the mark by which Excel knows UTF-8


def _rows(name: str, population: int, ballots: int, told: Told) -> Iterator[list[str]]:
    for part in told.parts:
        for row in part.rows:
            start = [name, str(population), str(ballots), part.title, row.id, row.text]
            if row.base is None:
                rest = [*[""] * 6, HIDDEN]
            else:
                figures = [str(row.base), row.agree, row.reach, row.neutral, row.disagree, row.unknown]
                rest = [*figures, row.compared]
            yield [plain(cell) for cell in (*start, *rest)]
