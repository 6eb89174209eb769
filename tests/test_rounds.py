"""The life of a round: who may take which step when, what must hold, what is kept, what lies fixed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from assessments.models import Answer, Assessment, Assignment, RoundIsClosed, StatusChange, StepRefused
from assessments.status import LIFE, TRANSITIONS, UNCHECKED, Check, Facts, Status, steps_from
from chain.scoring import parse
from organisations.models import User
from organisations.roles import Role
from reports.tasks import ask_for
from tests.cast import THEME, bring_to, check, make_adopted, make_answers, make_round, react, say

ClientOf = Callable[[str], Client]

# Steps and who may take them: c(oordinator), e(xecutive), g (clerk). All that is not here is refused.
WALK = """
draft       prepared    c
prepared    open        c
open        closed      c
closed      validation  c
validation  adopted     c
adopted     executive   c
executive   submitted   c e
submitted   discussed   g
discussed   published   g
published   archived    c g
adopted     validation  c
executive   validation  c
submitted   validation  c
discussed   validation  c
published   validation  c
draft       withdrawn   c
prepared    withdrawn   c
open        withdrawn   c
closed      withdrawn   c
validation  withdrawn   c
adopted     withdrawn   c
executive   withdrawn   c
submitted   withdrawn   c
discussed   withdrawn   c
published   withdrawn   c
"""
LETTERS = {"c": Role.COORDINATOR, "e": Role.EXECUTIVE, "g": Role.CLERK}
ALLOWED = {
    (source, target, LETTERS[letter])
    for source, target, *letters in map(str.split, WALK.strip().splitlines())
    for letter in letters
}
NO_REACTION = "Het college reageerde nog niet op deze resultaten. Dat doet u bij ‘Reactie van het college’."
FINE = Facts(
    themes_without_people=0,
    answers=82,
    levels=80,
    to_discuss=0,
    unanswered=2,
    unchecked=3,
    sent_back=0,
    people=6,
    handed_in=6,
)


@pytest.mark.parametrize("source", Status)
def test_a_step_is_for_these_roles_and_no_other(source: Status) -> None:
    taken = {(source, step.target, role) for role in Role for step in steps_from(source, [role])}
    assert taken == {step for step in ALLOWED if step[0] == source}


def test_without_a_role_there_is_no_step() -> None:
    assert [step for source in Status for step in steps_from(source, [])] == []


def test_what_is_archived_or_withdrawn_stays() -> None:
    assert steps_from(Status.ARCHIVED, Role) == steps_from(Status.WITHDRAWN, Role) == []


def test_the_natural_step_comes_first() -> None:
    for source, target in pairwise(LIFE):
        assert steps_from(source, Role)[0].target == target


@pytest.mark.parametrize(
    "target, facts, objection",
    [
        ("prepared", {"themes_without_people": 1}, "Eén thema is nog aan niemand gegeven."),
        ("prepared", {"themes_without_people": 3}, "3 thema's zijn nog aan niemand gegeven."),
        ("open", {"themes_without_people": 1}, "Eén thema is nog aan niemand gegeven."),
        ("open", {"questions_without_people": ("A",)}, "Eén vraag is nog aan niemand gegeven: A."),
        ("open", {"questions_without_people": ("A", "B")}, "2 vragen zijn nog aan niemand gegeven: A, B."),
        ("closed", {"answers": 0}, "Er is nog geen enkele vraag beantwoord."),
        ("submitted", {"reaction": False}, NO_REACTION),
        ("submitted", {"check": Check.MISSING}, UNCHECKED[Check.MISSING]),
        ("submitted", {"check": Check.OPEN}, UNCHECKED[Check.OPEN]),
        ("submitted", {"check": Check.VOID}, UNCHECKED[Check.VOID]),
        ("adopted", {"levels": 0}, "Geen enkele vraag heeft een niveau, dus er is niets om vast te stellen."),
    ],
)
def test_what_must_hold_is_said_in_words(target: str, facts: dict[str, object], objection: str) -> None:
    step = next(step for step in TRANSITIONS if step.target == target)
    assert step.objections(FINE) == []
    assert step.objections(Facts(**{field: getattr(FINE, field) for field in Facts.__slots__} | facts)) == [
        objection
    ]


def test_answers_that_differ_are_sent_back_or_not_handed_in_do_not_hold_a_round_up() -> None:
    differing = replace(FINE, to_discuss=12, sent_back=2, handed_in=0)
    assert [objection for step in TRANSITIONS for objection in step.objections(differing)] == []


# Through the pages


def take(client: Client, round_: Assessment, target: str, reason: str = "") -> int:
    return client.post(
        reverse("assessments:transition", args=[round_.pk, target]), {"reason": reason}
    ).status_code


def status_of(round_: Assessment) -> str:
    return Assessment.objects.values_list("status", flat=True).get(pk=round_.pk)


@pytest.mark.usefixtures("quick_pdf")
def test_a_round_walks_its_whole_life_and_leaves_its_history(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, Status.DRAFT)
    walkers = ["anna"] * 6 + ["guus", "greet", "greet", "greet"]
    for name, target in zip(walkers, LIFE[1:], strict=True):
        assert take(client_of(name), round_, target) == 302, target
        assert status_of(round_) == target
        if target == Status.OPEN:
            make_answers(round_, cast["bram"])
        if target == Status.EXECUTIVE:
            react(fresh := Assessment.objects.get(pk=round_.pk), cast["guus"])
            check(fresh, cast["greet"])
        if target == Status.DISCUSSED:
            assert take(client_of(name), round_, Status.PUBLISHED) == 409, "there is no PDF yet"
            ask_for(round_.adoptions.get())
    history = [(change.source, change.target, change.by.name.lower()) for change in round_.history.all()]
    assert history == list(zip(LIFE, LIFE[1:], walkers, strict=False))


@pytest.mark.parametrize("name", ["bram", "fatima", "vera", "guus", "greet", "bea", "chris"])
def test_nobody_but_the_coordinator_moves_a_running_round(
    name: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, Status.OPEN)
    make_answers(round_, cast["bram"])
    for target in Status:
        assert take(client_of(name), round_, target, "omdat") == 404
    assert status_of(round_) == Status.OPEN and round_.history.count() == 2


def test_no_step_is_skipped_or_taken_back(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_adopted(cast, Status.VALIDATION)
    for target in set(Status) - {Status.VALIDATION, Status.ADOPTED, Status.WITHDRAWN}:
        assert take(client_of("anna"), round_, target) == 404, target
    assert take(client_of("anna"), round_, "onzin") == 404
    assert status_of(round_) == Status.VALIDATION


def test_a_round_does_not_open_while_a_theme_is_without_people(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, Status.PREPARED)
    Assignment.objects.filter(link=THEME[0], theme=THEME[1]).delete()
    response = client_of("anna").post(reverse("assessments:transition", args=[round_.pk, "open"]))
    assert response.status_code == 409
    assert "Eén thema is nog aan niemand gegeven." in response.content.decode()
    assert status_of(round_) == Status.PREPARED and round_.history.count() == 1


def test_a_round_without_levels_is_not_adopted(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.OPEN)
    say(round_, cast["bram"], "PA-01", state="unknown")
    bring_to(round_, Status.VALIDATION, cast["anna"])
    assert take(client_of("anna"), round_, "adopted") == 409
    assert status_of(round_) == Status.VALIDATION and not round_.adoptions.exists()


def test_a_round_is_withdrawn_only_with_a_reason(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.OPEN)
    for empty in ("", "  \n "):
        assert take(client_of("anna"), round_, "withdrawn", empty) == 422
        assert status_of(round_) == Status.OPEN
    assert take(client_of("anna"), round_, "withdrawn", "Verkeerd jaar.") == 302
    change = round_.history.last()
    assert change and (change.target, change.reason, change.by) == (
        "withdrawn",
        "Verkeerd jaar.",
        cast["anna"],
    )


def test_withdrawing_keeps_the_answers_and_asks_nothing_more(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, Status.OPEN)
    say(round_, cast["bram"], "PA-01", level=3)
    take(client_of("anna"), round_, "withdrawn", "Verkeerd jaar.")
    assert round_.answers.get().level == 3
    assert client_of("bram").get(reverse("assessments:questions", args=[round_.pk])).status_code == 404
    with pytest.raises(RoundIsClosed):
        say(round_, cast["bram"], "PA-01", 1, level=4)


def test_a_step_that_somebody_else_took_meanwhile_is_refused(cast: dict[str, User]) -> None:
    round_ = make_round(cast, Status.DRAFT)
    seen = Assessment.objects.get(pk=round_.pk)
    step = steps_from(Status.DRAFT, [Role.COORDINATOR])[0]
    round_.take(step, cast["anna"])
    with pytest.raises(StepRefused, match="De ronde is intussen voorbereid"):
        seen.take(step, cast["anna"])
    assert round_.history.count() == 1


def test_a_second_click_on_a_step_is_no_fault(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.OPEN)
    page = reverse("assessments:transition", args=[round_.pk, "withdrawn"])
    for _ in range(2):
        answer = client_of("anna").post(page, {"reason": "Verkeerd jaar."}, follow=True)
    assert answer.status_code == 200 and "is al ingetrokken" in answer.content.decode()
    assert round_.history.filter(target="withdrawn").count() == 1
    assert client_of("bram").post(page, {"reason": "Verkeerd jaar."}).status_code == 404


def test_a_reason_that_comes_too_late_is_given_back(
    cast: dict[str, User], client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = make_round(cast, Status.OPEN)

    def late(*_: object) -> None:
        raise StepRefused("De ronde is intussen gesloten.")

    monkeypatch.setattr(Assessment, "take", late)
    page = reverse("assessments:transition", args=[round_.pk, "withdrawn"])
    answer = client_of("anna").post(page, {"reason": "Verkeerd jaar."})
    assert answer.status_code == 409 and "Verkeerd jaar." in answer.content.decode()


@pytest.mark.parametrize("target", ["withdrawn", "validation"])
def test_that_a_reason_becomes_public_is_said_where_it_is_typed(
    target: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, Status.PUBLISHED)
    page = client_of("anna").get(reverse("assessments:transition", args=[round_.pk, target]))
    assert "precies zoals u hem typt" in page.content.decode()
    assert "niet verplicht" not in page.content.decode()


def test_a_published_round_leads_to_its_public_page(cast: dict[str, User], client_of: ClientOf) -> None:
    for status, shown in ((Status.DISCUSSED, False), (Status.PUBLISHED, True)):
        round_ = make_adopted(cast, status, year=2020 + shown)
        page = client_of("anna").get(reverse("assessments:detail", args=[round_.pk])).content.decode()
        assert ('href="/openbaar/waterrijk/"' in page) is shown


def test_a_refused_step_leaves_nothing_behind(cast: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    round_ = make_adopted(cast, Status.VALIDATION)

    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(Assessment, "freeze", broken)
    step = steps_from(Status.VALIDATION, [Role.COORDINATOR])[0]
    with pytest.raises(RuntimeError), transaction.atomic():
        round_.take(step, cast["anna"])
    assert status_of(round_) == Status.VALIDATION
    assert not StatusChange.objects.filter(target="adopted").exists()


# Frozen


def test_results_are_frozen_at_adopted_and_not_before(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.OPEN)
    make_answers(round_, cast["bram"])
    for target in ("closed", "validation"):
        take(client_of("anna"), round_, target)
        assert not round_.adoptions.exists()
    take(client_of("anna"), round_, "adopted")
    adoption = round_.adoptions.get()
    assert (adoption.number, adoption.adopted_by) == (1, cast["anna"])
    document = adoption.frozen()
    assert document["results"]["links"][0]["printed"] == 2.0
    assert len(parse(round_.content, document).answers) == len(round_.content.questions)


def test_nothing_that_happens_later_changes_what_was_frozen(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast)
    before = round_.adoptions.get().document
    Answer.objects.update(level=4)
    take(client_of("anna"), round_, "executive")
    assert round_.adoptions.get().document == before
    assert Assessment.objects.get(pk=round_.pk).results() == json.loads(before)["results"]


def test_the_frozen_document_names_nobody_and_quotes_no_explanation(cast: dict[str, User]) -> None:
    document = make_adopted(cast).adoptions.get().document
    assert "Zo is" not in document
    for person in cast.values():
        assert person.name not in document and person.email not in document


def test_a_closed_round_refuses_answers(cast: dict[str, User]) -> None:
    for number, status in enumerate(status for status in Status if status != Status.OPEN):
        round_ = make_round(cast, Status.DRAFT, year=2001 + number)
        Assessment.objects.filter(pk=round_.pk).update(status=status)
        with pytest.raises(RoundIsClosed):
            say(round_, cast["bram"], "PA-01", level=2)
    assert not Answer.objects.exists()
