"""Where work is vulnerable: scored twice per area, in the order of the rule, and leading to an action."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assessments.counting.content import vulnerabilities
from assessments.counting.told import matrix_of, told_vulnerabilities
from assessments.models import Assessment, VulnerabilityScores
from assessments.models.edition import supplement
from assessments.status import Status
from chain.vulnerability import Scored, matrix, ordered
from organisations.models import User
from tests.cast import make_adopted, make_answers, make_round

Browser = Callable[[str], Client]
SCORES = st.lists(
    st.builds(Scored, st.uuids().map(str), st.integers(0, 3), st.integers(0, 3)),
    unique_by=lambda one: one.slug,
)
AREAS = {
    "vergunnen": {"inherent": 2, "control": 1},
    "informatie": {"inherent": 3, "control": 1},
    "burgerzaken": {"inherent": 3, "control": 3},
    "grond-en-vastgoed": {"inherent": 3, "control": 2},
}


def page(round_: Assessment) -> str:
    return reverse("assessments:vulnerabilities", args=[round_.pk])


def typed(shown: object = 0, **scores: object) -> dict[str, object]:
    return {"shown": shown, "note": "", **scores}


# The rule


@given(SCORES)
def test_the_highest_gap_comes_first_then_the_highest_inherent_score(scores: list[Scored]) -> None:
    found = ordered(scores)
    keys = [(one.gap, one.inherent) for one in found]
    assert keys == sorted(keys, reverse=True)
    for key in keys:  # ties stay in the order of the areas
        same = [one for one in found if (one.gap, one.inherent) == key]
        assert same == [one for one in scores if (one.gap, one.inherent) == key]


@given(SCORES)
def test_only_what_has_a_gap_goes_to_the_plan(scores: list[Scored]) -> None:
    assert {one.slug for one in scores if one.needs_improvement} == {
        one.slug for one in scores if one.inherent > one.control
    }


@given(SCORES)
def test_every_area_stands_once_in_the_matrix(scores: list[Scored]) -> None:
    rows = matrix(scores)
    for one in scores:
        assert one.slug in rows[3 - one.inherent][one.control]
    assert sum(len(cell) for row in rows for cell in row) == len(scores)


def test_factors_are_told_beside_it_and_change_nothing() -> None:
    without = told_vulnerabilities(vulnerabilities(), AREAS, {})
    with_factor = told_vulnerabilities(vulnerabilities(), AREAS, {"druk-op-mensen": 3})
    assert with_factor["areas"] == without["areas"]
    assert [one["value"] for one in with_factor["factors"]] == [3]
    assert [area["slug"] for area in without["areas"]] == [
        "informatie",
        "grond-en-vastgoed",
        "vergunnen",
        "burgerzaken",
    ]
    assert len(without["unscored"]) == 8
    assert matrix_of(without)[0].cells[1].titles == ["Informatie"]


# The page


def test_a_few_areas_can_be_saved_and_the_rest_later(cast: dict[str, User], client_of: Browser) -> None:
    round_ = make_round(cast)
    scores = {"informatie--inherent": 3, "informatie--control": 1, "druk-op-mensen": 2}
    assert client_of("anna").post(page(round_), typed(**scores)).status_code == 302
    stored = VulnerabilityScores.newest(round_)
    assert stored and (stored.areas, stored.factors) == (
        {"informatie": {"inherent": 3, "control": 1}},
        {"druk-op-mensen": 2},
    )


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ({"informatie--inherent": 3}, "Kies ook hier een score, of laat beide open."),
        ({"informatie--inherent": 4, "informatie--control": 1}, "Kies een score van de lijst."),
    ],
)
def test_half_an_area_is_refused_and_nothing_is_lost(
    scores: dict[str, object], said: str, cast: dict[str, User], client_of: Browser
) -> None:
    round_ = make_round(cast)
    response = client_of("anna").post(page(round_), typed(**scores, note="Dit blijft staan."))
    text = response.content.decode()
    assert (response.status_code, VulnerabilityScores.newest(round_)) == (422, None)
    assert said in text and "Dit blijft staan." in text


def test_an_area_with_a_gap_has_a_button_to_an_action(cast: dict[str, User], client_of: Browser) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"])
    VulnerabilityScores.write(round_, cast["anna"], 0, areas=AREAS)
    text = client_of("anna").get(page(round_)).content.decode()
    new = reverse("assessments:action_new", args=[round_.pk])
    places = [text.index(f"{new}?area={slug}") for slug in ("informatie", "grond-en-vastgoed", "vergunnen")]
    assert places == sorted(places) and f"{new}?area=burgerzaken" not in text
    start = client_of("anna").get(f"{new}?area=informatie").content.decode()
    assert "Informatie" in start and "kwetsbaarder (3) dan beheerst (1)" in start


def test_two_people_do_not_overwrite_each_other(cast: dict[str, User], client_of: Browser) -> None:
    round_ = make_round(cast)
    VulnerabilityScores.write(round_, cast["anna"], 0, areas={"informatie": {"inherent": 3, "control": 1}})
    scores = {"informatie--inherent": 2, "informatie--control": 1}
    response = client_of("anna").post(page(round_), typed(0, **scores))
    assert response.status_code == 409
    assert "Informatie, Hoe kwetsbaar is dit van zichzelf?: <strong>3</strong>" in response.content.decode()


def test_scores_stay_as_they_are_once_the_results_are_adopted(
    cast: dict[str, User], client_of: Browser
) -> None:
    round_ = make_adopted(cast, Status.ADOPTED)
    response = client_of("anna").post(page(round_), typed(**{"druk-op-mensen": 2}))
    assert (response.status_code, VulnerabilityScores.newest(round_)) == (409, None)


# The report


def test_the_report_tells_areas_in_order_and_what_was_not_scored(
    cast: dict[str, User], client_of: Browser
) -> None:
    round_ = make_adopted(cast)
    VulnerabilityScores.objects.create(assessment=round_, by=cast["anna"], areas=AREAS, note="Zo is het.")
    adoption = round_.adoption
    assert adoption and supplement(adoption)["vulnerabilities"]["note"] == "Zo is het."
    text = client_of("greet").get(reverse("reports:report", args=[adoption.pk])).content.decode()
    chapter = text.split('id="kwetsbaarheden"')[1].split("</section>")[0]
    assert chapter.index(">Informatie<") < chapter.index(">Vergunnen<") < chapter.index(">Burgerzaken<")
    assert "3 gebieden zijn kwetsbaarder dan beheerst" in chapter and "Niet gescoord: " in chapter


def test_an_area_of_which_everything_was_scored_is_missed_nowhere() -> None:
    every = {area.slug: {"inherent": 0, "control": 0} for area in vulnerabilities().areas}
    assert told_vulnerabilities(vulnerabilities(), every, {})["unscored"] == []
