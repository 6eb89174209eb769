"""With a real mail server, real worker processes and real SIGKILLs: nobody gets a mail twice."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

BATCH = ("worker", "--batch", "--no-startup-delay")
ON_POSTGRES = connection.vendor == "postgresql"
PEOPLE = ("anna", "bram", "fatima")
PREPARE = """
from django.core.management import call_command
call_command('migrate', verbosity=0)
from organisations.letter import Kind
from organisations.models import Message, Organisation
from organisations.tasks import deliver
organisation = Organisation.objects.create(name='Gemeente Waterrijk', slug='waterrijk')
for name in {people}:
    Message.objects.create(
        organisation=organisation, to=f'{{name}}@waterrijk.example', kind=Kind.ASKED, key=name,
        subject='Er staan vragen voor u klaar', text='Dag ' + name, html='<p>Dag</p>',
    )
for _ in range(2):  # so that two workers have something to do
    deliver.enqueue()
"""


class Mailbox:
    """Keeps every mail that it takes; `happens` is called at each step, and may kill who is speaking."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.happens: Callable[[str], str | None] = lambda step: None

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        envelope.mail_from = address
        return self.happens("MAIL") or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if refusal := self.happens("before"):
            return refusal
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return self.happens("after") or "250 OK"

    @property
    def receivers(self) -> list[str]:
        return [str(mail["To"]).partition("@")[0] for mail in self.mails]


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    """With the port on which it listens."""
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


class Portal:
    """An installation with a database of its own, which its processes share; a copy of another's if given.

    On the kind of database that the tests run on.
    """

    address: str

    def __init__(self, folder: Path, port: int, template: Portal | None = None) -> None:
        if ON_POSTGRES:
            server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
            name = f"mail_{secrets.token_hex(4)}"
            with psycopg.connect(f"{server}/postgres", autocommit=True) as database:
                source = template.address.rpartition("/")[2] if template else "template1"
                database.execute(f"CREATE DATABASE {name} TEMPLATE {source}".encode())
            self.address = f"{server}/{name}"
        else:
            self.address = f"sqlite:///{folder / 'portal.sqlite3'}"
            if template:
                shutil.copy(template.address.removeprefix("sqlite:///"), folder)
        self.env = {name: value for name, value in os.environ.items() if name != "DEMO"}
        self.env |= {
            "SECRET_KEY": "x" * 60,
            "ALLOWED_HOSTS": "portaal.example",
            "VAR_DIR": str(folder),
            "DATABASE_URL": self.address,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "DJANGO_SETTINGS_MODULE": "integrity_portal.settings",
        }
        self.worker: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "django", *arguments]
        return subprocess.Popen(command, env=self.env, cwd=settings.BASE_DIR)

    def python(self, code: str) -> None:
        assert self.start("shell", "-v0", "-c", code).wait(60) == 0

    def work(self) -> int:
        """Lets a worker do all that there is to do now; its exit code, below zero when it was killed."""
        with self.start(*BATCH) as self.worker:
            return self.worker.wait(60)

    def kill(self) -> None:
        assert self.worker
        self.worker.send_signal(signal.SIGKILL)
        self.worker.wait(10)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        if ON_POSTGRES:
            with psycopg.connect(self.address, autocommit=True) as server:
                cursor = server.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.address.removeprefix("sqlite:///"))) as file, file:
            return file.execute(statement).fetchall()

    def look(self, columns: str) -> list[tuple[Any, ...]]:
        return self.sql(f"SELECT {columns} FROM organisations_message ORDER BY key")

    def pass_time(self) -> None:
        """An hour later."""
        times = [("organisations_message", column) for column in ("claimed_at", "due_at")]
        for table, column in [*times, ("django_tasks_database_dbtaskresult", "run_after")]:
            earlier = f"{column} - interval '1 hour'" if ON_POSTGRES else f"datetime({column}, '-1 hour')"
            self.sql(f"UPDATE {table} SET {column} = {earlier}")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Portal:
    """With three mails in the outbox."""
    portal = Portal(tmp_path_factory.mktemp("prepared"), 0)
    portal.python(PREPARE.format(people=PEOPLE))
    if not ON_POSTGRES:
        portal.sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return portal


@pytest.fixture
def portal(tmp_path: Path, prepared: Portal, mailbox: tuple[Mailbox, int]) -> Portal:
    return Portal(tmp_path, mailbox[1], prepared)


def test_each_mail_arrives_once_whole_and_leaves_nothing_behind(
    portal: Portal, mailbox: tuple[Mailbox, int]
) -> None:
    box, _ = mailbox
    workers = [portal.start(*BATCH, "--worker-id", name) for name in ("worker-1", "worker-2")]
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert sorted(box.receivers) == list(PEOPLE)
    mail = next(mail for mail in box.mails if str(mail["To"]).startswith("anna"))
    words = mail.get_body(("plain",))
    assert words and words.get_content().strip() == "Dag anna"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["Subject"] == "Er staan vragen voor u klaar" and mail["Auto-Submitted"] == "auto-generated"
    assert portal.look("text, html, attempts") == [("", "", 1)] * 3


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_while_it_mails_causes_no_second_mail(
    moment: str, portal: Portal, mailbox: tuple[Mailbox, int]
) -> None:
    """Before the server keeps the mail, or after that and before the worker marks it: nobody can tell.

    The others in the outbox are mailed by the next worker.
    """
    box, _ = mailbox
    killed: list[str] = []

    def kill_once(step: str) -> str | None:
        if step != moment or killed:
            return None
        killed.append(step)
        portal.kill()
        return "451 Nobody is there any more"

    box.happens = kill_once
    assert portal.work() == -signal.SIGKILL
    arrived = ["anna"] if moment == "after" else []
    assert box.receivers == arrived
    for _ in range(2):
        assert portal.work() == 0
        portal.pass_time()
    assert box.receivers == [*arrived, "bram", "fatima"]
    assert [bool(sent) for (sent,) in portal.look("sent_at")] == [False, True, True]
    if moment == "after":
        _decide(portal, box)


def _decide(portal: Portal, box: Mailbox) -> None:
    """It stays uncertain until a person says: again. Who gets the second can tell that it is the same."""
    again = "from organisations.models import Message; message = Message.objects.get(key='anna'); "
    portal.python(again + "assert message.state == 'onzeker' and message.go_again()")
    assert portal.work() == 0
    assert box.receivers == ["anna", "bram", "fatima", "anna"]
    assert box.mails[0]["Message-ID"] == box.mails[-1]["Message-ID"]


def test_what_the_server_refuses_for_now_is_mailed_later_and_for_good_never(
    portal: Portal, mailbox: tuple[Mailbox, int]
) -> None:
    box, _ = mailbox
    answers = iter(["451 Later", "554 No", "451 Later"])
    box.happens = lambda step: next(answers, None) if step == "before" else None
    portal.work()
    portal.work()
    assert not box.mails, "not before its time"
    portal.pass_time()
    portal.work()
    assert box.receivers == ["anna", "fatima"]
    assert [attempts for (attempts,) in portal.look("attempts")] == [2, 1, 2]
