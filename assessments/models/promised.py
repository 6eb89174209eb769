"""What the previous report to the council promised, with what became of it: they come back by themselves."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from assessments.improving import promises
from assessments.improving.promises import Standing
from assessments.improving.steps import Stage
from assessments.models.action import Action, ActionStep
from assessments.models.council import CouncilPromise
from assessments.models.judgement import Adoption
from assessments.supplement import ActionDocument, PromiseDocument

if TYPE_CHECKING:
    from assessments.models.round import Assessment

OF_COUNCIL = {
    CouncilPromise.Outcome.OPEN: Stage.DECIDED,
    CouncilPromise.Outcome.MOVED: Stage.DECIDED,
    CouncilPromise.Outcome.DONE: Stage.VERIFIED,
    CouncilPromise.Outcome.DROPPED: Stage.DROPPED,
}


def told(round_: Assessment) -> list[PromiseDocument] | None:
    """The promises of the organisation's previous report; None when there was none. Four queries.

    They are read from the document that was frozen then, so that nobody can take one away.
    """
    previous = before(round_)
    if previous is None:
        return None
    today = timezone.localdate()
    earlier = previous.edition.frozen().get("actions", [])
    return [
        *promises.of_actions(earlier, _standing(earlier), today),
        *(_of_council(one, today) for one in _to_the_council(round_, previous)),
    ]


def before(round_: Assessment) -> Adoption | None:
    """The adoption whose report is the newest one of the organisation's earlier rounds; one query."""
    offered = Adoption.objects.filter(
        edition__isnull=False,
        assessment__organisation=round_.organisation_id,
        assessment__created_at__lt=round_.created_at,
        assessment__year__lte=round_.year,
    )
    order = ("assessment__created_at", "assessment_id", "number")
    return offered.select_related("edition").order_by(*order).last()


def _standing(earlier: list[ActionDocument]) -> dict[int, Standing]:
    """How these improvements stand today, by key; two queries."""
    keys = [one["key"] for one in earlier]
    moves = ActionStep.objects.filter(action__in=keys, due_after__isnull=False).order_by("at", "pk")
    notes = dict(moves.values_list("action_id", "note"))
    return {
        one.pk: Standing(one.status, one.due, one.reason or notes.get(one.pk, ""))
        for one in Action.objects.filter(pk__in=keys)
    }


def _to_the_council(round_: Assessment, previous: Adoption) -> models.QuerySet[CouncilPromise]:
    """What was promised with the previous report, and before it what was not settled then."""
    day = timezone.localdate(previous.edition.made_at)
    still_open = models.Q(settled_on=None) | models.Q(settled_on__gte=day)
    made = CouncilPromise.objects.filter(
        organisation=round_.organisation_id, assessment__created_at__lt=round_.created_at
    )
    return made.filter(models.Q(assessment=previous.assessment_id) | still_open)


def _of_council(promise: CouncilPromise, today: date) -> PromiseDocument:
    stage = OF_COUNCIL[CouncilPromise.Outcome(promise.outcome)]
    now = Standing(stage, promise.moved_to or promise.due, promise.reason)
    made = promise.made_on.isoformat()
    return promises.told("council", promise.text, promise.owner, promise.due, made, now, today)
