"""The life of a round: who may take which step when, what must hold, what is kept, what lies fixed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from assessments.models import Answer, Assessment, Assignment, RoundIsClosed, StatusChange, StepRefused
from assessments.status import LIFE, TRANSITIONS, Facts, Status, steps_from
from chain.scoring import parse
from organisations.models import Membership, Organisation, User
from organisations.roles import Role
from tests.cast import THEME, bring_to, make_adopted, make_answers, make_round, published, questionnaire, say

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
FINE = Facts(themes_without_people=0, answers=82, levels=80, to_discuss=0, unanswered=2, unchecked=3)


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
        ("closed", {"answers": 0}, "Er is nog geen enkele vraag beantwoord."),
        ("adopted", {"levels": 0}, "Geen enkele vraag heeft een niveau, dus er is niets om vast te stellen."),
    ],
)
def test_what_must_hold_is_said_in_words(target: str, facts: dict[str, int], objection: str) -> None:
    step = next(step for step in TRANSITIONS if step.target == target)
    assert step.objections(FINE) == []
    assert step.objections(Facts(**{field: getattr(FINE, field) for field in Facts.__slots__} | facts)) == [
        objection
    ]


def test_answers_that_differ_do_not_hold_a_round_up() -> None:
    differing = Facts(
        themes_without_people=0, answers=82, levels=80, to_discuss=12, unanswered=2, unchecked=3
    )
    assert [objection for step in TRANSITIONS for objection in step.objections(differing)] == []


# Through the pages


def take(client: Client, round_: Assessment, target: str, reason: str = "") -> int:
    return client.post(
        reverse("assessments:transition", args=[round_.pk, target]), {"reason": reason}
    ).status_code


def status_of(round_: Assessment) -> str:
    return Assessment.objects.values_list("status", flat=True).get(pk=round_.pk)


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
    for target in set(Status) - {Status.ADOPTED, Status.WITHDRAWN}:
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
        assert take(client_of("anna"), round_, "withdrawn", empty) == 200
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


# Starting, changing and delegating


def new_round(client: Client, **data: object) -> int:
    organisation = Organisation.objects.get(slug="waterrijk")
    given = {"organisation": organisation.pk, "year": 2026, "title": "Jaarronde", "track": "full"}
    given["questionnaire"] = published().pk
    return client.post(reverse("assessments:create"), given | data).status_code


def test_a_coordinator_starts_a_round_and_is_led_to_its_delegation(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    assert new_round(client_of("anna"), deadline="2026-12-01") == 302
    round_ = Assessment.objects.get()
    assert (str(round_), round_.status, round_.created_by) == ("Jaarronde 2026", "draft", cast["anna"])
    assert round_.content.digest == published().digest


def test_a_round_starts_in_ones_own_organisation_only(cast: dict[str, User], client_of: ClientOf) -> None:
    elsewhere = Organisation.objects.get(slug="hoogezand").pk
    assert new_round(client_of("anna"), organisation=elsewhere) == 200
    assert not Assessment.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"year": "1999"},
        {"year": "2101"},
        {"year": "x"},
        {"track": "half"},
        {"title": ""},
        {"title": "x" * 81},
        {"questionnaire": "0" * 64},
        {"deadline": "morgen"},
    ],
    ids=str,
)
def test_bad_input_starts_no_round(data: dict[str, str], cast: dict[str, User], client_of: ClientOf) -> None:
    assert new_round(client_of("anna"), **data) == 200
    assert not Assessment.objects.exists()


def test_a_title_is_unique_in_its_year_and_organisation(cast: dict[str, User], client_of: ClientOf) -> None:
    anna = client_of("anna")
    first = make_round(cast, Status.DRAFT)
    assert new_round(anna) == 200
    assert new_round(anna, title="Hermeting") == new_round(anna, year=2027) == 302
    assert new_round(client_of("chris"), organisation=Organisation.objects.get(slug="hoogezand").pk) == 302
    take(anna, first, "withdrawn", "Opnieuw.")
    assert new_round(anna) == 302
    assert new_round(anna) == 200


def test_the_database_itself_refuses_a_second_round_of_that_name(cast: dict[str, User]) -> None:
    make_round(cast, Status.DRAFT)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_round(cast, Status.DRAFT)


def test_a_round_does_not_take_the_name_of_another(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.DRAFT, title="Hermeting")
    make_round(cast, Status.DRAFT)
    url = reverse("assessments:edit", args=[round_.pk])
    response = client_of("anna").post(url, {"year": 2026, "title": "Jaarronde"})
    assert "Er is al een ronde met deze naam in dit jaar." in response.content.decode()
    round_.refresh_from_db()
    assert round_.title == "Hermeting"
    assert client_of("anna").post(url, {"year": 2026, "title": "Hermeting"}).status_code == 302


def test_changing_a_round_leaves_what_is_asked_as_it_is(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.OPEN)
    data = {"year": 2026, "title": "Hermeting", "track": "light", "organisation": 0, "deadline": ""}
    url = reverse("assessments:edit", args=[round_.pk])
    assert client_of("anna").post(url, data).status_code == 302
    round_.refresh_from_db()
    assert (round_.title, round_.track, round_.organisation.slug) == ("Hermeting", "full", "waterrijk")


def delegate(client: Client, round_: Assessment, **people: Iterable[User]) -> int:
    data = {"/".join(THEME): [user.pk for user in users] for users in people.values()}
    return client.post(reverse("assessments:delegation", args=[round_.pk]), data).status_code


def people_of(round_: Assessment) -> set[str]:
    return {one.user.name for one in round_.assignments.filter(theme=THEME[1]).select_related("user")}


def test_a_theme_is_given_to_exactly_the_chosen_people(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.DRAFT)
    assert delegate(client_of("anna"), round_, to=[cast["bram"], cast["fatima"]]) == 302
    assert people_of(round_) == {"Bram", "Fatima"}
    assert round_.assignments.count() == 2  # the other themes were sent empty
    assert delegate(client_of("anna"), round_, to=[cast["fatima"]]) == 302
    assert people_of(round_) == {"Fatima"}


@pytest.mark.parametrize("name", ["vera", "guus", "chris"])
def test_a_theme_is_given_to_contributors_of_the_organisation_only(
    name: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, Status.DRAFT)
    assert delegate(client_of("anna"), round_, to=[cast["bram"], cast[name]]) == 200
    assert people_of(round_) == {"Bram"} and round_.assignments.count() > 1


def test_answers_stay_when_a_theme_goes_to_somebody_else(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.OPEN)
    say(round_, cast["bram"], "PA-01", level=3)
    delegate(client_of("anna"), round_, to=[cast["fatima"]])
    assert round_.answers.get().contributor == cast["bram"]
    page = client_of("anna").get(reverse("assessments:progress", args=[round_.pk])).content.decode()
    assert "Bram" in page


@pytest.mark.parametrize("status", ["closed", "adopted"])
def test_delegation_lies_fixed_once_a_round_is_closed(
    status: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_adopted(cast, Status(status))
    assert delegate(client_of("anna"), round_, to=[cast["fatima"]]) == 409
    assert people_of(round_) == {"Bram"}
    with pytest.raises(StepRefused):
        round_.delegate({THEME: {cast["fatima"].pk}})


def test_a_proposal_follows_the_functions_and_stores_nothing(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    asked = {code for question in questionnaire().theme(*THEME).questions for code in question.answered_by}
    Membership.objects.filter(user=cast["fatima"]).update(functions=sorted(asked))
    round_ = make_round(cast, Status.DRAFT, people=())
    response = client_of("anna").get(reverse("assessments:delegation", args=[round_.pk]), {"voorstel": "1"})
    form = response.context["form"]
    assert form["/".join(THEME)].initial == [str(cast["fatima"].pk)]
    assert not round_.assignments.exists()


# Tracks


def test_the_light_track_asks_only_its_own_questions(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.OPEN, track="light")
    light = {question.id for question in questionnaire().questions if question.light_track}
    assert {question.id for question in round_.content.questions} == light
    left_out = next(q for q in questionnaire().questions if q.id not in light)
    link, theme = questionnaire().link_of(left_out.id), questionnaire().theme_of(left_out.id)
    url = reverse("assessments:question", args=[round_.pk, link.slug, theme.slug, left_out.id])
    assert client_of("bram").get(url).status_code == 404


def test_an_adopted_light_round_counts_light_questions_only(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, track="light")
    results = round_.results()
    assert {one["id"] for one in results["questions"]} == {q.id for q in round_.content.questions}
    assert round_.adoptions.get().frozen()["track"] == "light"
