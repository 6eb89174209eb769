"""The improvement plan of a round of the demo: each action as it would have grown by hand, dates included."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from assessments.improving.steps import CLOSED, Stage
from assessments.models import Action, Assessment
from organisations.models import User

KEPT = ("what", "why", "change", "owner", "due", "barrier", "question")


def propose(round_: Assessment, actions: Sequence[dict[str, Any]], people: Mapping[str, User]) -> None:
    """Puts the actions in the plan, with what happened to them before the report was offered."""
    for one in actions:
        by = people[one["by"]]
        action = Action.objects.create(
            organisation=round_.organisation,
            assessment=round_,
            link=round_.content.link_of(one["question"]).slug,
            responsible=people[one["responsible"]] if "responsible" in one else None,
            created_by=by,
            created_at=_noon(one["day"]),
            **{name: _plain(one[name]) for name in KEPT if name in one},
        )
        action.steps.create(target=Stage.PROPOSED, by=by, at=_noon(one["day"]))
        _take(action, [step for step in one.get("steps", []) if step["to"] == Stage.DECIDED], people)


def carry_on(round_: Assessment, actions: Sequence[dict[str, Any]], people: Mapping[str, User]) -> None:
    """What happened to them after that."""
    for action, one in zip(round_.actions.order_by("pk"), actions, strict=True):
        _take(action, [step for step in one.get("steps", []) if step["to"] != Stage.DECIDED], people)


def _take(action: Action, steps: Sequence[dict[str, Any]], people: Mapping[str, User]) -> None:
    """Each step, or a move of the date where it has a `due`."""
    for step in steps:
        note, at = _plain(step.get("note", "")), _noon(step["day"])
        moved = {"due_before": action.due, "due_after": step["due"]} if "due" in step else {}
        source, action.status = action.status, step["to"]
        action.steps.create(
            source=source, target=action.status, note=note, by=people[step["by"]], at=at, **moved
        )
        action.due = step.get("due", action.due)
        action.closed_at = at if action.status in CLOSED else None
        action.reason = note if action.status == Stage.DROPPED else ""
    action.save()


def _plain(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
