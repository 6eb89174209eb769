"""The whole text of two reports, line by line, as tests/golden/ keeps it.

A change of words shows as a change of lines, to be read before it is committed. After one on purpose:

    RENEW_GOLDEN=1 bin/test tests/test_golden.py
"""

import os
import re
from collections.abc import Callable
from difflib import unified_diff
from html import unescape
from pathlib import Path

import pytest
from django.template.loader import render_to_string

from reports import norms
from reports.report import Report
from tests.extremes import light_track, with_surveys

pytestmark = pytest.mark.anywhere

FOLDER = Path(__file__).parent / "golden"
BLOCKS = "h1|h2|h3|h4|p|li|tr|caption|summary|div|section|dt|dd"


def lines(page: str) -> list[str]:
    """The text of a page of HTML: a line for each paragraph, heading, item and row of a table."""
    page = re.sub(r"(?s)<head>.*?</head>", "", page)
    page = re.sub(rf"\s+|<(?=/?(?:{BLOCKS})[ >])", lambda found: "\n<" if found[0] == "<" else " ", page)
    page = re.sub(r"</t[hd]>", " |", page)
    bare = (" ".join(unescape(re.sub(r"<[^>]+>", " ", line)).split()) for line in page.split("\n"))
    return [line.removesuffix(" |") for line in bare if line]


@pytest.mark.parametrize("made", [with_surveys, light_track])
def test_the_text_of_a_report_changes_only_on_purpose(made: Callable[[], Report]) -> None:
    report = made()
    context = {"report": report, "print": True, "check": norms.sentence(norms.COUNCIL)}
    found = lines(render_to_string("reports/report/pdf.html", context))
    file = FOLDER / f"{made.__name__}.txt"
    if os.environ.get("RENEW_GOLDEN"):
        file.write_text("\n".join(found) + "\n", encoding="utf-8")
    kept = file.read_text(encoding="utf-8").splitlines()
    assert list(unified_diff(kept, found, "kept", "found", lineterm="", n=1)) == []
