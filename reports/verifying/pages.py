"""What stands on the pages of a PDF, held against the data inside it. Text only: no pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from chain.questionnaire import Questionnaire
from reports.verifying.findings import Finding, Told

SUM = re.compile(r"Controlegetal\s+((?:[0-9a-f]{8}\s+){7}[0-9a-f]{8})")
VERSION = re.compile(r"\bversie (\d{1,4})(?=\s+Controlegetal)")


def page_differences(pages: Sequence[str], told: Told) -> Iterator[Finding]:
    """Pages without the checksum of the data inside, or with another one or another version.

    The running foot has the checksum and, but for the first page, the version just before it.
    """
    for number, text in enumerate(pages, 1):
        flat = " ".join(text.split())
        sums = ["".join(one.split()) for one in SUM.findall(flat)]
        if not sums:
            yield Finding(f"bladzijde {number}", "het controlegetal ontbreekt")
        elif told.account not in sums:
            yield Finding(
                f"bladzijde {number}", "het controlegetal is niet dat van de gegevens in het bestand"
            )
        for version in VERSION.findall(flat):
            if int(version) != told.version:
                yield Finding(f"bladzijde {number}", f"er staat versie {version}, niet {told.version}")


def level_differences(
    pages: Sequence[str], content: Questionnaire, document: dict[str, Any]
) -> tuple[list[Finding], int]:
    """Questions of which a page prints another level than the data; and how many print the same."""
    flat = " ".join(" ".join(pages).split())
    rungs = {rung.level: str(rung.word) for rung in content.ladder}
    names = "|".join(re.escape(name) for name in rungs.values())
    titles = {question.id: str(question.title) for question in content.questions}
    wrong, right = [], 0
    for result in document["results"]["questions"]:
        named = rf"{re.escape(result['id'])} {re.escape(titles[result['id']])}"
        line = rf"{named} (?:\([^()]{{1,40}}\) )?(\d) (?:{names})"
        printed = {int(level) for level in re.findall(line, flat)}
        if printed - {result["claimed"]}:
            wrong.append(
                Finding(result["id"], f"op de bladzijde staat niveau {min(printed)}, {_inside(result)}")
            )
        right += printed == {result["claimed"]}
    return wrong, right


def _inside(result: dict[str, Any]) -> str:
    level = result["claimed"]
    return "in de gegevens geen niveau" if level is None else f"in de gegevens niveau {level}"
