"""What the second wall between organisations costs: row-level security, and what is sent along for it.

    python -m bench.walls

The same requests in three ways, in turns. Without: by the owner of the tables with Django's own cursor, for
whom no policy holds and who sends nothing along. Sent: by that owner, but with the organisations sent along
with each statement. With: by the role of the web, as in production. CPU is of this process, which is the
portal, and of PostgreSQL, apart. There are fifty organisations, each with a round that is answered, so there
is something to hide. It tells the medians of all rounds, and of what the wall adds in one round; other work
on the machine makes all of it dearer, so take what was measured at little load.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from bench.cost import cpu_ms
from bench.saving import SAVED
from bench.server import Installation, installation
from bench.visitor import field

if TYPE_CHECKING:
    from django.test import Client

ORGANISATIONS, REQUESTS, ROUNDS = 50, 20, 9
ROLE = "portaal"
PAGES = (
    ("list of rounds", "anna@waterrijk.example", "/rondes/"),
    ("progress", "anna@waterrijk.example", "/rondes/{round}/voortgang/"),
    ("result", "anna@waterrijk.example", "/rondes/{round}/resultaat/"),
    ("theme page", "bram@waterrijk.example", "/rondes/{round}/vragen/{theme}/"),
)
COLUMNS = "{:<16}" + "{:>9} {:>7}" * 3 + "{:>9} {:>7}"
Cost = tuple[float, float]  # milliseconds of CPU of one request: of the portal, and of PostgreSQL


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


def cost(where: Installation, ask: Callable[[], object], times: int) -> Cost:
    for _ in range(3):
        ask()
    database, own = cpu_ms(where.database), time.process_time()
    for _ in range(times):
        ask()
    return (time.process_time() - own) * 1000 / times, (cpu_ms(where.database) - database) / times


def statement() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


class Saving:
    """Bram answers a question anew each time, as the page's script does it."""

    def __init__(self, client: Client, theme: str, question: str) -> None:
        page = client.get(theme).content.decode()
        self.client, self.url, self.question = client, f"{theme}{question}/", question
        self.questionnaire = field(page, "questionnaire")
        self.version, self.number = field(page, f"{question}-version"), 0

    def __call__(self) -> None:
        self.number += 1
        given = {"choice": "1", "explanation": f"Dit is keer {self.number}.", "version": self.version}
        fields = {f"{self.question}-{name}": value for name, value in given.items()}
        fields["questionnaire"] = self.questionnaire
        reply = self.client.post(self.url, fields, headers={"HX-Request": "true"}).content.decode()
        saved = SAVED.search(reply)
        if saved is None:
            raise RuntimeError(f"{self.question} was not saved: {reply}")
        self.version = saved[1]


def signed_in(email: str) -> Client:
    from django.test import Client

    from organisations.models import User
    from organisations.signing.proof import SECOND_FACTOR

    client, user = Client(headers={"host": "localhost"}), User.objects.get(email=email)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session[SECOND_FACTOR] = user.pk
    session.save()
    return client


def asked() -> list[tuple[str, Callable[[], object], int]]:
    """What is asked, each with its name and how often in a row."""
    from assessments.models import Assessment

    round_ = Assessment.objects.get(organisation__slug="waterrijk", status="open")
    given = round_.assignments.filter(user__email="bram@waterrijk.example").values_list("link", "theme")
    link, theme = given[0]
    found: list[tuple[str, Callable[[], object], int]] = []
    for name, email, page in PAGES:
        client = signed_in(email)
        address = page.format(round=round_.pk, theme=f"{link}/{theme}")
        assert client.get(address).status_code == 200, address
        found.append((name, partial(client.get, address), REQUESTS))
    question = round_.content.theme(link, theme).questions[0].id
    saving = Saving(signed_in("bram@waterrijk.example"), address, question)
    return [("save", saving, REQUESTS), *found, ("SELECT 1", statement, 3000)]


def measure(where: Installation) -> dict[str, dict[str, list[Cost]]]:
    """By request and way the costs, one a round."""
    from django.db import connection
    from django.db.backends.postgresql.base import Cursor as Plain

    from integrity_portal.postgresql.base import Cursor

    owner = str(connection.settings_dict["USER"])
    ways = [("without", owner, Plain), ("sent", owner, Cursor), ("with", ROLE, Cursor)]
    found: dict[str, dict[str, list[Cost]]] = {}
    pages = asked()
    for _ in range(ROUNDS):
        for name, ask, times in pages:
            for way, user, kind in ways:
                become(user, kind)
                found.setdefault(name, {}).setdefault(way, []).append(cost(where, ask, times))
            ways = [*ways[1:], ways[0]]  # none is always the first
    return found


def tell(found: dict[str, dict[str, list[Cost]]]) -> None:
    print(f"ms of CPU, median of {ROUNDS} rounds, beside load {os.getloadavg()[0]:.1f}")
    print(COLUMNS.format("", *("without", "of db", "sent", "of db", "with", "of db", "wall", "of db")))
    for name, ways in found.items():
        more = [
            (here[0] - there[0], here[1] - there[1])
            for here, there in zip(ways["with"], ways["without"], strict=True)
        ]
        costs = [ways["without"], ways["sent"], ways["with"], more]
        cells = [
            statistics.median(each)
            for kind in costs
            for each in ([a + b for a, b in kind], [b for _, b in kind])
        ]
        print(COLUMNS.format(name, *(f"{cell:.2f}" for cell in cells)))


def main() -> None:
    with installation() as where:
        where.environment |= {"DEMO": "1", "BEHIND_PROXY": "0"}
        where.manage("migrate")
        where.fill()
        from django.conf import settings
        from django.db import connection

        from integrity_portal.postgresql.roles import grants
        from organisations import walls

        settings.ALLOWED_HOSTS = ["*"]
        walls.lift_outside_requests()
        add_others()
        with connection.cursor() as cursor:
            for line in (f"CREATE ROLE {ROLE} LOGIN", *grants(ROLE), "ANALYZE"):
                cursor.execute(line)
        tell(measure(where))


if __name__ == "__main__":
    main()
