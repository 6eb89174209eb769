"""Anybody can check a report on a public page: by its code, or by its file, which is not kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.models import AgreedLevel, Assessment, Edition
from assessments.models.edition import Standing
from assessments.status import Status, steps_from
from organisations.models import User
from organisations.roles import Role
from reports import recognising, verify_views
from reports.models import ReportFile
from tests.cast import bring_to, make_adopted

ClientOf = Callable[[str], Client]
PAGE = "/controle/"
PDF = b"%PDF-1.7 made of the edition"
pytestmark = pytest.mark.django_db


class Offered(NamedTuple):
    round: Assessment
    edition: Edition
    sum: str


@pytest.fixture
def offered(cast: dict[str, User], quick_pdf: None) -> Offered:
    """A report that was offered to the council, with its file."""
    round_ = make_adopted(cast, Status.SUBMITTED)
    edition = Edition.objects.get(adoption__assessment=round_)
    with_code(edition, "B7KM-2XQP")
    file, _ = ReportFile.objects.want(edition.adoption, "council")
    file.keep(PDF, 1, "gecontroleerd")
    return Offered(round_, edition, hashlib.sha256(PDF).hexdigest())


def with_code(edition: Edition, code: str) -> None:
    Edition.objects.filter(pk=edition.pk).update(code=code)
    edition.code = code


def account_file(edition: Edition) -> SimpleUploadedFile:
    return SimpleUploadedFile("gegevens.json", edition.adoption.document.encode(), "application/json")


# By its code


@pytest.mark.parametrize(
    "typed",
    ["B7KM-2XQP", "b7km2xqp", " b7km 2xqp ", "B7KM–2XQP", "87KM-2XQP", "B7KM-ZXQP", "B7KM2X0P", "BTKM-2XOP"],
)
def test_a_code_is_found_however_it_is_typed(offered: Offered, typed: str, client: Client) -> None:
    answer = client.post(PAGE, {"code": typed})
    assert answer.headers["Location"] == "/controle/B7KM-2XQP/"
    straight = client.get(reverse("reports:verify_code", args=[typed.strip()]), follow=True)
    assert straight.status_code == 200


def test_a_misread_code_that_could_be_of_two_is_of_none(offered: Offered) -> None:
    assert recognising.by_code("B7KM-2X0P")
    correct(offered)
    with_code(Edition.objects.latest("pk"), "B7KM-2XDP")
    assert recognising.by_code("B7KM-2X0P") is None
    assert recognising.by_code("B7KM-2XQP")


@pytest.mark.parametrize("typed", ["", "B7KM", "B7KM-2XQQ", "÷÷÷÷-÷÷÷÷", "B7KM-2XQP-9", "7" * 40, "٣٣٣٣٣٣٣٣"])
def test_an_unknown_code_gets_help(offered: Offered, typed: str, client: Client) -> None:
    assert client.post(PAGE, {"code": typed}).status_code == 422
    if typed:
        page = client.get(reverse("reports:verify_code", args=[typed]))
        assert page.status_code == 404
        assert "Wij kennen deze code niet" in page.content.decode()


def correct(offered: Offered) -> None:
    """A second edition of the same round."""
    round_ = Assessment.objects.get(pk=offered.round.pk)
    anna = round_.created_by
    step = next(
        one for one in steps_from(round_.status, [Role.COORDINATOR]) if one.target == Status.VALIDATION
    )
    round_.take(step, anna, "PA-01 was verkeerd overgenomen.")
    AgreedLevel.record(round_, "PA-01", 3, "Samen nagekeken.", anna)
    bring_to(round_, Status.SUBMITTED, anna)


def test_the_page_says_what_it_is_and_its_checksums_and_nothing_of_its_contents(
    offered: Offered, client: Client
) -> None:
    page = client.get("/controle/B7KM-2XQP/")
    text = page.content.decode()
    adoption = offered.edition.adoption
    for said in ("Waterrijk", offered.sum, adoption.digest, offered.edition.digest, "nog niet openbaar"):
        assert said in text
    for link in adoption.frozen()["results"]["links"]:
        assert link["slug"] not in text.lower()
    assert "no-store" in page.headers["Cache-Control"]


def test_the_page_says_that_a_report_is_published_superseded_or_withdrawn(
    offered: Offered, client: Client
) -> None:
    def told() -> str:
        return client.get("/controle/B7KM-2XQP/").content.decode()

    Edition.objects.update(published_at=timezone.now())
    assert "niet vervangen en niet ingetrokken" in told()
    assert 'href="/openbaar/waterrijk/' in told()
    correct(offered)
    newest = Edition.objects.latest("pk")
    assert "vervangen door versie 2" in told() and f"/controle/{newest.code}/" in told()
    round_ = Assessment.objects.get(pk=offered.round.pk)
    step = next(
        one for one in steps_from(round_.status, [Role.COORDINATOR]) if one.target == Status.WITHDRAWN
    )
    round_.take(step, round_.created_by, "De ronde was van een ander jaar.")
    assert "De ronde was van een ander jaar." in told()
    assert recognising.Known(Edition.objects.get(code="B7KM-2XQP")).standing == Standing.WITHDRAWN


def test_guessing_codes_comes_to_an_end(
    offered: Offered, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.set(verify_views.CODES, 299)
    assert client.get("/controle/XXXX-XXXX/").status_code == 404
    assert client.get("/controle/B7KM-2XQP/").status_code == 422
    assert "te veel" in client.post(PAGE, {"code": "B7KM-2XQP"}).content.decode()


def test_the_pages_ask_little_of_the_database(
    offered: Offered, client: Client, django_assert_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    with django_assert_num_queries(0):
        client.get(PAGE)
    with django_assert_num_queries(3):  # the edition, a later one, its files
        client.get("/controle/B7KM-2XQP/")


# By its checksum


def test_a_checksum_alone_tells_which_report_it_is_of(offered: Offered, client: Client) -> None:
    for sum_ in (offered.sum, offered.edition.digest, offered.edition.adoption.digest):
        answer = client.post(PAGE, {"sha256": sum_})
        assert answer.json()["address"] == "/controle/B7KM-2XQP/"
        assert "no-store" in answer.headers["Cache-Control"]
    for other in ("0" * 64, "", "x", offered.sum.upper()):
        assert client.post(PAGE, {"sha256": other}).json() == {"known": False}


def test_the_file_of_a_concept_is_not_known(cast: dict[str, User], quick_pdf: None, client: Client) -> None:
    round_ = make_adopted(cast, Status.ADOPTED)
    assert round_.adoption
    file, _ = ReportFile.objects.want(round_.adoption, "council")
    file.keep(PDF, 1, "gecontroleerd")
    assert not client.post(PAGE, {"sha256": hashlib.sha256(PDF).hexdigest()}).json()["known"]


# By its file


def test_a_file_is_recomputed_and_recognised(offered: Offered, client: Client) -> None:
    text = client.post(PAGE, {"file": account_file(offered.edition)}).content.decode()
    assert "De inhoud klopt" in text and "ongewijzigde bestand" in text and "B7KM-2XQP" in text


def test_a_file_that_was_changed_is_told_where(offered: Offered, client: Client) -> None:
    document = offered.edition.adoption.document.replace('"printed":', '"printed":1', 1)
    answer = client.post(PAGE, {"file": SimpleUploadedFile("g.json", document.encode())})
    text = answer.content.decode()
    assert "Er klopt iets niet" in text and "printed" in text and "kent dit verslag niet" in text


@pytest.mark.parametrize("content", [b"", b"geen pdf", b"%PDF-1.7 kapot", b"{", b'{"schema":"<script>"}'])
def test_what_cannot_be_read_is_said_beside_the_field(content: bytes, client: Client, db: None) -> None:
    answer = client.post(PAGE, {"file": SimpleUploadedFile("x.pdf", content)})
    assert answer.status_code == 422
    assert 'id="id_file_error"' in answer.content.decode() or "error" in answer.content.decode()


def test_no_file_and_too_many_files_are_refused(client: Client, db: None) -> None:
    assert "Kies een bestand." in client.post(PAGE, {"file": ""}).content.decode()
    cache.set(verify_views.FILES, verify_views.MOST_FILES)
    answer = client.post(PAGE, {"file": SimpleUploadedFile("x.json", b"{}")})
    assert answer.status_code == 422 and "te veel" in answer.content.decode()


# By hand, with the database


def verified(path: Path) -> tuple[int, str]:
    out = StringIO()
    with redirect_stdout(out):
        try:
            call_command("verify_report", str(path))
        except SystemExit as end:
            return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_the_command_says_what_the_portal_knows(offered: Offered, tmp_path: Path) -> None:
    (file := tmp_path / "gegevens.json").write_text(offered.edition.adoption.document, "utf-8")
    status, said = verified(file)
    assert status == 0 and "ongewijzigde bestand van uitgave B7KM-2XQP" in said
    Edition.objects.all().delete()
    status, said = verified(file)
    assert status == 0 and "kent dit verslag niet" in said
