"""What the documents for municipalities say is where they say it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.anywhere

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "SECURITY.md", ROOT / "README.md"]
FILE = re.compile(r"`((?:[\w.-]+/)+[\w.*-]*|[\w-]+\.(?:py|md|txt|toml|yml))`")
LINK = re.compile(r"\]\(((?!https?:|#|mailto:)[^)#]+)(?:#[^)]*)?\)")
ELSEWHERE = ("/", "var/", "etc/")  # of the machine that it runs on


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_to_a_file(document: Path) -> None:
    missing = [to for to in LINK.findall(document.read_text()) if not (document.parent / to).exists()]
    assert not missing


@pytest.mark.parametrize("name", ["bio2.md", "dreigingen.md", "dpia.md", "toegankelijkheid.md"])
def test_every_proof_that_is_named_is_there(name: str) -> None:
    told = FILE.findall((ROOT / "docs" / name).read_text())
    places = [one for one in told if not one.startswith(ELSEWHERE) and "<" not in one]
    assert places
    assert not [one for one in places if not (ROOT / one).exists()]


def test_every_requirement_of_wcag_is_told_once() -> None:
    """WCAG 2.2 has 31 requirements of level A and 24 of AA (4.1.1 was taken out)."""
    text = (ROOT / "docs" / "toegankelijkheid.md").read_text()
    told: list[tuple[int, ...]] = []
    for row in re.findall(r"^\| (\d[^|]*)\|", text, re.MULTILINE):
        numbers = [tuple(map(int, one.split("."))) for one in re.findall(r"\d+\.\d+\.\d+", row)]
        if "–" in row:
            first, last = numbers
            numbers = [(*first[:2], n) for n in range(first[2], last[2] + 1)]
        told += numbers
    assert len(told) == len(set(told)) == 55
