"""manage.py worker: does the background tasks, and takes up what an earlier life of it left half done.

django-tasks-db leaves a task of a worker that was killed in "running" for ever. So each worker has a fixed
name: when it starts, whatever is still "running" under that name belongs to its dead predecessor.
It also sees to it that the work that time brings is planned (integrity_portal/tasks.py).
"""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.management.commands.db_worker import Command as DatabaseWorker
from django_tasks_db.models import DBTaskResult

from integrity_portal.tasks import plan
from organisations import walls

ATTEMPTS = 3  # each claim adds a name to worker_ids, which so counts the attempts


class WorkerDied(Exception):
    """What stands in the record of a task that its worker did not survive, ATTEMPTS times over."""


class Command(DatabaseWorker):
    help = "Voert achtergrondtaken uit. Geef elke worker op een installatie een eigen vaste naam."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(worker_id="worker-1", reload=False)

    def handle(self, *, worker_id: str, **options: Any) -> None:
        walls.lift_outside_requests()  # a task of one organisation narrows itself
        for_another_try, given_up = take_back(worker_id)
        if for_another_try or given_up:
            self.stdout.write(f"Taken van voor de herstart: {for_another_try} opnieuw, {given_up} opgegeven.")
        plan()
        super().handle(worker_id=worker_id, **options)


def take_back(worker_id: str) -> tuple[int, int]:
    """Readies the tasks that died with this worker; fails those that did so too often. How many of each."""
    with transaction.atomic():
        running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
        left = [task for task in running if task.worker_ids[-1:] == [worker_id]]
        given_up = [task for task in left if len(task.worker_ids) >= ATTEMPTS]
        for task in given_up:
            task.set_failed(WorkerDied(f"The worker died {ATTEMPTS} times while it did this."))
        others = [task.pk for task in left if task not in given_up]
        DBTaskResult.objects.filter(pk__in=others).update(status=TaskResultStatus.READY, started_at=None)
    return len(others), len(given_up)
