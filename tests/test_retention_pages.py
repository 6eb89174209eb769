"""The administrator sets periods knowing what they do, holds what must stay, and reads what is gone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from organisations.models import User
from retention.destroying import destroy_due
from retention.kinds import FIXED, Kind
from retention.models import Hold, Period, Statement
from tests.cast import make_adopted
from tests.retention import make_ended, waterrijk
from tests.test_log_visits import written

pytestmark = pytest.mark.usefixtures("quick_pdf")
HOME = "/organisaties/waterrijk/bewaren/"


@pytest.fixture
def bea(client_of: Callable[[str], Client]) -> Client:
    return client_of("bea")


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def months(**changes: object) -> dict[str, object]:
    return {kind.value: kind.rule.months or "" for kind in Kind} | changes


def test_the_page_tells_every_period_with_its_source(bea: Client) -> None:
    page = text(bea, HOME)
    for kind in Kind:
        assert kind.rule.title in page and kind.rule.source in page
    for one in FIXED:
        assert one.title in page
    assert "altijd" in page and "5 jaar" in page


def test_a_period_that_was_set_is_not_argued_for_as_the_default(bea: Client, cast: dict[str, User]) -> None:
    Period.set(waterrijk(), Kind.MAIL, 24, cast["bea"])
    page = text(bea, HOME)
    assert Kind.MAIL.rule.source not in page and Kind.MAIL.rule.ground(24) in page


def test_a_period_is_set_after_seeing_what_it_does(bea: Client, cast: dict[str, User]) -> None:
    make_ended(cast, 2.5)
    address = f"{HOME}termijnen/"
    page = bea.post(address, months(working=24)).content.decode()
    assert "van 5 jaar naar 2 jaar" in page and "Jaarronde 2019" in page and "antwoorden: 82" in page
    assert not Period.objects.exists()
    again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)) | {"sure": "yes"}
    assert again["working"] == "24" and again["record"] == ""
    assert bea.post(address, again).url == HOME  # type: ignore[attr-defined]
    period = Period.objects.get()
    assert (period.kind, period.months, period.by) == ("working", 24, cast["bea"])
    assert "wordt 2 jaar op" in text(bea, HOME)
    assert destroy_due(waterrijk(), timezone.localdate())[0].kind == Kind.GUESTS


def test_nothing_changed_and_nothing_that_goes(bea: Client, cast: dict[str, User]) -> None:
    address = f"{HOME}termijnen/"
    assert bea.post(address, months()).url == HOME  # type: ignore[attr-defined]
    assert "niets extra weg" in bea.post(address, months(working=24)).content.decode()
    assert not Period.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"log": 3}, "Kies 12 tot en met 120 maanden."),
        ({"working": ""}, "Vul een aantal maanden in."),
        ({"mail": "veel"}, "Vul een heel getal in."),
        ({"record": 12}, "Kies 60 tot en met 600 maanden."),
        ({"mail": "9" * 400}, "Kies 3 tot en met 60 maanden."),
    ],
)
def test_a_period_that_cannot_be_is_told_where_it_stands(
    wrong: dict[str, object], said: str, bea: Client
) -> None:
    response = bea.post(f"{HOME}termijnen/", months(**wrong) | {"sure": "yes"})
    assert response.status_code == 422 and said in response.content.decode()
    assert not Period.objects.exists()


def test_looking_what_would_go_changes_nothing(bea: Client, cast: dict[str, User]) -> None:
    round_ = make_ended(cast, 4)
    make_adopted(cast, year=2026)
    assert "Gegevens van gasten" in text(bea, f"{HOME}proef/")
    later = timezone.localdate().replace(day=1, month=1, year=timezone.localdate().year + 2)
    page = text(bea, f"{HOME}proef/?dag={later.isoformat()}")
    assert "Werkmateriaal van een ronde" in page and "bewijzen: 1" in page
    assert "nog geen termijn" in page and "Jaarronde 2026" in page
    Hold.place(waterrijk(), round_, "Bezwaar", cast["bea"])
    assert "Wordt bewaard wegens een procedure." in text(bea, f"{HOME}proef/")
    for wrong in ("gisteren", "2020-01-01", "9999-12-31"):
        text(bea, f"{HOME}proef/?dag={wrong}", 422)
    assert not Statement.objects.exists()


def test_a_hold_is_placed_and_lifted(bea: Client, cast: dict[str, User]) -> None:
    round_ = make_ended(cast, 4)
    address = f"{HOME}procedure/"
    assert bea.post(address, {"what": str(round_.pk), "reason": ""}).status_code == 422
    assert bea.post(address, {"what": str(round_.pk + 1), "reason": "Woo"}).status_code == 422
    bea.post(address, {"what": str(round_.pk), "reason": "Woo-verzoek 2026-031"})
    bea.post(address, {"what": "alles", "reason": "Onderzoek"})
    everything, one = Hold.objects.all()
    assert (everything.assessment, one.assessment) == (None, round_)
    page = text(bea, HOME)
    assert "Woo-verzoek 2026-031" in page and "Alles van" in page
    bea.post(f"{HOME}procedure/{one.pk}/")
    assert "2026-031" not in text(bea, HOME)
    assert "al opgeheven" in text(bea, f"{HOME}procedure/{one.pk}/")
    assert "intussen al opgeheven" in bea.post(f"{HOME}procedure/{one.pk}/", follow=True).content.decode()


def test_a_hold_or_statement_of_somebody_else_does_not_exist(
    client_of: Callable[[str], Client], cast: dict[str, User]
) -> None:
    hold = Hold.place(waterrijk(), None, "Onderzoek", cast["bea"])
    chris = client_of("chris")
    assert chris.post(f"/organisaties/hoogezand/bewaren/procedure/{hold.pk}/").status_code == 404
    assert chris.get("/organisaties/hoogezand/bewaren/verklaringen/1/").status_code == 404
    assert Hold.objects.in_force().exists()


def test_a_statement_can_be_read_and_says_what_is_gone(bea: Client, cast: dict[str, User]) -> None:
    assert "nog niets vernietigd" in text(bea, f"{HOME}verklaringen/")
    make_ended(cast, 6)
    first = destroy_due(waterrijk(), timezone.localdate())[0]
    assert "Werkmateriaal van een ronde" in text(bea, f"{HOME}verklaringen/")
    page = text(bea, f"{HOME}verklaringen/1/")
    for told in ("Jaarronde 2019", "antwoorden: 82", "5 jaar", first.digest, "volgens de ingestelde termijn"):
        assert told in page
    assert written(act="view")[-1][2] == "verklaring van vernietiging"
    assert text(bea, "/organisaties/waterrijk/logboek/").count(first.digest) == 1
