"""Improvements for the tests, in any stage, as they would have grown."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.utils import timezone

from assessments.improving.steps import STEPS, Stage
from assessments.models import Action, Assessment
from organisations.models import User

LIFE = (Stage.PROPOSED, Stage.DECIDED, Stage.RUNNING, Stage.REPORTED, Stage.VERIFIED)


def in_days(number: int) -> date:
    return timezone.localdate() + timedelta(days=number)


def make_action(round_: Assessment, by: User, stage: str = "proposed", **fields: Any) -> Action:
    """One improvement of this round, in this stage; due in a month unless `fields` say otherwise."""
    fields = {"what": "Oefen het meldprotocol", "owner": "teamleider HR", "due": in_days(30), **fields}
    action = Action.objects.create(
        organisation=round_.organisation, assessment=round_, created_by=by, **fields
    )
    action.steps.create(target=Stage.PROPOSED, by=by)
    path = [*LIFE[: LIFE.index(Stage.RUNNING) + 1], Stage.DROPPED] if stage == Stage.DROPPED else LIFE
    for source, target in pairwise(path):
        if action.status == stage:
            break
        step = next(one for one in STEPS if (one.source, one.target) == (source, target))
        closed = timezone.now() if target in (Stage.VERIFIED, Stage.DROPPED) else None
        reason = "Het team bestaat niet meer." if target == Stage.DROPPED else ""
        action.status, action.closed_at, action.reason = target, closed, reason
        action.save()
        action.steps.create(source=source, target=target, by=by, note="Gezien." if step.asks else "")
    return action
