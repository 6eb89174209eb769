"""The five barriers as the content has them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings

from chain.barriers import Barrier
from chain.reading import read_barriers

FILE = Path(settings.BASE_DIR) / "fixtures" / "dialogue" / "government-roles.yaml"


@cache
def barriers() -> dict[str, Barrier]:
    """By slug, in the order of the content; read once per process. Raises FaultyQuestionnaire."""
    return {one.slug: one for one in read_barriers(FILE)}


def title(slug: str) -> str:
    """What a barrier is called; a slug that the content does not know (any more) stands for itself."""
    found = barriers().get(slug)
    return str(found.title) if found else slug
