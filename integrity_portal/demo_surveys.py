"""The demo's surveys: made-up answers that look like people's, the same for everybody who loads the demo."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from assessments.models import Assessment
from chain.models import PublishedStatements, load_statements
from integrity_portal import demo
from organisations.models import User
from organisations.policy import May
from surveys.answers import UNKNOWN, Entry
from surveys.clearing import titles
from surveys.models import Box, Group, Survey
from surveys.models.life import close, open_now, release
from surveys.models.rounds import LEADERS

MIDDLE = 3.6  # of 1 to 5; people are somewhat milder than stern
SKIPPED = 0.02


def load_surveys(round_: Assessment) -> None:
    """The surveys that the file has for this round."""
    statements = {load_statements(one.pk).audience: one for one in PublishedStatements.objects.all()}
    of = (round_.organisation.slug, round_.year, round_.title)
    for data in demo.read("surveys"):
        if (data["organisation"], data["year"], data["title"]) == of:
            load_survey(round_, data, statements[data["audience"]])


def load_survey(round_: Assessment, data: dict[str, Any], statements: PublishedStatements) -> Survey:
    """One survey of the file as it would have been led: set up, settled, opened, answered, perhaps closed.

    Its round may be adopted long since; so it is written here, and not by way of `preparing`.
    """
    leader = _leader(round_, LEADERS[data["audience"]])
    survey = Survey.objects.create(
        organisation_id=round_.organisation_id,
        assessment=round_,
        audience=data["audience"],
        statements=statements,
        closes_on=timezone.localdate() + timedelta(days=data.get("days_left", 1)),
        least_population=data["least_population"],
        months_kept=data.get("months_kept", 6),
        created_by=leader,
    )
    _groups(survey, data["groups"])
    _settle(survey, data, leader)
    open_now(survey)
    _answers(survey, data)
    Survey.objects.filter(pk=survey.pk).update(opened_on=data["opened"])
    if "closed" in data:
        _close(survey, data)
    return survey


def _leader(round_: Assessment, act: May) -> User:
    return round_.organisation.who_may(act).order_by("pk").first() or round_.created_by


def _groups(survey: Survey, groups: list[dict[str, Any]]) -> None:
    """In the order of the file: a group stands behind the one that it counts with."""
    made: dict[str, Group] = {}
    for one in groups:
        said = {key: one[key] for key in ("slug", "name", "population", "code") if key in one}
        joined = made.get(one.get("joined", ""))
        made[one["slug"]] = Group.objects.create(survey=survey, joined=joined, **said)


def _settle(survey: Survey, data: dict[str, Any], leader: User) -> None:
    day: date = data["opened"] - timedelta(days=10)
    for kind in titles(survey.audience):
        survey.clearances.create(kind=kind, name=data["settled"][kind], on=day, noted_by=leader)


def _answers(survey: Survey, data: dict[str, Any]) -> None:
    """Per group as many people as the file says, each with a mind of their own and the group's mood."""
    chance = random.Random(data["seed"])
    content = survey.content
    # Per statement how it is liked, and how often people do not know.
    about = {id_: (chance.uniform(-1.3, 1.1), chance.choice((0.02, 0.05, 0.1, 0.3))) for id_ in content.ids}
    groups = {group.slug: group for group in survey.groups.all()}
    for one in data["groups"]:
        remarks = iter(one.get("remarks", ()))
        entries = [
            Entry(dict(_said(chance, about, one["mood"])), next(remarks, {})) for _ in range(one["answered"])
        ]
        Box.fill(groups[one["slug"]], entries)


def _said(
    chance: random.Random, about: dict[str, tuple[float, float]], mood: int
) -> Iterator[tuple[str, int]]:
    """One person's answers; some are left out."""
    mind = MIDDLE + mood / 3 + chance.gauss(0, 0.5)
    for id_, (liked, unknown) in about.items():
        draw = chance.random()
        if draw < unknown:
            yield id_, UNKNOWN
        elif draw < 1 - SKIPPED:
            yield id_, min(5, max(1, round(chance.gauss(mind + liked, 0.9))))


def _close(survey: Survey, data: dict[str, Any]) -> None:
    close(survey)
    if "released" in data:
        release(survey)
    days = {"closed_on": data["closed"], "closes_on": data["closed"] - timedelta(days=1)}
    if "released" in data:
        days["released_on"] = data["released"]
    Survey.objects.filter(pk=survey.pk).update(**days)
