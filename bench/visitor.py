"""A browser without a screen: one connection that is kept, cookies, and what the proxy in front would add."""

from __future__ import annotations

import gzip
import re
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode

from bench.server import HOST

Headers = Mapping[str, str]
NONE: Headers = {}
FIELD = r'name="{}"[^>]*? value="([^"]*)"'
PATIENCE = 30.0  # seconds for a server to start
PAUSE = 0.01


class Visitor:
    """Someone who asks for pages; `signed_in` says as whom."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.cookies: dict[str, str] = {}
        self.repeats = 0  # requests sent again, since a worker that was renewed had closed the connection

    def ask(
        self, path: str, fields: dict[str, str] | None = None, headers: Headers = NONE
    ) -> tuple[int, bytes]:
        """The status and the body as it was sent, so compressed where it was; POST when there are fields."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        everything = {
            "Host": HOST,
            "Origin": f"https://{HOST}",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.7",
            "Accept-Encoding": "gzip, deflate, br",
            "Cookie": cookies,
            **headers,
        }
        body = None if fields is None else urlencode(fields)
        if body is not None:
            everything["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            return self._once("GET" if body is None else "POST", path, body, everything)
        except (HTTPException, ConnectionError):
            self.repeats += 1
            self.connection.close()
            return self._once("GET" if body is None else "POST", path, body, everything)

    def _once(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, bytes]:
        self.connection.request(method, path, body, headers)
        reply = self.connection.getresponse()
        for cookie in reply.msg.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return reply.status, reply.read()

    def page(self, path: str, fields: dict[str, str] | None = None, headers: Headers = NONE) -> str:
        """The text of a page that must be there."""
        status, body = self.ask(path, fields, headers)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
        return (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode()

    def sign_in(self, email: str, password: str) -> None:
        """Through the form, as people do."""
        token = field(self.page("/account/login/"), "csrfmiddlewaretoken")
        status, _ = self.ask(
            "/account/login/", {"csrfmiddlewaretoken": token, "login": email, "password": password}
        )
        if status != 302:
            raise RuntimeError(f"Signing in as {email} answered {status}")

    def wait_for(self, path: str) -> None:
        """Returns once the server that is starting answers."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.page(path)
                return
            except ConnectionRefusedError:
                if time.monotonic() > until:
                    raise
                time.sleep(PAUSE)


def field(page: str, name: str) -> str:
    """The value of the first field of this name."""
    found = re.search(FIELD.format(re.escape(name)), page)
    if found is None:
        raise RuntimeError(f"No field {name}")
    return found[1]
