"""Starting a round, changing the little that may change, and giving its themes to people."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, StepRefused
from assessments.status import Status
from organisations.models import Membership, Organisation, User
from organisations.roles import Role
from tests.cast import THEME, make_adopted, make_round, published, questionnaire, say

ClientOf = Callable[[str], Client]


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
    assert new_round(client_of("anna"), organisation=elsewhere) == 422
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
    assert new_round(client_of("anna"), **data) == 422
    assert not Assessment.objects.exists()


def test_a_title_is_unique_in_its_year_and_organisation(cast: dict[str, User], client_of: ClientOf) -> None:
    anna = client_of("anna")
    first = make_round(cast, Status.DRAFT)
    assert new_round(anna) == 422
    assert new_round(anna, title="Hermeting") == new_round(anna, year=2027) == 302
    assert new_round(client_of("chris"), organisation=Organisation.objects.get(slug="hoogezand").pk) == 302
    Assessment.objects.filter(pk=first.pk).update(status=Status.WITHDRAWN)
    assert new_round(anna) == 302
    assert new_round(anna) == 422


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


# Delegating


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


def test_all_themes_can_be_given_to_sixty_people(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast, Status.DRAFT)
    organisation = Organisation.objects.get(slug="waterrijk")
    for number in range(60):
        user = User.objects.create_user(f"lid{number}@waterrijk.example", name=f"Lid {number}")
        organisation.admit(user, [Role.CONTRIBUTOR])
    people = [user.pk for user in User.objects.filter(name__startswith="Lid")]
    themes = [f"{link.slug}/{theme.slug}" for link in round_.content.links for theme in link.themes]
    url = reverse("assessments:delegation", args=[round_.pk])
    assert client_of("anna").post(url, dict.fromkeys(themes, people)).status_code == 302
    assert round_.assignments.count() == len(themes) * 60


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
