"""Remarks: read by who leads the survey alone, told to others by hand and by the rules, gone on the day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from integrity_portal.tasks import tend
from organisations.models import User
from surveys.models import Box, Destruction, Remark, RemarkChanged, Survey, Told
from surveys.models.life import close, destroy_due, destroyed_from
from surveys.protection import named_with_text
from tests.cast import make_adopted, make_round
from tests.surveys import cast_by, make_links, make_open_survey

ClientOf = Callable[[str], Client]
State = Remark.State
LARGE = {"Burgerzaken": 30, "Ruimte": 40}


def make_closed(
    cast: dict[str, User], teams: Mapping[str, int], audience: str = "staff", by: str = "anna"
) -> Survey:
    """Six people in each group answered, the first with a remark that has the group's name."""
    survey = make_open_survey(make_adopted(cast), cast[by], teams, audience)
    first = survey.content.ids[0]
    for group in survey.groups.all():
        for number, token in enumerate(make_links(group, 6)):
            cast_by(token, {first: 4}, **({"nazorg": f"Wij van {group.name}."} if not number else {}))
    close(survey)
    return survey


@pytest.fixture
def survey(cast: dict[str, User]) -> Survey:
    return make_closed(cast, LARGE)


@pytest.fixture
def url(survey: Survey) -> str:
    return f"/rondes/{survey.assessment_id}/peilingen/staff/opmerkingen/"


def said(remark: Remark, state: str, masked: str = "Wij van […].", **more: str) -> dict[str, str]:
    return {"remark": str(remark.pk), "was": remark.state, "state": state, "masked": masked, **more}


def local_day(today: date, moment: datetime | None = None) -> date:
    return moment.date() if moment else today


def show_all(survey: Survey, cast: dict[str, User]) -> None:
    for one in survey.remarks.all():
        one.decide(cast["anna"], State.NEW, State.SHOWN, one.text.upper())


@given(
    st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=8).map(
        lambda found: {f"g{at}": one for at, one in enumerate(found)}
    )
)
def test_no_remark_is_told_of_fewer_than_25_people_with_or_without_a_name(
    groups: dict[str, tuple[int, bool]],
) -> None:
    people = {slug: number for slug, (number, _) in groups.items()}
    shown = {slug for slug, (_, visible) in groups.items() if visible}
    named = named_with_text(people, shown)
    assert named <= shown and all(people[slug] >= 25 for slug in named)
    nameless = sum(number for slug, number in people.items() if slug not in named)
    assert not named or nameless == 0 or nameless >= 25


def test_others_read_only_the_masked_text_of_what_may_be_shown(survey: Survey, cast: dict[str, User]) -> None:
    assert Remark.objects.tellable(survey) == []
    first, second = survey.remarks.all()
    first.decide(cast["anna"], State.NEW, State.SHOWN, "Zonder naam.")
    second.decide(cast["anna"], State.NEW, State.WITHHELD, "Zonder naam.")
    assert first.group is not None
    assert Remark.objects.tellable(survey) == [Told("nazorg", first.group.name, "Zonder naam.")]
    assert Remark.objects.tellable(survey)[0].about == "Nazorg"
    second.decide(cast["anna"], State.WITHHELD, State.REPORT, "Zonder naam.")
    assert len(Remark.objects.tellable(survey)) == 1


@pytest.mark.parametrize(
    ("teams", "named"),
    [
        ({"Burgerzaken": 30, "Ruimte": 40}, {"Burgerzaken", "Ruimte"}),
        ({"Burgerzaken": 30, "Financiën": 24, "Ruimte": 40}, {"Ruimte"}),  # else 24 people bear no name
        ({"Burgerzaken": 30, "Financiën": 14, "Markt": 14, "Ruimte": 40}, {"Burgerzaken", "Ruimte"}),
        ({"Alle": 60}, set()),
    ],
)
def test_a_group_is_forgotten_at_closing_unless_its_name_may_stand_there(
    cast: dict[str, User], teams: dict[str, int], named: set[str]
) -> None:
    survey = make_closed(cast, teams)
    kept = {one.group.name for one in survey.remarks.all() if one.group}
    assert kept == named
    show_all(survey, cast)
    told = Remark.objects.tellable(survey)
    assert len(told) == len(teams) and {one.group for one in told} - {""} == named


def test_of_fewer_than_25_people_no_remark_is_told(cast: dict[str, User]) -> None:
    council = make_closed(cast, {"Raad": 21}, "council", "greet")
    council.remarks.get().decide(cast["greet"], State.NEW, State.SHOWN, "Zo is het.")
    assert Remark.objects.tellable(council) == []


def test_where_too_few_answered_no_remark_is_told(cast: dict[str, User]) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"], {"Alle": 60})
    for token in make_links(survey.groups.get(), 4):
        cast_by(token, nazorg="Zo is het.")
    close(survey)
    show_all(survey, cast)
    assert survey.remarks.count() == 4 and Remark.objects.tellable(survey) == []


def test_the_reader_masks_shows_withholds_and_takes_it_back(
    survey: Survey, url: str, client_of: ClientOf
) -> None:
    anna = client_of("anna")
    remark = survey.remarks.earliest("pk")
    page = anna.get(url).content.decode()
    assert "0 van 2 bekeken" in page and page.count(remark.text) >= 2  # as it is, and to be masked
    sent = anna.post(url, said(remark, "shown"))
    assert sent.status_code == 302 and sent.headers["Location"] == f"{url}?#opmerking-{remark.pk}"
    assert "1 van 2 bekeken" in anna.get(url).content.decode()
    assert [one.text for one in Remark.objects.tellable(survey)] == ["Wij van […]."]
    for state in ("withheld", "new"):
        remark.refresh_from_db()
        anna.post(url, said(remark, state))
    remark.refresh_from_db()
    assert (remark.state, remark.masked, remark.read_by) == ("new", "Wij van […].", None)
    assert Remark.objects.tellable(survey) == []


def test_what_cannot_be_taken_is_told_there_and_the_typed_text_stays(
    survey: Survey, url: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    anna, remark = client_of("anna"), survey.remarks.earliest("pk")
    empty = anna.post(url, said(remark, "shown", "  "))
    assert empty.status_code == 422 and "Er is geen tekst over" in empty.content.decode()
    long = anna.post(url, said(remark, "shown", "x" * 1001))
    assert long.status_code == 422 and "x" * 1001 in long.content.decode()
    Remark.objects.get(pk=remark.pk).decide(cast["anna"], State.NEW, State.REPORT, "")
    late = anna.post(url, said(remark, "shown", "Mijn versie."))
    assert late.status_code == 409 and "Iemand anders" in late.content.decode()
    assert "Mijn versie." in late.content.decode()
    assert Remark.objects.get(pk=remark.pk).state == "report"
    assert anna.post(url, {"remark": "geen"}).status_code == 404


def test_a_report_of_wrongdoing_gets_the_procedure_and_is_written_down_without_a_name(
    survey: Survey, url: str, client_of: ClientOf
) -> None:
    anna, remark = client_of("anna"), survey.remarks.earliest("pk")
    assert "klokkenluiders" not in anna.get(url).content.decode()
    anna.post(url, said(remark, "report"))
    assert "Wet bescherming klokkenluiders" in anna.get(url).content.decode()
    passing = {"remark": str(remark.pk), "pass_on": "1", "to": "meldpunt integriteit"}
    today = timezone.localdate()
    for wrong in ("", str(today + timedelta(days=1))):
        assert anna.post(url, passing | {"on": wrong}).status_code == 422
    anna.post(url, passing | {"on": str(today)})
    assert "Doorgegeven aan meldpunt integriteit" in anna.get(url).content.decode()
    assert Remark.objects.tellable(survey) == []
    remark.refresh_from_db()
    anna.post(url, said(remark, "new"))
    remark.refresh_from_db()
    assert (remark.passed_to, remark.passed_on) == ("", None)
    with pytest.raises(RemarkChanged):
        remark.pass_on("meldpunt", today)


def test_remarks_are_chosen_by_link_and_by_what_is_left(
    survey: Survey, url: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    anna = client_of("anna")
    Remark.objects.bulk_create(Remark(survey=survey, text=f"Over alles {n}.") for n in range(25))
    assert "Pagina 1 van 2" in anna.get(f"{url}?schakel=keten").content.decode()
    assert anna.get(f"{url}?schakel=keten&pagina=2").content.decode().count("<article") == 5
    assert anna.get(f"{url}?schakel=nazorg").content.decode().count("<article") == 2
    show_all(survey, cast)
    assert "Hier is alles bekeken" in anna.get(f"{url}?schakel=nazorg&toon=nieuw").content.decode()


@pytest.mark.parametrize("name", ["bram", "vera", "guus", "greet", "bea", "chris"])
def test_nobody_else_comes_near_the_remarks(survey: Survey, url: str, client_of: ClientOf, name: str) -> None:
    other, remark = client_of(name), survey.remarks.earliest("pk")
    assert other.get(url).status_code == 404
    assert other.post(url, said(remark, "shown")).status_code == 404
    assert Remark.objects.get(pk=remark.pk).state == "new"


def test_those_of_the_council_are_the_griffiers_alone(cast: dict[str, User], client_of: ClientOf) -> None:
    council = make_closed(cast, {"Raad": 21}, "council", "greet")
    url = f"/rondes/{council.assessment_id}/peilingen/council/opmerkingen/"
    assert client_of("anna").get(url).status_code == 404
    assert "Wij van Raad." in client_of("greet").get(url).content.decode()


def test_before_closing_there_is_nothing_to_read(cast: dict[str, User], client_of: ClientOf) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"])
    cast_by(make_links(survey.groups.get(name="Ruimte"), 1)[0], nazorg="Geheim.")
    page = client_of("anna").get(f"/rondes/{survey.assessment_id}/peilingen/staff/opmerkingen/")
    assert (
        "Tot dan laat het portaal ze aan niemand zien" in page.content.decode()
        and "Geheim" not in page.content.decode()
    )


def test_on_its_day_the_worker_destroys_what_is_loose_and_a_statement_stays(
    survey: Survey, url: str, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, day = client_of("anna"), destroyed_from(survey)
    assert day is not None
    monkeypatch.setattr("integrity_portal.tasks.plan", lambda after: None)  # the tests' queue has no times
    end = url.replace("opmerkingen", "vernietiging")
    before = anna.get(end).content.decode()
    assert "worden vernietigd op" in before and "2 opmerkingen zijn nog niet bekeken" in before
    for today in (day - timedelta(days=1), day, day):
        monkeypatch.setattr("integrity_portal.tasks.timezone.localdate", partial(local_day, today))
        tend.func()
        assert Box.objects.exists() == Remark.objects.exists() == (today != day)
    assert Destruction.objects.get().on == day and destroy_due(day) == 0
    after = anna.get(end).content.decode()
    assert "Verklaring van vernietiging" in after and "12 mensen" in after and survey.digest in after
    assert "vernietigd op" in anna.get(url).content.decode()
    assert survey.results()["ballots"] == 12


def test_who_leads_may_destroy_sooner_once_sure(
    survey: Survey, url: str, cast: dict[str, User], client_of: ClientOf
) -> None:
    anna, end = client_of("anna"), url.replace("opmerkingen", "vernietiging")
    assert anna.post(end).status_code == 422 and Box.objects.exists()
    assert client_of("vera").post(end, {"sure": "yes"}).status_code == 404
    assert anna.post(end, {"sure": "yes"}).status_code == 302
    assert not Box.objects.exists() and not Remark.objects.exists()
    assert Destruction.objects.get().by == cast["anna"]
    assert "Anna, voor de uiterste dag" in anna.get(end).content.decode()


def test_an_open_survey_is_not_destroyed(cast: dict[str, User], client_of: ClientOf) -> None:
    survey = make_open_survey(make_round(cast), cast["anna"])
    end = f"/rondes/{survey.assessment_id}/peilingen/staff/vernietiging/"
    assert client_of("anna").post(end, {"sure": "yes"}).status_code == 409
    assert Box.objects.exists()
