"""Somebody gets everything that is kept of them, and nobody else gets it."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.utils import timezone

from assessments.models import Answer, Remark, SentBack, Thread
from organisations.log.acts import Act
from organisations.models import Invitation, LogEntry, Organisation, User
from organisations.models.log import write
from retention import links
from retention.people import keys
from retention.subject.contents import CONTENTS, LEFT_OUT
from retention.subject.gathering import Person, told, way_to
from tests.cast import make_answers, make_guest, make_message, make_round, say
from tests.evidence import make_evidence
from tests.retention import waterrijk

ClientOf = Callable[[str], Client]
OWN, PERSON = "/account/gegevens/", "/organisaties/waterrijk/inzage/"
SECRET = "Alleen Bram weet dit"


@pytest.fixture
def bram(cast: dict[str, User]) -> User:
    """Somebody who answered, talked, and was asked back."""
    round_, bram = make_round(cast), cast["bram"]
    say(round_, bram, "PA-01", level=3, explanation=SECRET)
    make_answers(round_, cast["fatima"], questions=["PA-02"])
    thread = Thread.objects.create(assessment=round_, question="PA-01")
    Remark.objects.create(thread=thread, author=bram, text="Mijn opmerking")
    Remark.objects.create(thread=thread, author=cast["vera"], text="Vraag aan Bram").mentioned.add(bram)
    Remark.objects.create(thread=thread, author=cast["vera"], text="Over iemand anders")
    SentBack.objects.create(
        assessment=round_, question="PA-01", contributor=bram, text="Waar blijkt dit?", by=cast["vera"]
    )
    make_evidence(round_, bram)
    make_message(bram, key="een")
    return bram


def proven(client: Client, ago: int = 0) -> Client:
    """As if they signed in so many seconds ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - ago}]
    session.save()
    return client


def opened(content: bytes) -> tuple[dict[str, Any], str]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert sorted(packed.namelist()) == ["gegevens.html", "gegevens.json"]
        return json.loads(packed.read("gegevens.json")), packed.read("gegevens.html").decode()


def parts(data: dict[str, Any]) -> dict[str, list[dict[str, str]]]:
    return {part["titel"]: part["regels"] for part in data["delen"]}


def test_somebody_gets_all_of_theirs_and_nothing_of_others(bram: User, client_of: ClientOf) -> None:
    response = proven(client_of("bram")).post(OWN)
    assert response["Content-Disposition"] == 'attachment; filename="gegevens.zip"'
    data, page = opened(response.content)
    found = parts(data)
    assert data["persoon"]["e-mailadres"] == "bram@waterrijk.example"
    assert [one["toelichting"] for one in found["Antwoorden"]] == [SECRET]
    assert [one["toelichting"] for one in found["Eerdere versies van antwoorden"]] == [SECRET]
    assert [one["tekst"] for one in found["Wat u in gesprekken schreef"]] == ["Mijn opmerking"]
    assert found["Waar een collega u noemt in een gesprek"][0]["tekst"] == "Vraag aan Bram"
    assert (
        found["Antwoorden die de validator aan u teruggaf"][0]["wat de validator vroeg"] == "Waar blijkt dit?"
    )
    assert found["Bewijs dat u toevoegde"][0]["bestand"] == "code.txt"
    assert found["Rollen"][0]["organisatie"] == "Gemeente Waterrijk"
    assert SECRET in page and "Mijn opmerking" in page
    for other in ("Over iemand anders", "PA-02", "Vera", "argon2", "md5", bram.password):
        assert other not in page and other not in json.dumps(data), other
    assert len(data["niet erin"]) == len(LEFT_OUT) and "anoniem" in page
    entry = LogEntry.objects.latest("pk")
    assert (entry.act, entry.what, entry.who_id) == (Act.EXPORT, "de eigen gegevens", bram.pk)


def test_lines_about_an_address_that_only_looks_like_it_are_not_theirs(bram: User) -> None:
    address = bram.email
    for what in (f"a{address}", f"jan.{address}", f"{address}.example", f"lid: Bram <{address.upper()}>"):
        write(Act.INVITE, what, organisation=waterrijk(), who="")
    found = parts(told(Person(address, bram, waterrijk())))["Regels in het logboek"]
    assert [one["waarop"] for one in found if one["wat"] == Act.INVITE.label] == [
        f"lid: Bram <{address.upper()}>"
    ]


def test_who_signed_in_long_ago_proves_anew_who_they_are(bram: User, client_of: ClientOf) -> None:
    assert proven(client_of("bram"), ago=3600).post(OWN).status_code == 401
    bea = proven(client_of("bea"), ago=3600)
    for how in ("send", "download"):
        asked = bea.post(PERSON, {"email": bram.email, "how": how})
        assert asked.status_code == 401 and bram.email in asked.content.decode()
    assert not LogEntry.objects.filter(act=Act.EXPORT).exists() and not mail.outbox


def test_the_administrator_gets_no_answer_and_a_count_instead(bram: User, client_of: ClientOf) -> None:
    response = proven(client_of("bea")).post(PERSON, {"email": "Bram@Waterrijk.example", "how": "download"})
    data, page = opened(response.content)
    for words in (SECRET, "Mijn opmerking", "Vraag aan Bram", "Waar blijkt dit?", "code.txt"):
        assert words not in page and words not in json.dumps(data), words
    hidden = {part["titel"]: part["verborgen"] for part in data["delen"]}
    assert hidden["Antwoorden"] == 1 and "de beheerder leest geen antwoorden" in page
    assert parts(data)["Lidmaatschap"][0]["functie"] == "functie"
    assert "zonder antwoorden" in LogEntry.objects.latest("pk").what


def test_the_administrator_has_a_link_sent_that_gives_the_person_everything(
    bram: User, client_of: ClientOf, client: Client
) -> None:
    response = proven(client_of("bea")).post(PERSON, {"email": bram.email, "how": "send"}, follow=True)
    assert "krijgt een e-mail" in response.content.decode()
    letter = mail.outbox[-1]
    assert letter.to == [bram.email] and letter.subject.startswith("Uw gegevens")
    token = re.search(r"/inzage/(\S+)/", str(letter.body))
    assert token
    assert not LogEntry.objects.filter(what__contains=token[1]).exists()
    page = client.get(f"/inzage/{token[1]}/")
    assert (page.status_code, page["Cache-Control"]) == (
        200,
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
    assert SECRET not in page.content.decode()
    data, _ = opened(client.post(f"/inzage/{token[1]}/").content)
    assert parts(data)["Antwoorden"][0]["toelichting"] == SECRET
    assert "Waar u nu bent ingelogd" not in parts(data)  # that is of no organisation
    entry = LogEntry.objects.latest("pk")
    assert (entry.act, entry.who) == (Act.EXPORT, "") and bram.email in entry.what


def test_a_link_that_was_changed_or_is_too_old_is_none(
    bram: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = links.issue(waterrijk(), bram.email)
    for wrong in (token[:-1], token[1:], "x", token.replace(":", "")):
        assert client.post(f"/inzage/{wrong}/").status_code == 404
    assert client.get(f"/inzage/{token}/").status_code == 200
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 15 * 24 * 3600)
    assert client.post(f"/inzage/{token}/").status_code == 404
    assert not LogEntry.objects.filter(what__startswith=links.FETCHED).exists()


def test_a_link_gives_the_data_once(bram: User, client: Client) -> None:
    address = f"/inzage/{links.issue(waterrijk(), bram.email)}/"
    for _ in range(2):  # looking is not fetching, and what reads mail beforehand only looks
        assert client.get(address).status_code == 200
    assert client.post(address).status_code == 200
    for again in (client.get(address), client.post(address)):
        assert again.status_code == 404 and SECRET.encode() not in again.content
        assert "vraag de beheerder" in again.content.decode().lower()
    assert LogEntry.objects.filter(what=f"{links.FETCHED}{bram.email}").count() == 1


def test_a_download_that_breaks_does_not_use_up_the_link(
    bram: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/inzage/{links.issue(waterrijk(), bram.email)}/"
    with monkeypatch.context() as patched, pytest.raises(OSError, match="schijf"):
        patched.setattr("retention.person_views.pack", broken)
        client.post(address)
    assert client.post(address).status_code == 200


def broken(told: object) -> bytes:
    raise OSError("schijf vol")


def test_a_new_link_ends_the_one_before_and_no_other_persons(
    bram: User, cast: dict[str, User], client: Client
) -> None:
    first, other = links.issue(waterrijk(), bram.email), links.issue(waterrijk(), cast["vera"].email)
    elsewhere = links.issue(Organisation.objects.get(slug="hoogezand"), cast["chris"].email)
    second = links.issue(waterrijk(), bram.email)
    found = [client.get(f"/inzage/{token}/").status_code for token in (first, second, other, elsewhere)]
    assert found == [404, 200, 200, 200]


def test_the_administrator_withdraws_a_link(bram: User, client_of: ClientOf, client: Client) -> None:
    bea, address = proven(client_of("bea")), f"/inzage/{links.issue(waterrijk(), bram.email)}/"
    page = bea.get(PERSON).content.decode()
    assert "Links die nog werken" in page and bram.email in page
    assert client_of("anna").post(f"{PERSON}intrekken/", {"email": bram.email}).status_code == 404
    assert client.get(address).status_code == 200
    said = bea.post(f"{PERSON}intrekken/", {"email": bram.email}, follow=True).content.decode()
    assert "is ingetrokken" in said and "Links die nog werken" not in said
    assert client.post(address).status_code == 404
    entry = LogEntry.objects.get(what=f"{links.WITHDRAWN}{bram.email}")
    assert entry.who_id is not None and "bea" in entry.who
    for nobody in (bram.email, "niemand@nergens.example", "", "\x00"):
        said = bea.post(f"{PERSON}intrekken/", {"email": nobody}, follow=True).content.decode()
        assert "werkte al niet meer" in said
    assert LogEntry.objects.filter(what__startswith=links.WITHDRAWN).count() == 1


def test_only_links_that_still_work_are_shown(bram: User, monkeypatch: pytest.MonkeyPatch) -> None:
    links.issue(waterrijk(), bram.email)
    assert [link.email for link in links.still_open(waterrijk())] == [bram.email]
    assert links.still_open(Organisation.objects.get(slug="hoogezand")) == []
    later = timezone.now() + timedelta(days=links.DAYS, minutes=1)
    monkeypatch.setattr("retention.links.timezone.now", lambda: later)
    assert links.still_open(waterrijk()) == []


def test_a_guest_and_somebody_invited_are_found_and_a_stranger_is_not(
    bram: User, cast: dict[str, User], client_of: ClientOf
) -> None:
    make_guest(make_round(cast, year=2027))
    Invitation.objects.create(
        organisation=waterrijk(),
        email="nieuw@waterrijk.example",
        token_digest="x",
        expires_at=timezone.now(),
        invited_by=cast["bea"],
    )
    bea = proven(client_of("bea"))
    for email in ("gast@buiten.example", "nieuw@waterrijk.example"):
        assert bea.post(PERSON, {"email": email, "how": "send"}).status_code == 302
    for email in ("chris@hoogezand.example", "niemand@nergens.example", "geen adres", ""):
        assert bea.post(PERSON, {"email": email, "how": "download"}).status_code == 422
    assert sum("Uw gegevens" in letter.subject for letter in mail.outbox) == 2


def test_within_one_organisation_nothing_of_another_is_told(bram: User, cast: dict[str, User]) -> None:
    Organisation.objects.get(slug="hoogezand").admit(bram, ["contributor"])
    theirs = make_round(cast, people=["bram"], organisation="hoogezand", leader="chris", title="Elders")
    make_answers(theirs, bram, questions=["PA-03"])
    here = json.dumps(told(Person(bram.email, bram, waterrijk())))
    everywhere = json.dumps(told(Person(bram.email, bram)))
    assert "Elders" not in here and "Hoogezand" not in here
    assert "Elders" in everywhere and "Hoogezand" in everywhere
    assert Answer.objects.count() == 3


def test_whatever_has_a_key_to_a_person_is_told(cast: dict[str, User]) -> None:
    """A new table with a key to people is told as an act by itself; the lists fit the models."""
    for content in CONTENTS:
        model = apps.get_model(content.model)
        found_here = model._default_manager.filter(**{content.person: cast["bram"]})
        list(found_here.values_list(*content.columns.values()))
    found = list(keys())
    assert len(found) > 40 and {"created_by", "present"} <= {key.name for key in found}
    for key in found:
        if key.model._meta.app_label in ("assessments", "surveys", "retention", "reports"):
            assert way_to(key.model, Organisation), key


def test_it_is_told_what_somebody_did(cast: dict[str, User]) -> None:
    make_round(cast)
    found = parts(told(Person(cast["anna"].email, cast["anna"], waterrijk())))["Wat u verder deed"]
    assert {"ronde", "stap"} <= {one["wat"] for one in found}
    assert all(one["organisatie"] == "Gemeente Waterrijk" for one in found)
