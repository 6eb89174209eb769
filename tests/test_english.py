"""The English texts are complete, and compiled."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "locale" / "en" / "LC_MESSAGES"
MARKED = [
    re.compile(r"{%\s*translate \"([^\"]+)\""),
    re.compile(r"\b_\(\s*\"([^\"]+)\"\s*\)"),
]


def texts() -> dict[str, object]:
    with (LOCALE / "django.po").open("rb") as file:
        return {str(one.id): one.string for one in read_po(file) if one.id}


def test_every_text_that_is_marked_has_its_english() -> None:
    known = texts()
    sources = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("[a-z]*/**/*.py")]
    marked = {
        text
        for path in sources
        if not {"node_modules", ".venv", "tests"} & set(path.parts)
        for pattern in MARKED
        for text in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert len(marked) > 30
    assert not marked - known.keys()
    assert not [text for text, english in known.items() if not english]


def test_the_compiled_texts_are_those_that_are_written() -> None:
    with (LOCALE / "django.po").open("rb") as file:
        compiled = BytesIO()
        write_mo(compiled, read_po(file, locale="en"))
    with (LOCALE / "django.mo").open("rb") as file:
        there = {str(one.id): one.string for one in read_mo(file) if one.id}
    compiled.seek(0)
    assert there == {str(one.id): one.string for one in read_mo(compiled) if one.id}
