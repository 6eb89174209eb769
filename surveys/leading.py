"""What somebody who leads surveys comes for: the round and, of one audience, its survey. Others get 404."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from organisations.models import MembershipRole, User
from organisations.policy import May, may
from surveys.models import Survey
from surveys.models.rounds import LEADERS, lets_set_up, rounds_led_by


@dataclass(frozen=True, slots=True)
class Led:
    """A round, seen by the coordinator or the griffier of its organisation."""

    round: Any
    roles: frozenset[str]

    @property
    def follows(self) -> bool:
        """Whether they have the page of the round itself."""
        return may(self.roles, May.LEAD_ROUND)

    @property
    def lets_set_up(self) -> bool:
        return lets_set_up(self.round)

    def leads(self, audience: str) -> bool:
        return may(self.roles, LEADERS[audience])


def led_round(user: User, pk: int) -> Led:
    """Two queries. Raises Http404 for a round that the user leads no survey of."""
    round_ = get_object_or_404(rounds_led_by(user).select_related("organisation"), pk=pk)
    held = MembershipRole.objects.held().filter(
        membership__organisation=round_.organisation_id, membership__user=user
    )
    return Led(round_, frozenset(held.values_list("role", flat=True)))


def led_survey(user: User, pk: int, audience: str) -> tuple[Led, Survey]:
    """The survey that the user leads; three queries. Raises Http404."""
    led = led_round(user, pk)
    surveys = Survey.objects.editable_by(user).select_related("organisation", "assessment")
    return led, get_object_or_404(surveys, assessment=pk, audience=audience)


def audience_led(led: Led, audience: str) -> str:
    """The audience, when the user leads its survey, set up or not. Raises Http404."""
    if audience not in LEADERS or not led.leads(audience):
        raise Http404
    return audience
