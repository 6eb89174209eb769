"""The pages on which a theme is divided, a turn is passed on, and somebody hands over to a colleague."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from assessments.delegating.division import Part, waits
from assessments.models import Assessment, Assignment
from assessments.models.delegation import divide
from assessments.status import Status
from organisations.models import Membership, Message, User
from organisations.roles import Role
from tests.cast import THEME, bring_to, make_round, questionnaire, say

ClientOf = Callable[[str], Client]
LINK, SLUG = THEME
THEME_CONTENT = questionnaire().theme(*THEME)
IDS = [question.id for question in THEME_CONTENT.questions]


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    return make_round(cast)


def theme_page(client: Client, round_: Assessment, **data: object) -> Any:
    """Sends the form of the theme."""
    return client.post(f"/rondes/{round_.pk}/verdeling/{LINK}/{SLUG}/", {"order": "at_once", **data})


def has(round_: Assessment) -> list[tuple[str, str, int]]:
    rows = round_.assignments.of_theme(*THEME).order_by("user__name", "question")
    return list(rows.values_list("user__name", "question", "turn"))


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


# One theme


def test_a_theme_is_divided_on_its_page(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    anna, bram, fatima = client_of("anna"), cast["bram"].pk, cast["fatima"].pk
    answer = theme_page(anna, round_, **{IDS[0]: [bram]}, **{one: [fatima] for one in IDS[1:]})
    assert answer.status_code == 302
    assert has(round_) == [("Bram", IDS[0], 1)] + [("Fatima", one, 1) for one in IDS[1:]]
    page = text(anna, f"/rondes/{round_.pk}/verdeling/")
    assert f"Verdeeld: {IDS[0]}: Bram; rest: Fatima." in page


def test_an_order_is_given_and_shown(cast: dict[str, User], round_: Assessment, client_of: ClientOf) -> None:
    anna, bram, fatima = client_of("anna"), cast["bram"].pk, cast["fatima"].pk
    turns = {f"turn-{bram}": 5, f"turn-{fatima}": 2}
    theme_page(anna, round_, order="in_turns", whole=[bram, fatima], **turns)
    assert has(round_) == [("Bram", "", 2), ("Fatima", "", 1)]
    for address in ("", f"{LINK}/{SLUG}/"):
        page = text(anna, f"/rondes/{round_.pk}/verdeling/{address}")
        assert "Verdeeld: eerst Fatima, dan Bram." in page and "Bram wacht op Fatima." in page
    form = anna.get(f"/rondes/{round_.pk}/verdeling/{LINK}/{SLUG}/").context["form"]
    assert (form["order"].value(), form[f"turn-{bram}"].value()) == ("in_turns", 2)


@pytest.mark.parametrize(
    "data, said",
    [
        ({"whole": ["bram"], IDS[0]: ["bram"]}, "Bram krijgt al het hele thema."),
        ({"whole": ["bram", "fatima"], "order": "in_turns"}, "Vul in als hoeveelste"),
        ({IDS[0]: ["bram"], IDS[1]: ["fatima"], "order": "in_turns"}, "Niemand deelt een vraag"),
        ({"whole": ["vera"]}, "Deze persoon is geen functionaris"),
        ({"whole": ["bram"], "order": "random"}, "Kies een van de twee."),
    ],
)
def test_what_does_not_fit_together_is_said_where_it_stands(
    data: dict[str, object], said: str, cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    sent = {
        name: [cast[who].pk for who in value] if isinstance(value, list) else value
        for name, value in data.items()
    }
    page = theme_page(client_of("anna"), round_, **sent)
    assert page.status_code == 422 and said in page.content.decode()
    assert has(round_) == [("Bram", "", 1)]


def test_a_page_that_is_out_of_date_changes_nothing(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    anna = client_of("anna")
    shown = anna.get(f"/rondes/{round_.pk}/verdeling/{LINK}/{SLUG}/").context["shown"]
    divide(round_, *THEME, {cast["fatima"].pk: Part()})
    page = theme_page(anna, round_, whole=[cast["bram"].pk], shown=shown)
    assert page.status_code == 409 and "Iemand anders heeft" in page.content.decode()
    assert has(round_) == [("Fatima", "", 1)]


def test_another_theme_that_changed_is_no_reason_to_refuse(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    anna = client_of("anna")
    shown = anna.get(f"/rondes/{round_.pk}/verdeling/{LINK}/{SLUG}/").context["shown"]
    divide(round_, "nazorg", "herstel", {cast["fatima"].pk: Part()})
    assert theme_page(anna, round_, whole=[cast["fatima"].pk], shown=shown).status_code == 302


def test_a_proposal_goes_question_by_question(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    first = THEME_CONTENT.questions[0]
    Membership.objects.filter(user=cast["fatima"]).update(functions=list(first.answered_by))
    divide(round_, *THEME, {cast["bram"].pk: Part(frozenset(IDS[1:2]))})
    form = client_of("anna").get(f"/rondes/{round_.pk}/verdeling/{LINK}/{SLUG}/?voorstel=1").context["form"]
    assert form[IDS[0]].value() == [str(cast["fatima"].pk)]
    assert form[IDS[1]].value() == [str(cast["bram"].pk)]
    assert len(has(round_)) == 1


def test_the_form_of_all_themes_does_not_wreck_a_divided_one(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    divide(round_, *THEME, {cast["bram"].pk: Part(frozenset(IDS[:1]), 2), cast["fatima"].pk: Part()})
    before = list(Assignment.objects.order_by("pk").values())
    anna, address = client_of("anna"), f"/rondes/{round_.pk}/verdeling/"
    form = anna.get(address).context["form"]
    as_it_is = {name: form[name].value() for name in form.fields}
    assert anna.post(address, as_it_is).status_code == 302
    assert list(Assignment.objects.order_by("pk").values()) == before


def test_an_unknown_theme_does_not_exist(round_: Assessment, client_of: ClientOf) -> None:
    for address in (f"{LINK}/x/", f"nazorg/{SLUG}/", f"{LINK}/x/beurt/"):
        assert client_of("anna").get(f"/rondes/{round_.pk}/verdeling/{address}").status_code == 404


# The turn


def test_a_turn_is_passed_on_after_asking(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    divide(round_, *THEME, {cast["bram"].pk: Part(), cast["fatima"].pk: Part(turn=2)})
    anna, address = client_of("anna"), f"/rondes/{round_.pk}/verdeling/{LINK}/{SLUG}/beurt/"
    page = anna.get(address)
    assert "Fatima wacht op Bram." in page.content.decode() and round_.assignments.waiting().exists()
    assert anna.post(address, {"shown": page.context["shown"]}).status_code == 302
    assert not round_.assignments.waiting().exists()
    assert [one.to for one in mail.outbox] == [["fatima@waterrijk.example"]]
    assert anna.post(address, {"shown": page.context["shown"]}).status_code == 409


@pytest.mark.parametrize(
    "rows, said",
    [
        ([("", 1, "A", False), ("", 2, "B", False)], ["B wacht op A"]),
        ([("", 1, "A", True), ("", 2, "B", False)], []),
        ([("x", 1, "A", False), ("y", 2, "B", False)], []),
        (
            [("x", 1, "A", False), ("x", 1, "C", False), ("x", 2, "B", False), ("x", 3, "D", False)],
            ["B wacht op A en C", "D wacht op A, B en C"],
        ),
    ],
)
def test_who_waits_for_whom_is_said(rows: list[tuple[str, int, str, bool]], said: list[str]) -> None:
    assert waits(rows) == said


# Handing over


def over(client: Client, round_: Assessment, colleague: User, /, **data: object) -> Any:
    sent = {"questions": IDS, "colleague": colleague.pk, "note": "Jij regelt\ndit.", **data}
    return client.post(f"/rondes/{round_.pk}/vragen/{LINK}/{SLUG}/overdragen/", sent)


def test_handing_over_asks_first_and_says_what_becomes_of_answers(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    say(round_, cast["bram"], IDS[0], level=2)
    page = over(client_of("bram"), round_, cast["fatima"], questions=IDS[:2]).content.decode()
    assert "Overdragen aan Fatima" in page and "U gaf hier 1 antwoord. Dat blijft staan en telt mee" in page
    assert has(round_) == [("Bram", "", 1)] and not Message.objects.exists()
    changed = over(client_of("bram"), round_, cast["fatima"], change="1")
    assert changed.status_code == 200 and "Jij regelt" in changed.content.decode()
    assert has(round_) == [("Bram", "", 1)]


def test_the_colleague_hears_it_with_the_note_and_once(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    bram = client_of("bram")
    assert over(bram, round_, cast["fatima"], questions=IDS[:2], sure="1").status_code == 302
    assert over(bram, round_, cast["fatima"], questions=IDS[:2], sure="1").status_code == 422
    (message,) = mail.outbox
    assert message.subject == f"Bram draagt vragen aan u over: {THEME_CONTENT.title}"
    assert "Bram draagt 2 vragen aan u over" in str(message.body) and "Jij regelt\ndit." in str(message.body)
    assert [row for row in has(round_) if row[0] == "Fatima"] == [("Fatima", one, 1) for one in IDS[:2]]
    page = text(client_of("anna"), f"/rondes/{round_.pk}/verdeling/")
    assert f"Bram gaf {', '.join(IDS[:2])} aan Fatima. Briefje:" in page
    over(bram, round_, cast["fatima"], questions=IDS[2:3], sure="1")
    assert len(mail.outbox) == 2


def test_who_handed_over_everything_is_led_home(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    round_.assignments.exclude(link=LINK, theme=SLUG).delete()
    answer = over(client_of("bram"), round_, cast["fatima"], sure="1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client_of("bram").get(f"/rondes/{round_.pk}/vragen/{LINK}/{SLUG}/overdragen/").status_code == 404


def test_who_waits_is_told_so(cast: dict[str, User], round_: Assessment, client_of: ClientOf) -> None:
    Membership.objects.get(user=cast["vera"]).set_roles([Role.CONTRIBUTOR])
    divide(round_, *THEME, {cast["vera"].pk: Part(), cast["bram"].pk: Part(turn=2)})
    over(client_of("bram"), round_, cast["fatima"], sure="1")
    assert "U bent nog niet aan de beurt." in str(mail.outbox[-1].body)


@pytest.mark.parametrize(
    "data, said",
    [
        ({"note": " \n "}, "Schrijf op waarom u dit overdraagt"),
        ({"note": "x" * 501}, "De tekst is te lang: 501 tekens."),
        ({"questions": []}, "Kies ten minste één vraag."),
        ({"questions": ["NA-01"]}, "hebt u niet meer"),
        ({"colleague": ""}, "Kies een collega."),
        ({"colleague": "0"}, "geen functionaris van uw organisatie"),
    ],
)
def test_what_is_missing_is_asked_for(
    data: dict[str, object], said: str, cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    page = over(client_of("bram"), round_, cast["fatima"], sure="1", **data)
    assert page.status_code == 422 and said in page.content.decode()
    assert has(round_) == [("Bram", "", 1)]


def test_a_colleague_who_has_it_already_is_no_choice(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    divide(round_, *THEME, {cast["bram"].pk: Part(), cast["fatima"].pk: Part()})
    page = over(client_of("bram"), round_, cast["fatima"], sure="1")
    assert page.status_code == 409 and "Fatima heeft dit thema al." in page.content.decode()
    assert "Jij regelt" in page.content.decode()


def test_a_round_that_closed_meanwhile_gives_the_note_back(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    bring_to(round_, Status.CLOSED, cast["anna"])
    page = over(client_of("bram"), round_, cast["fatima"], sure="1")
    assert page.status_code == 409 and "Jij regelt\ndit." in page.content.decode()


def test_what_is_handed_in_is_not_handed_over(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    Assignment.hand_in(round_, cast["bram"], list(round_.assignments.values_list("pk", flat=True)))
    page = over(client_of("bram"), round_, cast["fatima"], sure="1")
    assert page.status_code == 409 and "is al ingediend" in page.content.decode()


def test_without_colleagues_there_is_nobody_to_hand_over_to(
    cast: dict[str, User], round_: Assessment, client_of: ClientOf
) -> None:
    Membership.objects.get(user=cast["fatima"]).set_roles([Role.CLERK])
    page = client_of("bram").get(f"/rondes/{round_.pk}/vragen/{LINK}/{SLUG}/overdragen/")
    assert "Er is nog geen collega met de rol functionaris." in page.content.decode()
