"""Many who look and write at once: every visit is in the log once, no two entries have one place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.core.management import call_command
from django.test import Client

from organisations.models import LogEntry, User
from tests.cast import make_cast, make_round
from tests.test_simultaneous import BACKEND, at_once, post

pytestmark = pytest.mark.django_db(transaction=True)
EACH, VISITS = 6, 4


def test_visits_wait_for_each_other_and_for_who_saves_and_none_fails() -> None:
    """On SQLite too, where a page that was only read now writes: nobody hears "database is locked"."""
    cast = make_cast()
    round_ = make_round(cast)

    def client_of(user: User) -> Client:
        client = Client(raise_request_exception=False)
        client.force_login(user, backend=BACKEND)
        return client

    def look(client: Client) -> list[int]:
        return [client.get(f"/rondes/{round_.pk}/voortgang/").status_code for _ in range(VISITS)]

    def save(client: Client) -> list[int]:
        return [post(client, round_, version, choice="2") for version in range(VISITS)]

    jobs: list[Callable[[], list[int]]] = [partial(look, client_of(cast["anna"])) for _ in range(EACH)]
    jobs += [partial(look, client_of(cast["vera"])) for _ in range(EACH)]
    jobs.append(partial(save, client_of(cast["bram"])))
    statuses = at_once(*jobs)
    assert statuses[:-1] == [[200] * VISITS] * (2 * EACH)
    assert 500 not in statuses[-1]
    assert LogEntry.objects.filter(act="view").count() == 2 * EACH * VISITS
    call_command("verify_log")
