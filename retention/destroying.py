"""Destroys what is due, a thing at a time, each in a transaction with its statement."""

from __future__ import annotations

import logging
from datetime import date

from django.db import transaction

from organisations.models import Organisation
from organisations.models.log import close_off
from retention import small
from retention.due import OF_ROUND, Due, due
from retention.kinds import Kind
from retention.models import Statement
from retention.periods import in_words
from retention.rounds import GUESTS, remove, rows
from surveys.models import Destruction

logger = logging.getLogger(__name__)


def destroy_due(organisation: Organisation, today: date) -> list[Statement]:
    """Destroys what is due of an organisation today and not held; the statements of it. Repeatable.

    What cannot be removed stays, whole, with why in the process's own log; the rest goes on.
    """
    made = []
    for one in due(organisation, today):
        if one.reasons:
            continue
        try:
            made.append(destroy(organisation, one, today))
        except Exception:
            logger.exception(
                "What is due could not be destroyed: %s of organisation %s", one.kind, organisation.pk
            )
    return [statement for statement in made if statement]


def destroy(organisation: Organisation, wanted: Due, today: date) -> Statement | None:
    """Destroys one thing as it is now and states it; none when it is not due any more, or held since."""
    with transaction.atomic():
        # Who places a hold, or sets a period, waits for this and the other way round.
        held = Organisation.objects.select_for_update().get(pk=organisation.pk)
        now = [one for one in due(held, today) if one.mark == wanted.mark]
        if not now or now[0].reasons:
            return None
        one = now[0]
        _remove(held, one, today)
        return Statement.make(
            held,
            one.kind,
            one.what,
            counts=dict(one.counts),
            months=one.months,
            began_on=one.began_on,
            ended_on=one.ended_on,
        )


def _remove(organisation: Organisation, one: Due, today: date) -> None:
    before = date.fromordinal(one.ended_on.toordinal() + 1)
    if one.ended:
        guests = list(rows(GUESTS[0], one.ended.round).values_list("user", flat=True))
        remove(OF_ROUND[one.kind], one.ended.round)
        small.forget_addresses(guests)
    elif one.kind == Kind.INVITATIONS:
        small.invitations(organisation, before).delete()
    elif one.kind == Kind.REVIEWS:
        small.reviews(organisation, before).delete()
    elif one.kind == Kind.MAIL:
        small.mail(organisation, before).delete()
    elif one.kind == Kind.LOG:
        close_off(organisation, small.midnight(before), {"termijn": in_words(one.months)})


def repeat_statements() -> int:
    """Puts the statements of surveys among the others, once each; how many."""
    new = Destruction.objects.exclude(pk__in=Statement.objects.exclude(survey=None).values("survey"))
    found = list(new.select_related("survey__organisation", "survey__assessment").order_by("on", "pk"))
    with transaction.atomic():
        for one in found:
            Statement.repeat(one)
    return len(found)
