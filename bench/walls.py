"""What the second wall between organisations costs: row-level security, and what is sent along for it.

    python -m bench.walls

The same pages twice, in turns: by the owner of the tables with Django's own cursor, for whom no policy holds
and who sends nothing along; by the role of the web, as in production. CPU is of this process and PostgreSQL
together. There are fifty organisations, each with a round that is answered, so there is something to hide.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from functools import partial

from bench.cost import cpu_ms
from bench.server import Installation, installation

ORGANISATIONS, REQUESTS, ROUNDS = 50, 25, 5
ROLE = "portaal"
PAGES = (
    ("list of rounds", "anna@waterrijk.example", "/rondes/"),
    ("progress", "anna@waterrijk.example", "/rondes/{round}/voortgang/"),
    ("result", "anna@waterrijk.example", "/rondes/{round}/resultaat/"),
    ("theme page", "bram@waterrijk.example", "/rondes/{round}/vragen/{theme}/"),
)


def add_others() -> None:
    """More organisations, each with a copy of the running round of Waterrijk and its answers."""
    from assessments.models import Answer, Assessment
    from organisations.models import Organisation

    round_ = Assessment.objects.get(organisation__slug="waterrijk", status="open")
    answers = list(round_.answers.all())
    for number in range(ORGANISATIONS):
        other = Organisation.objects.create(name=f"Gemeente {number}", slug=f"gemeente-{number}")
        for member in round_.organisation.memberships.prefetch_related("roles")[:3]:
            if number % 10 == 0:  # some people are members of more than one
                other.admit(member.user, [held.role for held in member.roles.all()])
        copy = Assessment.objects.get(pk=round_.pk)
        copy.pk, copy.organisation = None, other
        copy.save()
        for answer in answers:
            answer.pk, answer.assessment = None, copy
        Answer.objects.bulk_create(answers)


def become(user: str, cursor: type) -> None:
    """From the next statement on this process is connected as this role, with cursors of this kind."""
    from django.db import connection
    from django.db.backends.postgresql.base import DatabaseWrapper

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's
    connection.settings_dict["USER"] = user
    connection.get_connection_params = lambda: {  # type: ignore[method-assign]
        **DatabaseWrapper.get_connection_params(connection),
        "cursor_factory": cursor,
    }


def cost(where: Installation, ask: Callable[[], object], times: int) -> float:
    """Milliseconds of CPU of one asking, of this process and of PostgreSQL."""
    ask()
    before, own = cpu_ms(where.database), time.process_time()
    for _ in range(times):
        ask()
    return (cpu_ms(where.database) - before + (time.process_time() - own) * 1000) / times


def statement() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def asked() -> list[tuple[str, Callable[[], object], int]]:
    from django.test import Client

    from assessments.models import Assessment
    from organisations.models import User
    from organisations.signing.proof import SECOND_FACTOR

    round_ = Assessment.objects.get(organisation__slug="waterrijk", status="open")
    given = round_.assignments.filter(user__email="bram@waterrijk.example").values_list("link", "theme")
    theme = "/".join(given[0])
    found: list[tuple[str, Callable[[], object], int]] = []
    for name, email, page in PAGES:
        client, user = Client(headers={"host": "localhost"}), User.objects.get(email=email)
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session[SECOND_FACTOR] = user.pk
        session.save()
        address = page.format(round=round_.pk, theme=theme)
        assert client.get(address).status_code == 200, address
        found.append((name, partial(client.get, address), REQUESTS))
    return [*found, ("SELECT 1", statement, 2000)]


def main() -> None:
    with installation() as where:
        where.environment |= {"DEMO": "1", "BEHIND_PROXY": "0"}
        where.manage("migrate")
        where.fill()
        from django.conf import settings
        from django.db import connection
        from django.db.backends.postgresql.base import Cursor as Plain

        from integrity_portal.postgresql.base import Cursor
        from integrity_portal.postgresql.roles import grants
        from organisations import walls

        settings.ALLOWED_HOSTS = ["*"]
        walls.lift_outside_requests()
        owner = str(connection.settings_dict["USER"])
        add_others()
        with connection.cursor() as cursor:
            for line in (f"CREATE ROLE {ROLE} LOGIN", *grants(ROLE), "ANALYZE"):
                cursor.execute(line)
        found: dict[tuple[str, str], list[float]] = {}
        pages = asked()
        for _ in range(ROUNDS):
            for who, user, kind in (("owner", owner, Plain), ("web", ROLE, Cursor)):
                become(user, kind)
                for name, ask, times in pages:
                    found.setdefault((name, who), []).append(cost(where, ask, times))
        print(f"ms of CPU, median of {ROUNDS} rounds (least to most), beside load {os.getloadavg()[0]:.1f}")
        for name, *_ in pages:
            owners, webs = found[name, "owner"], found[name, "web"]
            print(f"{name:<16} without {told(owners)}   with {told(webs)}")


def told(values: list[float]) -> str:
    return f"{statistics.median(values):7.2f} ({min(values):.2f} to {max(values):.2f})"


if __name__ == "__main__":
    main()
