"""What the portal writes to people about their membership."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from organisations.letter import Kind, Letter, address, one_line
from organisations.log.acts import Act
from organisations.models import Invitation, Organisation, RightsReview, User
from organisations.models.log import write
from organisations.outbox import Message
from organisations.policy import May
from organisations.tasks import deliver

REPEAT = timedelta(days=30)


def invite(invitation: Invitation) -> None:
    """Gives the invitation a new link and mails it; a mail with the old link that did not go yet never does.

    In one transaction with what made the invitation.
    """
    occasion = f"invitation/{invitation.pk}/"
    if invitation.pk:
        Message.objects.withdraw(occasion)
    link = address("organisations:accept", invitation.renew())
    letter = Letter(
        kind=Kind.INVITATION,
        key=f"invitation/{invitation.pk}/{invitation.token_digest[:16]}",
        organisation=invitation.organisation,
        to=invitation.email,
        name=invitation.name,
        subject=f"Uitnodiging voor het integriteitsportaal van {invitation.organisation} / Invitation",
        template="organisations/mail/invitation",
        words={
            "inviter": one_line(invitation.invited_by.name),
            "until": invitation.expires_at,
            "link": link,
        },
    )
    write(Act.INVITE, invitation.email, organisation=invitation.organisation)
    if Message.objects.post([letter]):
        deliver.enqueue()


def review_due(today: date) -> bool:
    """Writes to administrators whose yearly review of rights is due, and again each month; whether to any.

    A review takes looking around, so the first mail comes a month before.
    """
    due = {one: RightsReview.objects.due(one, today) for one in Organisation.objects.all()}
    with transaction.atomic():
        return Message.objects.post(
            _review(organisation, user, day, (today - day).days // REPEAT.days)
            for organisation, day in due.items()
            if day and today >= day - REPEAT
            for user in organisation.who_may(May.MANAGE)
        )


def _review(organisation: Organisation, user: User, day: date, time: int) -> Letter:
    return Letter(
        kind=Kind.REVIEW,
        key=f"review/{organisation.pk}/{day}/{time}/{user.pk}",
        organisation=organisation,
        to=user.email,
        name=user.name,
        subject=f"Kijk na wie wat mag: {organisation}",
        template="organisations/mail/review",
        user=user,
        words={"day": day, "late": time >= 0, "link": address("organisations:review", organisation.slug)},
    )


def revoke(invitation: Invitation) -> None:
    """Ends the invitation, and the mail about it when that did not go yet. In one transaction."""
    Message.objects.withdraw(f"invitation/{invitation.pk}/")
    write(Act.DELETE, f"uitnodiging van {invitation.email}", organisation=invitation.organisation)
    invitation.delete()
