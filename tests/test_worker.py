"""The worker survives kill -9: what it was doing is done again, and not for ever."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django import conf
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from integrity_portal.management.commands.worker import ATTEMPTS, take_back
from integrity_portal.tasks import EVERY, plan

pytestmark = pytest.mark.django_db
BASE_DIR = conf.settings.BASE_DIR


def make_running(*worker_ids: str) -> DBTaskResult[..., Any]:
    return DBTaskResult.objects.create(
        task_path="organisations.tasks.deliver",
        args_kwargs={"args": [], "kwargs": {}},
        priority=0,
        queue_name="default",
        backend_name="default",
        status=TaskResultStatus.RUNNING,
        worker_ids=list(worker_ids),
        exception_class_path="",
        traceback="",
    )


def status_of(task: DBTaskResult[..., Any]) -> str:
    task.refresh_from_db()
    return str(task.status)


def test_a_task_that_died_with_its_worker_is_done_again() -> None:
    task = make_running("worker-1")
    assert take_back("worker-1") == (1, 0)
    assert status_of(task) == TaskResultStatus.READY


def test_a_task_of_a_living_worker_is_left_alone() -> None:
    task = make_running("worker-1", "worker-2")
    assert take_back("worker-1") == (0, 0)
    assert status_of(task) == TaskResultStatus.RUNNING


def test_a_task_that_keeps_killing_its_worker_is_given_up() -> None:
    task = make_running(*["worker-1"] * ATTEMPTS)
    assert take_back("worker-1") == (0, 1)
    assert status_of(task) == TaskResultStatus.FAILED
    assert "WorkerDied" in task.exception_class_path


def test_a_task_whose_worker_is_killed_is_finished_by_the_next(tmp_path: Path) -> None:
    """With a real process and a real SIGKILL; on a database of its own, since the processes must share it."""
    place = tmp_path / "begonnen"
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    env |= {"DEMO": "1", "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "integrity_portal.settings"}
    manage = [sys.executable, "-m", "django"]

    def run(*command: str) -> str:
        done = subprocess.run(
            [*manage, *command],
            env=env,
            cwd=BASE_DIR,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    prepare = (
        "from django.core.management import call_command; from tests.slow_task import write_down; "
        f"call_command('migrate', verbosity=0); write_down.enqueue({str(place)!r})"
    )
    run("shell", "-v0", "-c", prepare)
    with subprocess.Popen(
        [*manage, "worker"],
        env=env,
        cwd=BASE_DIR,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as worker:
        until = time.monotonic() + 30
        while not place.exists() and time.monotonic() < until:
            time.sleep(0.05)
        worker.kill()
    assert "1 opnieuw" in run("worker", "--batch", "--no-startup-delay")
    assert place.read_text() == "begonnen\n" * 2
    with closing(sqlite3.connect(tmp_path / "portal.sqlite3")) as database:
        found = database.execute(
            "SELECT task_path, status FROM django_tasks_database_dbtaskresult"
        ).fetchall()
    assert sorted(found) == [
        ("integrity_portal.tasks.tend", "READY"),  # the next time
        ("integrity_portal.tasks.tend", "SUCCESSFUL"),
        ("tests.slow_task.write_down", "SUCCESSFUL"),
    ]


def test_the_work_that_time_brings_is_planned_once(settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    plan()
    plan()
    (planned,) = DBTaskResult.objects.all()
    assert planned.task_path == "integrity_portal.tasks.tend"
    DBTaskResult.objects.update(status=TaskResultStatus.RUNNING)
    plan(EVERY)
    assert (
        DBTaskResult.objects.filter(status=TaskResultStatus.READY, run_after__gt=timezone.now()).count() == 1
    )
