"""The button that makes an improvement of what a page shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import template
from django.urls import reverse

from assessments.improving.steps import may_propose
from assessments.models import Assessment

register = template.Library()


@register.inclusion_tag("assessments/improving/propose.html", takes_context=True)
def propose(
    context: dict[str, Any],
    round_: Assessment,
    question: object = "",
    link: object = "",
    area: object = "",
    small: bool = False,
) -> dict[str, object]:
    """The button for who may propose something in this round now, and nothing for anyone else.

    Give it one of `question` (id), `link` or `area` (slug); `small` makes it a link, for in a table.
    The roles come from the shell around the page, so that it costs no query however often it stands there.
    """
    origin = {"question": str(question), "link": str(link), "area": str(area)}
    asked = {name: value for name, value in origin.items() if value}
    if not may_propose(round_.status, _roles(context, round_)):
        return {"url": ""}
    url = f"{reverse('assessments:action_new', args=[round_.pk])}?{urlencode(asked)}"
    return {"url": url, "about": " ".join(asked.values()), "small": small}


def _roles(context: dict[str, Any], round_: Assessment) -> set[str]:
    """The reader's roles in the round's organisation; none on a fragment, which has no shell."""
    memberships = getattr(context.get("shell"), "memberships", [])
    return {
        held.role
        for one in memberships
        if one.organisation_id == round_.organisation_id
        for held in one.roles.all()
    }
