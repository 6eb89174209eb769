"""Removes an organisation with all that is of it, and states what that was."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from integrity_portal.leaving.tables import LEFT, NAMED, TABLES, Table
from organisations import walls
from organisations.log.acts import Act
from organisations.models import Departure, Logo, Organisation, User
from organisations.models.log import end_chain, write
from retention.files import remove_file
from retention.models import Hold

LOG = "organisations.LogEntry"
# What is of one person and goes with them, whoever else knows them.
PERSONAL = ("account", "admin", "mfa", "socialaccount", "usersessions")
OWN = (
    "organisations.FailedSignIn",
    "organisations.Muted",
    "organisations.User_groups",
    "organisations.User_user_permissions",
)
logger = logging.getLogger(__name__)


class RemovalRefused(Exception):
    """Not all of it may go now; the message says why, in Dutch."""


@walls.everywhere()
def remove_due(today: date) -> int:
    """Removes the organisations of which the day came; how many. What is held stays, and waits.

    What cannot be removed stays, whole, with why in the process's own log; the others go.
    """
    due = Departure.objects.filter(gone_at=None, goes_on__lte=today)
    return sum(_removed(one, today) for one in due)


def _removed(departure: Departure, today: date) -> bool:
    try:
        remove(departure, today)
    except RemovalRefused:
        return False
    except Exception:
        logger.exception("An organisation could not be removed: departure %s", departure.pk)
        return False
    return True


def objections(organisation: Organisation) -> list[str]:
    """Why the organisation may not go now, in Dutch; empty when it may. One query."""
    held = Hold.objects.in_force().filter(organisation=organisation).exists()
    return ["Er wordt iets bewaard wegens een procedure. Hef dat eerst op."] if held else []


@walls.everywhere()
def remove(departure: Departure, day: date | None = None) -> None:
    """Removes it all: rows, files, log, and the people whom nobody else knows.

    Raises RemovalRefused, also when a day is given and it is not due on that day, or not any more: who
    calls it off or places a hold waits for this, and this for them.
    """
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(departures=departure)
        if day and not Departure.objects.filter(pk=departure.pk, goes_on__lte=day).exists():
            raise RemovalRefused("Het vertrek is intussen ingetrokken.")
        if found := objections(organisation):
            raise RemovalRefused("\n".join(found))
        _Removal(departure, organisation).run()
    departure.throw_away()


class _Removal:
    """One removal, in one transaction. The order is that of deferred keys: any, as long as all is gone."""

    def __init__(self, departure: Departure, organisation: Organisation) -> None:
        self.departure, self.key = departure, organisation.pk
        self.name = organisation.name

    def run(self) -> None:
        # First those that are found through others.
        own = [one for one in (*TABLES, *LEFT) if one.belongs not in (NAMED, "pk") and one.model != LOG]
        steps = sorted(own, key=lambda table: -table.belongs.count("__"))
        people, logos = set(self._people()), set(self._mine("organisations.HouseStyle", "logo_id"))
        Departure.objects.filter(organisation=self.key).update(organisation=None)
        counts: dict[str, int] = {}
        for table in steps:
            if table.model == "organisations.Muted":
                continue  # of a person, who may be elsewhere too
            title = str(apps.get_model(table.model)._meta.verbose_name_plural)
            counts[title] = counts.get(title, 0) + self._delete(table)
        Organisation.objects.filter(pk=self.key)._raw_delete(connection.alias)
        head = end_chain(self.key)
        counts["regels van het logboek"] = head.number if head else 0
        counts["mensen"] = _forget(people)
        Logo.objects.filter(pk__in=logos, styles=None).delete()
        self._state(counts)

    def _mine(self, model: str, *columns: str) -> Iterator[Any]:
        table = next(one for one in TABLES if one.model == model)
        rows = apps.get_model(model)._base_manager.filter(**{table.belongs: self.key})
        yield from rows.values_list(*columns, flat=True)

    def _people(self) -> Iterator[int]:
        """Everybody whom a row of the organisation names."""
        for table in (one for one in TABLES if one.belongs != NAMED):
            for column in apps.get_model(table.model)._meta.concrete_fields:
                if isinstance(column, models.ForeignKey) and column.related_model is User:
                    yield from filter(None, self._mine(table.model, column.attname))

    def _delete(self, table: Table) -> int:
        model = apps.get_model(table.model)
        rows = model._base_manager.filter(**{table.belongs: self.key})
        for column in model._meta.concrete_fields:
            if isinstance(column, models.FileField):
                for name in rows.exclude(**{column.name: ""}).values_list(column.name, flat=True):
                    remove_file(column.storage, name)
        return rows._raw_delete(connection.alias) or 0

    def _state(self, counts: dict[str, int]) -> None:
        self.departure.organisation = None
        self.departure.gone_at, self.departure.goes_on = timezone.now(), None
        self.departure.counts = {title: number for title, number in counts.items() if number}
        self.departure.save()
        told = {"archief": self.departure.digest, **self.departure.counts}
        write(Act.DELETE, f"organisatie vertrokken: {self.name}", who="", detail=told)


def _forget(people: set[int]) -> int:
    """Removes those whom nothing names any more, with what is theirs alone; how many. A query a column."""
    named_by = [
        (model, column.name)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label not in PERSONAL and model._meta.label not in OWN
        for column in model._meta.concrete_fields
        if column.related_model is User
    ]
    for model, name in named_by:
        rows = model._base_manager.filter(**{f"{name}__in": people})
        people = people - set(rows.values_list(name, flat=True))
    users = User.objects.filter(pk__in=people, is_staff=False, is_superuser=False)
    count = users.count()
    users.delete()
    return count
