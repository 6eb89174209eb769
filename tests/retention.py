"""A world in which periods are over: rounds that ended long ago, with something in every table of a round."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

from django.apps import apps
from django.db import models
from django.utils import timezone

from assessments.models import (
    Answer,
    AnswerRevision,
    Assessment,
    Meeting,
    Sample,
    StatusChange,
)
from assessments.models.judgement import AgreedLevel, EvidencedLevel, JudgementRevision
from assessments.models.remark import Remark, Thread
from assessments.models.sending_back import SentBack
from assessments.status import Status
from organisations.models import Organisation, User
from retention.due import due
from retention.kinds import Kind
from tests.cast import THEME, bring_to, make_answers, make_round
from tests.evidence import make_evidence
from tests.surveys import make_told
from tests.world import make_council, make_guest_of

QUESTION = "PA-01"


def waterrijk() -> Organisation:
    return Organisation.objects.get(slug="waterrijk")


def years_ago(number: float) -> date:
    return timezone.localdate() - timedelta(days=round(number * 365.25) + 1)


def end(round_: Assessment, status: Status, by: User, day: date) -> Assessment:
    """The round as if it ended on that day."""
    round_.status = status
    round_.save(update_fields=["status"])
    round_.history.filter(target=status).delete()
    moment = timezone.now() - (timezone.localdate() - day)
    StatusChange.objects.create(assessment=round_, source=status, target=status, by=by, at=moment)
    Assessment.objects.filter(pk=round_.pk).update(created_at=moment - timedelta(days=200))
    return Assessment.objects.get(pk=round_.pk)


def make_ended(
    cast: dict[str, User], years: float, status: Status = Status.ARCHIVED, year: int = 2019
) -> Assessment:
    """A round with something in every table, that ended so many years ago."""
    round_ = make_round(cast, Status.OPEN, year=year)
    make_answers(round_, cast["bram"])
    fill(round_, cast)
    if status == Status.ARCHIVED:
        bring_to(round_, Status.ARCHIVED, cast["anna"])
    make_council(round_, cast["greet"])
    round_.council_promises.update(outcome="done", settled_on=timezone.localdate())
    return end(round_, status, cast["anna"], years_ago(years))


def fill(round_: Assessment, cast: dict[str, User]) -> None:
    """What people said and did in a round, straight in the tables."""
    bram, anna, vera = cast["bram"], cast["anna"], cast["vera"]
    answer = Answer.objects.filter(assessment=round_).first()
    assert answer
    AnswerRevision.objects.create(answer=answer, actor=bram, version=1, saved_at=timezone.now(), level=2)
    thread = Thread.objects.create(assessment=round_, question=QUESTION)
    Remark.objects.create(thread=thread, author=bram, text="Kijk hier eens").mentioned.add(anna)
    SentBack.objects.create(assessment=round_, question=QUESTION, contributor=bram, text="Waarom?", by=vera)
    meeting = Meeting.objects.create(assessment=round_, link=THEME[0], chair=anna, ended_at=timezone.now())
    meeting.present.add(bram)
    judged = {"assessment": round_, "question": QUESTION, "level": 2}
    AgreedLevel.objects.create(by=anna, reason="samen", **judged)
    EvidencedLevel.objects.create(by=vera, **judged)
    JudgementRevision.objects.create(kind="agreed", words="samen", by=anna, **judged)
    Sample.objects.create(
        assessment=round_, seed=secrets.token_hex(8), size=1, questions=[QUESTION], drawn_by=vera
    )
    make_evidence(round_, bram)
    make_guest_of(round_, secrets.token_urlsafe())
    make_told(round_, anna, {"Burgerzaken": (30, 20)})


def kinds_due(day: date | None = None) -> dict[Kind, list[str]]:
    """What is due in Waterrijk, and not held."""
    found: dict[Kind, list[str]] = {}
    for one in due(waterrijk(), day or timezone.localdate()):
        if not one.reasons:
            found.setdefault(one.kind, []).append(one.what)
    return found


def paths_to(target: type[models.Model]) -> dict[type[models.Model], list[str]]:
    """Every model whose rows hang on a row of this one through keys, with one of the ways there."""
    found: dict[type[models.Model], list[str]] = {}
    waiting: list[tuple[type[models.Model], list[str]]] = [(target, [])]
    while waiting:
        model, path = waiting.pop(0)
        for other in apps.get_models(include_auto_created=True):
            for field in other._meta.get_fields():
                fixed = isinstance(field, models.ForeignKey) and not field.null
                if fixed and field.related_model is model and other not in found:
                    found[other] = [field.name, *path]
                    waiting.append((other, found[other]))
    return found
