"""What can stand in the way of an improvement: five barriers, and the question that each asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chain.schema import SLUG, TEXT, Faults, Record, Rule, matching, several
from chain.text import Text

_VIRTUES: dict[str, Rule] = {"virtues": several(TEXT, 3, 3), "tension": TEXT, "question": TEXT}
_NAMED: dict[str, Rule] = {"slug": SLUG, "title": TEXT, "meaning": TEXT}
# The file also holds the roles of government and the ways of steering: all of it is checked.
GOVERNMENT_ROLES = Record(
    {
        "slug": SLUG,
        "version": matching(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}", '"2026.1"'),
        "title": TEXT,
        "introduction": TEXT,
        "source": TEXT,
        "roles": several(Record({**_NAMED, **_VIRTUES}, name="slug"), 4, 4),
        "barriers": several(Record({**_NAMED, "question": TEXT}, name="slug"), 5, 5),
        "steering": several(Record({**_NAMED, "example": TEXT}, name="slug"), 4, 4),
    }
)


@dataclass(frozen=True, slots=True)
class Barrier:
    """One answer to: what stands in the way of this improvement?"""

    slug: str
    title: Text
    meaning: Text
    question: Text  # that helps to get past it


def barrier_rules(data: Mapping[str, Any]) -> Faults:
    """Rules over several fields, to ask only of what holds to the schema: each slug stands once."""
    for part in ("roles", "barriers", "steering"):
        slugs = [one["slug"] for one in data[part]]
        for slug in sorted({slug for slug in slugs if slugs.count(slug) > 1}):
            yield part, f"{slug!r} stands there twice"


def build(data: Mapping[str, Any]) -> tuple[Barrier, ...]:
    """The barriers of plain data that has been checked, in its order."""
    return tuple(
        Barrier(one["slug"], Text(**one["title"]), Text(**one["meaning"]), Text(**one["question"]))
        for one in data["barriers"]
    )
