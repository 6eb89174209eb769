"""Gathers what is kept of one person: what the lists tell, then what they did, then what the log says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from organisations.log.acts import Act, Result
from organisations.models import Invitation, LogEntry, Organisation, User
from organisations.roles import Role
from retention.people import keys
from retention.subject.contents import CONTENTS, LEFT_OUT, Content

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """Who is asked about: their account if there is one, and within which organisation if not all.

    `whole` is with what they answered and said: for nobody but themselves.
    """

    email: str
    user: User | None
    organisation: Organisation | None = None
    whole: bool = True

    @property
    def is_known(self) -> bool:
        """Whether anything is kept of them here."""
        return any(part["regels"] or part["verborgen"] for part in told(self)["delen"])


def told(person: Person) -> dict[str, Any]:
    """Everything, as plain data; some fifty queries."""
    parts = [part for part in _parts(person) if part["regels"] or part["verborgen"]]
    return {
        "soort": "integriteitsportaal-persoonsgegevens",
        "gemaakt op": _text(timezone.now()),
        "organisatie": str(person.organisation or "alle organisaties in dit portaal"),
        "persoon": _person(person),
        "delen": parts,
        "niet erin": [left._asdict() for left in LEFT_OUT],
    }


def _person(person: Person) -> Row:
    user = person.user
    if user is None:
        return {"e-mailadres": person.email}
    told = {"naam": user.name, "e-mailadres": user.email, "account sinds": _text(user.date_joined)}
    return told | {"laatst ingelogd": _text(user.last_login), "gast": _text(user.is_guest)}


def _parts(person: Person) -> Iterator[dict[str, Any]]:
    if person.user:
        for content in CONTENTS:
            yield _part(person, content)
        yield {"titel": "Wat u verder deed", "regels": list(_acts(person)), "verborgen": 0}
    yield {"titel": "Uitnodigingen", "regels": list(_invitations(person)), "verborgen": 0}
    yield {"titel": "Regels in het logboek", "regels": list(_log(person)), "verborgen": 0}


def _part(person: Person, content: Content) -> dict[str, Any]:
    model = apps.get_model(content.model)
    found = _of(person, model, content.person)
    if content.private and not person.whole:
        return {"titel": content.title, "regels": [], "verborgen": found.count()}
    lookups = list(content.columns.values())
    rows = [
        dict(zip(content.columns, map(_text, row), strict=True))
        for row in found.order_by("pk").values_list(*lookups)
    ]
    return {"titel": content.title, "regels": rows, "verborgen": 0}


def _of(person: Person, model: type[models.Model], path: str) -> models.QuerySet[Any]:
    """The rows of this person, within the organisation if that is asked; none of what belongs to none."""
    found = model._default_manager.filter(**{path: person.user})
    if person.organisation is None:
        return found
    way = way_to(model, Organisation)
    return found.filter(**{way: person.organisation.pk}) if way else found.none()


def way_to(model: type[models.Model], target: type[models.Model]) -> str:
    """The shortest look-up by keys from a row of one model to one of another; empty when there is none.

    Not through people: they are in more than one organisation.
    """
    waiting: list[tuple[type[models.Model], str]] = [(model, "")]
    seen: set[type[models.Model]] = {User}
    while waiting:
        here, path = waiting.pop(0)
        for field in here._meta.fields:
            related = field.related_model
            fixed = isinstance(field, models.ForeignKey) and isinstance(related, type)
            if not fixed or related is None or isinstance(related, str) or related in seen:
                continue
            way = f"{path}__{field.name}".strip("_")
            if related is target:
                return way
            seen.add(related)
            waiting.append((related, way))
    return ""


def _acts(person: Person) -> Iterator[Row]:
    """What bears the person's key in any other table: what it is, as what, and when."""
    known = {(content.model, content.person) for content in CONTENTS}
    for key in keys():
        model = key.model
        if (model._meta.label, key.name) in known:
            continue
        moment = next((field.name for field in model._meta.fields if isinstance(field, models.DateField)), "")
        way = way_to(model, Organisation)
        what = {"wat": str(model._meta.verbose_name), "als": key.words}
        columns = [f"{way}__name" if way else "pk", moment or "pk"]
        for where, when in _of(person, model, key.name).order_by("pk").values_list(*columns):
            yield {
                **what,
                "organisatie": _text(where) if way else "",
                "wanneer": _text(when) if moment else "",
            }


def _invitations(person: Person) -> Iterator[Row]:
    found = Invitation.objects.filter(email__iexact=person.email)
    if person.organisation:
        found = found.filter(organisation=person.organisation)
    for one in found.select_related("organisation").order_by("pk"):
        yield {
            **{"organisatie": str(one.organisation), "naam": one.name, "functie": one.job},
            "rollen": ", ".join(Role(role).label for role in one.roles),
            **{"op": _text(one.created_at), "aangenomen op": _text(one.accepted_at)},
        }


def _log(person: Person) -> Iterator[Row]:
    """What the person did, and what was done about their address."""
    mine = models.Q(what__icontains=person.email)
    if person.user:
        mine |= models.Q(who_id=person.user.pk)
    found = LogEntry.objects.filter(mine)
    if person.organisation:
        found = found.filter(organisation=person.organisation)
    # The database looks for the letters: joanna@… has those of anna@… in it.
    address = re.compile(rf"(?<![\w.+'-]){re.escape(person.email)}(?![\w-]|\.\w)", re.IGNORECASE)
    for one in found.select_related("organisation").order_by("at", "pk"):
        own = bool(person.user and one.who_id == person.user.pk)
        if not own and not address.search(one.what):
            continue
        yield {
            **{"wanneer": _text(one.at), "wat": Act(one.act).label, "waarop": one.what},
            **{"resultaat": Result(one.result).label, "vanaf": one.whence if own else ""},
            **{"door": "uzelf" if own else "iemand anders", "organisatie": str(one.organisation or "")},
        }


def _text(value: object) -> str:
    """A value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
