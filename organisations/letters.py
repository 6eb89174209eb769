"""What the portal writes to people about their membership."""

from __future__ import annotations

from organisations.letter import Kind, Letter, address, one_line
from organisations.log.acts import Act
from organisations.models import Invitation
from organisations.models.log import write
from organisations.outbox import Message
from organisations.tasks import deliver


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
        subject=f"Uitnodiging voor het integriteitsportaal van {invitation.organisation}",
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


def revoke(invitation: Invitation) -> None:
    """Ends the invitation, and the mail about it when that did not go yet. In one transaction."""
    Message.objects.withdraw(f"invitation/{invitation.pk}/")
    write(Act.DELETE, f"uitnodiging van {invitation.email}", organisation=invitation.organisation)
    invitation.delete()
