"""What the benchmarks measure: a PostgreSQL with the demo in it, and gunicorn as in production.

It is behind a proxy as in production: who asks must send what that proxy adds (bench/visitor.py).
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench.cost import cpu_ms
from tests.postgres import Cluster

FOLDER = Path(__file__).resolve().parent.parent
PROCESSES, THREADS = 2, 8  # of gunicorn; the threads are those of gunicorn.conf.py
HOST = "portaal.example"
# Unlike the tests' PostgreSQL, this one keeps what it acknowledged: everything is as PostgreSQL comes.
DURABLE = {"listen_addresses": "127.0.0.1", "max_connections": "60"}
STATEMENT = re.compile(rb"LOG:  (?:statement|execute [^:]*):\s+(.*)")
TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
PATIENCE = 30.0  # seconds for a server to start and to stop


@dataclass
class Installation:
    """The portal with a database of its own: `environment` is what its processes run with."""

    cluster: Cluster
    variables: Path
    environment: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        outside = {key: value for key, value in os.environ.items() if key not in ("DEMO", "EMAIL_URL")}
        self.environment = outside | {
            "SECRET_KEY": "only-for-the-benchmark-" + "0" * 30,
            "ALLOWED_HOSTS": HOST,
            "BEHIND_PROXY": "1",
            "DATABASE_URL": self.cluster.url,
            "DJANGO_SETTINGS_MODULE": "integrity_portal.settings",
            "VAR_DIR": str(self.variables),
            "LOG_LEVEL": "ERROR",
        }

    @property
    def database(self) -> int:
        """The process above all of PostgreSQL's."""
        assert self.cluster.server is not None
        return self.cluster.server.pid

    def manage(self, *arguments: str, **environment: str) -> float:
        """Runs manage.py; the milliseconds of CPU that it and the database took."""
        before, buried = cpu_ms(self.database), sum(os.times()[2:4])
        command = [sys.executable, "manage.py", *arguments]
        with open(os.devnull, "wb") as nothing:
            everything = self.environment | environment
            subprocess.run(command, cwd=FOLDER, env=everything, stdout=nothing, check=True)
        return cpu_ms(self.database) - before + (sum(os.times()[2:4]) - buried) * 1000

    def fill(self) -> None:
        """After `migrate`: the cache's table, the demo, the static files; Django ready in this process."""
        if not (FOLDER / "static" / "build" / "portal.css").exists():
            sys.exit("Build the styles first: bin/start does, or npm run build.")
        self.manage("createcachetable")
        self.manage("load_demo", DEMO="1")
        self.manage("collectstatic", "--noinput")
        os.environ.update(self.environment)
        import django  # once its settings are there

        django.setup()

    def statements(self, ask: Callable[[], object]) -> list[str]:
        """What PostgreSQL logs that it was asked meanwhile, but for BEGIN, COMMIT and their like."""
        self._log_statements("all")
        log = self.cluster.folder / "log"
        start = log.stat().st_size
        ask()
        time.sleep(0.1)
        asked = [text.decode() for text in STATEMENT.findall(log.read_bytes()[start:])]
        self._log_statements("none")
        return [text for text in asked if not text.startswith(TRANSACTION)]

    def _log_statements(self, which: str) -> None:
        with psycopg.connect(self.cluster.url, autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET log_statement = '{which}'".encode())
            connection.execute("SELECT pg_reload_conf()")
        time.sleep(0.5)  # until every process of the server has read it

    @contextmanager
    def running(self, *command: str) -> Iterator[int]:
        """The process of this command, which is stopped at the end."""
        process = subprocess.Popen(command, cwd=FOLDER, env=self.environment, stdout=subprocess.DEVNULL)
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait(PATIENCE)

    @contextmanager
    def serving(self) -> Iterator[tuple[int, int]]:
        """gunicorn on a free port, where it may not listen yet: its first process, and that port."""
        program = str(Path(sys.executable).with_name("gunicorn"))
        port = free_port()
        options = ["--bind", f"127.0.0.1:{port}", "--workers", str(PROCESSES), "--threads", str(THREADS)]
        with self.running(program, "integrity_portal.wsgi", *options) as pid:
            yield pid, port


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def installation() -> Iterator[Installation]:
    """An empty database and an empty folder, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as variables:
        cluster = Cluster(DURABLE).start()
        try:
            yield Installation(cluster, Path(variables))
        finally:
            cluster.stop()
