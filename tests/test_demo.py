"""The demo: two made-up municipalities in which a newcomer finds every page alive."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Model
from django.test import Client
from pytest_django import Settings

from assessments.answering.hand_in_views import Share
from assessments.asked import questions
from assessments.evidence.uploads import recognise
from assessments.models import (
    Adoption,
    Answer,
    AnswerRevision,
    Assessment,
    Assignment,
    Edition,
    Evidence,
    Remark,
    Sample,
    SentBack,
    StatusChange,
)
from assessments.models.remark import readers
from assessments.models.sample import checklist_of, drawable
from assessments.status import Status
from assessments.validating import sampling
from chain.documents import digest
from chain.scoring import parse, score
from integrity_portal import demo
from organisations.models import Membership, MembershipRole, Organisation, User
from organisations.roles import Role
from reports.models import ReportFile
from retention.models import Hold, Statement
from surveys.models import Survey
from surveys.models.life import objections

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]
COUNTED: list[type[Model]] = [
    Organisation,
    User,
    Membership,
    Assessment,
    Assignment,
    Answer,
    AnswerRevision,
    StatusChange,
    Adoption,
    Evidence,
    Remark,
    Survey,
    Sample,
    SentBack,
    MembershipRole,
    Hold,
    Statement,
]


@pytest.fixture(autouse=True)
def loaded(db: None, quick_pdf: None) -> None:
    call_command("load_demo", stdout=StringIO())


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in COUNTED}


def test_loading_again_changes_nothing() -> None:
    before = counts()
    User.objects.filter(email="bram@waterrijk.example").update(name="Bram is hernoemd")
    call_command("load_demo", stdout=StringIO())
    assert counts() == before
    assert User.objects.get(email="bram@waterrijk.example").name == "Bram is hernoemd"


@pytest.mark.parametrize("command", ["load_demo", "prepare_demo"])
def test_outside_the_demo_it_is_refused(command: str, settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo"):
        call_command(command)


def test_both_municipalities_have_somebody_for_every_role() -> None:
    assert Organisation.objects.count() == 2
    for organisation in Organisation.objects.all():
        held = organisation.memberships.values_list("roles__role", flat=True)
        assert set(held) == set(Role), organisation
    assert Organisation.objects.get(slug="waterrijk").inhabitants == 24000


def test_everyone_who_is_named_at_the_door_can_sign_in(settings: Settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = False  # as in the demo
    named = demo.accounts()
    assert {account.email for account in named} == set(
        User.objects.filter(is_guest=False).values_list("email", flat=True)
    )
    for account in named:
        client = Client()
        data = {"login": account.email, "password": demo.PASSWORD}
        assert client.post("/account/login/", data).headers.get("Location") == "/", account
        assert client.get("/").status_code == 200


def test_all_addresses_are_made_up() -> None:
    assert all(user.email.endswith(".example") for user in User.objects.all())


def round_of(slug: str, year: int, title: str = "Jaarronde") -> Assessment:
    return Assessment.objects.get(organisation__slug=slug, year=year, title=title)


def test_last_years_round_is_adopted_and_its_results_are_those_of_its_answers() -> None:
    round_ = round_of("waterrijk", 2025)
    adoption = round_.adoptions.get()
    document = adoption.frozen()
    assert round_.is_frozen and digest(adoption.document) == adoption.digest
    assert score(round_.content, parse(round_.content, document)).as_document() == document["results"]
    assert [link["status"] for link in document["results"]["links"]].count("no_score") == 0


def test_last_years_round_took_every_step_in_order() -> None:
    steps = list(round_of("waterrijk", 2025).history.all())
    assert [step.source for step in steps[1:]] == [step.target for step in steps[:-1]]
    assert sorted(step.at for step in steps) == [step.at for step in steps]
    assert round_of("waterrijk", 2025).adoptions.get().adopted_at == next(
        step.at for step in steps if step.target == Status.ADOPTED
    )


def test_last_years_report_was_offered_and_published_on_the_days_of_its_steps() -> None:
    edition = Edition.objects.get(adoption__assessment__year=2025)
    days = {one.target: one.at for one in edition.adoption.assessment.history.all()}
    assert (edition.made_at, edition.published_at) == (days["submitted"], days["published"])
    assert edition.frozen()["edition"]["date"] == days["submitted"].date().isoformat()
    assert edition.digest == digest(edition.document)


def test_the_report_of_last_year_tells_what_changed_and_what_became_of_promises() -> None:
    told = Edition.objects.get(adoption__assessment__year=2025).frozen()
    assert told["change"] and told["change"]["year"] == 2024
    moved = [one["change"] for one in told["change"]["links"] if one["change"]]
    assert min(moved) < 0 < max(moved)
    assert told["change"]["legal"]["newly_shown"] and told["change"]["legal"]["no_longer_shown"]
    assert {one["outcome"] for one in told["promises"]} == {"done", "moved", "dropped", "open"}
    assert {one["kind"] for one in told["promises"]} == {"action", "council"}


def test_this_years_round_is_open_and_half_filled_in() -> None:
    round_ = round_of("waterrijk", 2026)
    asked = len(round_.content.questions)
    answered = round_.answers.given().values("question").distinct().count()
    assert round_.status == Status.OPEN and asked * 0.25 < answered < asked * 0.75


def test_every_answer_is_one_that_its_question_allows_and_has_its_revision() -> None:
    for answer in Answer.objects.select_related("assessment"):
        question = answer.assessment.content.question(answer.question)
        assert answer.state != "not_occurred" or question.cases_only, answer
    assert AnswerRevision.objects.count() == Answer.objects.count()


def test_nobody_answers_what_they_were_not_asked() -> None:
    for round_ in Assessment.objects.all():
        asked = {
            (one.user_id, question.id)
            for one in round_.assignments.all()
            for question in questions(round_.content, [one.key])
        }
        assert set(round_.answers.values_list("contributor_id", "question")) <= asked, round_


def test_this_years_round_shows_who_handed_in_and_what_is_worth_a_second_look() -> None:
    round_ = round_of("waterrijk", 2026)
    done = round_.assignments.exclude(handed_in_at=None)
    assert {one.user.name for one in done} == {"Fatima Bensalah"}
    bram = Share(User.objects.get(email="bram@waterrijk.example"), round_)
    kinds = [finding.kind for finding, _ in bram.findings()]
    assert "contradiction" in kinds and "without_evidence" in kinds and "quick" not in kinds


def test_this_years_round_has_a_theme_by_question_and_one_in_turns() -> None:
    assignments = round_of("waterrijk", 2026).assignments
    assert assignments.exclude(question="").exists()
    assert {one.user.name for one in assignments.waiting()} == {"Bram Nijland", "Saskia Latuheru"}
    assert round_of("waterrijk", 2026).facts().questions_without_people == ()


def test_a_round_is_being_checked_with_a_sample_and_answers_that_were_sent_back() -> None:
    round_ = round_of("waterrijk", 2026, "Hermeting")
    checks, sample = checklist_of(round_), round_.samples.get()
    assert round_.status == Status.VALIDATION and 0 < checks.done < checks.total
    assert sample.questions == sampling.draw(drawable(round_), sample.seed, sample.size)
    assert (checks.sent_back, checks.came_back) == (1, 1)
    assert {one.contributor.name for one in round_.sent_back.open()} == {"Bram Nijland"}
    assert not {one.question for one in round_.sent_back.all()} & {
        one.question for one in round_.evidencedlevels.all()
    }


def test_preparing_asks_for_every_report_once() -> None:
    assert not ReportFile.objects.exists()
    for _ in range(2):
        call_command("prepare_demo", stdout=StringIO(), stderr=StringIO())
    assert {file.adoption_id for file in ReportFile.objects.all()} == {
        adoption.pk for adoption in Adoption.objects.all()
    }
    asked = [(file.adoption_id, file.variant) for file in ReportFile.objects.all()]
    assert len(set(asked)) == len(asked) > 0


def test_a_guest_gets_a_link_that_works() -> None:
    (message,) = [one for one in mail.outbox if one.to == ["lotte@vertrouwd.example"]]
    link = re.search(r"http://testserver(/gast/\S+/)", str(message.body))
    assert link and "Lotte Vermeer" in Client().get(link[1]).content.decode()
    assert "Er staan 3 vragen voor u klaar" in message.body


def test_evidence_is_what_it_says_and_of_who_was_asked() -> None:
    assert {one.assessment.year for one in Evidence.objects.all()} == {2025, 2026}
    for one in Evidence.objects.select_related("assessment"):
        content = one.assessment.content
        link, theme = content.link_of(one.question).slug, content.theme_of(one.question).slug
        assert one.assessment.assignments.filter(link=link, theme=theme, user=one.added_by).exists(), one
        assert one.dated <= one.added_at.date() and (not one.url or ".example/" in one.url), one
        if one.file:
            with one.file.open() as file:
                assert recognise(file.file, one.name).content_type == one.content_type, one
                assert sha256(file.read()).hexdigest() == one.sha256, one


def test_who_talks_about_a_question_reads_along_there() -> None:
    for remark in Remark.objects.all():
        round_, question = remark.thread.assessment, remark.thread.question
        along = set(readers(round_, question))
        assert remark.author in along and set(remark.mentioned.all()) <= along
    assert Remark.objects.exists()


def test_last_years_evidence_can_be_reused_this_year() -> None:
    assert Evidence.objects.reusable_in(round_of("waterrijk", 2026), "PA-02").exists()


def test_its_surveys_are_closed_released_and_open_with_believable_answers() -> None:
    found = {(one.assessment.year, one.audience): one for one in Survey.objects.select_related("assessment")}
    staff, council = found[2025, "staff"].results(), found[2025, "council"].results()
    assert (staff["population"], staff["ballots"], staff["hidden"]) == (210, 126, [])
    assert len(staff["groups"]) == 5 and not staff["low_response"]
    assert len({(one.get("agree"), one.get("unknown")) for one in staff["statements"]}) > 25
    assert council["ballots"] == 15 and found[2025, "council"].released_on
    assert found[2026, "staff"].is_open and objections(found[2026, "staff"]) == []
    assert found[2025, "staff"].remarks.count() == 7


def test_the_report_of_last_year_has_its_surveys() -> None:
    account = Adoption.objects.get(assessment__organisation__slug="waterrijk", assessment__year=2025)
    told = json.loads(account.document)["surveys"]
    assert [one["audience"] for one in told] == ["staff", "council"]
    assert told[0]["closed"] == "2025-04-05"


def test_preparing_names_the_accounts_and_the_password() -> None:
    out = StringIO()
    call_command("prepare_demo", stdout=out, stderr=StringIO())
    assert all(account.email in out.getvalue() for account in demo.accounts())
    assert demo.PASSWORD in out.getvalue()
