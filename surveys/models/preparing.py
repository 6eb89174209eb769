"""Setting a survey up: its period and rules, its groups, and what was settled with others.

All of it holds the round and then the survey until it is done; so nothing changes beside a survey that opens.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.text import slugify

from chain.models import PublishedStatements, load_statements
from organisations.models import User
from surveys import groups as pure
from surveys.groups import Row
from surveys.models import life
from surveys.models.rounds import lets_set_up, rounds
from surveys.models.survey import Clearance, Group, Survey, SurveyRefused

NO_STATEMENTS = (
    "De stellingen van deze peiling staan nog niet in het portaal. Vraag de beheerder van de installatie."
)
CHANGED = (
    "De groepen zijn intussen ergens anders veranderd. Open deze pagina opnieuw en pas uw wijziging dan toe."
)
COUNCIL_GROUP = "Raad"


def set_up(round_pk: int, audience: str, by: User, **fields: Any) -> Survey:
    """A new survey of this round with the newest statements. Raises `SurveyRefused`."""
    with transaction.atomic():
        round_ = _hold_round(round_pk)
        if Survey.objects.filter(assessment=round_pk, audience=audience).exists():
            raise SurveyRefused("Deze peiling is er al.")
        return Survey.objects.create(
            organisation_id=round_.organisation_id,
            assessment_id=round_pk,
            audience=audience,
            statements=_newest_statements(audience),
            created_by=by,
            **fields,
        )


def _newest_statements(audience: str) -> PublishedStatements:
    for one in PublishedStatements.objects.order_by("-published_at", "-version"):
        if load_statements(one.pk).audience == audience:
            return one
    raise SurveyRefused(NO_STATEMENTS)


def change(survey: Survey, **fields: Any) -> None:
    """Changes the period and the rules while it is prepared. Raises `SurveyRefused`."""
    with transaction.atomic():
        _hold(survey)
        Survey.objects.filter(pk=survey.pk).update(**fields)


def prolong(survey: Survey, last_day: date) -> None:
    """Another last day for a survey that is open, not before today. Raises `SurveyRefused`."""
    with transaction.atomic():
        held = Survey.objects.select_for_update().get(pk=survey.pk)
        if not held.is_open or last_day < timezone.localdate():
            raise SurveyRefused("Alleen een open peiling krijgt een andere laatste dag, vanaf vandaag.")
        Survey.objects.filter(pk=survey.pk).update(closes_on=last_day)


def open_survey(survey: Survey) -> None:
    """Opens it, while its round lets that happen. Raises `SurveyRefused`."""
    with transaction.atomic():
        _hold_round(survey.assessment_id)
        life.open_now(survey)


def rows(survey: Survey) -> list[Row]:
    """The groups as they are; one query."""
    found = list(survey.groups.order_by("name", "pk"))
    slugs = {one.pk: one.slug for one in found}
    return [
        Row(one.slug, one.name, one.population, one.slug, slugs[one.joined_id] if one.joined_id else "")
        for one in found
    ]


def mark(of: Sequence[Row]) -> str:
    """What tells whether the groups changed since they were shown."""
    return hashlib.sha256(repr(sorted(map(repr, of))).encode()).hexdigest()[:16]


def set_groups(survey: Survey, wanted: Sequence[Row], shown: str | None = None) -> None:
    """Makes the groups exactly these. Raises `SurveyRefused`, also when they are no longer those shown."""
    if faults := pure.faults(wanted):
        raise SurveyRefused(*itertools.chain.from_iterable(faults.values()))
    if len(wanted) > pure.MOST_GROUPS:
        raise SurveyRefused(f"Meer dan {pure.MOST_GROUPS} groepen kan niet.")
    with transaction.atomic():
        held = _hold(survey)
        if shown is not None and shown != mark(rows(held)):
            raise SurveyRefused(CHANGED)
        there = {one.slug: one for one in held.groups.all()}
        kept = {row.slug for row in wanted}
        held.groups.filter(slug__in=there.keys() - kept).delete()
        _make_names_free(held, wanted, there)
        made = {row.key: _written(held, row, there) for row in wanted}
        for row in wanted:
            held.groups.filter(pk=made[row.key].pk).update(joined=made.get(row.joined))


def _make_names_free(survey: Survey, wanted: Sequence[Row], there: Mapping[str, Group]) -> None:
    """Two groups may trade names; each name stands there once, also halfway."""
    renamed = [row.slug for row in wanted if row.slug in there and there[row.slug].name != row.name]
    survey.groups.filter(slug__in=renamed).update(name=Concat(Value("\x01"), "slug"))


def _written(survey: Survey, row: Row, there: dict[str, Group]) -> Group:
    group = there.get(row.slug)
    if group is None:
        group = Group(survey=survey, slug=_free_slug(row.name, there))
        there[group.slug] = group
    group.name, group.population = row.name, row.population
    group.save()
    return group


def _free_slug(name: str, taken: Mapping[str, Group]) -> str:
    first = slugify(name)[:40] or "groep"
    tries = itertools.chain([first], (f"{first}-{number}" for number in itertools.count(2)))
    return next(one for one in tries if one not in taken)


def set_council(survey: Survey, members: int) -> None:
    """The one group of a council's survey. Raises `SurveyRefused`."""
    slug = next(iter(survey.groups.values_list("slug", flat=True)), "")
    set_groups(survey, [Row("raad", COUNCIL_GROUP, members, slug)])


def clear(survey: Survey, by: User, settled: Mapping[str, tuple[str, date]]) -> None:
    """What was settled is exactly this: by kind the name and the day. Raises `SurveyRefused`."""
    with transaction.atomic():
        held = _hold(survey)
        held.clearances.exclude(kind__in=settled).delete()
        there = {one.kind: (one.name, one.on) for one in held.clearances.all()}
        for kind, (name, day) in settled.items():
            if there.get(kind) != (name, day):  # who noted it stays as long as it says the same
                Clearance.objects.update_or_create(
                    survey=held, kind=kind, defaults={"name": name, "on": day, "noted_by": by}
                )


def _hold_round(pk: int) -> Any:
    """The round, held until the transaction ends. Raises `SurveyRefused` when it takes no surveys now."""
    round_ = rounds().select_for_update().get(pk=pk)
    if not lets_set_up(round_):
        raise SurveyRefused(f"De ronde is {round_.get_status_display()}. U kunt de peiling alleen nog lezen.")
    return round_


def _hold(survey: Survey) -> Survey:
    """The survey in preparation, held with its round. Raises `SurveyRefused` once it opened."""
    _hold_round(survey.assessment_id)
    held = Survey.objects.select_for_update().get(pk=survey.pk)
    if held.status != Survey.Status.PREPARING:
        raise SurveyRefused(f"De peiling is {held.get_status_display()}. Dit ligt nu vast.")
    return held
