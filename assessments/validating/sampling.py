"""Which questions a validator checks beside the legal minimums: a draw that anyone can do again. Pure.

Of each link those questions take part that have a level and no legal minimum; the minimums are checked
anyhow. For each of them the SHA-256 is taken of the seed, a colon and the question's id, written as 64 hex
digits. Per link the questions are put in the order of that, and the first so many are the sample.

    $ for id in PA-10 PA-11 PA-12; do printf '4f1c:%s' $id | sha256sum | sed "s/-/$id/"; done | sort

shows that the seed `4f1c` has them in the order PA-10, PA-12, PA-11: a sample of two takes PA-10 and PA-12.
So nobody chooses the questions, one link says nothing of another, and whoever has the seed, the number and
the levels finds the same. The seed is made at the moment of the draw (models/sample.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Set

from chain.questionnaire import Questionnaire

SIZE = 3  # questions per link unless the validator chooses another number
LARGEST = 20


def mark(seed: str, question: str) -> str:
    """What the draw orders by: 64 hex digits."""
    return hashlib.sha256(f"{seed}:{question}".encode()).hexdigest()


def drawable(content: Questionnaire, with_level: Set[str]) -> dict[str, list[str]]:
    """Per link (slug) the ids that take part: with a level, without a legal minimum, in their own order."""
    return {
        link.slug: [
            question.id
            for question in link.questions
            if question.id in with_level and question.legal_minimum is None
        ]
        for link in content.links
    }


def draw(drawable: Mapping[str, Iterable[str]], seed: str, size: int) -> list[str]:
    """The ids that are drawn: of each link the first `size` by their mark, or all when it has fewer."""
    return [
        question
        for questions in drawable.values()
        for question in sorted(questions, key=lambda one: mark(seed, one))[:size]
    ]
