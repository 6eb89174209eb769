"""What became of a promise of last year: done, moved, dropped or open. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assessments.improving.steps import PROMISED, Stage
from assessments.supplement import ActionDocument, PromiseDocument

Outcome = Literal["done", "moved", "dropped", "open"]
NO_NEW_DATE = "De datum is voorbij en er is nog geen nieuwe datum."


@dataclass(frozen=True, slots=True)
class Standing:
    """How something that was promised stands today."""

    stage: str  # of an improvement; a promise to the council is decided, verified or dropped
    due: date | None
    reason: str = ""  # why it was dropped or moved, as it was written


def outcome(promised: date | None, now: Standing, today: date) -> Outcome:
    """What became of it.

    Reported or verified is done. What is not done is moved when it got a later date than was promised, or
    when its date is past: whoever reads the report must not find it among what goes as promised.
    """
    if now.stage in (Stage.REPORTED, Stage.VERIFIED):
        return "done"
    if now.stage == Stage.DROPPED:
        return "dropped"
    if promised and now.due and now.due > promised:
        return "moved"
    return "moved" if now.due and now.due < today else "open"


def told(
    kind: str,
    what: str,
    owner: str,
    promised: date | None,
    made: str,
    now: Standing,
    today: date,
) -> PromiseDocument:
    """The promise with its outcome, as the supplement has it; a reason only where something changed."""
    found = outcome(promised, now, today)
    changed = found in ("moved", "dropped")
    late = found == "moved" and now.due is not None and now.due < today
    reason = " ".join(part for part in (now.reason, NO_NEW_DATE if late else "") if part)
    return {
        "kind": kind,
        "what": what,
        "owner": owner,
        "due": promised.isoformat() if promised else None,
        "made": made,
        "outcome": found,
        "due_now": now.due.isoformat() if now.due else None,
        "reason": reason if changed else "",
    }


def of_actions(
    earlier: Iterable[ActionDocument], now: Mapping[int, Standing], today: date
) -> list[PromiseDocument]:
    """The improvements that the earlier report promised, with their outcome.

    What that report already called verified or dropped is settled and does not come back. One whose row is
    gone stands as it was promised: nothing that was promised can disappear.
    """
    return [
        told(
            "action",
            one["what"],
            one["owner"],
            promised,
            one["since"],
            now.get(one["key"], Standing(one["status"], promised)),
            today,
        )
        for one in earlier
        if one["status"] in PROMISED
        for promised in [date.fromisoformat(one["due"]) if one["due"] else None]
    ]
