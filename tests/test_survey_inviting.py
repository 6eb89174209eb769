"""Who is invited to a survey and reminded of it; the mails, and that nothing stays of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from organisations.letter import Kind
from organisations.models import Message, User
from surveys import letters, links
from surveys.models import Group, Invite, Survey, SurveyRefused
from surveys.models.inviting import (
    DAYS_BETWEEN,
    end_code,
    invite,
    make_codes,
    next_reminder,
    remind,
    take_back,
    token_of,
    unused,
)
from surveys.models.life import close, open_now
from tests.cast import make_round
from tests.surveys import cast_by, make_open_survey, make_survey

ClientOf = Callable[[str], Client]
PEOPLE = [f"mens.{number}@waterrijk.example" for number in range(6)]


@pytest.fixture(autouse=True)
def no_worker(settings: Settings) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}


@pytest.fixture
def survey(cast: dict[str, User]) -> Survey:
    return make_open_survey(make_round(cast), cast["anna"], {"Burgerzaken": 30, "Ruimte": 20})


def first(survey: Survey) -> Group:
    return survey.groups.get(name="Burgerzaken")


def days_ago(survey: Survey, days: int = DAYS_BETWEEN) -> Survey:
    """The same survey, opened and reminded of this many days earlier."""
    earlier = timedelta(days=days)
    fields = ("opened_on", "reminded_on", "reminded_again_on")
    moved = {name: getattr(survey, name) - earlier for name in fields if getattr(survey, name)}
    Survey.objects.filter(pk=survey.pk).update(**moved)
    return Survey.objects.get(pk=survey.pk)


def test_an_invitation_has_a_link_that_only_the_secret_gives_and_a_place_of_chance(survey: Survey) -> None:
    made = invite(survey, {first(survey).pk: PEOPLE})
    tokens = {token_of(one) for one in made}
    assert len(tokens) == len(PEOPLE) and {len(token) for token in tokens} == {43}
    assert all(token not in one.token_digest for one in made for token in tokens)
    again = [Invite.objects.with_token(token).get().email for token in sorted(tokens)]
    assert sorted(again) == sorted(PEOPLE)
    assert [one.place for one in made] != list(range(6))
    other = links.token("another secret", made[0].group_id, made[0].place, made[0].email)
    assert other not in tokens


def test_nobody_is_invited_twice_also_not_in_another_group(survey: Survey) -> None:
    invite(survey, {first(survey).pk: PEOPLE[:3]})
    other = survey.groups.get(name="Ruimte")
    new = invite(survey, {other.pk: PEOPLE, first(survey).pk: PEOPLE})
    assert {one.email for one in new} == set(PEOPLE[3:])
    assert Invite.objects.count() == len(PEOPLE)


def test_who_was_invited_beforehand_gets_the_mail_at_the_opening_and_can_be_taken_back_until_then(
    cast: dict[str, User],
) -> None:
    survey = make_survey(make_round(cast), cast["anna"], {"Burgerzaken": 30, "Ruimte": 20})
    letters.invite(survey, invite(survey, {first(survey).pk: PEOPLE[:2]}), cast["anna"])
    assert take_back(first(survey)) == 2
    letters.invite(survey, invite(survey, {first(survey).pk: PEOPLE}), cast["anna"])
    assert not Message.objects.exists()
    open_now(survey)
    letters.opened(survey, cast["anna"])
    Message.objects.send_due()
    assert sorted(one.to[0] for one in mail.outbox) == PEOPLE
    with pytest.raises(SurveyRefused):
        take_back(first(survey))


def test_the_mail_says_what_one_needs_in_two_languages(survey: Survey, cast: dict[str, User]) -> None:
    (one,) = invite(survey, {first(survey).pk: PEOPLE[:1]})
    letters.invite(survey, [one], cast["anna"])
    Message.objects.send_due()
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    html = str(sent.alternatives[0][0])
    for body in (str(sent.body), html):
        assert body.count(f"/peiling/{token_of(one)}/") == 2
        for said in ("anoniem", "anonymous", "10 minuten", "10 minutes", cast["anna"].email, "herinneringen"):
            assert said in body
        assert letters.MARK not in body and "Kies welke berichten" not in body and "{" not in body
    assert "Beste collega," in sent.body and "Je krijgt dit bericht omdat" in sent.body


def test_the_council_is_addressed_by_the_griffier(cast: dict[str, User]) -> None:
    survey = make_open_survey(make_round(cast), cast["greet"], {"Raad": 25}, audience="council")
    letters.invite(survey, invite(survey, {survey.groups.get().pk: PEOPLE[:1]}), cast["greet"])
    Message.objects.send_due()
    (sent,) = mail.outbox
    assert "Geacht raadslid," in sent.body and "griffie" in sent.body
    assert "council of" in sent.body and "in your work" not in sent.body
    assert not {"je", "jouw", "jij"} & set(str(sent.body).split("---- English")[0].lower().split())


def test_a_reminder_brings_the_same_link_to_who_did_not_use_it_and_changes_no_row_of_theirs(
    survey: Survey, cast: dict[str, User]
) -> None:
    made = invite(survey, {first(survey).pk: PEOPLE})
    letters.invite(survey, made, cast["anna"])
    Message.objects.send_due()
    mail.outbox.clear()
    cast_by(token_of(made[0]))
    before = list(Invite.objects.order_by("pk").values())
    survey = days_ago(survey)
    letters.remind(survey, remind(survey), cast["anna"])
    Message.objects.send_due()
    assert sorted(one.to[0] for one in mail.outbox) == PEOPLE[1:]
    assert all(one.subject.startswith("Herinnering: ") for one in mail.outbox)
    assert f"/peiling/{token_of(made[1])}/" in next(str(m.body) for m in mail.outbox if m.to == [PEOPLE[1]])
    assert list(Invite.objects.order_by("pk").values()) == before
    assert not Message.objects.exists()


def test_there_are_two_reminders_at_most_and_days_between(survey: Survey, cast: dict[str, User]) -> None:
    invite(survey, {first(survey).pk: PEOPLE})
    for _ in range(2):
        with pytest.raises(SurveyRefused):
            remind(survey)
        survey = days_ago(survey)
        assert next_reminder(survey) == timezone.localdate()
        assert len(remind(survey)) == len(PEOPLE)
    survey = days_ago(survey)
    assert next_reminder(survey) is None
    with pytest.raises(SurveyRefused):
        remind(survey)


def test_with_another_secret_nobody_is_sent_a_link_that_does_not_work(
    survey: Survey, cast: dict[str, User], settings: Settings
) -> None:
    made = invite(survey, {first(survey).pk: PEOPLE})
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    with pytest.raises(SurveyRefused, match="geheime sleutel"):
        letters.invite(survey, made, cast["anna"])
    settings.SECRET_KEY_FALLBACKS = [old]
    assert Invite.objects.with_token(token_of(made[0])).get() == made[0]


def test_what_could_not_be_sent_stays_until_the_survey_closes(survey: Survey, cast: dict[str, User]) -> None:
    letters.invite(survey, invite(survey, {first(survey).pk: PEOPLE}), cast["anna"])
    Message.objects.filter(to=PEOPLE[0]).update(gave_up_at=timezone.now())
    Message.objects.send_due()
    assert [one.to for one in Message.objects.all()] == [PEOPLE[0]]
    close(survey)
    assert not Message.objects.exists()


def test_what_still_stays_goes_after_a_month(survey: Survey, cast: dict[str, User]) -> None:
    letters.invite(survey, invite(survey, {first(survey).pk: PEOPLE[:2]}), cast["anna"])
    long_ago = timezone.now() - timedelta(days=31)
    Message.objects.filter(to=PEOPLE[0]).update(gave_up_at=long_ago, created_at=long_ago)
    Message.objects.forget()
    assert [one.to for one in Message.objects.all()] == [PEOPLE[1]]


def test_the_administrator_does_not_see_who_is_being_written_to(
    survey: Survey, cast: dict[str, User], client_of: ClientOf
) -> None:
    letters.invite(survey, invite(survey, {first(survey).pk: PEOPLE[:2]}), cast["anna"])
    Message.objects.filter(to=PEOPLE[0]).update(gave_up_at=timezone.now())
    page = client_of("bea").get("/organisaties/waterrijk/berichten/").content.decode()
    assert PEOPLE[0] in page and PEOPLE[1] not in page


def test_thousands_of_letters_are_posted_in_few_queries(survey: Survey, cast: dict[str, User]) -> None:
    people = [f"mens.{number}@waterrijk.example" for number in range(1200)]
    with CaptureQueriesContext(connection) as asked:
        made = invite(survey, {first(survey).pk: people})
    assert len(made) == 1200 and len(asked) <= 12
    with CaptureQueriesContext(connection) as asked:
        letters.invite(survey, made, cast["anna"])
    assert Message.objects.filter(kind=Kind.SURVEY).count() == 1200
    # SQLite takes some seventy rows in a statement, PostgreSQL five hundred.
    assert len(asked) <= 30


def test_a_code_is_made_and_ended_also_while_the_survey_is_open(survey: Survey) -> None:
    make_codes(survey)
    codes = set(survey.groups.values_list("code", flat=True))
    assert len(codes) == 2 and all(set(code or "") <= set(links.CODE_SIGNS) for code in codes)
    end_code(first(survey))
    assert first(survey).code is None and survey.groups.exclude(code=None).count() == 1
    make_codes(survey)
    assert first(survey).code not in codes
    assert len(unused(survey)) == 0
