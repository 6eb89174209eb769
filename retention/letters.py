"""The mail with which somebody gets what is kept of them."""

from __future__ import annotations

from django.db import transaction

from organisations.letter import Kind, Letter, address
from organisations.models import Message, Organisation
from organisations.tasks import deliver
from retention import links
from retention.subject.gathering import Person


def send(person: Person, organisation: Organisation) -> None:
    """Mails the person a link to what is kept of them, which nobody else gets to see."""
    with transaction.atomic():
        token = links.issue(organisation, person.email)
        Message.objects.post([_letter(person, organisation, token)])
        deliver.enqueue()


def _letter(person: Person, organisation: Organisation, token: str) -> Letter:
    return Letter(
        kind=Kind.OWN_DATA,
        key=f"own_data/{links.mark(token)}",
        organisation=organisation,
        to=person.email,
        name=person.user.name if person.user else person.email,
        subject=f"Uw gegevens in het integriteitsportaal van {organisation}",
        template="retention/mail/own_data",
        words={"link": address("retention:asked", token), "days": links.DAYS},
    )
