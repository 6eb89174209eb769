"""The mail about improvements: their day comes near, and once when it is past. For the worker; repeatable."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from assessments.models import Action, Assessment
from organisations.letter import Kind, Letter, address, one_line
from organisations.models import Message

NEAR = timedelta(days=14)


def warn(now: datetime) -> bool:
    """Writes to whoever looks after an improvement that is due within two weeks or late; whether anyone was.

    Each day that was agreed has two occasions: once before it, once after it.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        due = Action.objects.to_remind(today + NEAR)
        return Message.objects.post(
            letter for action in due if (letter := _letter(action, late=action.is_late_on(today)))
        )


def _letter(action: Action, *, late: bool) -> Letter | None:
    """None when who looks after it may not see it any more."""
    user = action.responsible
    rounds = Assessment.objects.results_visible_to(user) if user else Assessment.objects.none()
    if user is None or not rounds.filter(pk=action.assessment_id).exists():
        return None
    what = one_line(action.what)
    subject = f"De datum is voorbij: {what}" if late else f"Bijna klaar? {what}"
    return Letter(
        kind=Kind.ACTION,
        key=f"action/{action.pk}/{action.due}/{'late' if late else 'near'}",
        organisation=action.organisation,
        to=user.email,
        name=user.name,
        subject=subject,
        template="assessments/mail/action",
        user=user,
        words={
            "what": what,
            "due": action.due,
            "late": late,
            "round": one_line(str(action.assessment)),
            "link": address("assessments:action", action.assessment_id, action.pk),
        },
    )
