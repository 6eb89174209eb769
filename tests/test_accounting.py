"""The covering page and the college's reaction: who writes them when, and that nothing written is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from typing import cast as typing_cast

import pytest
from django.http.response import HttpResponse, HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.accounting.forms import ASKED
from assessments.models import AgreedLevel, Assessment, Brief, Reaction, StepRefused
from assessments.models.edition import seen, supplement
from assessments.status import FROZEN, Status, steps_from
from organisations.models import User
from organisations.roles import Role
from tests.cast import bring_to, check, make_adopted, make_answers, make_round, react

ClientOf = Callable[[str], Client]
BRIEF: dict[str, Any] = {
    "asked": "Bespreek de zwakste schakel.",
    "council": "",
    "next_on": "",
    "next": "",
    "contact": "Integriteitscoördinator",
    "contact_mail": "",
    "contact_phone": "",
}


def send(client: Client, round_: Assessment, page: str, shown: int = 0, **data: Any) -> HttpResponseBase:
    address = reverse(f"assessments:{page}", args=[round_.pk])
    return typing_cast(HttpResponseBase, client.post(address, {**data, "shown": shown}))


def text_of(response: HttpResponseBase) -> str:
    return typing_cast(HttpResponse, response).content.decode()


# The covering page


def test_the_covering_page_begins_with_a_proposal(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_adopted(cast, Status.CLOSED)
    response = client_of("anna").get(reverse("assessments:brief", args=[round_.pk]))
    assert ASKED in text_of(response) and not Brief.objects.exists()


@pytest.mark.parametrize("status", [Status.VALIDATION, Status.ADOPTED])
def test_the_coordinator_sees_how_the_covering_page_becomes(
    cast: dict[str, User], client_of: ClientOf, status: Status
) -> None:
    bring_to(make_adopted(cast, year=2025), Status.SUBMITTED, cast["anna"])
    round_ = make_round(cast, Status.VALIDATION)
    make_answers(round_, cast["bram"])
    bring_to(round_, status, cast["anna"])
    send(client_of("anna"), round_, "brief", **BRIEF)
    page = reverse("reports:covering_page", args=[round_.pk])
    assert page in text_of(client_of("anna").get(reverse("assessments:brief", args=[round_.pk])))
    shown = text_of(client_of("anna").get(page))
    assert BRIEF["asked"] in shown and "Vijf vragen die u kunt stellen" in shown
    assert "Wat veranderde sinds 2025" in shown
    assert ("cijfers kunnen nog veranderen" in shown) == (status == Status.VALIDATION)
    assert round_.adoptions.count() == (status == Status.ADOPTED)


def test_what_is_asked_of_the_council_is_kept_and_told(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_adopted(cast)
    soon = timezone.localdate() + timedelta(days=90)
    more = {"next_on": soon.isoformat(), "next": "Voortgang", "contact_mail": "info@waterrijk.example"}
    assert send(client_of("anna"), round_, "brief", **{**BRIEF, **more}).status_code == 302
    assert supplement(round_.adoptions.get())["brief"] == {
        "asked": "Bespreek de zwakste schakel.",
        "council": "",
        "next_on": soon.isoformat(),
        "next": "Voortgang",
        "contact": ["Integriteitscoördinator", "info@waterrijk.example"],
    }


@pytest.mark.parametrize(
    "field, value, words",
    [
        ("asked", " ", "Schrijf hier iets op."),
        ("asked", "x" * 601, "De tekst is te lang: 601 tekens. Er passen er 600 in."),
        ("contact", "", "Schrijf een functie of afdeling op."),
        ("contact_mail", "geen adres", "Dit is geen e-mailadres."),
        ("next_on", "2020-01-01", "Deze dag is al voorbij."),
        ("next_on", "morgen", "Dit is geen dag."),
        ("next", "Voortgang", "Kies ook de dag waarop dit is."),
    ],
)
def test_what_is_wrong_is_said_where_it_happened(
    field: str, value: str, words: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast)
    response = send(client_of("anna"), round_, "brief", **{**BRIEF, field: value})
    assert response.status_code == 422 and words in text_of(response)
    assert not Brief.objects.exists()


def test_two_people_on_one_covering_page_get_a_choice(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_adopted(cast)
    browser = client_of("anna")
    send(browser, round_, "brief", **BRIEF)
    response = send(browser, round_, "brief", **{**BRIEF, "asked": "Neem kennis."})
    text = text_of(response)
    assert response.status_code == 409 and "Er is niets overschreven." in text
    assert "Neem kennis." in text and "Bespreek de zwakste schakel." in text
    newest = Brief.newest(round_)
    assert newest and f'name="shown" value="{newest.pk}"' in text  # a second save is a choice
    assert send(browser, round_, "brief", newest.pk, **{**BRIEF, "asked": "Neem kennis."}).status_code == 302
    assert [one.asked for one in Brief.objects.all()] == ["Bespreek de zwakste schakel.", "Neem kennis."]


@pytest.mark.parametrize("status", [Status.OPEN, *FROZEN[2:]])
def test_out_of_its_time_a_covering_page_gives_the_text_back(
    status: Status, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, status)
    response = send(client_of("anna"), round_, "brief", **BRIEF)
    assert response.status_code == 409 and "Bespreek de zwakste schakel." in text_of(response)
    assert not Brief.objects.exists()


def test_before_there_are_results_the_page_says_when(cast: dict[str, User], client_of: ClientOf) -> None:
    page = reverse("assessments:brief", args=[make_round(cast).pk])
    assert "U schrijft de oplegger als de ronde gesloten is." in text_of(client_of("anna").get(page))


# The reaction


@pytest.mark.parametrize("name", ["guus", "anna"])
def test_the_college_reacts_or_the_coordinator_types_it_in(
    name: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    today = timezone.localdate().isoformat()
    response = send(client_of(name), round_, "reaction", text="Wij doen meer.", decided_on=today)
    assert response.status_code == 302
    assert supplement(round_.adoptions.get())["reaction"] == {"text": "Wij doen meer.", "decided_on": today}


def test_a_decision_is_of_a_day_that_has_been_and_not_before_the_results(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    today = timezone.localdate()
    for day, words in ((1, "Deze dag is nog niet geweest."), (-1, "De resultaten zijn pas vastgesteld op")):
        decided = (today + timedelta(days=day)).isoformat()
        response = send(client_of("guus"), round_, "reaction", text="Ja.", decided_on=decided)
        assert response.status_code == 422 and words in text_of(response)


def test_earlier_reactions_stay_to_be_read(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    react(round_, cast["guus"], "Eerst dit.")
    react(round_, cast["anna"], "Daarna dat.")
    text = text_of(client_of("guus").get(reverse("assessments:reaction", args=[round_.pk])))
    assert "Eerdere versies" in text and "Eerst dit." in text and "Daarna dat." in text


@pytest.mark.parametrize("status", [one for one in FROZEN if one != Status.EXECUTIVE])
def test_a_reaction_is_written_only_while_the_report_lies_with_the_college(
    status: Status, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, status)
    today = timezone.localdate().isoformat()
    response = send(client_of("guus"), round_, "reaction", text="Te laat.", decided_on=today)
    assert response.status_code == 409 and "Te laat." in text_of(response)
    assert not Reaction.objects.exists()


def test_a_reaction_of_before_a_correction_counts_no_more(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    react(round_, cast["guus"], "Wij herkennen dit.")
    reopening = next(s for s in steps_from("executive", [Role.COORDINATOR]) if s.target == "validation")
    round_.take(reopening, cast["anna"], "Een fout.")
    AgreedLevel.record(round_, "PA-01", 4, "Nagekeken.", cast["anna"])
    bring_to(round_, Status.EXECUTIVE, cast["anna"])
    assert "reaction" not in supplement(round_.adoptions.get(number=2))
    text = text_of(client_of("guus").get(reverse("assessments:reaction", args=[round_.pk])))
    assert "Deze reactie is van vóór de correctie." in text and "Wij herkennen dit." in text


def test_the_college_finds_its_reaction_and_the_actions_on_its_first_page(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    reaction, plan = (reverse(f"assessments:{name}", args=[round_.pk]) for name in ("reaction", "plan"))
    text = text_of(client_of("guus").get("/"))
    assert "Bij het college" in text and reaction in text and plan in text
    assert plan in text_of(client_of("guus").get(reaction))
    assert "Bij het college" not in text_of(client_of("anna").get("/"))


# What must hold before the council gets it


def offer(round_: Assessment, by: User) -> None:
    round_.take(steps_from(Status.EXECUTIVE, [Role.COORDINATOR])[0], by)


def test_nothing_goes_to_the_council_without_a_reaction_and_a_check(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    with pytest.raises(StepRefused) as refused:
        offer(Assessment.objects.get(pk=round_.pk), cast["anna"])
    first, second = refused.value.objections
    assert "Het college reageerde nog niet" in first and "De griffier heeft het verslag nog niet" in second
    react(round_, cast["guus"])
    check(round_, cast["greet"], approved=False)
    with pytest.raises(StepRefused, match="De griffier is nog niet akkoord"):
        offer(Assessment.objects.get(pk=round_.pk), cast["anna"])
    check(round_, cast["greet"])
    offer(Assessment.objects.get(pk=round_.pk), cast["anna"])
    edition = round_.adoptions.get().edition
    assert edition.frozen()["check"] == {"on": timezone.localdate().isoformat()}


def test_what_changes_after_the_check_makes_it_void(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    react(round_, cast["guus"])
    check(round_, cast["greet"])
    adoption = round_.adoptions.get()
    before, parts = seen(adoption)
    assert "check" in supplement(adoption)
    send(client_of("anna"), round_, "brief", **BRIEF)
    after, others = seen(adoption)
    assert before != after and {key for key in others if others[key] != parts.get(key)} == {"brief"}
    assert "check" not in supplement(adoption)
    with pytest.raises(StepRefused, match="is er iets veranderd"):
        offer(Assessment.objects.get(pk=round_.pk), cast["anna"])
