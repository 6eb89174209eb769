"""Two municipalities whose numbers tell them apart; every number that a page hands out, to be sent back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, IntegerField, Model
from django.test import Client

from organisations.models import Organisation, User
from organisations.models.sign_on_people import SignOnDomain
from tests.cast import make_cast
from tests.restricted import as_owner
from tests.world import World, make_world

APPS = ("organisations", "assessments", "surveys", "reports", "retention")
STEP, HALF, LATER = 100_000, 50_000, 80_000  # what comes later is of whoever sends it
# A refused visit is told to whom the thing belongs, so the log may speak of the one to the other.
OF_THE_LOG = {"LogEntry", "LogHead"}


def models() -> list[type[Model]]:
    """Those with a number for a key; each has its own hundred thousand."""
    found = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return [model for model in found if isinstance(model._meta.pk, IntegerField)]


def number_from(offset: int) -> None:
    """The next row of each table gets the first number of its own hundred thousand, and this on top."""
    for place, model in enumerate(models(), 1):
        table, start = model._meta.db_table, place * STEP + offset
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, start])
            else:
                # Setting a sequence is for the owner of the tables alone.
                with as_owner():
                    cursor.execute(
                        "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                        [table, model._meta.pk.column, start],
                    )


class Both(NamedTuple):
    own: World
    cast: dict[str, User]
    other: World


def make_both(state: str) -> Both:
    """Waterrijk with all that addresses speak of, and another municipality with the same."""
    number_from(0)
    cast = make_cast()
    own = make_world(cast, state)
    called(lambda name: f"hier-{name}")  # out of the way: the other one is made with the same names
    number_from(HALF)
    other = make_world(make_cast(), state)
    called(lambda name: name if name.startswith("hier-") else f"elders-{name}")
    called(lambda name: name.removeprefix("hier-"))
    number_from(LATER)
    return Both(own, cast, other)


def called(change: Callable[[str], str]) -> None:
    """Every organisation and person gets another name for addresses and signing in."""
    for organisation in Organisation.objects.all():
        Organisation.objects.filter(pk=organisation.pk).update(slug=change(organisation.slug))
    for user in User.objects.all():
        User.objects.filter(pk=user.pk).update(email=change(user.email))
    for one in SignOnDomain.objects.all():
        SignOnDomain.objects.filter(pk=one.pk).update(domain=change(one.domain))


def is_other(number: int) -> bool:
    return number >= STEP and HALF <= number % STEP < LATER


def counterpart(number: int) -> int | None:
    """A row of the other municipality of the same kind, if any; None for what is no row of ours."""
    if number < STEP or is_other(number):
        return None
    place = number // STEP
    if place > len(models()):
        return None
    found = models()[place - 1]._default_manager.filter(pk__gte=place * STEP + HALF).order_by("pk")
    return found.values_list("pk", flat=True).first()


def crossings() -> set[tuple[str, Any, str]]:
    """Each reference from a row of the one municipality to a row of the other."""
    found = set()
    for model in models():
        if model.__name__ in OF_THE_LOG:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey) and field.related_model in models():
                pairs = model._default_manager.exclude(**{field.name: None}).values_list("pk", field.attname)
                found |= {
                    (model.__name__, one, field.name) for one, to in pairs if is_other(one) != is_other(to)
                }
    return found


def of_the_other() -> str:
    """A digest of all that the other municipality has."""
    rows = [
        repr(
            sorted(
                map(
                    str,
                    model._default_manager.filter(
                        pk__gte=place * STEP + HALF, pk__lt=place * STEP + LATER
                    ).values_list(),
                )
            )
        )
        for place, model in enumerate(models(), 1)
        if model.__name__ not in OF_THE_LOG
    ]
    return sha256("".join(rows).encode()).hexdigest()


class Form(NamedTuple):
    """A form of a page: where it is sent, what a browser would send, and all that could be chosen besides."""

    action: str
    sent: list[tuple[str, str]]
    offered: list[tuple[str, str]]


class Forms(HTMLParser):
    """All forms of a page that are sent by POST; what is empty is filled in."""

    FILLED = {"text": "Zo is het.", "email": "nieuw@elders.example", "number": "1", "date": "2026-12-01"}

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found = address, list[Form]()
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        name, value = had.get("name", ""), had.get("value", "")
        if tag == "form":
            self._form = Form(had.get("action") or self.address, [], [])
            if had.get("method", "").lower() == "post":
                self.found.append(self._form)
        elif tag == "select":
            self._select = name
        elif self._form is None:
            return
        elif tag == "option":
            self._offer(self._select, value, is_sent="selected" in had)
        elif tag == "textarea" and name:
            self._offer(name, "Zo is het.", is_sent=True)
        elif tag in ("input", "button") and name:
            kind = had.get("type", "text")
            chosen = kind not in ("checkbox", "radio", "submit") and tag == "input"
            self._offer(name, value or self.FILLED.get(kind, ""), is_sent=chosen or "checked" in had)

    def _offer(self, name: str, value: str, *, is_sent: bool) -> None:
        assert self._form is not None
        self._form.offered.append((name, value))
        if is_sent:
            self._form.sent.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None


def forms_of(client: Client, address: str) -> list[Form]:
    """The forms of a page, when there is one."""
    response = client.get(address)
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    reader = Forms(address)
    reader.feed(response.content.decode())
    return reader.found


def tampered(form: Form) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What can be sent with one number of the other municipality in place of one of ours, once a field."""
    seen = set()
    for name, value in form.offered:
        for text in (name, value):
            for number in {int(one) for one in re.findall(r"\d{6,8}", text)}:
                place, instead = re.sub(r"\d{6,8}", "N", name), counterpart(number)
                if instead is None or (place, text is name) in seen:
                    continue
                seen.add((place, text is name))
                changed = tuple(one.replace(str(number), str(instead)) for one in (name, value))
                rest = [pair for pair in form.sent if pair[0] != changed[0]]
                yield place, [*rest, (changed[0], changed[1])]
