"""A portal of real processes, and something that kills them: gunicorn's workers, PostgreSQL, or all of it.

They are connected as in production: by a role that owns nothing and for which the policies hold. The tables
are made by their owner.
"""

from __future__ import annotations

import json
import os
import random
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from tests.postgres import UNTIL_WE_GO, Cluster

FOLDER = Path(__file__).resolve().parent.parent
WORKERS = 2
PATIENCE = 90.0  # seconds for a server to start and to stop, on a machine that may be busy
# A commit is on its way to the disk before it is told, as in production; the tests' own server need not.
DURABLE = "?options=-c%20synchronous_commit%3Don"
ROLE = "portaal"
PREPARE = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, login
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
call_command('migrate', verbosity=0)
call_command('createcachetable', verbosity=0)
with connection.cursor() as cursor:
    cursor.execute('CREATE ROLE {role} LOGIN')
call_command('web_role', '{role}')
from organisations.models import Organisation, User
from tests.cast import make_cast, make_round
cast = make_cast()
people = {{}}
for number in range({people}):
    user = User.objects.create_user(f'p{{number}}@waterrijk.example', name=f'p{{number}}')
    Organisation.objects.get(slug='waterrijk').admit(user, ['contributor'], job='functie')
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = 'allauth.account.auth_backends.AuthenticationBackend'
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    people[user.name] = (user, session.session_key)
round_ = make_round(cast | {{name: user for name, (user, _) in people.items()}}, people=people)
print(json.dumps({{'round': round_.pk, 'digest': round_.questionnaire_id,
                   'sessions': {{name: key for name, (_, key) in people.items()}}}}))
"""


class Portal:
    """PostgreSQL with a round in it, gunicorn in front, a worker behind; each can be killed and comes back.

    `stop` ends whatever was started, also when starting failed halfway.
    """

    def __init__(self) -> None:
        self.cluster = Cluster()
        self.variables = tempfile.TemporaryDirectory(prefix="portal-faults-")
        self.data = self.cluster.folder / "data"
        self.shells: list[subprocess.Popen[bytes]] = []
        self.processes: list[subprocess.Popen[bytes]] = []
        self.environment = os.environ | {
            "DEMO": "1",
            "VAR_DIR": self.variables.name,
            "DJANGO_SETTINGS_MODULE": "integrity_portal.settings",
            "LOG_LEVEL": "CRITICAL",
            "PYTHONWARNINGS": "ignore",  # of every worker that starts anew
        }
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    def start(self, people: int) -> None:
        self.cluster.start()
        owner = self.cluster.url + DURABLE
        self.facts: dict[str, Any] = self._prepare(people, self.environment | {"DATABASE_URL": owner})
        self.environment["DATABASE_URL"] = owner.replace("//test@", f"//{ROLE}@")
        self.server = self._serve()
        self.worker = self._work()
        self._until(self.answers)
        self._until(lambda: self.tended() > 0)

    def _prepare(self, people: int, environment: dict[str, str]) -> Any:
        script = PREPARE.format(people=people, role=ROLE)
        command = [sys.executable, "-m", "django", "shell", "-v0", "-c", script]
        done = subprocess.run(command, env=environment, cwd=FOLDER, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout.splitlines()[-1])

    def _serve(self) -> subprocess.Popen[bytes]:
        program = str(Path(sys.executable).with_name("gunicorn"))
        options = ["--bind", f"127.0.0.1:{self.port}", "--workers", str(WORKERS), "--log-level", "critical"]
        return self._run(program, "integrity_portal.wsgi", *options)

    def _work(self) -> subprocess.Popen[bytes]:
        return self._run(sys.executable, "manage.py", "worker", "--no-startup-delay")

    def _run(self, *command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command, env=self.environment, cwd=FOLDER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.processes.append(process)
        return process

    def _until(self, ready: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not ready():
            if time.monotonic() > until:
                raise RuntimeError("The portal did not come back.")
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether gunicorn takes connections."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    def tended(self) -> int:
        """How often the worker did what time brings; raises when the database refused it something."""
        with psycopg.connect(self.cluster.url) as connection:
            rows = connection.execute(
                "SELECT status, exception_class_path, traceback FROM django_tasks_database_dbtaskresult"
            ).fetchall()
        for _, kind, traceback in rows:
            if "ProgrammingError" in kind:  # no permission, and its like; not that the database was killed
                raise RuntimeError(traceback)
        return sum(status == "SUCCESSFUL" for status, *_ in rows)

    def tend_again(self) -> bool:
        """Whether the worker, after all that happened, still does what time brings."""
        before = self.tended()
        self.restart_worker()
        with psycopg.connect(self.cluster.url) as connection:
            connection.execute("UPDATE django_tasks_database_dbtaskresult SET run_after = now()")
        with suppress(RuntimeError):
            self._until(lambda: self.tended() > before)
        return self.tended() > before

    def restart_worker(self) -> None:
        """As systemd does when it ended, which it may when the database goes away."""
        if self.worker.poll() is not None:
            self.worker = self._work()

    def has_database(self) -> bool:
        with suppress(psycopg.Error), psycopg.connect(self.cluster.url, connect_timeout=1):
            return True
        return False

    # What can happen

    def kill_worker(self, chance: random.Random) -> None:
        """A worker of gunicorn dies; gunicorn starts another."""
        if workers := _children(self.server.pid):
            _kill(chance.choice(workers))

    def kill_tasks(self, chance: random.Random) -> None:
        """The worker for background tasks dies and starts again."""
        self.worker.kill()
        self.worker.wait()
        self.worker = self._work()

    def kill_backend(self, chance: random.Random) -> None:
        """A process of PostgreSQL dies; PostgreSQL throws everybody out and recovers."""
        if processes := _children(self._postmaster()):
            _kill(chance.choice(processes))
            self._until(self.has_database)

    def kill_database(self, chance: random.Random) -> None:
        """All of PostgreSQL dies, stays away for a moment, and starts again."""
        postmaster = self._postmaster()
        processes = [postmaster, *_children(postmaster)]
        for process in processes:
            _kill(process)
        self._until(lambda: not any(map(_lives, processes)))
        # The dead process waits to be buried by its shell, and PostgreSQL would take it for alive.
        for lock in (self.data / "postmaster.pid", *self.cluster.folder.glob(".s.PGSQL.*.lock")):
            lock.unlink()
        time.sleep(chance.uniform(0, 1))
        self._start_database()
        self._until(self.has_database)

    def kill_portal(self, chance: random.Random) -> None:
        """All of gunicorn dies and starts again."""
        processes = [self.server.pid, *_children(self.server.pid)]
        for process in processes:
            _kill(process)
        self.server.wait()
        self._until(lambda: not any(map(_lives, processes)))
        self.server = self._serve()
        self._until(self.answers)

    def _postmaster(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def _start_database(self) -> None:
        """With the command that it was started with, which PostgreSQL wrote down itself."""
        command = shlex.split((self.data / "postmaster.opts").read_text())
        with (self.cluster.folder / "log").open("ab") as log:
            shell = subprocess.Popen(
                ["sh", "-c", UNTIL_WE_GO, "sh", *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                env=os.environ | {"FOLDER": ""},
                start_new_session=True,
                **self.cluster.as_user,
            )
        self.shells.append(shell)

    def revisions(self) -> dict[tuple[str, str], dict[int, str]]:
        """By person and question: each version that was stored, with its text."""
        found: dict[tuple[str, str], dict[int, str]] = {}
        with psycopg.connect(self.cluster.url) as connection:
            for name, question, version, text in connection.execute(
                "SELECT u.name, a.question, r.version, r.explanation FROM assessments_answerrevision r "
                "JOIN assessments_answer a ON a.id = r.answer_id "
                "JOIN organisations_user u ON u.id = a.contributor_id ORDER BY r.version"
            ):
                found.setdefault((name, question), {})[version] = text
        return found

    def answers_now(self) -> dict[tuple[str, str], tuple[int, str]]:
        """By person and question: the version that counts, and its text."""
        with psycopg.connect(self.cluster.url) as connection:
            rows = connection.execute(
                "SELECT u.name, a.question, a.version, a.explanation FROM assessments_answer a "
                "JOIN organisations_user u ON u.id = a.contributor_id"
            ).fetchall()
        return {(name, question): (version, text) for name, question, version, text in rows}

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for shell in reversed(self.shells):
            assert shell.stdin
            shell.stdin.close()
            shell.wait(PATIENCE)
        self.cluster.stop()
        self.variables.cleanup()


@contextmanager
def portal(people: int) -> Iterator[Portal]:
    running = Portal()
    try:
        running.start(people)
        yield running
    finally:
        running.stop()


def harass(running: Portal, until: float, seed: int) -> Counter[str]:
    """Lets things happen, about two seconds apart, until then; how often each did."""
    chance = random.Random(seed)
    kinds = [running.kill_worker] * 4 + [running.kill_backend] * 3
    kinds += [running.kill_database, running.kill_portal, running.kill_tasks]
    happened: Counter[str] = Counter()
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.5, 3))
        kind = chance.choice(kinds)
        kind(chance)
        running.restart_worker()
        happened[kind.__name__] += 1
    return happened


def _children(process: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def _lives(process: int) -> bool:
    """Whether the process runs; one that only waits to be buried does not."""
    try:
        return not re.search(r"\) [ZX] ", Path(f"/proc/{process}/stat").read_text())
    except OSError:
        return False
