"""The portal goes out to public addresses only, and to networks that whoever runs it named."""

from __future__ import annotations

import ast
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from organisations import outgoing
from organisations.outgoing import AddressRefused, reachable
from reports.sealing import Rfc3161, SealFailed

TOP = Path(__file__).parent.parent
PUBLIC = ["93.184.216.34", "2a00:1450:400e::1", "64:ff9b::5db8:d822"]
INSIDE = """
0.0.0.0 10.0.0.1 100.64.0.1 127.0.0.1 127.8.8.8 169.254.169.254 172.16.0.1 192.0.0.1 192.168.1.1 198.18.0.1
224.0.0.1 239.255.255.250 255.255.255.255 168.63.129.16 :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1
64:ff9b::a9fe:a9fe 64:ff9b:1::a00:1 2001:0:7f00:1:: 2001:db8::1 2002:7f00:1:: 2002:a00:1:: fc00::1
fd00:ec2::254 64:ff9b::7f00:1 fe80::1 fe80::1%eth0 fec0::1 ff02::1 100::1 5f00::1
"""


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_reachable(address: str) -> None:
    assert reachable(ip_address(address))


@pytest.mark.parametrize("address", INSIDE.split())
def test_no_address_of_a_machine_or_network_is_reachable_in_any_form(address: str) -> None:
    assert not reachable(ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_in_a_disguise_is_no_more_reachable_than_without(address: Any) -> None:
    for prefix in ("::ffff:0:0", "64:ff9b::", "::", "2002::"):
        dressed = ip_address(int(ip_address(prefix)) | int(address))
        assert reachable(address) or not reachable(dressed), dressed


def test_a_network_that_was_named_is_reachable_and_its_neighbours_are_not() -> None:
    own = [ip_network("10.20.0.0/16"), ip_network("fd12::/32")]
    assert reachable(ip_address("10.20.3.4"), own) and reachable(ip_address("::ffff:10.20.3.4"), own)
    assert reachable(ip_address("fd12::1"), own)
    assert not reachable(ip_address("10.21.0.1"), own) and not reachable(ip_address("127.0.0.1"), own)


# What somebody may type in


@pytest.mark.parametrize(
    "url",
    [
        *("https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.1/", "https://[::1]/"),
        *("https://[::ffff:7f00:1]/", "https://localhost/", "https://localhost./", "https://０/"),
        *("https://169.254.169.254/latest/meta-data/", "https://0/", "http://93.184.216.34/"),
        *(
            "file:///etc/passwd",
            "gopher://93.184.216.34/",
            "ftp://93.184.216.34/",
            "//93.184.216.34/",
            "",
            "x",
        ),
        *("https://", "https://93.184.216.34:99999/", "https://93.184.216.34:0/", "https://[::1/"),
        *("https://naam:geheim@93.184.216.34/", "https://93.184.216.34@127.0.0.1/", "https://\x00/"),
    ],
)
def test_what_is_not_a_public_web_address_is_refused_before_anything_is_asked(url: str) -> None:
    with pytest.raises(AddressRefused):
        outgoing.check(url)
    with pytest.raises(requests.RequestException):
        outgoing.session().get(url)


def test_a_public_web_address_may_be_typed_in() -> None:
    outgoing.check("https://93.184.216.34/.well-known/openid-configuration")


# What a server answers


class Provider(BaseHTTPRequestHandler):
    """Answers by its path; remembers for which name it was asked."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.headers["Host"])
        what = self.path.strip("/")
        if what.startswith("dripping"):
            head = b"HTTP/1.1 200 OK\r\nX-Name: " if what == "dripping-head" else b"HTTP/1.1 200 OK\r\n\r\n"
            with suppress(OSError):
                self.wfile.write(head)
                for _ in range(200):  # each letter comes well within the time that is waited for one
                    self.wfile.write(b"x")
                    time.sleep(0.05)
            return
        self.send_response(302 if what == "elsewhere" else 200)
        if what == "elsewhere":
            self.send_header("Location", "https://93.184.216.34/")
        body = b"x" * (outgoing.LARGEST + 1) if what in ("large", "bomb") else b'{"issuer": "x"}'
        if what == "bomb":
            body = gzip.compress(body)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *told: object) -> None:
        """It is no news."""


LOOK_UP = socket.getaddrinfo


class Names:
    """A directory of names of which each look-up takes the next answer; the last stays."""

    def __init__(self, **names: list[str]) -> None:
        self.names = names

    def __call__(self, host: str, port: int, *how: Any, **ways: Any) -> list[tuple[Any, ...]]:
        if host in ("127.0.0.1", "93.184.216.34"):  # to connect to: what was found
            return LOOK_UP(host, port, *how, **ways)
        left = self.names[str(host).replace(".", "_")]
        answer = left.pop(0) if len(left) > 1 else left[0]
        found = [ip_address(one) for one in answer.split()]
        families = {4: socket.AF_INET, 6: socket.AF_INET6}
        return [(families[one.version], socket.SOCK_STREAM, 6, "", (str(one), port)) for one in found]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key and a certificate for inloggen.example that signs itself."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now, names = datetime.now(UTC), x509.SubjectAlternativeName([x509.DNSName("inloggen.example")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(key.private_bytes(pem, *plain) + made.public_bytes(pem))
    return path


@pytest.fixture
def provider(certificate: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[int]:
    """The port of inloggen.example, on this machine; the portal may go there and trusts its certificate."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    Provider.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(socket, "getaddrinfo", Names(inloggen_example=["127.0.0.1"]))
    settings.OUTGOING_NETWORKS = ["127.0.0.0/8"]
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_a_server_in_a_named_network_is_asked_by_its_name(provider: int) -> None:
    answer = outgoing.session().get(f"https://inloggen.example:{provider}/")
    assert answer.json() == {"issuer": "x"}
    assert Provider.asked == [f"inloggen.example:{provider}"]


def test_without_that_setting_the_same_server_is_out_of_reach(provider: int, settings: Any) -> None:
    settings.OUTGOING_NETWORKS = []
    with pytest.raises(AddressRefused, match="netwerk waar het portaal niet komt"):
        outgoing.session().get(f"https://inloggen.example:{provider}/")
    assert Provider.asked == []


def test_a_certificate_of_another_name_is_refused(provider: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Names(andere_example=["127.0.0.1"]))
    with pytest.raises(requests.exceptions.SSLError, match=r"andere\.example"):
        outgoing.session().get(f"https://andere.example:{provider}/")
    assert Provider.asked == []


def test_a_name_that_changes_after_the_check_changes_nothing(
    provider: int, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """DNS rebinding: public when it is checked, this machine when it is connected to."""
    settings.OUTGOING_NETWORKS = []
    asked: list[Any] = []

    def connect(address: Any, *how: object, **ways: object) -> None:
        asked.append(address)
        raise OSError("no network in the tests")

    monkeypatch.setattr(socket, "getaddrinfo", Names(inloggen_example=["93.184.216.34", "127.0.0.1"]))
    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    with pytest.raises(requests.ConnectionError):
        outgoing.session().get("https://inloggen.example/")
    assert asked == [("93.184.216.34", 443)]


def test_a_name_with_one_address_inside_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Names(inloggen_example=["93.184.216.34 10.0.0.1"]))
    with pytest.raises(AddressRefused):
        outgoing.check("https://inloggen.example/")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("follow", [True, False])
def test_a_redirect_is_not_followed(method: str, follow: bool, provider: int) -> None:
    with pytest.raises(AddressRefused, match="verwijst door"):
        url = f"https://inloggen.example:{provider}/elsewhere"
        outgoing.session().request(method, url, allow_redirects=follow)
    assert len(Provider.asked) == 1


@pytest.mark.parametrize("path", ["large", "bomb"])
def test_an_answer_without_end_is_cut_off(path: str, provider: int) -> None:
    with pytest.raises(AddressRefused, match="te groot"):
        outgoing.session().get(f"https://inloggen.example:{provider}/{path}")


@pytest.mark.parametrize("path", ["dripping-head", "dripping-body"])
def test_an_answer_that_keeps_dripping_is_cut_off(
    path: str, provider: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten seconds for each letter would be hours for all."""
    monkeypatch.setattr(outgoing, "PATIENCE", 0.5)
    with pytest.raises(requests.RequestException, match=r"timed out|te lang"):
        outgoing.session().get(f"https://inloggen.example:{provider}/{path}")


def test_no_proxy_of_the_environment_is_asked(provider: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert outgoing.session().get(f"https://inloggen.example:{provider}/").ok


def test_the_time_stamp_server_is_asked_by_the_same_way(provider: int, settings: Any) -> None:
    url = f"https://inloggen.example:{provider}/"
    assert Rfc3161(url)._ask(b"question") == b'{"issuer": "x"}'
    settings.OUTGOING_NETWORKS = []
    with pytest.raises(SealFailed, match="netwerk waar het portaal niet komt"):
        Rfc3161(url)._ask(b"question")


# Nothing else goes out

WAYS = {"socket", "ssl", "http.client", "urllib.request", "requests", "urllib3", "httpx", "ftplib", "smtplib"}
GOES_OUT = {
    "organisations/outgoing.py": "this way",
    "organisations/outbox.py": "smtplib for the faults it knows; Django sends, to the server in EMAIL_URL",
    "assessments/evidence/uploads/viruses.py": "the daemon in CLAMAV_SOCKET",
}


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found - {"requests.RequestException"}  # to catch it


def test_no_other_module_opens_a_connection(settings: Any) -> None:
    apps = [app for app in settings.INSTALLED_APPS if (TOP / app).is_dir()]
    assert {"chain", "retention"} <= set(apps)
    found = {
        str(path.relative_to(TOP))
        for app in apps
        for path in (TOP / app).rglob("*.py")
        if any(name == way or name.startswith(f"{way}.") for name in imported(path) for way in WAYS)
    }
    assert found == set(GOES_OUT)
