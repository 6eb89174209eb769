"""Who holds a role that lets them do something: one condition, for every query that asks."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from organisations.policy import May, holders


def held(prefix: str = "") -> Q:
    """Roles that count now; `prefix` leads to them from the rows that are asked: "memberships__roles__".

    Begun, and not past their last day. The nightly work removes what is past; it counts no more before that.
    """
    begun = Q(**{f"{prefix}since__lte": timezone.now()})
    lasting = Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gte": timezone.localdate()})
    return begun & lasting


def lets(*acts: May, prefix: str = "") -> Q:
    """Roles that let somebody do at least one of these now."""
    roles = {role for act in acts for role in holders(act)}
    return Q(**{f"{prefix}role__in": sorted(roles)}) & held(prefix)
