"""Which words of the glossary the report explains: some of those that it uses. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from assessments.supplement import TermDocument
from chain.glossary import Term, used_in
from chain.questionnaire import Questionnaire

MOST = 30  # more is a dictionary, which nobody reads
# What every report speaks of, in chapters of its own: the griffier checks it, a rekenkamer computes it again.
ALWAYS = ("bestuurlijke-reactie", "integriteitscoordinator", "rekenkamer", "verbeterplan")
# Everyday words, and those that the report itself explains in the same chapter.
NEVER = frozenset(
    {
        *("bewijs", "burgemeester", "college", "gemeenteraad", "integriteit", "raadslid", "ronde", "schakel"),
        *("wethouder", "wettelijk-minimum", "zaak", "bestaan", "opzet", "werking", "signaal", "melding"),
    }
)


def told_terms(
    terms: tuple[Term, ...], questionnaire: Questionnaire, supplement: object
) -> list[TermDocument]:
    """The terms to explain, in the order of the glossary, thirty at most.

    First come those that every report needs and those in what was written for this one; then those in the
    titles of questions and laws, the most used first.
    """
    wanted = [one for one in terms if one.slug not in NEVER]
    here = [term.slug for term, _ in used_in(wanted, _texts(supplement))]
    often = _in_questions(terms, questionnaire)
    chosen = set(list(dict.fromkeys([*ALWAYS, *here, *often]))[:MOST])
    return [
        {"term": str(one.term), "abbreviation": one.abbreviation, "meaning": str(one.meaning)}
        for one in wanted
        if one.slug in chosen
    ]


@lru_cache(maxsize=8)
def _in_questions(terms: tuple[Term, ...], questionnaire: Questionnaire) -> tuple[str, ...]:
    """Slugs of the terms in titles and laws, most used first; the same questions give the same answer."""
    titles = [str(question.title) for question in questionnaire.questions]
    laws = [basis.law for question in questionnaire.questions for basis in question.legal_basis]
    found = used_in([one for one in terms if one.slug not in NEVER], titles + laws)
    return tuple(term.slug for term, _ in sorted(found, key=lambda pair: -pair[1]))


def _texts(value: Any) -> Iterator[str]:
    """Every text in a document, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _all(value.values())
    elif isinstance(value, list | tuple):
        yield from _all(value)


def _all(values: Iterable[Any]) -> Iterator[str]:
    for one in values:
        yield from _texts(one)
