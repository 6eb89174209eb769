"""Surveys for the tests: prepared, opened, answered and closed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from assessments.models import Assessment
from chain.documents import canonical_json
from chain.documents import digest as checksum
from chain.models import PublishedStatements
from chain.reading import read_statements
from organisations.models import Organisation, User
from surveys.answers import Entry
from surveys.models import Clearance, Group, Invite, Survey
from surveys.models.ballot import digest
from surveys.models.life import open_now
from surveys.protection import Counts, Tally, publish
from tests.accounts import made_up
from tests.cast import FOLDER

TEAMS = {"Burgerzaken": 30, "Financiën": 14, "Ruimte": 40}


def published_statements(audience: str = "staff") -> PublishedStatements:
    found, _ = PublishedStatements.objects.publish(
        read_statements(FOLDER.parent / "statements" / f"{audience}.yaml")
    )
    return found


def make_survey(
    round_: Assessment, by: User, teams: Mapping[str, int] | None = None, audience: str = "staff"
) -> Survey:
    """A survey of this round that can be opened: groups, and all clearances."""
    survey = Survey.objects.create(
        organisation=Organisation.objects.get(pk=round_.organisation_id),
        assessment=round_,
        audience=audience,
        statements=published_statements(audience),
        closes_on=timezone.localdate() + timedelta(days=14),
        least_population=10 if audience == "staff" else 9,
        created_by=by,
    )
    Group.objects.bulk_create(
        Group(survey=survey, slug=f"groep-{number}", name=name, population=population)
        for number, (name, population) in enumerate((teams or TEAMS).items(), 1)
    )
    Clearance.objects.bulk_create(
        Clearance(survey=survey, kind=kind, name="Otto", on=timezone.localdate(), noted_by=by)
        for kind in Clearance.Kind
    )
    return survey


def make_open_survey(
    round_: Assessment, by: User, teams: Mapping[str, int] | None = None, audience: str = "staff"
) -> Survey:
    survey = make_survey(round_, by, teams, audience)
    open_now(survey)
    return survey


def make_links(group: Group, number: int) -> list[str]:
    """Personal links for this many people of the group; their tokens."""
    tokens = [secrets.token_urlsafe(32) for _ in range(number)]
    places = secrets.SystemRandom().sample(range(number * 4), number)
    Invite.objects.bulk_create(
        Invite(
            group=group, email=f"{group.slug}.{at}@waterrijk.example", token_digest=digest(token), place=place
        )
        for at, (token, place) in enumerate(zip(tokens, places, strict=True))
    )
    return tokens


def cast_by(token: str, answers: Mapping[str, int] | None = None, **remarks: str) -> None:
    """Answers by a personal link as the page would."""
    Invite.objects.with_token(token).get().cast(Entry(answers or {"PA-S1": 4}, remarks))


def make_told(
    round_: Assessment,
    by: User,
    teams: Mapping[str, tuple[int, int]],
    audience: str = "staff",
    counts: Mapping[str, Counts] | None = None,
    joined: Mapping[str, str] | None = None,
) -> Survey:
    """A closed survey. Teams: population and answers; the share that agrees differs by statement and team.

    `counts` replaces what each team answered to these statements; `joined`: groups by the team they joined.
    """
    survey = make_survey(round_, by, {name: population for name, (population, _) in teams.items()}, audience)
    for name, team in (joined or {}).items():
        parent = survey.groups.get(name=team)
        Group.objects.create(survey=survey, slug=name.lower(), name=name, population=5, joined=parent)
    ids = survey.content.ids
    document = canonical_json(
        publish(
            ids,
            [
                Tally(
                    f"groep-{number}", population, ballots, made_up(ids, ballots, number) | dict(counts or {})
                )
                for number, (population, ballots) in enumerate(teams.values(), 1)
            ],
        )
    )
    survey.status, survey.document, survey.digest = Survey.Status.CLOSED, document, checksum(document)
    survey.opened_on = survey.closed_on = timezone.localdate()
    survey.save()
    return survey
