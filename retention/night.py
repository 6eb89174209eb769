"""What the worker does once a night: destroy what is due, close accounts, clear away mere technique."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry as PlumbingEntry
from django.contrib.sessions.models import Session
from django.db.models import Min
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from organisations.log.acts import Act
from organisations.log.chain import CHAIN
from organisations.models import LogEntry, Organisation
from organisations.models.log import PORTAL, close_off, write
from retention import accounts
from retention.destroying import destroy_due, repeat_statements
from retention.files import remove_lost_files
from retention.kinds import ACCOUNT_MONTHS, PORTAL_LOG_MONTHS, TASK_DAYS
from retention.periods import first_of_month, in_words, months_after
from retention.small import midnight

HOUR = 2  # in the night, when nobody waits for a page
DONE = "bewaartermijnen nagelopen"
logger = logging.getLogger(__name__)


def night(now: datetime) -> bool:
    """Once a day, from two at night: goes through the periods of every organisation; whether it did.

    That it was done is an entry of the log, written first: a fault is told, and tried again the next night.
    """
    begin = timezone.localtime(now).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    done = LogEntry.objects.filter(organisation=None, act=Act.OPERATION, what=DONE, at__gte=begin)
    if now < begin or done.exists():
        return False
    write(Act.OPERATION, DONE, who="")
    today = timezone.localdate(now)
    repeat_statements()
    for organisation in Organisation.objects.order_by("pk"):
        destroy_due(organisation, today)
    if forgotten := accounts.forget(today):
        told = {"hoeveel": forgotten, "termijn": in_words(ACCOUNT_MONTHS)}
        write(Act.DELETE, "accounts van mensen die nergens meer lid zijn", who="", detail=told)
    close_portal_log(today)
    clear_technique(now)
    return True


def close_portal_log(today: date) -> int:
    """Closes off the oldest entries of the portal's own log, by the month; how many.

    Not what tells where the log of an organisation that left ended, nor anything after it: that proves its
    archive (`organisations.models.log.end_chain`).
    """
    ends = {f"detail__{CHAIN}__isnull": False}
    first = LogEntry.objects.filter(chain=PORTAL, act=Act.CLOSING, **ends).aggregate(first=Min("at"))["first"]
    before = midnight(months_after(first_of_month(today), -PORTAL_LOG_MONTHS))
    told = {"termijn": in_words(PORTAL_LOG_MONTHS)}
    return close_off(None, min(before, first or before), told)


def clear_technique(now: datetime) -> None:
    """Sessions that are over, tasks that were finished long ago, lost files. No statement is made of it."""
    Session.objects.filter(expire_date__lt=now).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    if lost := remove_lost_files(now - timedelta(days=TASK_DAYS)):
        logger.warning("Files of evidence that no row names any more were removed: %s", lost)
    DBTaskResult.objects.filter(finished_at__lt=now - timedelta(days=TASK_DAYS)).delete()
    year = midnight(months_after(timezone.localdate(now), -ACCOUNT_MONTHS))
    PlumbingEntry.objects.filter(action_time__lt=year).delete()
