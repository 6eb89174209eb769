"""How many statements a page asks of the database: exactly these, with one round and with fifty.

All statements count, sessions and permissions included. BEGIN and COMMIT, which Django sends around a write,
are counted apart: one pair a save. The dashboard has its count in test_dashboard.py.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment, Meeting, SentBack, Thread
from assessments.status import Status
from organisations.models import Membership, Organisation, User
from surveys.models import Remark, Survey
from tests.actions import make_action
from tests.cast import THEME, make_adopted, make_answers, make_cast, make_round, say
from tests.pages import answer_url, fields, theme_url
from tests.surveys import make_survey, make_told
from tests.world import make_council

pytestmark = pytest.mark.usefixtures("quick_pdf")
ClientOf = Callable[[str], Client]
QUESTION = "PA-01"
THEME_PAGE = "/rondes/{round}/vragen/" + "/".join(THEME) + "/"
SURVEYS = "/rondes/{round}/peilingen/"
REPLY_PAGE = THEME_PAGE.replace("round", "closed") + "PA-01/teruggegeven/"
# Who opens what, and what it costs; session, user, memberships and roles are four of each;
# a visit that the log tells of costs four more: whose it is, where its chain stands, the entry, the stand.
PAGES = """
anna    9  /
bram    9  /
vera   17  /
greet   8  /
anna    9  /rondes/
bram    9  /rondes/
anna    7  /rondes/nieuw/
anna   11  /rondes/{round}/
vera   11  /rondes/{round}/
anna   13  /rondes/{round}/voortgang/
anna    9  /rondes/{round}/verdeling/
anna    9  /rondes/{round}/verdeling/pro-actie/richting-en-voorbeeld/
anna    8  /rondes/{round}/verdeling/pro-actie/richting-en-voorbeeld/beurt/
anna    7  /rondes/{round}/wijzigen/
anna   15  /rondes/{round}/status/closed/
anna   11  /rondes/{round}/jaarcijfers/
anna    7  /rondes/{round}/kwetsbaarheden/
bram    7  /rondes/{round}/vragen/
bram    8  /rondes/{round}/inleveren/
bram    8  THEME
bram    8  THEMEoverdragen/
bram    6  THEMEPA-01/
bram    6  THEMEPA-01/verloop/
bram   14  THEMEPA-01/bewijs/
bram   16  THEMEPA-01/gesprek/
vera   15  THEMEPA-01/gesprek/
bram   14  /rondes/{round}/gesprekken/
vera   13  /rondes/{round}/gesprekken/
bram    6  /rondes/{round}/werkblad/
bram    8  /rondes/{round}/werkblad/vragen.xlsx
bram    8  /rondes/{round}/werkblad/vragen.pdf
anna    7  /rondes/{closed}/peilingen/staff/uitkomst/
guus    6  /rondes/{closed}/peilingen/staff/uitkomst/groep-1/
vera    8  /rondes/{closed}/peilingen/staff/uitkomst/uitkomst.csv
anna    7  /rondes/{closed}/peilingen/staff/uitkomst/uitkomst.json
vera   18  /rondes/{closed}/
vera   14  /rondes/{closed}/steekproef/
bram    7  REPLY
anna    7  /rondes/{round}/verbeterplan/
guus    7  /rondes/{adopted}/verbeterplan/
vera    7  /rondes/{round}/verbeterplan/nieuw/
anna   10  /rondes/{closed}/verbeterplan/nieuw/?question=PA-01
guus    8  /rondes/{adopted}/verbeterplan/nieuw/?link=nazorg
anna    9  /rondes/{round}/verbeterplan/{action}/
anna    8  /rondes/{round}/verbeterplan/{action}/wijzigen/
anna    7  /rondes/{round}/verbeterplan/{action}/stap/dropped/
vera   18  /rondes/{closed}/bewijs/
vera   26  /rondes/{closed}/bewijs/PA-01/
vera   11  /rondes/{closed}/bewijs/PA-01/verloop/
anna   16  /rondes/{closed}/peilingen/staff/opmerkingen/
anna   11  /rondes/{closed}/peilingen/staff/vernietiging/
anna   11  /rondes/{closed}/overleg/
anna   18  /rondes/{closed}/overleg/pro-actie/
anna   18  /rondes/{closed}/overleg/pro-actie/PA-01/
vera   14  /rondes/{closed}/overleg/pro-actie/verslag/
vera   15  /rondes/{closed}/overleg/pro-actie/verslag/?gesprekken=1
bram   14  /rondes/{closed}/overleg/pro-actie/verslag/
bea    13  /leden/
anna   12  /leden/
bea    10  /leden/{member}/
bea     5  /leden/{member}/rollen/contributor/
bea     6  /leden/{vera}/rollen/validator/vervanging/
vera   14  /organisaties/waterrijk/rechten/
bea    11  /organisaties/waterrijk/rechten/herziening/
bea    11  /organisaties/waterrijk/logboek/
bea     7  /organisaties/waterrijk/logboek.csv
bea     6  /organisaties/waterrijk/inloggen/saml/
bea    10  /organisaties/waterrijk/vertrek/
bea     6  /organisaties/waterrijk/inzage/
bram    4  /account/gegevens/
bea     8  /organisaties/waterrijk/bewaren/
bea     6  /organisaties/waterrijk/bewaren/termijnen/
bea    21  /organisaties/waterrijk/bewaren/proef/
bea     6  /organisaties/waterrijk/bewaren/procedure/
bea     6  /organisaties/waterrijk/bewaren/verklaringen/
anna   26  /rondes/{closed}/oplegger/voorbeeld/
anna   11  /rondes/{offered}/oplegger/voorbeeld/
greet   6  /verslagen/
greet  11  /griffie/
greet  13  /griffie/{offered}/
greet  19  /rondes/{offered}/controle/
anna   10  SURVEYS
greet  10  SURVEYS
anna   15  SURVEYSstaff/
anna    8  SURVEYSstaff/groepen/
anna   12  SURVEYSstaff/openen/
anna   11  SURVEYSstaff/uitnodigen/
anna   13  SURVEYSstaff/posters/
"""
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")


def many(cast: dict[str, User]) -> None:
    """Fifty more rounds in both municipalities, with answers, and forty more people."""
    for year in range(2000, 2025):
        round_ = make_round(cast, Status.OPEN, year=year, people=("bram", "fatima"))
        say(round_, cast["bram"], QUESTION, level=2)
        other = make_round(cast, Status.OPEN, year=year, organisation="hoogezand", leader="chris")
        say(other, cast["bram"], QUESTION, level=2)
    make_adopted(cast, year=1999)
    for year in range(1960, 1985):
        offered = make_round(cast, Status.DRAFT, year=year, people=())
        make_council(offered, cast["greet"])
        Assessment.objects.filter(pk=offered.pk).update(status=Status.SUBMITTED)
    planned = Assessment.objects.get(actions__isnull=False)
    for number in range(20):
        make_action(planned, cast["anna"], what=f"Actie {number}", responsible=cast["bram"])
    Remark.objects.bulk_create(
        Remark(survey=Survey.objects.get(status="closed"), link="nazorg", text="Ja.") for _ in range(50)
    )
    organisation = Organisation.objects.get(slug="waterrijk")
    for number in range(40):
        user = User.objects.create_user(f"lid{number}@waterrijk.example", name=f"Lid {number}")
        organisation.admit(user, ["contributor"])


def some(cast: dict[str, User]) -> dict[str, int]:
    """A round that runs, one that is closed, one that is adopted, and a member."""
    closed = make_round(cast, Status.OPEN, title="Hermeting")
    make_answers(closed, cast["bram"])
    Assessment.objects.filter(pk=closed.pk).update(status=Status.VALIDATION)
    SentBack.send(closed, QUESTION, cast["bram"], "Waar blijkt dit uit?", cast["vera"])
    make_answers(closed, cast["fatima"], 4, [QUESTION])
    Meeting.begin(closed, THEME[0], [cast["bram"]], chair=cast["anna"]).end("")
    adopted = make_adopted(cast, year=2025)
    offered = make_adopted(cast, Status.SUBMITTED, year=2024, title="Offered")
    make_council(offered, cast["greet"])
    running = make_round(cast)
    action = make_action(running, cast["anna"], responsible=cast["bram"])
    say(running, cast["bram"], QUESTION, level=2)
    Thread.say(running, QUESTION, cast["bram"], "Kijkt u mee?", [cast["anna"]])
    make_survey(running, cast["anna"])
    teams = {"Burgerzaken": (30, 20), "Ruimte": (40, 25)}
    with_remarks(make_told(closed, cast["anna"], teams), 2)
    member = Membership.objects.get(user=cast["fatima"])
    rounds = {"round": running.pk, "closed": closed.pk, "adopted": adopted.pk, "offered": offered.pk}
    return {
        **rounds,
        "member": member.pk,
        "vera": Membership.objects.get(user=cast["vera"]).pk,
        "action": action.pk,
    }


def with_remarks(survey: Survey, number: int) -> None:
    group = survey.groups.get(name="Ruimte")
    Remark.objects.bulk_create(
        Remark(survey=survey, group=group, link="nazorg", text="Zo is het.") for _ in range(number)
    )


def statements(ask: Callable[[], HttpResponseBase], status: int = 200) -> list[str]:
    """What is asked of the database for this answer, without BEGIN, COMMIT and their stand-ins."""
    with CaptureQueriesContext(connection) as asked:
        response = ask()
    assert response.status_code == status
    return [one["sql"] for one in asked.captured_queries if not one["sql"].startswith(TRANSACTION)]


def counted(pks: dict[str, int], client_of: ClientOf) -> list[str]:
    """The table of pages, with the numbers as they are."""
    lines = []
    for line in PAGES.strip().splitlines():
        person, _, address = line.split()
        client = client_of(person)
        for word, page in (("REPLY", REPLY_PAGE), ("THEME", THEME_PAGE), ("SURVEYS", SURVEYS)):
            address = address.replace(word, page)
        url = address.format(**pks)
        client.get(url)  # what is read once in a process's life is read now
        lines.append(f"{person:<6}{len(statements(partial(client.get, url))):>3}  {line.split()[2]}")
    return lines


def test_a_page_asks_as_much_with_fifty_rounds_as_with_a_few(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    pks = some(cast)
    assert counted(pks, client_of) == PAGES.strip().splitlines()
    many(cast)
    assert counted(pks, client_of) == PAGES.strip().splitlines()


def test_saving_an_answer_asks_for_session_user_desk_answer_and_revision(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    pks = some(cast)
    many(cast)
    round_, bram = Assessment.objects.get(pk=pks["round"]), client_of("bram")
    url = answer_url(round_, "PA-02")
    for version, choice in enumerate(("1", "3")):  # a first answer and a changed one
        data = {"questionnaire": round_.questionnaire_id, **fields("PA-02", version, choice=choice)}
        save = partial(bram.post, url, data, headers={"HX-Request": "true"})
        asked = statements(save)
        tables = ["django_session", "organisations_user", "assessments_assignment"]
        tables += ["INSERT INTO assessments_answer", 'INSERT INTO "assessments_answerrevision"']
        assert len(asked) == len(tables), "\n".join(asked)
        assert all(table in sql for table, sql in zip(tables, asked, strict=True))


@pytest.mark.django_db(transaction=True)
def test_a_save_is_one_transaction_of_two_statements() -> None:
    round_ = make_round(make_cast())
    with CaptureQueriesContext(connection) as asked:
        say(round_, User.objects.get(name="Bram"), QUESTION, level=2)
    sent = [one["sql"] for one in asked.captured_queries]
    # On PostgreSQL each brings the organisations that it may touch along.
    words = [sql.split("; ", 1)[-1 if "set_config" in sql else 0].split()[0] for sql in sent]
    assert words == ["SELECT", "BEGIN", "INSERT", "INSERT", "COMMIT"]  # the first one finds Bram


def test_a_theme_sent_whole_asks_for_two_statements_a_changed_question(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_, bram = Assessment.objects.get(pk=some(cast)["round"]), client_of("bram")
    questions = [question.id for question in round_.content.theme(*THEME).questions]
    data: dict[str, object] = {"questionnaire": round_.questionnaire_id}
    for question in questions[1:]:
        data |= fields(question, choice="2")
    data |= fields(QUESTION, 1, choice="2", explanation="")
    send = partial(bram.post, theme_url(round_, QUESTION), data)
    assert len(statements(send, 302)) == 6 + 2 * len(questions[1:])
