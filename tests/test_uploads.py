"""A file is what is in it: each kind that is taken is recognised, each nasty one refused with its reason."""

from __future__ import annotations

import io
import socketserver
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from assessments.evidence.uploads import UploadRefused, recognise, viruses
from assessments.models import Assessment, Evidence
from integrity_portal.middleware import WRITERS, one_writer
from organisations.models import User
from tests.cast import make_round
from tests.evidence import evidence_url, kept, upload
from tests.uploads import GOOD, NASTY, PDF, Good, Nasty, office

ClientOf = Callable[[str], Client]
FACTS = {"title": "Gedragscode", "dated": "2026-03-01", "no_names": "on"}


def send(client: Client, round_: Assessment, name: str, content: bytes, **more: str) -> tuple[int, str]:
    response = client.post(evidence_url(round_), {**FACTS, "file": upload(name, content), **more})
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good.name)
def test_a_good_file_of_each_kind_is_kept_as_it_is(
    good: Good, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    assert send(client_of("bram"), round_, good.name, good.content)[0] == 302
    evidence = Evidence.objects.get()
    assert (evidence.content_type, evidence.name) == (good.type, good.handed_out_as)
    assert evidence.size == len(good.content)
    with evidence.file.open() as file:
        assert file.read() == good.content


@pytest.mark.parametrize("nasty", NASTY, ids=lambda nasty: nasty.what)
def test_a_nasty_file_is_refused_with_its_reason_and_nothing_is_kept(
    nasty: Nasty, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, before = make_round(cast), kept()
    status, page = send(client_of("bram"), round_, nasty.name, nasty.content)
    assert status == 422
    assert nasty.said.replace("'", "&#x27;") in page
    assert "Kies het bestand opnieuw." in page and "Gedragscode" in page
    assert not Evidence.objects.exists() and kept() == before


def test_exactly_20_mb_is_taken() -> None:
    filling = b" " * (20 * 1024 * 1024 - len(PDF))
    assert recognise(io.BytesIO(PDF.replace(b"trailer", filling + b"trailer")), "x.pdf").word == "PDF"


@pytest.mark.parametrize("at", range(0, 600, 7))
def test_a_document_cut_anywhere_is_refused_and_never_an_error(at: int) -> None:
    content = office()
    if at < len(content):
        with pytest.raises(UploadRefused):
            recognise(io.BytesIO(content[:at]), "x.docx")


@pytest.mark.parametrize(
    "name, handed_out_as",
    [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\bram\\code.pdf", "code.pdf"),
        ("..\\..\\code.pdf", "code.pdf"),
        ("code\u202efdp.pdf", "codefdp.pdf"),  # turns what follows around: "code" + "pdf.pdf"
        ("e\u0301\u00e9n.pdf", "één.pdf"),
        (". .pdf", "bewijs.pdf"),
        ("x" * 300 + ".pdf", None),
    ],
    ids=ascii,
)
def test_a_name_with_a_path_or_a_trick_does_nothing(
    name: str, handed_out_as: str | None, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, bram, before = make_round(cast), client_of("bram"), kept()
    assert send(bram, round_, name, PDF)[0] == 302
    evidence = Evidence.objects.get()
    assert len(evidence.name) <= 150 and evidence.name == (handed_out_as or evidence.name)
    (new,) = kept() - before
    assert new.name == Path(str(evidence.file.name)).name and len(new.name) == 40
    said = bram.get(f"{evidence_url(round_)}{evidence.pk}/").headers["Content-Disposition"]
    assert said.startswith("attachment") and "\n" not in said


def test_nobody_else_on_the_machine_may_read_a_file(cast: dict[str, User], client_of: ClientOf) -> None:
    send(client_of("bram"), make_round(cast), "x.pdf", PDF)
    path = Path(Evidence.objects.get().file.path)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_file_that_comes_slowly_keeps_no_writer_waiting() -> None:
    class Slow(io.BytesIO):
        def read(self, *size: int | None) -> bytes:
            assert not WRITERS.locked()
            return super().read(*size)

    sent = RequestFactory().post("/", {"file": upload("x.pdf", PDF)})
    environ = sent.environ | {"wsgi.input": Slow(sent.environ["wsgi.input"].read())}

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"{WRITERS.locked()} {list(request.FILES)}")

    assert one_writer(view)(WSGIRequest(environ)).getvalue() == b"True ['file']"


# Viruses


class Clamd(socketserver.StreamRequestHandler):
    """Speaks INSTREAM as ClamAV's daemon does; to it only files that say so are bad."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        if b"SLOW" in content:
            return  # hangs up without a word
        verdict = b"Eicar-Test-Signature FOUND" if b"EICAR" in content else b"OK"
        if b"LIMIT" in content:
            verdict = b"INSTREAM size limit exceeded. ERROR"
        self.wfile.write(b"stream: " + verdict + b"\0")


@pytest.fixture(params=["unix", "tcp"])
def clamd(request: pytest.FixtureRequest, settings: Settings) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        server: socketserver.BaseServer
        if request.param == "unix":
            server = socketserver.ThreadingUnixStreamServer(f"{folder}/clamd", Clamd)
            settings.CLAMAV_SOCKET = f"{folder}/clamd"
        else:
            tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
            server, settings.CLAMAV_SOCKET = tcp, f"127.0.0.1:{tcp.server_address[1]}"
        with server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield settings.CLAMAV_SOCKET
            server.shutdown()


def test_a_clean_file_is_kept_and_known_as_scanned(
    clamd: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, bram = make_round(cast), client_of("bram")
    assert send(bram, round_, "groot.txt", b"regel\n" * 500_000)[0] == 302
    assert Evidence.objects.get().scanned
    page = bram.get(evidence_url(round_)).content.decode()
    assert "Gecontroleerd op virussen." in page and "worden gecontroleerd op virussen" in page


@pytest.mark.parametrize(
    "content, said",
    [(b"EICAR", viruses.INFECTED), (b"SLOW", viruses.NOT_SCANNED), (b"LIMIT", viruses.NOT_SCANNED)],
)
def test_what_the_scanner_does_not_pass_is_not_kept(
    content: bytes, said: str, clamd: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, before = make_round(cast), kept()
    status, page = send(client_of("bram"), round_, "x.txt", content)
    assert status == 422 and said in page
    assert not Evidence.objects.exists() and kept() == before


@pytest.mark.parametrize("address", ["/nergens/clamd", "127.0.0.1:1"])
def test_a_scanner_out_of_reach_passes_nothing(
    address: str, cast: dict[str, User], client_of: ClientOf, settings: Settings
) -> None:
    settings.CLAMAV_SOCKET = address
    status, page = send(client_of("bram"), make_round(cast), "x.pdf", PDF)
    assert status == 422 and viruses.NOT_SCANNED in page and not Evidence.objects.exists()


def test_a_scanner_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(viruses, "TIMEOUT", 0.2)
    deaf = socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler)  # never accepts
    with deaf, pytest.raises(UploadRefused, match="geeft geen antwoord"):
        viruses.refuse_infected(io.BytesIO(b"x"), f"127.0.0.1:{deaf.server_address[1]}")


def test_without_a_scanner_the_page_says_so(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, bram = make_round(cast), client_of("bram")
    send(bram, round_, "x.pdf", PDF)
    page = bram.get(evidence_url(round_)).content.decode()
    assert "Dit portaal controleert bestanden niet op virussen." in page and "Niet gecontroleerd" in page
