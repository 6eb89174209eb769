"""The words of the field with their meaning, and which of them a text uses."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chain.schema import SLUG, TEXT, VERSION, Faults, Record, plain, several, twice
from chain.text import Text

GLOSSARY = Record(
    {
        "slug": SLUG,
        "version": VERSION,
        "title": TEXT,
        "introduction": TEXT,
        "source": TEXT,
        "terms": several(
            Record(
                {"slug": SLUG, "term": TEXT, "meaning": TEXT},
                optional={"abbreviation": plain, "see": several(SLUG)},
                name="slug",
            )
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Term:
    slug: str
    term: Text
    abbreviation: str  # empty where there is none
    meaning: Text
    see: tuple[str, ...]  # slugs of related terms


def glossary_rules(data: Mapping[str, Any]) -> Faults:
    """Rules over several fields, to ask only of what holds to the schema."""
    slugs = [one["slug"] for one in data["terms"]]
    yield from twice("terms", slugs)
    if slugs != sorted(slugs):
        yield "terms", "must stand in the order of their slugs"
    for one in data["terms"]:
        for other in one.get("see", []):
            if other not in slugs or other == one["slug"]:
                yield f"{one['slug']}.see", f"{other!r} is no other term"


def build(data: Mapping[str, Any]) -> tuple[Term, ...]:
    """The terms of plain data that has been checked, in its order."""
    return tuple(
        Term(
            one["slug"],
            Text(**one["term"]),
            one.get("abbreviation", ""),
            Text(**one["meaning"]),
            tuple(one.get("see", ())),
        )
        for one in data["terms"]
    )


def used_in(terms: Iterable[Term], texts: Iterable[str]) -> list[tuple[Term, int]]:
    """The terms that the texts use, each with how often, in the order of the terms.

    A term counts as a whole word, also with a plural or another ending ("melders"), an abbreviation as it is
    written.
    """
    text = "\n".join(texts)
    lowered = (
        text.lower()
    )  # most terms are not there at all: looking for the letters first saves two thirds of the time
    found = ((term, _times(term, text, term.term.nl.lower() in lowered)) for term in terms)
    return [(term, times) for term, times in found if times]


def _times(term: Term, text: str, may_hold: bool) -> int:
    times = len(re.findall(rf"(?i)\b{re.escape(term.term.nl)}(?:s|e|en|'s)?\b", text)) if may_hold else 0
    if term.abbreviation and term.abbreviation in text:
        times += len(re.findall(rf"\b{re.escape(term.abbreviation)}\b", text))
    return times
