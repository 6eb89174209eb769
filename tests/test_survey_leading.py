"""Leading a survey: set up, settled, opened and closed, each by who leads it and told what it changes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment
from assessments.status import Status
from chain.models import PublishedStatements
from integrity_portal import tasks
from organisations.models import User
from surveys.answers import Entry
from surveys.models import Box, Clearance, Survey, SurveyRefused, preparing
from surveys.models.life import close_due, open_now
from surveys.models.response import Response, responses
from tests.cast import FOLDER, bring_to, make_answers, make_round
from tests.surveys import make_open_survey, make_survey, published_statements

pytestmark = pytest.mark.django_db
ClientOf = Callable[[str], Client]
TODAY = timezone.localdate


def page(round_: Assessment, name: str = "", audience: str = "staff") -> str:
    return f"/rondes/{round_.pk}/peilingen/{audience}/{name}"


def rules(**changes: object) -> dict[str, object]:
    last = TODAY() + timedelta(days=20)
    return {"closes_on": last, "least_population": 10, "least_answers": 5, "months_kept": 6, **changes}


def settled(**changes: object) -> dict[str, object]:
    data: dict[str, object] = {}
    for kind in Clearance.Kind:
        data |= {f"{kind}_done": "on", f"{kind}_name": "Otto", f"{kind}_on": TODAY()}
    return data | changes


def fill(survey: Survey, name: str, number: int) -> None:
    Box.fill(survey.groups.get(name=name), [Entry({"PA-S1": 4})] * number)


def test_a_coordinator_takes_a_survey_from_nothing_to_open(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    published_statements()
    round_, anna = make_round(cast), client_of("anna")
    assert "Zet een peiling op" in anna.get(f"/rondes/{round_.pk}/peilingen/").content.decode()
    assert anna.post(page(round_, "voorbereiden/"), rules(least_answers=8)).status_code == 302
    survey = Survey.objects.get()
    assert (survey.organisation_id, survey.created_by, survey.least_answers) == (
        round_.organisation_id,
        cast["anna"],
        8,
    )
    groups = {"rows": "2", "g0-name": "Beheer", "g0-population": "30", "shown": preparing.mark([])}
    assert anna.post(page(round_, "groepen/"), groups).status_code == 302
    assert anna.post(page(round_, "openen/")).status_code == 409
    assert anna.post(page(round_, "afstemming/"), settled()).status_code == 302
    assert "Klaar om te openen" in anna.get(page(round_)).content.decode()
    assert "Dit kan daarna niemand meer veranderen" in anna.get(page(round_, "openen/")).content.decode()
    assert anna.post(page(round_, "openen/")).status_code == 302
    assert Survey.objects.get().is_open


def test_the_griffier_finds_the_councils_survey_from_the_first_page(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    published_statements("council")
    round_, greet = make_round(cast, Status.VALIDATION), client_of("greet")
    here = f"/rondes/{round_.pk}/peilingen/"
    first = greet.get("/").content.decode()
    assert f'href="{here}"' in first and "nog niet opgezet" in first
    shown = greet.get(here).content.decode()
    assert page(round_, "voorbereiden/", "council") in shown and "De coördinator leidt deze" in shown
    data = rules(least_population=9, members=8)
    assert greet.post(page(round_, "voorbereiden/", "council"), data).status_code == 302
    greet.post(page(round_, "afstemming/", "council"), settled())
    assert "minder dan 9 mensen" in greet.get(page(round_, "openen/", "council")).content.decode()
    greet.post(page(round_, "voorbereiden/", "council"), data | {"members": 21})
    assert greet.post(page(round_, "openen/", "council")).status_code == 302
    assert '<span class="tag tag--open">open</span>' in greet.get("/").content.decode()
    survey = Survey.objects.get(audience="council")
    assert list(survey.groups.values_list("name", "population")) == [("Raad", 21)] and survey.is_open
    assert "Presidium" in greet.get(page(round_, "", "council")).content.decode()


@pytest.mark.parametrize("name", ["", "voorbereiden/", "afstemming/", "openen/", "sluiten/"])
def test_each_audience_has_its_own_leader_and_a_council_no_groups_page(
    name: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    make_survey(round_, cast["greet"], {"Raad": 21}, "council")
    for person in ("anna", "vera", "guus", "bram", "chris"):
        assert client_of(person).get(page(round_, name, "council")).status_code == 404, person
    assert client_of("greet").get(page(round_, name, "council")).status_code in (200, 409)
    assert client_of("greet").get(page(round_, "groepen/", "council")).status_code == 404
    assert client_of("anna").get(page(round_, name, "anders")).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("closes_on", ""),
        ("closes_on", "2020-01-01"),
        ("closes_on", "2099-01-01"),
        ("least_population", 9),
        ("least_population", "tien"),
        ("least_answers", 4),
        ("months_kept", 0),
        ("months_kept", 25),
    ],
)
def test_rules_cannot_be_looser_than_the_method(
    field: str, value: object, cast: dict[str, User], client_of: ClientOf
) -> None:
    published_statements()
    round_ = make_round(cast)
    response = client_of("anna").post(page(round_, "voorbereiden/"), rules(**{field: value}))
    assert response.status_code == 422 and f'id="id_{field}"' in response.content.decode()
    assert not Survey.objects.exists()


def test_without_statements_or_twice_no_survey_is_set_up(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, anna = make_round(cast), client_of("anna")
    response = anna.post(page(round_, "voorbereiden/"), rules())
    assert response.status_code == 409 and "stellingen" in response.content.decode()
    published_statements()
    preparing.set_up(round_.pk, "staff", cast["anna"], **rules())
    with pytest.raises(SurveyRefused, match="al"):
        preparing.set_up(round_.pk, "staff", cast["anna"], **rules())


def test_what_is_ticked_needs_a_name_and_a_day_that_came(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    survey, anna = make_survey(round_, cast["anna"]), client_of("anna")
    for changes in ({"dpia_name": ""}, {"dpia_on": ""}, {"dpia_on": TODAY() + timedelta(days=1)}):
        assert anna.post(page(round_, "afstemming/"), settled(**changes)).status_code == 422
    assert survey.clearances.count() == 3
    without = {key: value for key, value in settled().items() if key != "dpia_done"}
    assert (
        anna.post(page(round_, "afstemming/"), without | {"privacy_notice_name": "Fatima"}).status_code == 302
    )
    found = dict(survey.clearances.values_list("kind", "name"))
    assert found == {"works_council": "Otto", "privacy_notice": "Fatima"}


def test_who_noted_it_stays_while_it_says_the_same(cast: dict[str, User]) -> None:
    survey = make_survey(make_round(cast), cast["anna"])
    kept = {one.kind: (one.name, one.on) for one in survey.clearances.all()}
    preparing.clear(survey, cast["bea"], kept | {"dpia": ("Fatima", TODAY())})
    noted = dict(survey.clearances.values_list("kind", "noted_by__name"))
    assert noted == {"works_council": "Anna", "dpia": "Bea", "privacy_notice": "Anna"}


def test_while_open_a_page_tells_the_whole_and_no_group(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    survey = make_open_survey(round_, cast["anna"])
    fill(survey, "Ruimte", 17)
    shown = client_of("anna").get(page(round_)).content.decode()
    told = re.sub(r"<[^>]+>", " ", shown)  # a token in a form may hold any figure
    assert "17 van 84 mensen" in told and told.count("17") == 1
    assert (
        "17 van 84 mensen, 20%" in client_of("greet").get(f"/rondes/{round_.pk}/peilingen/").content.decode()
    )


def test_of_an_open_survey_only_the_last_day_changes(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    survey, anna = make_open_survey(round_, cast["anna"]), client_of("anna")
    later = TODAY() + timedelta(days=40)
    assert (
        anna.post(page(round_, "voorbereiden/"), rules(closes_on=later, least_answers=9)).status_code == 302
    )
    survey.refresh_from_db()
    assert (survey.closes_on, survey.least_answers) == (later, 5)
    assert anna.post(page(round_, "voorbereiden/"), {"closes_on": "2020-01-01"}).status_code == 422
    for name, data in (("afstemming/", settled()), ("openen/", {})):
        assert anna.post(page(round_, name), data).status_code == 409
    for change in (preparing.change, preparing.open_survey):
        with pytest.raises(SurveyRefused):
            change(survey)


def test_closing_warns_when_it_is_early_or_few_answered(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    survey, anna = make_open_survey(round_, cast["anna"]), client_of("anna")
    shown = anna.get(page(round_, "sluiten/")).content.decode()
    assert "De laatste dag is" in shown and "minder dan 5 antwoorden" in shown
    fill(survey, "Ruimte", 20)
    assert "respons is laag" in anna.get(page(round_, "sluiten/")).content.decode()
    fill(survey, "Burgerzaken", 30)
    Survey.objects.update(closes_on=TODAY() - timedelta(days=1))
    shown = anna.get(page(round_, "sluiten/")).content.decode()
    assert "respons is laag" not in shown and "De laatste dag is" not in shown
    assert anna.post(page(round_, "sluiten/")).status_code == 302
    assert anna.post(page(round_, "sluiten/")).status_code == 409
    assert "50 van 84 mensen" in anna.get(page(round_)).content.decode()


def test_it_closes_by_itself_the_day_after_its_last_day(
    cast: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"])
    assert close_due(survey.closes_on) == 0
    assert close_due(survey.closes_on + timedelta(days=1)) == 1
    assert close_due(survey.closes_on + timedelta(days=1)) == 0
    other = make_open_survey(make_round(cast, year=2031), cast["anna"])
    Survey.objects.filter(pk=other.pk).update(closes_on=TODAY() - timedelta(days=1))
    monkeypatch.setattr(tasks, "plan", lambda after: None)  # its own next time needs the queue
    tasks.tend.call()
    assert Survey.objects.get(pk=other.pk).is_closed


def test_a_response_is_told_of_the_whole_and_stays_when_the_answers_go(cast: dict[str, User]) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"])
    fill(survey, "Ruimte", 33)
    assert responses([survey]) == {survey.pk: Response(33, 84)}
    close_due(survey.closes_on + timedelta(days=1))
    Box.objects.all().delete()
    assert responses([Survey.objects.get()]) == {survey.pk: Response(33, 84)}
    told = [(one.percentage, one.is_low) for one in (Response(33, 84), Response(1, 2), Response(0, 0))]
    assert told == [(39, True), (50, False), (0, False)]


def test_adopting_says_that_a_survey_is_open_and_may_go_on(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"])
    bring_to(round_, Status.VALIDATION, cast["anna"])
    adopt, anna = f"/rondes/{round_.pk}/status/adopted/", client_of("anna")
    survey = make_survey(round_, cast["anna"])
    assert "peiling is nog open" not in anna.get(adopt).content.decode()
    open_now(survey)
    assert "1 peiling is nog open" in anna.get(adopt).content.decode()
    anna.post(adopt)
    assert Assessment.objects.get(pk=round_.pk).status == Status.ADOPTED
    assert anna.get(page(round_)).status_code == 200
    assert anna.post(page(round_, "sluiten/")).status_code == 302


def test_once_adopted_nothing_is_set_up_or_opened(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    survey = make_survey(round_, cast["anna"])
    Assessment.objects.filter(pk=round_.pk).update(status=Status.ADOPTED)
    with pytest.raises(SurveyRefused, match="vastgesteld"):
        preparing.open_survey(survey)
    with pytest.raises(SurveyRefused, match="vastgesteld"):
        preparing.set_up(round_.pk, "council", cast["greet"], **rules())
    assert client_of("greet").get(page(round_, "voorbereiden/", "council")).status_code == 409


def test_statements_are_loaded_once_and_a_folder_without_any_is_refused(tmp_path: object) -> None:
    out = StringIO()
    for _ in range(2):
        call_command("load_statements", str(FOLDER.parent / "statements"), stdout=out)
    assert PublishedStatements.objects.count() == 2
    assert out.getvalue().count(": published\n") == 2 == out.getvalue().count("nothing changed")
    with pytest.raises(CommandError, match="no YAML"):
        call_command("load_statements", str(tmp_path))
    with pytest.raises(CommandError, match="faults"):
        call_command("load_statements", str(FOLDER))
