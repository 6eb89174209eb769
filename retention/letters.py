"""The mail with which somebody gets what is kept of them; its link is a signed one, so no table knows it."""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

from django.core import signing
from django.db import transaction

from organisations.letter import Kind, Letter, address
from organisations.log.acts import Act
from organisations.models import Message, Organisation
from organisations.models.log import write
from organisations.tasks import deliver
from retention.subject.gathering import Person

DAYS: Final = 14
_SALT: Final = "inzage"


class Asked(NamedTuple):
    """Whom a link is for, and what of."""

    organisation: int
    email: str


def token_for(organisation: Organisation, email: str) -> str:
    return signing.dumps([organisation.pk, email], salt=_SALT, compress=False)


def asked_by(token: str) -> Asked | None:
    """What the link was made for; none for one that was not made here, or is too old."""
    try:
        organisation, email = signing.loads(token, salt=_SALT, max_age=DAYS * 24 * 60 * 60)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Asked(organisation, email)


def send(person: Person, organisation: Organisation) -> None:
    """Mails the person a link to what is kept of them, which nobody else gets to see."""
    token = token_for(organisation, person.email)
    name = person.user.name if person.user else person.email
    letter = Letter(
        kind=Kind.OWN_DATA,
        key=f"own_data/{hashlib.sha256(token.encode()).hexdigest()[:32]}",
        organisation=organisation,
        to=person.email,
        name=name,
        subject=f"Uw gegevens in het integriteitsportaal van {organisation}",
        template="retention/mail/own_data",
        words={"link": address("retention:asked", token), "days": DAYS},
    )
    with transaction.atomic():
        write(Act.EXPORT, f"link naar de eigen gegevens voor {person.email}", organisation=organisation)
        Message.objects.post([letter])
        deliver.enqueue()
