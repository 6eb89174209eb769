"""The work that time brings. The worker plans it for itself, so that an installation needs no cron for it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from assessments.reminders import remind
from organisations.models import Message
from surveys.models.life import close_due, destroy_due

EVERY = timedelta(minutes=10)


@task()
def tend() -> None:
    """Tries again what could not be mailed, writes the reminders of this hour, closes the surveys whose last
    day is past, destroys the loose answers whose day came, and plans its own next time.

    That first, so that a fault in the rest shows among the task results and yet does not end the reminders.
    """
    plan(EVERY)
    Message.objects.send_due()
    remind(timezone.now())
    close_due(timezone.localdate())
    Message.objects.forget()
    destroy_due(timezone.localdate())


def plan(after: timedelta = timedelta()) -> None:
    """Plans the next time, unless that was done already. A second worker may plan it too: that does no harm,
    and whichever runs first then finds the other's and plans none."""
    with transaction.atomic():
        waiting = DBTaskResult.objects.filter(task_path=tend.module_path, status=TaskResultStatus.READY)
        if not waiting.exists():
            tend.using(run_after=timezone.now() + after).enqueue()
