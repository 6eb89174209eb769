"""The English texts are complete, and compiled; and no page about one's account is Dutch alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from organisations.sign_on.claims import WORDS
from retention.subject.contents import LEFT_OUT

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "locale" / "en" / "LC_MESSAGES"
TEMPLATES = ROOT / "templates"
MARKS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
IN_TEMPLATE = re.compile(r"""\b(n?gettext\((?:[^()'"]|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")*\))""")
# Said by modules that know no Django; the page looks them up.
TOLD = {*WORDS.values(), *(text for left in LEFT_OUT for text in left)}


def texts() -> dict[str, tuple[str, ...]]:
    """What has English, by its Dutch; of what comes in two numbers both."""
    with (LOCALE / "django.po").open("rb") as file:
        found = [one for one in read_po(file) if one.id]
    return {_both(one.id)[0]: _both(one.string) for one in found}


def _both(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, (tuple, list)) else (str(text or ""),)


def marked(path: Path) -> Iterator[str]:
    """The Dutch texts in a file that are there to be translated."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        calls = [one for one in ast.walk(ast.parse(source)) if isinstance(one, ast.Call)]
    else:
        calls = [
            call
            for text in IN_TEMPLATE.findall(templatize(source))
            if isinstance(call := ast.parse(text, mode="eval").body, ast.Call)
        ]
    for call in calls:
        named = call.func.id if isinstance(call.func, ast.Name) else ""
        first = call.args[0] if call.args else None
        if named in MARKS and isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def test_every_text_that_is_marked_has_its_english() -> None:
    known = texts()
    sources = [
        *ROOT.glob("templates/**/*.html"),
        *ROOT.glob("templates/**/*.txt"),
        *ROOT.glob("[a-z]*/**/*.py"),
    ]
    found = {
        text
        for path in sources
        if not {"node_modules", ".venv", "tests"} & set(path.parts)
        for text in marked(path)
    }
    assert len(found) > 200
    assert not sorted((found | TOLD) - known.keys())
    assert not sorted(known.keys() - found - TOLD), "nobody says these any more"
    assert not [dutch for dutch, english in known.items() if not all(english)]


def test_the_compiled_texts_are_those_that_are_written() -> None:
    with (LOCALE / "django.po").open("rb") as file:
        compiled = BytesIO()
        write_mo(compiled, read_po(file, locale="en"))
    with (LOCALE / "django.mo").open("rb") as file:
        there = {str(one.id): one.string for one in read_mo(file) if one.id}
    compiled.seek(0)
    assert there == {str(one.id): one.string for one in read_mo(compiled) if one.id}
