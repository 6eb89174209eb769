"""The groups of a survey: on one page, never too small without a word, and fixed once it opened."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client

from organisations.models import User
from surveys import groups
from surveys.groups import Row
from surveys.models import Survey, SurveyRefused, preparing
from tests.cast import make_round
from tests.surveys import make_open_survey, make_survey

ClientOf = Callable[[str], Client]
A, B, C = Row("a", "Afval", 4), Row("b", "Beheer", 7), Row("c", "Cultuur", 30)


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([A, B, C], set()),
        ([A, Row("b", "AFVAL", 5)], {"a", "b"}),
        ([Row("a", "", 4)], {"a"}),
        ([Row("a", "x" * 121, 4)], {"a"}),
        ([Row("a", "=1+1", 4)], {"a"}),
        ([Row("a", "Afval", 0)], {"a"}),
        ([Row("a", "Afval", 200_001)], {"a"}),
        ([Row("a", "Afval", 4, joined="a")], {"a"}),
        ([Row("a", "Afval", 4, joined="weg")], {"a"}),
        ([Row("a", "Afval", 4, joined="b"), Row("b", "Beheer", 7, joined="c"), C], {"a"}),
    ],
)
def test_faults_stand_with_the_row_that_has_them(rows: list[Row], wrong: set[str]) -> None:
    assert set(groups.faults(rows)) == wrong


def test_a_group_is_too_small_by_all_that_count_in_it() -> None:
    joined = Row("a", "Afval", 4, joined="b")
    assert groups.too_small([A, B, C], 10) == [A, B]
    assert groups.too_small([joined, B, C], 10) == []
    assert groups.too_small([joined, B, C], 12) == [B]


def test_the_proposal_is_the_smallest_other_group_and_takes_along_what_counted_with_it() -> None:
    joined = Row("a", "Afval", 1, joined="b")
    assert groups.proposal([A, B, C], "a") == "b" and groups.proposal([A, B, C], "b") == "a"
    assert groups.proposal([A], "a") == ""
    assert groups.joined_with([joined, B, C], "b") == {"a": "c", "b": "c", "c": ""}


@pytest.fixture
def survey(cast: dict[str, User]) -> Survey:
    return make_survey(make_round(cast), cast["anna"], {"Klein": 4, "Midden": 12, "Groot": 40})


def page(survey: Survey) -> str:
    return f"/rondes/{survey.assessment_id}/peilingen/staff/groepen/"


def filled(survey: Survey, **changes: str) -> dict[str, str]:
    """The form as it stands on the page, with these changes."""
    rows = preparing.rows(survey)
    data = {"shown": preparing.mark(rows), "rows": str(len(rows) + 2)}
    for at, row in enumerate(rows):
        data |= {f"g{at}-slug": row.slug, f"g{at}-name": row.name, f"g{at}-population": str(row.population)}
    return data | {name.replace("_", "-"): value for name, value in changes.items()}


def names(survey: Survey) -> dict[str, tuple[int, str | None]]:
    rows = survey.groups.values_list("name", "population", "joined__name")
    return {name: (population, joined) for name, population, joined in rows}


def test_all_groups_are_changed_on_one_page(survey: Survey, client_of: ClientOf) -> None:
    # In the order of the page: Groot, Klein, Midden.
    data = filled(survey, g0_name="Midden", g2_name="Groot", g1_removed="on", g3_name="Nieuw")
    response = client_of("anna").post(page(survey), data | {"g3-population": "3", "g3-joined": "g0"})
    assert response.status_code == 302
    assert names(survey) == {"Groot": (12, None), "Midden": (40, None), "Nieuw": (3, "Midden")}


def test_a_proposal_fills_the_form_in_and_keeps_nothing(survey: Survey, client_of: ClientOf) -> None:
    anna = client_of("anna")
    shown = anna.get(page(survey)).content.decode()
    assert "4 van minstens 10 mensen" in shown and shown.count('name="join"') == 1
    proposed = anna.post(page(survey), filled(survey, g0_population="41") | {"join": "g1"}).content.decode()
    assert "Dit is een voorstel" in proposed and '<option value="g2" selected>Midden</option>' in proposed
    assert 'value="41"' in proposed and names(survey)["Groot"] == (40, None)
    assert anna.post(page(survey), filled(survey, g1_joined="g2")).headers["Location"].endswith("/staff/")
    assert names(survey)["Klein"] == (4, "Midden")


def test_more_rows_keep_what_was_typed(survey: Survey, client_of: ClientOf) -> None:
    data = filled(survey, g3_name="Half") | {"more": "1"}
    shown = client_of("anna").post(page(survey), data).content.decode()
    assert 'value="Half"' in shown and shown.count("-slug") > 15


def test_faults_are_told_at_the_row_and_nothing_is_kept(survey: Survey, client_of: ClientOf) -> None:
    before = names(survey)
    data = filled(survey, g0_population="veel", g1_name="midden", g3_name="Regel\x07einde", g3_population="5")
    response = client_of("anna").post(page(survey), data)
    shown = response.content.decode()
    assert response.status_code == 422 and names(survey) == before
    assert shown.count('aria-invalid="true"') == 4 and 'value="veel"' in shown


def test_groups_that_changed_meanwhile_are_not_overwritten(survey: Survey, client_of: ClientOf) -> None:
    data = filled(survey, g0_population="50")
    survey.groups.filter(name="Midden").update(population=13)
    response = client_of("anna").post(page(survey), data)
    assert response.status_code == 409 and 'value="50"' in response.content.decode()
    assert names(survey)["Groot"] == (40, None)


def test_the_model_refuses_what_the_page_would(survey: Survey) -> None:
    with pytest.raises(SurveyRefused, match="meer dan één keer"):
        preparing.set_groups(survey, [Row("a", "Afval", 4), Row("b", "afval", 5)])
    with pytest.raises(SurveyRefused, match="Meer dan"):
        preparing.set_groups(survey, [Row(str(at), f"Team {at}", 20) for at in range(121)])
    assert len(names(survey)) == 3


def test_names_that_look_alike_get_slugs_that_differ(survey: Survey) -> None:
    preparing.set_groups(survey, [Row("a", "Team Één", 20), Row("b", "Team Een!", 20), Row("c", "日本", 20)])
    assert set(survey.groups.values_list("slug", flat=True)) == {"team-een", "team-een-2", "groep"}


def test_once_open_or_adopted_the_groups_are_fixed(
    survey: Survey, cast: dict[str, User], client_of: ClientOf
) -> None:
    opened = make_open_survey(make_round(cast, year=2031), cast["anna"])
    assert client_of("anna").post(page(opened), filled(opened)).status_code == 409
    with pytest.raises(SurveyRefused, match="ligt nu vast"):
        preparing.set_groups(opened, [])
    round_ = survey.assessment
    round_.status = "adopted"
    round_.save()
    with pytest.raises(SurveyRefused, match="vastgesteld"):
        preparing.set_groups(survey, [])


@pytest.mark.django_db(transaction=True)
def test_opening_and_changing_groups_at_the_same_moment_never_mix(cast: dict[str, User]) -> None:
    survey = make_survey(make_round(cast), cast["anna"])
    smaller = [Row("a", "Te klein", 3), Row("b", "Groot", 40)]
    outcomes: list[str] = []

    def act(name: str, deed: Callable[[], None]) -> None:
        try:
            deed()
            outcomes.append(name)
        except SurveyRefused:
            pass
        finally:
            connection.close()

    deeds: dict[str, Callable[[], None]] = {
        "opened": lambda: preparing.open_survey(survey),
        "changed": lambda: preparing.set_groups(survey, smaller),
    }
    threads = [threading.Thread(target=act, args=deed) for deed in deeds.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    is_open = Survey.objects.get(pk=survey.pk).is_open
    assert outcomes == (["opened"] if is_open else ["changed"])
    assert survey.groups.filter(name="Te klein").exists() is not is_open
