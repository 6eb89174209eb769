"""Somebody who answers without pause, over HTTP, by the rules of the page's script (static/src/draft.js).

What has no answer from the server stays in the queue and is sent again as it was, before anything newer.
"""

from __future__ import annotations

import random
import re
import socket
import time
from collections import Counter
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

TOKEN = "x" * 32  # Django compares the cookie with the field; over plain http it asks no more
PATIENCE = 5.0  # seconds for one request
LONGEST_PAUSE = 1.0
SIGNS = "abcdefghij éëï € 👍\n<&\"'"
SAVED = re.compile(r'data-saved="(\d+)"')
STORED = re.compile(r'data-keep-mine data-version="(\d+)"')


@dataclass
class Draft:
    """One question in one window."""

    question: str
    version: int = 0
    typed: str = ""
    sent: tuple[str, int] | None = None  # text and version of a request without an answer
    acknowledged: list[tuple[int, str]] = field(default_factory=list)

    @property
    def waits(self) -> bool:
        return self.sent is not None or (
            bool(self.typed) and (not self.acknowledged or self.acknowledged[-1][1] != self.typed)
        )


class Window:
    """A browser window of one person: types in these questions, at random but by the seed."""

    def __init__(
        self, person: str, name: str, session: str, port: int, theme: str, digest: str, seed: int
    ) -> None:
        self.person, self.name, self.theme, self.digest, self.port = person, name, theme, digest, port
        self.chance = random.Random(seed)
        self.headers = {
            "Cookie": f"session={session}; csrf={TOKEN}",
            "Content-Type": "application/x-www-form-urlencoded",
            "HX-Request": "true",
        }
        self.drafts: dict[str, Draft] = {}
        self.typed: set[str] = set()
        self.replies: Counter[str] = Counter()
        self.seconds: list[float] = []  # of the saves that were acknowledged
        self.cuts = 0.0  # how often the connection is cut, as a part of one
        self._connection: HTTPConnection | None = None

    @property
    def waiting(self) -> list[Draft]:
        return [draft for draft in self.drafts.values() if draft.waits]

    def work(self, questions: list[str], until: float) -> None:
        """Types and saves until then (a moment of the monotonic clock)."""
        while time.monotonic() < until:
            draft = self.drafts.setdefault(question := self.chance.choice(questions), Draft(question))
            self.type(draft)
            self.settle(draft, until)

    def type(self, draft: Draft) -> None:
        letters = "".join(self.chance.choices(SIGNS, k=self.chance.randint(1, 400)))
        draft.typed = f"{self.name} {len(self.typed)} {letters}|"
        self.typed.add(draft.typed)

    def settle(self, draft: Draft, until: float, *, types_on: bool = True) -> None:
        """Sends until the newest text is acknowledged, with growing pauses; may type on meanwhile."""
        pause = 0.05
        while draft.waits and time.monotonic() < until:
            if self.send(draft) != "unknown":
                pause = 0.05
                continue
            time.sleep(pause * self.chance.uniform(0.5, 1))
            pause = min(LONGEST_PAUSE, pause * 2)
            if types_on and self.chance.random() < 0.2:
                self.type(draft)

    def send(self, draft: Draft) -> str:
        """One request: "saved", "conflict" (one's own text is kept then), "unknown", or what was wrong."""
        draft.sent = draft.sent or (draft.typed, draft.version)
        text, version = draft.sent
        began = time.monotonic()
        status, page = self._post(draft.question, text, version)
        found = SAVED.search(page)
        if status == 200 and found:
            draft.version, draft.sent = int(found[1]), None
            draft.acknowledged.append((draft.version, text))
            self.seconds.append(time.monotonic() - began)
            return self._told("saved")
        if status == 409 and (found := STORED.search(page)):
            draft.version, draft.sent = int(found[1]), None
            return self._told("conflict")
        return self._told("unknown" if status in (0, 500, 502, 503) else f"wrong: {status}")

    def _told(self, outcome: str) -> str:
        self.replies[outcome] += 1
        return outcome

    def _post(self, question: str, text: str, version: int) -> tuple[int, str]:
        """The status and the body; status 0 when no answer came."""
        fields = {"choice": "2", "reason": "", "helps": "", "explanation": text, "version": version}
        data = {f"{question}-{name}": value for name, value in fields.items()}
        body = urlencode({"csrfmiddlewaretoken": TOKEN, "questionnaire": self.digest, **data})
        try:
            if self.chance.random() < self.cuts:
                return self._cut(question, body)
            self._connection = self._connection or HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
            self._connection.request("POST", f"{self.theme}{question}/", body, self.headers)
            reply = self._connection.getresponse()
            return reply.status, reply.read().decode()
        except (OSError, HTTPException):
            if self._connection:
                self._connection.close()
            self._connection = None
            return 0, ""

    def _cut(self, question: str, body: str) -> tuple[int, str]:
        """The connection breaks, in the middle of the request or before its answer."""
        lines = [f"POST {self.theme}{question}/ HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        request = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", body]).encode()
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as connection:
            connection.sendall(request[: self.chance.choice([len(request), len(request) // 2])])
        self.replies["cut"] += 1
        return 0, ""
