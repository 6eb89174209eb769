"""What changed since the organisation's previous report: from frozen accounts, never from live rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assessments.models.promised import before
from assessments.supplement import ChangeDocument
from chain.models import load
from chain.trend import Measured, trend

if TYPE_CHECKING:
    from assessments.models.round import Assessment


def told(round_: Assessment) -> ChangeDocument | None:
    """The change since the previous report, for the supplement; None when there is none. Two queries."""
    previous, adoption = before(round_), round_.adoption
    if previous is None or adoption is None:
        return None
    earlier, later = previous.frozen(), adoption.frozen()
    found = trend(_measured(earlier), _measured(later))
    return {
        "title": f"{earlier['round']['title']} {earlier['round']['year']}",
        "year": earlier["round"]["year"],
        "adopted": earlier["round"]["adopted"],
        "digest": previous.digest,
        "version": earlier["questionnaire"]["version"],
        "track": earlier["track"],
        "links": [
            {
                "slug": one.slug,
                "before": one.before,
                "now": one.now,
                "change": one.change,
                "questions": one.questions,
            }
            for one in found.links
        ],
        "legal": {"newly_shown": list(found.newly_shown), "no_longer_shown": list(found.no_longer_shown)},
    }


def _measured(document: dict[str, Any]) -> Measured:
    content = load(document["questionnaire"]["digest"]).for_track(document["track"])
    return Measured(content, document["results"])
