"""The links by which people fetch what is kept of them: signed, for one download, and to be withdrawn.

No table holds them. A link counts as long as the last thing that the log tells of this person's links is that
this one was sent: fetching, withdrawing, and sending a next one each end it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from django.core import signing
from django.db import transaction
from django.utils import timezone

from organisations import tokens
from organisations.log.acts import Act, Result
from organisations.models import LogEntry, Organisation
from organisations.models.log import write

DAYS: Final = 14
SENT: Final = "link naar de eigen gegevens, voor "
FETCHED: Final = "eigen gegevens opgehaald met een link, door "
WITHDRAWN: Final = "link naar de eigen gegevens ingetrokken, van "
_SALT: Final = "inzage"
_MARK: Final = "link"  # in the entry of the log: which link it tells of, and nothing that opens it


class LinkRefused(Exception):
    """The link counts no more."""


class Link(NamedTuple):
    """Whom a link is for, what of, and by which mark the log knows it."""

    organisation: int
    email: str
    mark: str


class Open(NamedTuple):
    """A link that can still be used: of whom, and through which day."""

    email: str
    until: date


def issue(organisation: Organisation, email: str) -> str:
    """A new link for this person, which ends the one before; the token that stands in it."""
    token = signing.dumps([organisation.pk, email, tokens.fresh()[:12]], salt=_SALT, compress=False)
    write(Act.EXPORT, f"{SENT}{email}", organisation=organisation, detail={_MARK: mark(token)})
    return token


def mark(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:32]


def read(token: str) -> Link | None:
    """What the link was made for; none when it was not made here, or too long ago. Asks no database."""
    try:
        organisation, email, _ = signing.loads(token, salt=_SALT, max_age=timedelta(days=DAYS))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Link(organisation, email, mark(token))


def counts(link: Link) -> bool:
    """Whether the link can be used now; one query, by who may see the organisation's log."""
    told = [f"{begin}{link.email}" for begin in (SENT, FETCHED, WITHDRAWN)]
    entries = LogEntry.objects.filter(organisation=link.organisation, act=Act.EXPORT, result=Result.DONE)
    last = entries.filter(what__in=told).order_by("number").last()
    return last is not None and last.what.startswith(SENT) and last.detail.get(_MARK) == link.mark


def use(link: Link) -> None:
    """Fetches with the link, which ends it. Raises `LinkRefused`. In the transaction of what is fetched."""
    with transaction.atomic():
        # Two clicks at once: the second waits here, and then finds that the link was used.
        Organisation.objects.select_for_update().get(pk=link.organisation)
        if not counts(link):
            raise LinkRefused
        told = {_MARK: link.mark}
        write(Act.EXPORT, f"{FETCHED}{link.email}", organisation=link.organisation, who="", detail=told)


def withdraw(organisation: Organisation, email: str) -> None:
    """Ends the link of this person. Raises `LinkRefused` when there is none that still works."""
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        if email not in {link.email for link in still_open(organisation)}:
            raise LinkRefused
        write(Act.EXPORT, f"{WITHDRAWN}{email}", organisation=organisation)


def still_open(organisation: Organisation) -> list[Open]:
    """The links of an organisation that can still be used, by address; one query."""
    since = timezone.now() - timedelta(days=DAYS)
    entries = LogEntry.objects.filter(organisation=organisation, at__gt=since, act=Act.EXPORT)
    last: dict[str, Open | None] = {}
    for what, at in entries.filter(result=Result.DONE).order_by("number").values_list("what", "at"):
        last |= _after(what, timezone.localdate(at))
    return sorted(link for link in last.values() if link)


def _after(what: str, day: date) -> Iterator[tuple[str, Open | None]]:
    """How it stands with somebody's link after this entry; nothing when the entry is of something else."""
    if what.startswith(SENT):
        email = what.removeprefix(SENT)
        yield email, Open(email, day + timedelta(days=DAYS))
    for begin in (FETCHED, WITHDRAWN):
        if what.startswith(begin):
            yield what.removeprefix(begin), None
