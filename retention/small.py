"""What is of no round: invitations, reviews of rights, sent mail, old log entries; addresses of guests."""

from __future__ import annotations

from datetime import date, datetime, time

from django.contrib.auth.hashers import make_password
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from assessments.improving.steps import DUE
from assessments.models import Action, Assessment, GuestPass
from assessments.status import LIFE, Status
from organisations.letter import Kind as Mail
from organisations.models import Invitation, LogEntry, Message, Organisation, RightsReview, User
from organisations.models.log import chain_of
from organisations.outbox import MessageQuerySet

# In these a reminder may still go out; its message is what tells that it went.
IN_HAND = LIFE[LIFE.index(Status.OPEN) : LIFE.index(Status.PUBLISHED)]


def midnight(day: date) -> datetime:
    """The moment at which the day begins."""
    return timezone.make_aware(datetime.combine(day, time()))


def invitations(organisation: Organisation, before: date) -> models.QuerySet[Invitation]:
    """Those that were accepted, or ended unused, before this day."""
    found = Invitation.objects.filter(organisation=organisation)
    return found.alias(over=Coalesce("accepted_at", "expires_at")).filter(over__lt=midnight(before))


def reviews(organisation: Organisation, before: date) -> models.QuerySet[RightsReview]:
    """Those of before this day, but for the last one: it tells when the next is due."""
    found = RightsReview.objects.filter(organisation=organisation)
    last = found.order_by("at", "pk").last()
    return found.filter(at__lt=midnight(before)).exclude(pk=last.pk) if last else found


def mail(organisation: Organisation, before: date) -> MessageQuerySet:
    """Messages of before this day that are of no more use: nothing of a round or action that goes on."""
    since = Assessment.objects.filter(organisation=organisation, status__in=IN_HAND)
    first = since.aggregate(first=models.Min("created_at"))["first"]
    moment = min(midnight(before), first or midnight(before))
    old = Message.objects.filter(organisation=organisation, created_at__lt=moment)
    late = Action.objects.filter(organisation=organisation, status__in=DUE, due__lt=before)
    if late.exists():
        old = old.exclude(kind=Mail.ACTION)
    return old.exclude(pk__in=Message.objects.unsent().values("pk"))


def log_lines(organisation: Organisation, before: date) -> int:
    """How many of the oldest entries are all of before this day."""
    return LogEntry.objects.closable(chain_of(organisation), midnight(before)).count()


def forget_addresses(guests: list[int]) -> int:
    """Of these people those that are a guest nowhere any more lose their address; how many."""
    lone = User.objects.filter(pk__in=guests, is_guest=True)
    lone = lone.exclude(models.Exists(GuestPass.objects.filter(user=models.OuterRef("pk"))))
    for guest in lone:
        guest.email, guest.password = nowhere(guest), make_password(None)
        guest.save(update_fields=["email", "password"])
    return len(lone)


def nowhere(user: User) -> str:
    """An address that is nobody's (RFC 2606), for whose own is forgotten."""
    return f"vergeten-{user.pk}@portaal.invalid"
