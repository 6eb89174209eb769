"""A portal of real processes, and something that kills them: gunicorn's workers, PostgreSQL, or all of it."""

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
PATIENCE = 30.0  # seconds for a server to start and to stop
# A commit is on its way to the disk before it is told, as in production; the tests' own server need not.
DURABLE = "?options=-c%20synchronous_commit%3Don"
PREPARE = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, login
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
call_command('migrate', verbosity=0)
call_command('createcachetable', verbosity=0)
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
    """PostgreSQL with a round in it, and gunicorn in front; each can be killed and comes back."""

    def __init__(self, people: int) -> None:
        self.cluster = Cluster().start()
        self.variables = tempfile.TemporaryDirectory(prefix="portal-faults-")
        self.data = self.cluster.folder / "data"
        self.shells: list[subprocess.Popen[bytes]] = []
        self.environment = os.environ | {
            "DEMO": "1",
            "DATABASE_URL": self.cluster.url + DURABLE,
            "VAR_DIR": self.variables.name,
            "DJANGO_SETTINGS_MODULE": "integrity_portal.settings",
            "LOG_LEVEL": "CRITICAL",
            "PYTHONWARNINGS": "ignore",  # of every worker that starts anew
        }
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.facts: dict[str, Any] = self._prepare(people)
        self.server = self._serve()
        self._until(self.answers)

    def _prepare(self, people: int) -> Any:
        command = [sys.executable, "-m", "django", "shell", "-v0", "-c", PREPARE.format(people=people)]
        done = subprocess.run(command, env=self.environment, cwd=FOLDER, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)

    def _serve(self) -> subprocess.Popen[bytes]:
        program = str(Path(sys.executable).with_name("gunicorn"))
        options = ["--bind", f"127.0.0.1:{self.port}", "--workers", str(WORKERS), "--log-level", "critical"]
        return subprocess.Popen(
            [program, "integrity_portal.wsgi", *options], env=self.environment, cwd=FOLDER
        )

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

    def has_database(self) -> bool:
        with suppress(psycopg.Error), psycopg.connect(self.cluster.url, connect_timeout=1):
            return True
        return False

    # What can happen

    def kill_worker(self, chance: random.Random) -> None:
        """A worker of gunicorn dies; gunicorn starts another."""
        if workers := _children(self.server.pid):
            _kill(chance.choice(workers))

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
        self.server.send_signal(signal.SIGTERM)
        try:
            self.server.wait(10)
        except subprocess.TimeoutExpired:
            self.server.kill()
        for shell in reversed(self.shells):
            assert shell.stdin
            shell.stdin.close()
            shell.wait(PATIENCE)
        self.cluster.stop()
        self.variables.cleanup()


@contextmanager
def portal(people: int) -> Iterator[Portal]:
    running = Portal(people)
    try:
        yield running
    finally:
        running.stop()


def harass(running: Portal, until: float, seed: int) -> Counter[str]:
    """Lets things happen, about two seconds apart, until then; how often each did."""
    chance = random.Random(seed)
    kinds = (
        [running.kill_worker] * 4 + [running.kill_backend] * 3 + [running.kill_database, running.kill_portal]
    )
    happened: Counter[str] = Counter()
    while time.monotonic() < until:
        time.sleep(chance.uniform(0.5, 3))
        kind = chance.choice(kinds)
        kind(chance)
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
