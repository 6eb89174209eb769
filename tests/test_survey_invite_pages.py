"""The pages to invite, to remind, to print posters and to release the council's result."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from organisations.models import Message, User
from surveys import addresses, tables
from surveys.models import Group, Invite, Survey
from surveys.models.inviting import token_of
from surveys.models.life import close
from tests.cast import make_round
from tests.surveys import cast_by, make_open_survey, make_survey

ClientOf = Callable[[str], Client]


@pytest.fixture
def survey(cast: dict[str, User]) -> Survey:
    return make_open_survey(make_round(cast), cast["anna"], {"Burgerzaken": 12, "Financiën": 30})


def page(survey: Survey, name: str) -> str:
    return f"/rondes/{survey.assessment_id}/peilingen/{survey.audience}/{name}/"


def said(response: object) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())  # type: ignore[attr-defined]


def test_addresses_are_shown_before_anything_is_kept(survey: Survey, client_of: ClientOf) -> None:
    anna, url = client_of("anna"), page(survey, "uitnodigen")
    pasted = "E-mail;Afdeling\nA@waterrijk.example;burgerzaken\nb@waterrijk.example;Financiën\n"
    pasted += "b@waterrijk.example;Financiën\nmevrouw Jansen;Financiën\nc@waterrijk.example;Onbekend"
    response = anna.post(url, {"pasted": pasted})
    assert response.status_code == 200 and not Invite.objects.exists()
    text = said(response)
    assert "2 nieuwe adressen" in text and "1 adres staat er dubbel in" in text and "2 rijen" in text
    assert "mevrouw Jansen · Financiën: geen e-mailadres" in text
    assert "c@waterrijk.example · Onbekend: geen groep die wij kennen" in text
    confirmed = response.context["form"].as_text
    response = anna.post(url, {"pasted": confirmed, "confirm": "1"}, follow=True)
    assert "2 adressen zijn toegevoegd. De mails gaan nu weg." in said(response)
    assert list(Invite.objects.order_by("email").values_list("email", "group__name")) == [
        ("a@waterrijk.example", "Burgerzaken"),
        ("b@waterrijk.example", "Financiën"),
    ]
    assert len(mail.outbox) == 2 and not Message.objects.exists()
    again = anna.post(url, {"pasted": confirmed})
    assert "2 adressen zijn al uitgenodigd" in said(again) and "0 nieuwe adressen" in said(again)


def test_more_addresses_than_people_is_warned_of(survey: Survey, client_of: ClientOf) -> None:
    group = survey.groups.get(name="Burgerzaken")
    many = "\n".join(f"m{number}@waterrijk.example" for number in range(13))
    response = client_of("anna").post(page(survey, "uitnodigen"), {"pasted": many, "group": group.pk})
    assert "Burgerzaken heeft dan 13 adressen, maar 12 mensen" in said(response)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_addresses_come_from_a_file(survey: Survey, client_of: ClientOf, kind: str) -> None:
    rows = [["mail", "team"], ["x@waterrijk.example", "Burgerzaken"], ["y@waterrijk.example", "Burgerzaken"]]
    content = io.BytesIO()
    if kind == "xlsx":
        book = Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(content)
    else:
        content.write("\r\n".join(";".join(row) for row in rows).encode("cp1252"))
    file = SimpleUploadedFile(f"lijst.{kind}", content.getvalue())
    response = client_of("anna").post(page(survey, "uitnodigen"), {"file": file})
    assert "2 nieuwe adressen" in said(response)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04rommel", b"<html>", b"\xd0\xcf\x11\xe0"])
def test_another_file_is_refused_in_words(survey: Survey, client_of: ClientOf, content: bytes) -> None:
    file = SimpleUploadedFile("lijst.xlsx", content)
    response = client_of("anna").post(page(survey, "uitnodigen"), {"file": file})
    assert response.status_code == 422 and "bestand" in said(response)
    with pytest.raises(tables.TableRefused):
        tables.read(io.BytesIO(b"a@b.nl\n" * 5), 3)


def test_what_is_an_address() -> None:
    for good in ("a@b.nl", "jan.de-boer+x@sub.waterrijk.example"):
        assert addresses.is_address(good)
    for bad in (
        "a@b",
        "a@b..nl",
        "@b.nl",
        "a b@c.nl",
        "a@b@c.nl",
        ".a@b.nl",
        "a@-b.nl",
        "é@b.nl",
        "=a(@b.nl",
    ):
        assert not addresses.is_address(bad)
    found = addresses.sort_out([["Jan <jan@b.nl>", None]], {}, set(), 7)
    assert found.new == {7: ["jan@b.nl"]}


def test_addresses_given_beforehand_go_out_when_the_survey_opens(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    survey = make_survey(make_round(cast), cast["anna"], {"Burgerzaken": 12, "Financiën": 30})
    anna, url = client_of("anna"), page(survey, "uitnodigen")
    group = survey.groups.get(name="Burgerzaken")
    give = {"pasted": "a@waterrijk.example\nb@waterrijk.example", "group": group.pk, "confirm": "1"}
    assert "als de peiling opengaat" in said(anna.post(url, give, follow=True))
    assert "2 adressen van Burgerzaken" in said(anna.post(url, {"take_back": group.pk}, follow=True))
    anna.post(url, give)
    assert "2 uitnodigingen gaan" in said(anna.get(page(survey, "openen")))
    anna.post(page(survey, "openen"))
    assert sorted(one.to[0] for one in mail.outbox) == ["a@waterrijk.example", "b@waterrijk.example"]
    response = anna.post(url, {"take_back": group.pk})
    assert response.status_code == 409 and Invite.objects.count() == 2


def test_a_reminder_says_when_and_how_many_in_all_and_goes_out_once(
    survey: Survey, client_of: ClientOf
) -> None:
    anna, url = client_of("anna"), page(survey, "herinneren")
    pasted = "\n".join(f"m{number}@waterrijk.example\tFinanciën" for number in range(4))
    anna.post(page(survey, "uitnodigen"), {"pasted": pasted, "confirm": "1"})
    assert "Een herinnering kan vanaf" in said(anna.get(url))
    assert anna.post(url).status_code == 409
    cast_by(token_of(Invite.objects.get(email="m1@waterrijk.example")))
    Survey.objects.update(opened_on=timezone.localdate() - timedelta(days=4))
    mail.outbox.clear()
    assert "3 mensen krijgen een herinnering" in said(anna.get(url))
    assert "De herinnering gaat nu naar 3 mensen" in said(anna.post(url, follow=True))
    assert len(mail.outbox) == 3
    assert anna.post(url).status_code == 409 and len(mail.outbox) == 3


def test_a_poster_has_the_code_in_words_and_as_a_picture(survey: Survey, client_of: ClientOf) -> None:
    anna, url = client_of("anna"), page(survey, "posters")
    assert "zwakker dan een persoonlijke link" in said(anna.get(url))
    assert anna.get(url + "afdrukken/").status_code == 409
    anna.post(url, {"make": "all"})
    code = str(Group.objects.get(name="Burgerzaken").code)
    response = anna.get(url + "afdrukken/")
    assert f"{code[:4]} {code[4:]}" in said(response) and response.content.count(b'class="qr"') == 2
    assert "testserver/peiling/code" in said(response) and "style=" not in response.content.decode()
    assert anna.get(url + "afdrukken/", {"groep": "groep-1"}).content.count(b'class="qr"') == 1
    anna.post(url, {"end": Group.objects.get(name="Burgerzaken").pk})
    assert Group.objects.get(name="Burgerzaken").code is None
    anna.post(url, {"make": Group.objects.get(name="Burgerzaken").pk})
    assert Group.objects.get(name="Burgerzaken").code not in (None, code)


def test_nothing_of_this_is_there_when_the_survey_is_closed(survey: Survey, client_of: ClientOf) -> None:
    close(survey)
    for name in ("uitnodigen", "herinneren", "posters"):
        assert client_of("anna").get(page(survey, name)).status_code == 409
        assert client_of("anna").post(page(survey, name), {"make": "all"}).status_code == 409
    assert client_of("anna").get(page(survey, "vrijgeven")).status_code == 404


def test_the_griffier_lets_others_read_the_councils_result(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    survey = make_open_survey(make_round(cast), cast["greet"], {"Raad": 25}, audience="council")
    greet, url = client_of("greet"), page(survey, "vrijgeven")
    assert greet.post(url).status_code == 409
    assert client_of("anna").get(page(survey, "uitnodigen")).status_code == 404
    close(survey)
    assert not Survey.objects.results_visible_to(cast["anna"]).exists()
    there = page(survey, "uitkomst")
    listed = f"/rondes/{survey.assessment_id}/peilingen/"
    assert there not in client_of("anna").get(listed).content.decode()
    assert there in greet.get(url).content.decode()
    assert "Nu ziet alleen u de uitkomst" in said(greet.get(url))
    assert "vrijgegeven op" in said(greet.post(url, follow=True))
    assert Survey.objects.results_visible_to(cast["anna"]).get() == survey
    assert there in client_of("anna").get(listed).content.decode()
