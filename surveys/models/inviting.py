"""Who gets a personal link or a code, and when all unused links are mailed once more.

A row of an invitation is written once and never again; so what is not in it, such as when somebody was
reminded, cannot be read from it either.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from organisations.log.acts import Act
from organisations.models.log import write
from surveys import bits, links
from surveys.models.ballot import Invite, digest
from surveys.models.survey import Group, Survey, SurveyRefused

MOST_REMINDERS = 2
DAYS_BETWEEN = 4  # from the opening to the first reminder, and from that to the second
MOST_INVITES = 20_000  # in one survey


def occasions(survey: Survey) -> str:
    """How the keys of all mail about the survey begin."""
    return f"survey/{survey.pk}/"


def invite(survey: Survey, addresses: Mapping[int, Sequence[str]]) -> list[Invite]:
    """Invites these addresses, by the pk of their group; those that were not invited before, in any group.

    Four queries and one a group. Raises `SurveyRefused` when it closed, or would be more than `MOST_INVITES`.
    """
    with transaction.atomic():
        held = _hold(survey)
        there = Invite.objects.filter(group__survey=held)
        known = set(there.values_list("email", flat=True))
        taken: dict[int, set[int]] = {group.pk: set() for group in held.groups.all()}
        for group, place in there.values_list("group", "place"):
            taken[group].add(place)
        new = []
        for group, given in addresses.items():
            emails = [email for email in dict.fromkeys(given) if email not in known]
            known.update(emails)
            new += _drawn(group, emails, taken[group])
        if len(known) > MOST_INVITES:
            raise SurveyRefused(f"Meer dan {MOST_INVITES} adressen in één peiling kan niet.")
        return Invite.objects.bulk_create(new, batch_size=500)


def _drawn(group: int, emails: Sequence[str], taken: set[int]) -> list[Invite]:
    """Invitations with a place each that chance gives, so that its number tells nothing."""
    free = [place for place in range(2 * (len(emails) + len(taken)) + 64) if place not in taken]
    places = secrets.SystemRandom().sample(free, len(emails))
    return [
        Invite(group_id=group, email=email, place=place, token_digest=digest(_tokens(group, place, email)[0]))
        for email, place in zip(emails, places, strict=True)
    ]


def _tokens(group: int, place: int, email: str) -> list[str]:
    """By the portal's secret, and by earlier ones that are still valid."""
    every = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [links.token(str(secret), group, place, email) for secret in every]


def token_of(invite: Invite) -> str:
    """The token in its link. Raises `SurveyRefused` when the portal's secret is another one now."""
    for token in _tokens(invite.group_id, invite.place, invite.email):
        if digest(token) == invite.token_digest:
            return token
    raise SurveyRefused(
        "De geheime sleutel van het portaal is veranderd. De links werken nog, maar het portaal kan ze niet "
        "nog een keer sturen. Vraag de beheerder de oude sleutel in SECRET_KEY_FALLBACKS te zetten."
    )


def take_back(group: Group) -> int:
    """Removes the addresses of a group while nothing was mailed yet; how many. Raises `SurveyRefused`."""
    with transaction.atomic():
        if _hold(group.survey).status != Survey.Status.PREPARING:
            raise SurveyRefused("De peiling is open: de links zijn al verstuurd.")
        removed, _ = Invite.objects.filter(group=group).delete()
        words = f"e-mailadressen voor een peiling van {group.name}, {group.survey.assessment}"
        write(Act.DELETE, words, organisation=group.survey.organisation_id)
        return removed


def unused(survey: Survey) -> list[Invite]:
    """The invitations whose link was not used, of all groups together; two queries."""
    used = {group.pk: bytes(group.used) for group in survey.groups.all()}
    every = Invite.objects.filter(group__survey=survey).order_by("pk")
    return [one for one in every if not bits.is_set(used[one.group_id], one.place)]


def reminders(survey: Survey) -> list[date]:
    return [day for day in (survey.reminded_on, survey.reminded_again_on) if day]


def next_reminder(survey: Survey) -> date | None:
    """The first day on which everybody may be reminded; none while it is not open, or when that was all."""
    sent = reminders(survey)
    if not survey.is_open or survey.opened_on is None or len(sent) >= MOST_REMINDERS:
        return None
    return max([survey.opened_on, *sent]) + timedelta(days=DAYS_BETWEEN)


def may_remind(survey: Survey) -> bool:
    """Whether everybody may be reminded today."""
    day, today = next_reminder(survey), timezone.localdate()
    return day is not None and day <= today <= survey.closes_on


def remind(survey: Survey) -> list[Invite]:
    """Notes a reminder on the survey; whom it is for. To be mailed in the same transaction.

    Raises `SurveyRefused` when it is not open, when it is too early, and after `MOST_REMINDERS`.
    """
    with transaction.atomic():
        held = _hold(survey)
        if not may_remind(held):
            raise SurveyRefused("Nu kan er geen herinnering uit.")
        field = "reminded_again_on" if held.reminded_on else "reminded_on"
        setattr(survey, field, timezone.localdate())
        survey.save(update_fields=[field])
        return unused(held)


def make_codes(survey: Survey, only: Group | None = None) -> None:
    """Gives each group that has none a code, or only this one. Raises `SurveyRefused` when it is closed."""
    with transaction.atomic():
        groups = _hold(survey).groups.filter(code=None)
        for group in groups.filter(pk=only.pk) if only else groups:
            Group.objects.filter(pk=group.pk).update(code=links.fresh_code())


def end_code(group: Group) -> None:
    """From now on nobody can answer by the group's code. Raises `SurveyRefused` when the survey is closed."""
    with transaction.atomic():
        _hold(group.survey)
        Group.objects.filter(pk=group.pk).update(code=None)


def _hold(survey: Survey) -> Survey:
    """The survey as it is now, held until the transaction ends. Raises `SurveyRefused` when it is closed."""
    held = Survey.objects.select_for_update().get(pk=survey.pk)
    if held.is_closed:
        raise SurveyRefused("De peiling is gesloten.")
    return held
