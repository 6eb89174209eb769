"""Work of this app that waits for no page."""

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django_tasks import task

from organisations.models import Invitation


@task()
def send_invitation(invitation: int, link: str) -> None:
    """Mails the link to the person who was invited; nothing when the invitation is gone or used."""
    found = (
        Invitation.objects.pending()
        .filter(pk=invitation)
        .select_related("organisation", "invited_by")
        .first()
    )
    if found is None:
        return
    words = {"invitation": found, "link": link}
    name = " ".join(str(found.organisation).split())  # a subject is one line
    send_mail(
        f"Uitnodiging voor het integriteitsportaal van {name}",
        render_to_string("organisations/mail/invitation.txt", words),
        None,
        [found.email],
    )
