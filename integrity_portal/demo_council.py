"""What a demo round has for the council: covering page, reaction, check, and what the council did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from assessments.models import (
    Assessment,
    Brief,
    ClerkCheck,
    CouncilPromise,
    CouncilQuestion,
    Handling,
    Reaction,
)
from assessments.models.edition import seen
from organisations.models import User
from organisations.roles import Role


def account(round_: Assessment, told: Mapping[str, Any], members: Mapping[str, User]) -> None:
    """What stands with the results before they are offered; `members` is somebody for each role."""
    fields = {"assessment": round_, "by": members[Role.COORDINATOR], "at": _noon(told["brief"]["day"])}
    Brief.objects.create(**fields, **_words(told["brief"]))
    reaction = told["reaction"]
    fields = {"assessment": round_, "by": members[Role.EXECUTIVE], "at": _noon(reaction["decided_on"])}
    Reaction.objects.create(**fields, **_words(reaction))
    digest, parts = seen(round_.adoptions.latest("number"))
    ClerkCheck.objects.create(
        assessment=round_,
        by=members[Role.CLERK],
        at=_noon(told["check"]["day"]),
        supplement=digest,
        parts=parts,
        items={slug: {"ok": True, "note": note} for slug, note in told["check"]["items"].items()},
        approved=True,
    )


def handle(round_: Assessment, told: Mapping[str, Any], clerk: User) -> None:
    """How the council treated it."""
    by = {"assessment": round_, "by": clerk}
    Handling.objects.create(**by, **_words(told["handling"]))
    for one in told["questions"]:
        CouncilQuestion.objects.create(**by, **_words(one))
    for one in told["promises"]:
        CouncilPromise.objects.create(**by, organisation=round_.organisation, **_words(one))


def _words(said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the file has them, without the day on which they were written."""
    plain = {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}
    plain.pop("day", None)
    return plain


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
