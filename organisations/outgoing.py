"""The one way out: every address that somebody typed in, or another server named, is asked from here.

A portal that fetches what it is told to can be made to ask its own machine and network (server-side request
forgery, OWASP ASVS 5.0 1.3.6). So it connects to public addresses only, and to those in OUTGOING_NETWORKS,
which whoever runs the portal sets. The name is looked up once, and the connection goes to an address that was
checked: a name that changes in between (DNS rebinding) changes nothing. A certificate must be of the name.

What whoever runs the portal sets does not pass here: the database, the mail server and ClamAV, which as a
rule are on this machine or beside it, and speak no HTTP.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

STEP: Final = 10  # seconds to connect, and to wait for each piece of the answer
PATIENCE: Final = 20  # seconds to connect in all, for the head of the answer, and for the rest of it
LARGEST: Final = 1024 * 1024  # bytes; what sign-in providers and time stamp servers say takes some thousands
_PIECE: Final = 64 * 1024
_PUBLIC_6: Final = IPv6Network("2000::/3")  # what is handed out to the world (RFC 4291)
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
# Global by the letter: Teredo and 6to4 hold an IPv4 address, and the last is Azure's own, for its machines.
_NEVER: Final = (IPv6Network("2001::/32"), IPv6Network("2002::/16"), IPv4Network("168.63.129.16/32"))


class AddressRefused(requests.RequestException):
    """The portal does not go there; the message says why, in Dutch."""


def reachable(address: Address, own: Iterable[Network] = ()) -> bool:
    """Whether the portal may connect to an address: a public one, or one in the networks `own`."""
    address = _bare(address)
    if any(address in network for network in own):
        return True
    if any(address in network for network in _NEVER) or address.is_multicast:
        return False
    return address.is_global and (address.version == 4 or address in _PUBLIC_6)


def _bare(address: Address) -> Address:
    """The IPv4 address within an IPv6 one, where a connection to the latter ends up at the former."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def check(url: str) -> None:
    """For a form that takes an address: raises AddressRefused when `session` would, as things are now."""
    _found(url)


def session() -> requests.Session:
    """Asks only what may be asked: https, no redirects, 1 MB and a minute at most, by no proxy.

    Whatever it raises is a `requests.RequestException`.
    """
    return _Guarded()


def _found(url: str) -> Address:
    """The address to connect to; IPv4 first, which every machine has. Raises AddressRefused."""
    parts = _parts(url)
    try:
        rows = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
        addresses = sorted({ip_address(row[4][0]) for row in rows}, key=lambda one: (one.version, int(one)))
    except (OSError, ValueError) as fault:
        raise AddressRefused(f"De naam {parts.hostname} is niet te vinden.") from fault
    own = [ip_network(network) for network in settings.OUTGOING_NETWORKS]
    if not all(reachable(address, own) for address in addresses):
        raise AddressRefused(f"Het adres {parts.hostname} ligt in een netwerk waar het portaal niet komt.")
    if parts.scheme != "https" and not all(address.is_loopback for address in addresses):
        raise AddressRefused("Het adres moet met https:// beginnen.")
    return addresses[0]


def _parts(url: str) -> SplitResult:
    """The parts of an address that can be looked up. Raises AddressRefused."""
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("https", "http") and parts.hostname and parts.port != 0
    except ValueError:
        known = None
    if not known:
        raise AddressRefused("Dit is geen webadres. Het moet met https:// beginnen.")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("In het adres mag geen naam of wachtwoord staan.")
    return parts


class _Impatient:
    """Part of a connection: hangs up on who keeps dripping; a time-out counts from what came last."""

    sock: socket.socket | None

    def connect(self) -> None:
        with self._patience():
            super().connect()  # type: ignore[misc]

    def getresponse(self) -> Any:
        with self._patience():
            return super().getresponse()  # type: ignore[misc]

    @contextmanager
    def _patience(self) -> Iterator[None]:
        """Raises TimeoutError when what happens meanwhile takes too long."""
        is_over = threading.Event()
        alarm = threading.Timer(PATIENCE, self._hang_up, [is_over])
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()
            if is_over.is_set():  # whatever it made of an answer that ended
                raise TimeoutError

    def _hang_up(self, is_over: threading.Event) -> None:
        """Whoever reads meanwhile finds an end. Not by TLS's own way, which waits for the other side."""
        is_over.set()
        if self.sock:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class _Http(_Impatient, HTTPConnection):
    pass


class _Https(_Impatient, HTTPSConnection):
    pass


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _ToChecked(HTTPAdapter):
    """Connects to the address that was checked, and asks there for the name."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **how: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **how)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """As the adapter does, with the address for the name; the certificate must still be of the name."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        name = host["host"].strip("[]")
        host["host"] = str(_found(request.url or ""))
        if host["scheme"] == "https":
            pool |= {"server_hostname": name, "assert_hostname": name}
        return host, pool


class _Guarded(requests.Session):
    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False  # a proxy would look names up by itself, and .netrc send passwords along
        paths = ssl.get_default_verify_paths()
        self.verify = paths.cafile or paths.capath or True  # of the machine, that may know an own issuer
        for scheme in ("https://", "http://"):
            self.mount(scheme, _ToChecked())

    def send(self, request: requests.PreparedRequest, **how: Any) -> requests.Response:
        """The answer, read whole. Raises AddressRefused, or what requests raises."""
        parts = _parts(request.url or "")
        request.headers["Host"] = parts.netloc
        answer = super().send(request, **{**how, "stream": True, "timeout": how.get("timeout") or STEP})
        _read(answer)
        return answer

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Nowhere: what was checked answers by itself."""
        if resp.is_redirect:
            resp.close()
            raise AddressRefused("De server verwijst door naar een ander adres. Vul dat adres zelf in.")
        return None


def _read(answer: requests.Response) -> None:
    """Takes the answer in, by what comes at once: a server that keeps dripping ends at the limit of time."""
    until, content = time.monotonic() + PATIENCE, bytearray()
    while piece := _piece(answer):
        content += piece
        if len(content) > LARGEST or time.monotonic() > until:
            answer.close()
            raise AddressRefused("Het antwoord van de server is te groot of duurt te lang.")
    answer._content = bytes(content)
    answer._content_consumed = True


def _piece(answer: requests.Response) -> bytes:
    try:
        piece: bytes = answer.raw.read1(_PIECE, decode_content=True)
    except (OSError, HTTPError) as fault:
        answer.close()
        raise requests.ConnectionError(str(fault)) from fault
    return piece
