"""What functionaries say and what people notice stand beside each other, and stay two things."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from organisations.models import User
from reports.beside import beside
from reports.outcome import HIDDEN
from surveys.models import Survey
from surveys.protection import Counts
from tests.accounts import questionnaire, report_with, told
from tests.cast import make_adopted, make_answers, make_round
from tests.surveys import make_open_survey, make_told

Browser = Callable[[str], Client]
HEAD = "Wat functionarissen zeggen en wat anderen merken"


def text(content: bytes) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", content.decode())).split())


def test_a_question_stands_beside_every_statement_that_names_it_once() -> None:
    account = report_with(told("staff", (60, 41)), told("council", (27, 19))).account
    found = [
        (one.question.id, noticed.row.id)
        for link in questionnaire().links
        for one in beside(link, account.questions, account.ladder, account.outcomes)
        for noticed in one.noticed
    ]
    named = [
        (question, statement.id)
        for outcome in account.outcomes
        for statement in outcome.statements.statements
        for question in statement.beside
    ]
    assert sorted(found) == sorted(named) and found


def test_a_hidden_statement_has_no_figure_here_either() -> None:
    few = told("staff", (60, 41), PA_S1=Counts((0, 0, 0, 3, 1)))
    account = report_with(few).account
    rows = [
        noticed.row
        for link in questionnaire().links
        for one in beside(link, account.questions, account.ladder, account.outcomes)
        for noticed in one.noticed
        if noticed.row.id == "PA-S1"
    ]
    assert rows and all(row.sentence.lower() == f"{HIDDEN}." for row in rows)


@pytest.mark.django_db
def test_the_page_of_a_link_tells_both_in_words(cast: dict[str, User], client_of: Browser) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"], level=3)
    survey = make_told(round_, cast["anna"], {"Zorg": (60, 41), "Groen": (50, 33)})
    page = text(client_of("vera").get(f"/rondes/{round_.pk}/resultaat/pro-actie/").content)
    statement = next(
        one for one in survey.content.statements if one.beside and one.beside[0].startswith("PA")
    )
    given = next(one for one in survey.results()["statements"] if one["id"] == statement.id)
    question = questionnaire().question(statement.beside[0])
    assert HEAD in page and "Wat medewerkers merken" in page
    assert (
        f"{question.title} 3 Gedaan. Niemand keek naar het bewijs. ‘{statement.text}’ {given['agree']}%"
        in page
    )


@pytest.mark.django_db
def test_nothing_stands_beside_it_while_a_survey_is_open_or_the_council_did_not_release_its_own(
    cast: dict[str, User], client_of: Browser
) -> None:
    round_ = make_round(cast)
    make_open_survey(round_, cast["anna"])
    council = make_told(round_, cast["greet"], {"Raad": (27, 19)}, audience="council")
    address = f"/rondes/{round_.pk}/resultaat/pro-actie/"
    assert HEAD not in text(client_of("anna").get(address).content)
    Survey.objects.filter(pk=council.pk).update(released_on=timezone.localdate())
    page = text(client_of("anna").get(address).content)
    assert HEAD in page and "Wat raadsleden merken" in page


@pytest.mark.django_db
def test_who_reads_an_adopted_result_reads_what_people_notice_too(
    cast: dict[str, User], client_of: Browser
) -> None:
    round_ = make_adopted(cast)
    make_told(round_, cast["anna"], {"Zorg": (60, 41), "Groen": (50, 33)})
    assert HEAD in text(client_of("bram").get(f"/rondes/{round_.pk}/resultaat/pro-actie/").content)


@pytest.mark.django_db
def test_the_result_leads_to_the_survey_for_who_may_read_it(
    cast: dict[str, User], client_of: Browser
) -> None:
    round_ = make_adopted(cast)
    make_told(round_, cast["anna"], {"Zorg": (60, 41), "Groen": (50, 33)})
    way = f"/rondes/{round_.pk}/peilingen/staff/uitkomst/"
    for name, there in [("anna", True), ("guus", True), ("bram", False)]:
        page = client_of(name).get(f"/rondes/{round_.pk}/resultaat/").content.decode()
        assert (way in page) is there
