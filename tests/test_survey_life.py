"""A survey opens when all is settled, takes each link once, and tells its result when it closes."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from organisations.models import User
from surveys import answers, bits
from surveys.models import (
    Box,
    Destruction,
    Group,
    GroupFull,
    Invite,
    LinkUsed,
    Remark,
    Survey,
    SurveyNotOpen,
    SurveyRefused,
    cast_by_code,
)
from surveys.models.life import close, destroy_due, destroyed_from, objections, open_now
from tests.cast import make_adopted, make_round
from tests.surveys import cast_by, make_links, make_open_survey, make_survey

pytestmark = pytest.mark.django_db


def test_it_opens_when_groups_are_large_enough_and_all_is_settled(cast: dict[str, User]) -> None:
    survey = make_survey(make_round(cast), cast["anna"], {"Groot": 30, "Klein": 9})
    survey.clearances.filter(kind="dpia").delete()
    found = objections(survey)
    assert len(found) == 2 and "Klein" in found[0] and "FG" in found[1]
    with pytest.raises(SurveyRefused) as refused:
        open_now(survey)
    assert list(refused.value.objections) == found
    assert Survey.objects.get().status == "preparing" and not Box.objects.exists()


def test_a_group_that_joined_another_is_large_enough_with_it(cast: dict[str, User]) -> None:
    survey = make_survey(make_round(cast), cast["anna"], {"Groot": 30, "Klein": 4, "Midden": 6})
    klein, midden = (Group.objects.get(name=name) for name in ("Klein", "Midden"))
    Group.objects.filter(pk=klein.pk).update(joined=midden)
    open_now(survey)
    assert set(Box.objects.values_list("group__name", flat=True)) == {"Groot", "Midden"}
    (token,) = make_links(klein, 1)
    cast_by(token)
    assert answers.size(Box.objects.get(group=midden).contents) == 1


def test_one_group_alone_must_be_large_enough(cast: dict[str, User]) -> None:
    survey = make_survey(make_round(cast), cast["anna"], {"Alle": 9})
    assert "niemand anoniem" in objections(survey)[0]


def test_a_link_answers_once_and_leaves_its_row_as_it_was(cast: dict[str, User]) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"])
    group = survey.groups.get(name="Ruimte")
    first, second = make_links(group, 2)
    before = list(Invite.objects.values())
    cast_by(first, {"PA-S1": 5, "PA-S2": 0})
    with pytest.raises(LinkUsed):
        cast_by(first, {"PA-S1": 1})
    assert list(Invite.objects.values()) == before
    assert bits.count(bytes(Group.objects.get(pk=group.pk).used)) == 1
    assert [Invite.objects.with_token(token).get().is_used for token in (first, second)] == [True, False]
    counts = answers.counted(Box.objects.get(group=group).contents, survey.content.ids)
    assert counts["PA-S1"].values == (0, 0, 0, 0, 1) and counts["PA-S2"].unknown == 1
    assert counts["PA-S3"].base == 0


def test_a_code_lets_no_more_answer_than_there_are_people(cast: dict[str, User]) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"], {"Alle": 10})
    group = survey.groups.get()
    for _ in range(10):
        cast_by_code(group.pk, answers.Entry({"PA-S1": 3}))
    with pytest.raises(GroupFull):
        cast_by_code(group.pk, answers.Entry({"PA-S1": 3}))


def test_closing_tells_the_result_takes_the_remarks_out_and_ends_the_links(cast: dict[str, User]) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"])
    tokens = make_links(survey.groups.get(name="Ruimte"), 12)
    for number, token in enumerate(tokens[:8]):
        cast_by(token, {"PA-S1": 1 + number % 5}, repressie=f"Zo is het {number}.", nazorg="  ")
    close(survey)
    told = Survey.objects.get().results()
    assert told["ballots"] == 8 and told["population"] == 84 and told["low_response"]
    assert told["statements"][0] | {"interval": None} == {
        "id": "PA-S1",
        "base": 8,
        "agree": 25,
        "neutral": 25,
        "disagree": 50,
        "unknown": 0,
        "interval": None,
    }
    assert Remark.objects.count() == 8 and set(Remark.objects.values_list("link", flat=True)) == {"repressie"}
    assert not Invite.objects.exists()
    assert all(not answers.remarks(box.contents) for box in Box.objects.all())
    with pytest.raises(SurveyRefused):
        close(survey)


def test_a_closed_survey_takes_no_answers(cast: dict[str, User]) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"])
    group = survey.groups.get(name="Ruimte")
    (token,) = make_links(group, 1)
    invite = Invite.objects.with_token(token).get()
    close(survey)
    with pytest.raises(SurveyNotOpen):
        invite.cast(answers.Entry({"PA-S1": 3}))
    with pytest.raises(SurveyNotOpen):
        cast_by_code(group.pk, answers.Entry({"PA-S1": 3}))


def test_loose_answers_are_destroyed_six_months_after_adoption_and_the_result_stays(
    cast: dict[str, User],
) -> None:
    round_ = make_adopted(cast)
    survey = make_open_survey(round_, cast["anna"])
    for token in make_links(survey.groups.get(name="Ruimte"), 6):
        cast_by(token, repressie="Zo is het.")
    close(survey)
    day = destroyed_from(survey)
    assert day is not None and 180 <= (day - timezone.localdate()).days <= 185
    assert destroy_due(day - timedelta(days=1)) == 0 and Box.objects.exists()
    told = survey.results()
    assert destroy_due(day) == 1 and destroy_due(day) == 0
    assert not Box.objects.exists() and not Remark.objects.exists()
    statement = Destruction.objects.get()
    assert (statement.answers, statement.remarks) == (6, 6)
    assert Survey.objects.get().results() == told


@pytest.mark.django_db(transaction=True)
def test_one_link_used_at_the_same_moment_counts_once(cast: dict[str, User]) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"])
    group = survey.groups.get(name="Ruimte")
    tokens = make_links(group, 6)
    outcomes: list[str] = []

    def use(token: str) -> None:
        try:
            cast_by(token)
            outcomes.append("in")
        except LinkUsed:
            outcomes.append("used")
        finally:
            connection.close()

    threads = [threading.Thread(target=use, args=(token,)) for token in tokens for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["in"] * 6 + ["used"] * 12
    assert answers.size(Box.objects.get(group=group).contents) == 6
    assert bits.count(bytes(Group.objects.get(pk=group.pk).used)) == 6


@pytest.mark.parametrize(
    "change",
    [
        {"least_population": 11},
        {"least_answers": 6},
        {"months_kept": 12},
        {"status": "preparing"},
        {"audience": "council"},
    ],
)
def test_once_open_nobody_changes_what_protects_people(
    cast: dict[str, User], change: dict[str, object]
) -> None:
    survey = make_survey(make_round(cast), cast["anna"])
    everything = Survey.objects.filter(pk=survey.pk)
    everything.update(least_population=12, least_answers=8)
    open_now(survey)
    with pytest.raises(DatabaseError, match="lies fixed"), transaction.atomic():
        everything.update(**change)
    everything.update(months_kept=3)  # sooner may always


@pytest.mark.parametrize("change", [{"population": 100}, {"name": "Anders"}, {"slug": "anders"}])
def test_once_open_nobody_changes_the_groups(cast: dict[str, User], change: dict[str, object]) -> None:
    survey = make_survey(make_round(cast), cast["anna"])
    survey.groups.filter(name="Ruimte").update(**change)
    open_now(survey)
    with pytest.raises(DatabaseError, match="lies fixed"), transaction.atomic():
        survey.groups.filter(name="Financiën").update(**change)
    with pytest.raises(DatabaseError, match="lies fixed"), transaction.atomic():
        survey.groups.create(slug="erbij", name="Erbij", population=20)


def test_a_result_that_is_told_is_never_another(cast: dict[str, User]) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"])
    close(survey)
    with pytest.raises(DatabaseError, match="lies fixed"), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(document="{}")
