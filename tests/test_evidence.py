"""Evidence at a question: who adds and reads it, how a file leaves the portal, reuse, and the tombstone."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import date
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Evidence, RoundIsClosed
from assessments.models.evidence import Facts, evidence_storage
from assessments.status import Status
from organisations.models import User
from tests.cast import bring_to, make_answers, make_round
from tests.evidence import evidence_url, kept, make_evidence, upload
from tests.pages import theme_url
from tests.uploads import PDF, picture

ClientOf = Callable[[str], Client]
OnCommit = Callable[..., object]
FACTS = Facts("Geheimlink", date(2026, 3, 1))
LINK = {"title": "Gedragscode", "dated": "2026-03-01", "url": "https://lokaleregelgeving.example/code"}


def add(client: Client, round_: Assessment, **given: object) -> tuple[int, str]:
    response = client.post(evidence_url(round_), {key: value for key, value in given.items() if value})
    return response.status_code, html.unescape(response.content.decode())


def page_of(client: Client, round_: Assessment) -> str:
    return html.unescape(client.get(evidence_url(round_)).content.decode())


# Adding


def test_a_link_is_kept_and_never_fetched(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, bram = make_round(cast), client_of("bram")
    with patch("socket.socket.connect", side_effect=AssertionError("it was fetched")):
        assert add(bram, round_, **LINK, valid_until="2027-03-01")[0] == 302
    evidence = Evidence.objects.get()
    assert (evidence.url, evidence.added_by, evidence.question) == (LINK["url"], cast["bram"], "PA-01")
    assert evidence.valid_until == date(2027, 3, 1)
    page = page_of(bram, round_)
    assert f'<a href="{LINK["url"]}" rel="noopener noreferrer nofollow">Gedragscode</a>' in page
    assert "Link naar lokaleregelgeving.example" in page and "geldig tot en met 1 maart 2027" in page


@pytest.mark.parametrize(
    "given, said",
    [
        ({}, "Kies een bestand of vul een link in."),
        ({"url": LINK["url"], "file": "pdf", "no_names": "on"}, "Kies één van de twee."),
        ({"file": "pdf"}, "Vink aan dat er geen namen van personen in het bestand staan."),
        ({"url": "javascript:alert(1)"}, "Dit is geen goede link."),
        ({"url": "data:text/html,x"}, "Dit is geen goede link."),
        ({"url": "ftp://x.example/y"}, "Dit is geen goede link."),
        ({"url": "https://bram:geheim@x.example/"}, "In deze link staat een gebruikersnaam."),
        ({"url": "https://x.example/ y"}, "Dit is geen goede link."),
        ({"url": LINK["url"], "title": ""}, "Vul een titel in."),
        ({"url": LINK["url"], "dated": ""}, "Vul de datum van het stuk in."),
        ({"url": LINK["url"], "dated": "31-31-2026"}, "Vul een hele datum in."),
        ({"url": LINK["url"], "dated": "2999-01-01"}, "kan niet in de toekomst liggen"),
        ({"url": LINK["url"], "valid_until": "2025-01-01"}, "Dit ligt voor de datum van het stuk."),
    ],
    ids=str,
)
def test_what_is_missing_or_wrong_is_said_at_its_field(
    given: dict[str, str], said: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    before = kept()
    file = {"file": upload("x.pdf", PDF)} if "file" in given else {}
    status, page = add(
        client_of("bram"), make_round(cast), **{"title": "Code", "dated": "2026-03-01", **given, **file}
    )
    assert status == 422 and page.count(said) >= 2  # in the summary and at the field
    assert not Evidence.objects.exists() and kept() == before


def test_a_closed_round_takes_no_evidence(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    Assessment.objects.update(status=Status.CLOSED)
    status, page = add(client_of("bram"), round_, **LINK)
    assert status == 409 and "Deze ronde is gesloten." in page and "<form" not in page.split("<main")[1]
    assert not Evidence.objects.exists()


def test_a_round_that_closes_meanwhile_keeps_nothing_of_a_file(cast: dict[str, User]) -> None:
    round_, before = make_round(cast), kept()
    Assessment.objects.update(status=Status.CLOSED)  # round_ still believes that it is open
    with pytest.raises(RoundIsClosed):
        Evidence.add_file(
            round_, "PA-01", Facts("Code", date(2026, 3, 1)), upload("x.pdf", PDF).found, cast["bram"]
        )
    assert not Evidence.objects.exists() and kept() == before


def test_the_theme_counts_the_evidence_of_each_question(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, bram = make_round(cast), client_of("bram")
    make_evidence(round_, cast["bram"])
    make_evidence(round_, cast["anna"], title="Nog een")
    make_evidence(round_, cast["bram"], title="Weg").remove(cast["bram"], "dubbel")
    page = bram.get(theme_url(round_, "PA-01")).content.decode()
    assert f'<a href="{evidence_url(round_)}">Bewijs (2)<span' in page
    assert f'<a href="{evidence_url(round_, "PA-10")}">Bewijs toevoegen<span' in page


def test_the_validator_reads_it_beside_the_answers(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"])
    evidence = make_evidence(round_, cast["bram"])
    Assessment.objects.update(status=Status.VALIDATION)
    page = client_of("vera").get(reverse("assessments:judgement", args=[round_.pk, "PA-01"])).content.decode()
    assert f'<a href="{evidence_url(round_)}{evidence.pk}/">Gedragscode</a>' in page
    assert "verwijderen/" not in page


# Handing out


def get_file(client: Client, evidence: Evidence) -> tuple[bytes, dict[str, str]]:
    response = client.get(f"{evidence_url(evidence.assessment)}{evidence.pk}/")
    assert response.status_code == 200
    return response.getvalue(), dict(response.headers)


@pytest.mark.parametrize(
    "name, content, type_, disposition",
    [
        ("code.pdf", PDF, "application/pdf", 'attachment; filename="code.pdf"'),
        ("code.txt", b"De code.", "text/plain", 'attachment; filename="code.txt"'),
        ("foto.png", picture("PNG"), "image/png", 'inline; filename="foto.png"'),
    ],
)
def test_a_file_comes_with_headers_that_let_nothing_act(
    name: str, content: bytes, type_: str, disposition: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, bram = make_round(cast), client_of("bram")
    file = upload(name, content)
    assert add(bram, round_, title="Code", dated="2026-03-01", no_names="on", file=file)[0] == 302
    got, headers = get_file(bram, Evidence.objects.get())
    assert got == content
    assert headers["Content-Type"] == type_ and headers["Content-Disposition"] == disposition
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert headers["Content-Security-Policy"].endswith("sandbox")
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_file_has_no_address_but_the_views(cast: dict[str, User], client_of: ClientOf) -> None:
    evidence = make_evidence(make_round(cast), cast["bram"])
    for address in (f"/static/evidence/{evidence.file.name}", f"/evidence/{evidence.file.name}"):
        assert client_of("bram").get(address).status_code == 404


def test_a_file_that_is_lost_from_the_disk_is_no_error(cast: dict[str, User], client_of: ClientOf) -> None:
    evidence = make_evidence(make_round(cast), cast["bram"])
    evidence_storage().delete(str(evidence.file.name))
    response = client_of("bram").get(f"{evidence_url(evidence.assessment)}{evidence.pk}/")
    assert response.status_code == 404


def test_a_question_that_was_not_given_shows_nothing(cast: dict[str, User], client_of: ClientOf) -> None:
    """Access by the table is in test_access.py; here the edges of one round."""
    round_ = make_round(cast, people=("bram", "fatima"))
    round_.assignments.filter(user=cast["fatima"], theme="richting-en-voorbeeld").delete()
    evidence = make_evidence(round_, cast["bram"])
    fatima = client_of("fatima")
    assert fatima.get(evidence_url(round_)).status_code == 404
    assert fatima.get(f"{evidence_url(round_)}{evidence.pk}/").status_code == 404
    other = fatima.get(f"{evidence_url(round_, 'PA-02')}{evidence.pk}/")  # her question, his evidence
    assert other.status_code == 404


def test_colleagues_at_one_question_see_each_others_evidence(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, people=("bram", "fatima"))
    evidence = make_evidence(round_, cast["bram"])
    page = page_of(client_of("fatima"), round_)
    assert "Toegevoegd door Bram" in page and "verwijderen/" not in page
    assert client_of("fatima").get(f"{evidence_url(round_)}{evidence.pk}/verwijderen/").status_code == 404


# Deleting


def remove(client: Client, evidence: Evidence, reason: str = "Er staat een naam in.") -> int:
    url = f"{evidence_url(evidence.assessment)}{evidence.pk}/verwijderen/"
    return client.post(url, {"reason": reason}).status_code


def test_deleting_is_asked_and_leaves_a_tombstone_without_the_bytes(
    cast: dict[str, User], client_of: ClientOf, django_capture_on_commit_callbacks: OnCommit
) -> None:
    round_, bram, before = make_round(cast), client_of("bram"), kept()
    evidence = make_evidence(round_, cast["bram"])
    asked = bram.get(f"{evidence_url(round_)}{evidence.pk}/verwijderen/").content.decode()
    assert "Dit kunt u niet terugdraaien." in asked and Evidence.objects.present().count() == 1
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert remove(bram, evidence) == 302
    stone = Evidence.objects.get()
    assert (stone.title, stone.sha256, stone.deleted_by) == ("Gedragscode", evidence.sha256, cast["bram"])
    assert stone.deleted_at and not stone.file and not stone.name and kept() == before
    page = page_of(bram, round_)
    assert "Verwijderd (1)" in page and "Er staat een naam in." in page and evidence.sha256 in page
    assert bram.get(f"{evidence_url(round_)}{evidence.pk}/").status_code == 404
    assert remove(bram, evidence) == 404


def test_deleting_asks_why(cast: dict[str, User], client_of: ClientOf) -> None:
    assert remove(client_of("bram"), make_evidence(make_round(cast), cast["bram"]), " ") == 422
    assert Evidence.objects.present().exists()


def test_who_leads_the_round_may_delete_after_it_closed_and_who_added_it_no_more(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    evidence = make_evidence(make_round(cast), cast["bram"])
    Assessment.objects.update(status=Status.CLOSED)
    assert remove(client_of("bram"), evidence) == 404
    assert remove(client_of("vera"), evidence) == 404
    assert remove(client_of("anna"), evidence) == 302


def test_the_database_keeps_no_evidence_that_is_nothing_or_two_things(cast: dict[str, User]) -> None:
    round_ = make_round(cast)
    facts = {"assessment": round_, "question": "PA-01", "title": "x", "added_by": cast["bram"]}
    for wrong in ({}, {"url": "https://x.example", "file": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Evidence.objects.create(**facts, dated=date(2026, 1, 1), **wrong)


# Reuse


def earlier(cast: dict[str, User]) -> tuple[Evidence, Assessment]:
    """Evidence in last year's round, and this year's round."""
    return make_evidence(make_round(cast, year=2025), cast["bram"]), make_round(cast)


def test_earlier_evidence_is_reused_with_one_click_and_once(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    (source, round_), bram = earlier(cast), client_of("bram")
    page, before = page_of(bram, round_), kept()
    assert "Gebruik opnieuw" in page and f'name="reuse" value="{source.pk}"' in page
    for _ in range(2):
        assert add(bram, round_, reuse=source.pk)[0] == 302
    again = round_.evidence.get()
    assert (again.file.name, again.sha256) == (source.file.name, source.sha256) and kept() == before
    assert (again.reused_from, again.added_by) == (source, cast["bram"])
    page = page_of(bram, round_)
    assert "Gebruik opnieuw" not in page and "uit Jaarronde 2025" in page
    assert get_file(bram, again)[0] == b"De code."


def test_the_same_click_at_the_same_moment_gives_one(cast: dict[str, User]) -> None:
    source, round_ = earlier(cast)
    assert source.reuse(round_, cast["bram"]) == source.reuse(round_, cast["bram"])


def test_bytes_stay_as_long_as_one_round_has_them(
    cast: dict[str, User], django_capture_on_commit_callbacks: OnCommit
) -> None:
    before = kept()
    source, round_ = earlier(cast)
    again = source.reuse(round_, cast["bram"])
    for evidence, left in ((source, 1), (again, 0)):
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            evidence.remove(cast["bram"], "weg")
        assert len(kept() - before) == left
    with pytest.raises(Evidence.DoesNotExist):
        source.reuse(round_, cast["bram"])


def test_only_evidence_of_this_question_here_and_earlier_is_offered(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    other_question, round_ = earlier(cast)
    Evidence.objects.update(question="PA-02")
    elsewhere = make_evidence(
        make_round(cast, year=2025, organisation="hoogezand", leader="chris"), cast["chris"]
    )
    later = make_evidence(make_round(cast, title="Hermeting"), cast["bram"])
    bram = client_of("bram")
    assert "Gebruik opnieuw" not in page_of(bram, round_)
    for source in (other_question, elsewhere, later):
        assert add(bram, round_, reuse=source.pk)[0] == 302
    assert add(bram, round_, reuse="9" * 40)[0] == 302
    assert not round_.evidence.exists()


# What stays inside


def test_evidence_is_in_no_report_and_no_frozen_document(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"])
    make_evidence(round_, cast["bram"], title="Geheimtitel")
    Evidence.add_link(round_, "PA-02", FACTS, "https://geheim.example/", cast["bram"])
    bring_to(round_, Status.PUBLISHED, cast["anna"])
    adoption = round_.adoptions.get()
    greet = client_of("greet")
    texts = [adoption.document]
    for name in ("reports:report", "reports:document"):
        response = greet.get(reverse(name, args=[adoption.pk]))
        assert response.status_code == 200
        texts.append(response.getvalue().decode())
    assert [text for text in texts if "eheim" in text or evidence_storage_name() in text] == []


def evidence_storage_name() -> str:
    name = Evidence.objects.exclude(file="").get().file.name
    assert name and evidence_storage().exists(name)
    return name
