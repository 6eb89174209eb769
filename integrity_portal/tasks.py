"""The work that time brings. The worker plans it for itself, so that an installation needs no cron for it."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from assessments.reminders import remind
from integrity_portal.leaving.removing import remove_due
from organisations import walls
from organisations.log.acts import Act
from organisations.models import Departure, LogEntry, LogHead, MembershipRole, Message
from organisations.models.log import write
from organisations.signing.told import tell_the_rest
from reports.tasks import ask_for_editions
from retention.night import night
from surveys.models.life import close_due, destroy_due

EVERY = timedelta(minutes=10)
ANCHORED = "standen van het logboek gemeld"
logger = logging.getLogger(__name__)


@task()
@walls.everywhere()
def tend() -> None:
    """What is due: mail again, failed sign-ins in the log, the reminders of this hour, surveys whose last day
    is past, loose answers whose day came, the files of offered reports, where the log stands, at night what
    is kept no longer, the roles whose last day is past, the organisations of which the day came;
    and plans its own next time.

    That first, so that a fault in the rest shows among the task results and yet does not end the reminders.
    """
    plan(EVERY)
    Message.objects.send_due()
    tell_the_rest()
    remind(timezone.now())
    close_due(timezone.localdate())
    Message.objects.forget()
    MembershipRole.objects.end_expired()
    destroy_due(timezone.localdate())
    ask_for_editions()
    anchor()
    night(timezone.now())
    remove_due(timezone.localdate())
    Departure.tidy()


def anchor() -> None:
    """Once a day, soon after midnight: writes in the process's own log where each chain of the log stands.

    `manage.py verify_log --anker` holds the chains against those lines. That it was done is an entry too, and
    by that it is known to be done; a second worker may do it as well, which does no harm.
    """
    day = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    done = LogEntry.objects.filter(organisation=None, act=Act.OPERATION, what=ANCHORED, at__gte=day)
    if done.exists():
        return
    write(Act.OPERATION, ANCHORED, who="")
    for head in LogHead.objects.order_by("chain"):
        logger.info("logboek: %s", head)


def plan(after: timedelta = timedelta()) -> None:
    """Plans the next time, unless that was done already. A second worker may plan it too: that does no harm,
    and whichever runs first then finds the other's and plans none."""
    with transaction.atomic():
        waiting = DBTaskResult.objects.filter(task_path=tend.module_path, status=TaskResultStatus.READY)
        if not waiting.exists():
            tend.using(run_after=timezone.now() + after).enqueue()
