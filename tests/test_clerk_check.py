"""The griffier's check: what the portal finds by itself, and what the griffier says of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Action, AgreedLevel, Assessment, Brief, ClerkCheck
from assessments.models.facts import check_of
from assessments.status import Check, Status
from organisations.models import User
from reports.clerk_check import language, secrecy
from reports.clerk_check.items import FileState, Found, Item, groups
from reports.clerk_check.texts import Text
from reports.models import report_of
from tests.cast import make_adopted, react

pytestmark = pytest.mark.usefixtures("quick_pdf")
ClientOf = Callable[[str], Client]
MADE = FileState(made=True, failed=False, checked="PDF/UA-1 en PDF/A-3a zonder fouten")


# Language


def test_sentences_end_where_a_reader_ends_them() -> None:
    said = "Wij doen meer. Het kost 1.200 euro! Zie art. 4 van de wet.\nEen lijst\nEn nog een"
    assert language.sentences(said) == [
        "Wij doen meer.",
        "Het kost 1.200 euro!",
        "Zie art.",
        "4 van de wet.",
        "Een lijst",
        "En nog een",
    ]


@pytest.mark.parametrize("number, long", [(20, 0), (21, 1)])
def test_a_sentence_of_more_than_twenty_words_is_long(number: int, long: int) -> None:
    read = language.reading([Text("Reactie", " ".join(["woord"] * number) + ".")])
    assert (read.sentences, read.words, len(read.long_sentences)) == (1, number, long)


def test_long_words_are_told_once_and_a_hyphen_makes_them_short() -> None:
    words = "Integriteitsbeleid en integriteitsbeleid, integriteits-beleid en verantwoording."
    assert language.reading([Text("Reactie", words)]).long_words == ["integriteitsbeleid"]


def test_a_hint_comes_with_many_long_sentences_or_one_very_long() -> None:
    long, very, short = " ".join(["woord"] * 22), " ".join(["woord"] * 31), "Kort."
    assert not language.reading([Text("a", f"{short}\n{short}\n{short}\n{long}")]).asks_for_a_look
    assert language.reading([Text("a", f"{short}\n{short}\n{long}")]).asks_for_a_look
    assert language.reading([Text("a", "\n".join([short] * 20 + [very]))]).asks_for_a_look
    assert language.reading([]).average == language.reading([]).share == 0


# Secrecy


def found(finds: list[secrecy.Find]) -> list[str]:
    return [find.found for find in finds]


def test_names_are_found_whole_by_first_name_and_by_surname() -> None:
    texts = [Text("Reactie", "Joost van Dam zei het. Dam ook, en Joost. De dam en Joosten niet.")]
    assert found(secrecy.names(texts, ["Joost van Dam"])) == ["Joost van Dam", "Dam", "Joost"]
    assert secrecy.names(texts, []) == []
    assert found(secrecy.names([Text("a", "Şeyma Öztürk belde.")], ["Şeyma Öztürk"])) == ["Şeyma Öztürk"]


def test_a_find_comes_with_its_place_and_the_words_around_it() -> None:
    (find,) = secrecy.names([Text("Reactie", "a" * 60 + " Joost " + "b" * 60, fixed=True)], ["Joost"])
    assert (find.place, find.found, find.fixed) == ("Reactie", "Joost", True)
    assert find.before == "…" + "a" * 39 + " " and find.after == " " + "b" * 39 + "…"


@pytest.mark.parametrize(
    "words, expected",
    [
        ("Mail jan@dorp.nl.", ["jan@dorp.nl"]),
        ("Mail info@waterrijk.example", []),
        ("Bel 0228-123456 of 06 12 34 56 78", ["06 12 34 56 78"]),
        ("Bel +31 228 12 34 56", []),
        ("Bel +31 6 12345678", ["+31 6 12345678"]),
        ("Het kost 0,25 of 2026", []),
    ],
)
def test_addresses_are_found_but_not_those_of_the_contact(words: str, expected: list[str]) -> None:
    contact = ["Griffie", "Info@waterrijk.example", "0228 12 34 56"]
    assert found(secrecy.addresses([Text("Reactie", words)], contact)) == expected


@pytest.mark.parametrize(
    "written, can",
    [
        ("111222333", True),
        ("1112.22.333", True),
        ("123456782", True),
        ("123456789", False),
        ("000000000", False),
        ("10000008", True),  # with a zero before it: 8*1 ... - 8 = 0
        ("1234567", False),
    ],
)
def test_the_eleven_test(written: str, can: bool) -> None:
    assert secrecy.can_be_service_number(written) is can


def test_service_numbers_are_found_in_a_text_and_other_numbers_are_not() -> None:
    said = "Nummer 111222333, bedrag 123456789, zaak 111222333444 en 1.112.223,33 euro."
    assert found(secrecy.service_numbers([Text("Reactie", said)])) == ["111222333"]


@pytest.mark.parametrize(
    "words, expected",
    [
        ("Er waren 3 meldingen.", ["3 meldingen"]),
        ("Twee ernstige zaken liepen nog.", ["Twee ernstige zaken"]),
        ("Er waren 13 meldingen en 5 klachten.", []),
        ("In 2024 medewerkers gesproken.", []),
        ("Met drie doelen en 4 stappen.", []),
        ("Van een op de drie medewerkers is het bekend.", []),
        ("Het kostte 1,4 onderzoeken.", []),
    ],
)
def test_small_numbers_of_people_and_cases_are_found(words: str, expected: list[str]) -> None:
    assert found(secrecy.small_numbers([Text("Jaarcijfers", words)])) == expected


# The list


def items_of(round_: Assessment, people: list[str] | None = None, file: FileState = MADE) -> dict[str, Item]:
    report = report_of(Assessment.objects.get(pk=round_.pk).adoptions.latest("number"))
    return {item.slug: item for group in groups(report, people or [], file) for item in group.items}


def write_brief(round_: Assessment, by: User, **words: Any) -> None:
    newest = Brief.newest(round_)
    fields = {"asked": "Bespreek dit.", "contact": "Griffie", "next_on": "2027-05-01", **words}
    Brief.write(round_, by, newest.pk if newest else 0, **fields)


def test_the_list_says_what_the_form_lacks(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    items = items_of(round_)
    assert [items[slug].found for slug in ("oplegger", "reactie", "acties")] == [Found.LOOK] * 3
    write_brief(round_, cast["anna"], next_on=None)
    assert items_of(round_)["oplegger"].said == ["Op de oplegger ontbreekt: het volgende moment."]
    write_brief(round_, cast["anna"])
    react(round_, cast["guus"])
    items = items_of(round_)
    assert [items[slug].found for slug in ("oplegger", "reactie")] == [Found.FINE] * 2


def test_a_decided_action_is_seen(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    Action.objects.create(
        organisation=round_.organisation,
        assessment=round_,
        what="Een register",
        owner="Secretaris",
        due="2027-01-01",
        status="decided",
        created_by=cast["anna"],
    )
    assert items_of(round_)["acties"].found == Found.FINE


def test_what_people_typed_is_looked_through_wherever_it_stands(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, Status.VALIDATION)
    AgreedLevel.record(round_, "PA-01", 3, "Bram wist dit nog.", cast["anna"])
    round_.status = Status.ADOPTED
    round_.follow(Status.ADOPTED, cast["anna"])
    round_.status = Status.EXECUTIVE
    round_.save()
    react(round_, cast["guus"], "Fatima zag 2 meldingen. Bel 06 12345678.")
    items = items_of(round_, ["Bram", "Fatima"])
    assert [(find.place, find.found) for find in items["namen"].finds] == [
        ("Reactie van het college", "Fatima"),
        ("Vraag PA-01, waarom dit niveau is afgesproken", "Bram"),
    ]
    assert any("alleen met een correctie" in sentence for sentence in items["namen"].said)
    assert found(items["aantallen"].finds) == ["2 meldingen"]
    assert found(items["adressen"].finds) == ["06 12345678"]


@pytest.mark.parametrize(
    "file, expected",
    [
        (MADE, Found.FINE),
        (FileState(made=False, failed=True, checked=""), Found.LOOK),
        (FileState(made=False, failed=False, checked=""), Found.UNSEEN),
    ],
)
def test_the_list_says_whether_the_pdf_passed(
    file: FileState, expected: Found, cast: dict[str, User]
) -> None:
    assert items_of(make_adopted(cast), file=file)["pdf"].found == expected


# What the griffier does


def page(round_: Assessment) -> str:
    return reverse("reports:clerk_check", args=[round_.pk])


def form_of(client: Client, round_: Assessment, note: str = "Gezien.") -> dict[str, object]:
    """All fields as the page has them, with a note at each item."""
    form = client.get(page(round_)).context["form"]
    fields = {name: form[name].value() for name in ("shown", "seen")}
    return fields | {name: note for name in form.fields if name.startswith("note-")}


def test_the_griffier_agrees_when_everything_is_ticked_or_noted(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, greet = make_adopted(cast, Status.EXECUTIVE), client_of("greet")
    react(round_, cast["guus"])
    empty = form_of(greet, round_, "")
    response = greet.post(page(round_), empty | {"approve": "1"})
    assert response.status_code == 422
    assert "Zet een vinkje of schrijf een opmerking" in response.content.decode()
    assert greet.post(page(round_), empty).status_code == 302  # kept, and not agreed
    assert check_of(round_) == Check.OPEN
    filled = form_of(greet, round_) | {"note-namen": "", "ok-namen": "on", "approve": "1"}
    assert greet.post(page(round_), filled).status_code == 302
    newest = ClerkCheck.newest(round_)
    assert newest and newest.approved and newest.items["namen"] == {"ok": True, "note": ""}
    assert check_of(round_) == Check.VALID
    assert "Greet is akkoord" in greet.get(page(round_)).content.decode()


def test_the_page_says_what_changed_after_the_check(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, greet = make_adopted(cast, Status.EXECUTIVE), client_of("greet")
    react(round_, cast["guus"])
    greet.post(page(round_), form_of(greet, round_) | {"approve": "1"})
    react(round_, cast["guus"], "Toch anders.")
    write_brief(round_, cast["anna"])
    for name in ("greet", "anna", "guus"):
        text = client_of(name).get(page(round_)).content.decode()
        assert "De controle geldt niet meer." in text
        assert "<li>de oplegger</li>" in text and "<li>de reactie van het college</li>" in text
    assert check_of(round_) == Check.VOID


def test_what_changes_while_the_griffier_looks_is_said_and_nothing_typed_is_lost(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, greet = make_adopted(cast, Status.EXECUTIVE), client_of("greet")
    sent = form_of(greet, round_, "Mijn opmerking.") | {"approve": "1"}
    react(round_, cast["guus"])
    response = greet.post(page(round_), sent)
    text = response.content.decode()
    assert response.status_code == 409 and "Het verslag is veranderd terwijl u keek." in text
    assert "Mijn opmerking." in text and not ClerkCheck.objects.exists()
    again = sent | {"seen": response.context["form"]["seen"].value()}
    assert greet.post(page(round_), again).status_code == 302


def test_two_griffiers_do_not_overwrite_each_other(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, greet = make_adopted(cast, Status.EXECUTIVE), client_of("greet")
    sent = form_of(greet, round_)
    assert greet.post(page(round_), sent).status_code == 302
    response = greet.post(page(round_), sent)
    assert response.status_code == 409 and "sloeg intussen een controle op" in response.content.decode()
    assert ClerkCheck.objects.count() == 1


@pytest.mark.parametrize("name", ["anna", "vera", "guus"])
def test_others_read_the_check_and_do_not_write_it(
    name: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    response = client_of(name).get(page(round_))
    assert (
        response.status_code == 200
        and "De griffier heeft nog niet gecontroleerd." in response.content.decode()
    )
    assert client_of(name).post(page(round_), form_of(client_of("greet"), round_)).status_code == 404


@pytest.mark.parametrize("status", [Status.ADOPTED, Status.SUBMITTED, Status.PUBLISHED])
def test_out_of_its_time_the_check_is_refused(
    status: Status, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, greet = make_adopted(cast, status), client_of("greet")
    response = greet.post(page(round_), form_of(greet, round_))
    assert response.status_code == 409 and not ClerkCheck.objects.exists()
