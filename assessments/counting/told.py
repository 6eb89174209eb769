"""What the report says of the yearly figures and the vulnerabilities: words and numbers as they are printed.

Exact counts come in, and only what chain.small_numbers lets through comes out. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from assessments.supplement import FigureDocument, FiguresDocument, VulnerabilitiesDocument
from chain.small_numbers import (
    APART,
    CASES_OF,
    EMPTY,
    LEAST,
    SMALL,
    STOCKS,
    told,
    told_median,
    told_split,
    told_together,
)
from chain.vulnerability import HIGHEST, Scored, Vulnerabilities, matrix, ordered
from chain.yearly import Figure, FigureList, Named, Part

Counts = Mapping[str, int]  # "meldingen", "meldingen/meldpunt" or "meldingen/soort/giften": number
UNTYPED = "niet-ingedeeld"
RULES = (
    f"Een aantal staat er precies vanaf {LEAST}. Is het lager, dan staat er ‘{SMALL}’. "
    "Nul en vier zien er dus hetzelfde uit.",
    f"Tellen onderdelen op tot een totaal, dan staat een onderdeel lager dan {LEAST} er niet apart. "
    "Is het daarmee nog terug te rekenen, dan staat een groter onderdeel er ook niet apart. "
    f"Bij ‘{APART}’ weet u dus niet of het aantal klein is.",
)
STOCK_RULE = (
    "Hoeveel onderzoeken er nog lopen, staat er nooit bij. "
    "Daarmee waren kleine aantallen van andere jaren terug te rekenen."
)
NOTES = ("niet-vergelijken", "geen-oordeel")  # of the content, that a reader needs too


def key(figure: str, part: str = "", kind: str = "") -> str:
    """Under which a count is kept: of a figure, one of its parts, or one of the types of violation in it."""
    return "/".join(filter(None, [figure, part or (kind and f"soort/{kind}")]))


def told_figures(
    content: FigureList, counts: Counts, year: int, note: str = "", before: Sequence[Counts] = ()
) -> FiguresDocument:
    """What is printed of these counts.

    `before` holds those of the two years before, only where this year closes a period of three.
    """
    return {
        "year": year,
        "figures": [_figure(content, figure, counts, before) for figure in content.figures],
        "note": note.strip(),
        "reading": [*RULES, STOCK_RULE, *(str(content.note(slug).text) for slug in NOTES)],
    }


def _figure(content: FigureList, figure: Figure, counts: Counts, before: Sequence[Counts]) -> FigureDocument:
    number = counts.get(figure.slug)
    document: FigureDocument = {
        "slug": figure.slug,
        "title": str(figure.title),
        "unit": figure.unit,
        "told": _number(figure, counts),
        "parts": _parts(figure, counts),
        "types": _types(content.types, figure, counts),
        "together": "",
        "beside": list(figure.beside),
    }
    if before and figure.unit == "count" and figure.slug not in STOCKS:
        document["together"] = told_together([*(one.get(figure.slug) for one in before), number])
    return document


def _number(figure: Figure, counts: Counts) -> str:
    number = counts.get(figure.slug)
    if figure.slug in STOCKS:
        return EMPTY if number is None else APART
    if figure.unit == "days":
        return told_median(number, counts.get(CASES_OF.get(figure.slug, "")))
    return told(number)


def _parts(figure: Figure, counts: Counts) -> list[dict[str, str]]:
    """Nothing when the figure was not divided."""
    numbers = [counts.get(key(figure.slug, part.slug)) for part in figure.parts]
    known = [number for number in numbers if number is not None]
    if not known or not figure.adds_up:
        return _named(figure.parts, [told(number) for number in numbers]) if known else []
    return _named(figure.parts, told_split(counts[figure.slug], known))


def _types(types: Sequence[Named], figure: Figure, counts: Counts) -> list[dict[str, str]]:
    """The types of violation and what was not divided; nothing when the figure was not divided so."""
    numbers = [counts.get(key(figure.slug, kind=one.slug)) for one in types]
    if not figure.is_typed or not any(number is not None for number in numbers):
        return []
    known = [number or 0 for number in numbers]
    rest = counts[figure.slug] - sum(known)
    told_parts = told_split(counts[figure.slug], [*known, rest])
    last = {"slug": UNTYPED, "title": "Niet ingedeeld", "told": told_parts[-1]}
    return [*_named(types, told_parts), last]


def _named(parts: Iterable[Part | Named], told_parts: Sequence[str]) -> list[dict[str, str]]:
    return [
        {"slug": part.slug, "title": str(part.title), "told": words}
        for part, words in zip(parts, told_parts, strict=False)
    ]


# Vulnerabilities


def scored(content: Vulnerabilities, areas: Mapping[str, Mapping[str, int]]) -> list[Scored]:
    """The areas with both scores, in the order of the content."""
    return [
        Scored(area.slug, areas[area.slug]["inherent"], areas[area.slug]["control"])
        for area in content.areas
        if area.slug in areas
    ]


def told_vulnerabilities(
    content: Vulnerabilities,
    areas: Mapping[str, Mapping[str, int]],
    factors: Mapping[str, int],
    note: str = "",
) -> VulnerabilitiesDocument:
    """What is printed of these scores; highest gap first, then highest inherent score."""
    titles = {area.slug: str(area.title) for area in content.areas}
    return {
        "areas": [
            {
                "slug": one.slug,
                "title": titles[one.slug],
                "inherent": one.inherent,
                "control": one.control,
                "gap": one.gap,
            }
            for one in ordered(scored(content, areas))
        ],
        "unscored": [str(area.title) for area in content.areas if area.slug not in areas],
        "factors": [
            {"slug": one.slug, "title": str(one.title), "value": factors[one.slug]}
            for one in content.factors
            if one.slug in factors
        ],
        "steps": {
            "inherent": [str(step) for step in content.inherent.steps],
            "control": [str(step) for step in content.control.steps],
            "factor": [str(step) for step in content.factor.steps],
        },
        "note": note.strip(),
    }


class Cell(NamedTuple):
    """A place in the matrix: how much more vulnerable than controlled, and the areas there."""

    gap: int
    titles: list[str]


class MatrixRow(NamedTuple):
    inherent: int
    word: str
    cells: list[Cell]  # control 0 to 3


def matrix_of(told: VulnerabilitiesDocument) -> list[MatrixRow]:
    """The areas by how vulnerable (3 first) and how well controlled (0 first)."""
    titles = {area["slug"]: area["title"] for area in told["areas"]}
    rows = matrix(Scored(area["slug"], area["inherent"], area["control"]) for area in told["areas"])
    words = told["steps"]["inherent"]
    return [
        MatrixRow(
            inherent,
            words[inherent],
            [Cell(inherent - control, [titles[slug] for slug in slugs]) for control, slugs in enumerate(row)],
        )
        for inherent, row in zip(reversed(range(HIGHEST + 1)), rows, strict=True)
    ]
