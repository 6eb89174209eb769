"""A real provider of sign-ins on this machine, and a browser that goes there and back."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, quote, urljoin, urlsplit

import requests
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from organisations.models import Organisation, SignOn
from organisations.sign_on.claims import Shape

CLIENT, SECRET = "portaal", "een goed bewaard geheim"
STRONG = "two-factors"
NODE = Path(sys.executable).parent / "node"
PORTAL = "http://testserver"


class Provider:
    """What a test may say to the provider besides signing in."""

    def __init__(self, address: str) -> None:
        self.address = address

    def knows(self, account: str, **claims: Any) -> None:
        """From now on somebody can sign in there as `account`."""
        self._put(f"accounts/{quote(account, safe='')}", claims)

    def bends(self, **how: Any) -> None:
        """The next token is signed anew: other `claims`, some `without`, another `alg`, `kid`, `signedBy`."""
        self._put("bend", how)

    def _put(self, path: str, content: dict[str, Any]) -> None:
        requests.put(f"{self.address}/{path}", json=content, timeout=10).raise_for_status()


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, for as long as this is open."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    program = [str(NODE), str(Path(__file__).with_name("provider.mjs")), str(port)]
    pipe, silence = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(program, stdin=pipe, stdout=pipe, stderr=silence) as process:
        assert process.stdin and process.stdout
        assert process.stdout.readline() == b"ready\n", "the provider did not start: npm ci?"
        try:
            yield Provider(f"http://127.0.0.1:{port}")
        finally:
            process.stdin.close()


def make_sign_on(provider: Provider, slug: str = "waterrijk", **fields: Any) -> SignOn:
    """An organisation's sign-on by this provider, tested and on, for the addresses of its cast."""
    sign_on = SignOn(organisation=Organisation.objects.get(slug=slug), issuer=provider.address)
    sign_on.shape, sign_on.client_id = Shape.GENERIC, CLIENT
    for name, value in fields.items():
        setattr(sign_on, name, value)
    sign_on.configure(SECRET, [f"{slug}.example"], ["alles"])
    sign_on.tested_at, sign_on.is_open = timezone.now(), True
    sign_on.save()
    return sign_on


class Browser:
    """One browser: what the portal and the provider keep in it."""

    def __init__(self, provider: Provider, slug: str = "waterrijk") -> None:
        self.provider, self.slug = provider, slug
        self.portal, self.there = Client(), requests.Session()
        self.asked: dict[str, str] = {}

    @property
    def start(self) -> str:
        return f"/account/organisatie/{self.slug}/"

    def signs_in(self, account: str, acr: str | None = None, query: str = "") -> HttpResponse:
        """The portal's answer to who comes back after signing in as `account`."""
        return cast(HttpResponse, self.portal.get(self.way_back(account, acr, query)))

    def way_back(self, account: str, acr: str | None = None, query: str = "", **form: str) -> str:
        """The address at the portal where the provider sends somebody who signs in as `account`."""
        begun = self.portal.get(self.start + query)
        assert begun.status_code == 302, begun.content.decode()
        address = begun.headers["Location"]
        self.asked = {name: value for name, (value, *_) in parse_qs(urlsplit(address).query).items()}
        form |= {"account": account} | ({"acr": acr} if acr else {})
        answer = self.there.get(address, allow_redirects=False, timeout=10)
        while True:
            if answer.is_redirect:
                address = urljoin(address, answer.headers["Location"])
                if address.startswith(PORTAL):
                    return address.removeprefix(PORTAL)
                answer = self.there.get(address, allow_redirects=False, timeout=10)
            else:
                assert "/interaction/" in address and answer.ok, answer.text
                answer = self.there.post(address, data=form, allow_redirects=False, timeout=10)

    @property
    def name(self) -> str:
        """Who is signed in here, by the greeting; empty for nobody."""
        home = self.portal.get("/")
        return home.context["user"].name if home.status_code == 200 else ""
