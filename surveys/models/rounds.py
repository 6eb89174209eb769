"""The round of a survey. Surveys know of it only what stands here: its organisation and its status."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from organisations.models import Organisation, User
from organisations.policy import May
from surveys.models.survey import Survey

# While its round is one of these a survey can be set up and opened.
SETTING_UP = ("draft", "prepared", "open", "closed", "validation")
LEADERS = {"staff": May.LEAD_STAFF_SURVEY, "council": May.LEAD_COUNCIL_SURVEY}


def rounds() -> QuerySet[Any]:
    """All rounds, by way of the survey's own key: the app of the rounds is not imported here."""
    model: Any = Survey._meta.get_field("assessment").related_model
    found: QuerySet[Any] = model._default_manager.all()
    return found


def rounds_led_by(user: User | AnonymousUser, *acts: May) -> QuerySet[Any]:
    """The rounds of organisations in which the user may do one of these; lead any survey, without them."""
    asked = acts or tuple(LEADERS.values())
    return rounds().filter(organisation__in=Organisation.objects.where_may(user, *asked))


def lets_set_up(round_: Any) -> bool:
    return round_.status in SETTING_UP
