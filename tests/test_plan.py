"""The improvement plan of a round: proposing, deciding, moving, dropping, and what goes along to the next."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta
from html import unescape
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from assessments.improving.steps import STEPS, Stage, Step
from assessments.models import Action, ActionChanged, ActionRefused, Assessment
from assessments.models.edition import PARTS
from assessments.reminders import remind
from assessments.status import Status
from organisations.models import Membership, Muted, User
from tests.actions import in_days, make_action
from tests.cast import THEME, bring_to, make_adopted, make_answers, make_round

ClientOf = Callable[[str], Client]


def step(source: str, target: str) -> Step:
    return next(one for one in STEPS if (one.source, one.target) == (source, target))


def words(response: Any) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()))


def url(round_: Assessment, rest: str = "") -> str:
    return f"/rondes/{round_.pk}/verbeterplan/{rest}"


@pytest.fixture
def before_college(cast: dict[str, User]) -> Assessment:
    return make_adopted(cast, Status.EXECUTIVE)


# Proposing


def test_from_a_question_the_reason_and_the_suggestions_are_there(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"], 1)
    page = words(client_of("anna").get(url(round_, "nieuw/?question=PA-01")))
    assert "Vraag PA-01: Integriteitsbeleid" in page
    assert (
        "(PA-01) staat op niveau 1: Er zijn losse of oude stukken. Het wettelijk minimum is niveau 2" in page
    )
    theme = round_.content.theme(*THEME)
    assert [str(one.text) in page for one in theme.suggestions] == [True, True, False, False]


def test_from_a_link_each_theme_has_one_suggestion_the_weakest_first(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    content = round_.content.link("nazorg")
    make_answers(round_, cast["bram"], 3)
    weak = [question.id for question in content.themes[-1].questions]
    round_.answers.filter(question__in=weak).update(level=0)
    page = client_of("anna").get(url(round_, "nieuw/?link=nazorg"))
    offered = [one.theme for one in page.context["origin"].offers]
    assert offered[0] == str(content.themes[-1].title)
    assert sorted(offered) == sorted(str(theme.title) for theme in content.themes)


def test_one_click_takes_a_suggestion_over_and_keeps_what_was_typed(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast)
    make_answers(round_, cast["bram"], 1)
    typed = {"take": "richting-en-voorbeeld/1", "what": "", "owner": "griffier", "why": "Eigen reden."}
    response = client_of("anna").post(url(round_, "nieuw/?question=PA-01"), typed)
    assert response.status_code == 200 and not Action.objects.exists()
    form = response.context["form"]
    suggestion = round_.content.theme(*THEME).suggestions[1]
    assert form["what"].value() == str(suggestion.text)
    assert (form["owner"].value(), form["why"].value()) == ("griffier", "Eigen reden.")


def test_an_action_keeps_where_it_came_from(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_round(cast)
    data = {"what": "Oefen het", "barrier": "gevestigde-belangen", "responsible": cast["bram"].pk}
    client_of("vera").post(url(round_, "nieuw/?question=NZ-04"), data)
    action = Action.objects.get()
    assert (action.link, action.question, action.status) == ("nazorg", "NZ-04", "proposed")
    assert (action.barrier_title, action.responsible) == ("Gevestigde belangen", cast["bram"])
    assert [(one.source, one.target, one.by) for one in action.steps.all()] == [
        ("", "proposed", cast["vera"])
    ]


def test_an_action_from_a_vulnerable_area_says_which(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_adopted(cast)
    made = {"what": "Laat iemand meelezen bij inkoop"}
    answer = client_of("anna").post(url(round_, "nieuw/?area=inkopen-en-aanbesteden"), made, follow=True)
    assert "Komt van het kwetsbare gebied Inkopen en aanbesteden." in words(answer)


def test_an_action_from_a_link_says_which(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_adopted(cast)
    answer = client_of("anna").post(url(round_, "nieuw/?link=nazorg"), {"what": "Zoek op"}, follow=True)
    assert "Komt van de schakel Nazorg." in words(answer)


def test_a_second_click_does_not_make_a_second_action(cast: dict[str, User], client_of: ClientOf) -> None:
    round_, anna = make_round(cast), client_of("anna")
    answers = [anna.post(url(round_, "nieuw/?link=nazorg"), {"what": "Oefen het"}) for _ in range(2)]
    assert {one.headers["Location"] for one in answers} == {url(round_, f"{Action.objects.get().pk}/")}


def test_what_comes_too_late_is_given_back(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_adopted(cast, Status.SUBMITTED)
    response = client_of("anna").post(url(round_, "nieuw/"), {"what": "Een lange zin", "why": "Daarom."})
    assert response.status_code == 409 and not Action.objects.exists()
    assert "Een lange zin" in words(response) and "Daarom." in words(response)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"what": ""}, "Schrijf op wat u gaat doen."),
        ({"what": "x" * 201}, "Er passen er 200 in."),
        ({"what": "Ja", "due": "1999-01-01"}, "Deze datum is al voorbij."),
        ({"what": "Ja", "due": "morgen"}, "Vul een datum in, bijvoorbeeld 2027-03-31."),
        ({"what": "Ja", "barrier": "iets"}, "Selecteer een geldige keuze"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(
    cast: dict[str, User], client_of: ClientOf, data: dict[str, str], told: str
) -> None:
    response = client_of("anna").post(url(make_round(cast), "nieuw/"), data)
    assert response.status_code == 422
    assert told in words(response)


def test_only_who_can_see_the_plan_can_look_after_an_action(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    data = {"what": "Oefen het", "responsible": cast["chris"].pk}
    assert client_of("anna").post(url(make_round(cast), "nieuw/"), data).status_code == 422
    data["responsible"] = cast["bea"].pk
    assert client_of("anna").post(url(make_round(cast, year=2027), "nieuw/"), data).status_code == 422


@pytest.mark.parametrize(
    ("who", "page", "sees"),
    [
        ("anna", "resultaat/", True),
        ("bram", "resultaat/", False),
        ("anna", "resultaat/nazorg/", True),
        ("vera", "resultaat/nazorg/", True),
        ("guus", "resultaat/nazorg/", True),
        ("bram", "resultaat/nazorg/", False),
        ("vera", "bewijs/NZ-04/", True),
        ("anna", "overleg/nazorg/NZ-04/", True),
    ],
)
def test_the_button_stands_where_the_reader_may_propose(
    cast: dict[str, User], client_of: ClientOf, who: str, page: str, sees: bool
) -> None:
    round_ = make_adopted(cast)
    shown = client_of(who).get(f"/rondes/{round_.pk}/{page}")
    assert shown.status_code == 200
    assert ("Maak hier een verbeteractie van" in shown.content.decode()) == sees
    bring_to(round_, Status.SUBMITTED, cast["anna"])
    assert (
        "Maak hier een verbeteractie van"
        not in client_of(who).get(f"/rondes/{round_.pk}/{page}").content.decode()
    )


def test_a_coordinator_who_answers_has_the_button_beside_the_question(
    cast: dict[str, User], client_of: ClientOf
) -> None:
    round_ = make_round(cast, people=("anna", "bram"))
    Membership.objects.get(user=cast["anna"]).set_roles(["coordinator", "contributor"])
    page = f"/rondes/{round_.pk}/vragen/" + "/".join(THEME) + "/"
    assert "verbeterplan/nieuw/?question=PA-01" in client_of("anna").get(page).content.decode()
    assert "verbeterplan/nieuw/" not in client_of("bram").get(page).content.decode()


# Deciding, doing, dropping


def test_nothing_is_decided_before_the_college_has_the_report(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast)
    action = make_action(round_, cast["anna"])
    with pytest.raises(ActionRefused, match="bij het college"):
        action.take(step("proposed", "decided"), round_, cast["anna"])


@pytest.mark.parametrize("missing", [{"owner": ""}, {"due": None}])
def test_a_decision_needs_an_owner_and_a_date(
    cast: dict[str, User], before_college: Assessment, missing: dict[str, Any], client_of: ClientOf
) -> None:
    action = make_action(before_college, cast["anna"], **missing)
    response = client_of("guus").post(url(before_college, f"{action.pk}/stap/decided/"))
    assert response.status_code == 409
    assert "Vul eerst de eigenaar en de datum in." in words(response)
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.update(status="decided")


def test_an_action_goes_its_way_with_every_step_kept(
    cast: dict[str, User], before_college: Assessment, client_of: ClientOf
) -> None:
    action = make_action(before_college, cast["vera"], responsible=cast["bram"])
    for who, target, note in [
        ("guus", "decided", ""),
        ("bram", "running", ""),
        ("bram", "reported", "Het protocol is geoefend."),
        ("bram", "running", ""),
        ("anna", "reported", "Nu echt."),
        ("vera", "verified", "Verslag gezien."),
    ]:
        page = url(before_college, f"{action.pk}/stap/{target}/")
        assert client_of(who).post(page, {"note": note}).status_code == 302, target
    action.refresh_from_db()
    assert action.stage == Stage.VERIFIED and action.closed_at
    page = words(client_of("bram").get(url(before_college, f"{action.pk}/")))
    assert "gereed gemeld, door Bram. Het protocol is geoefend." in page
    assert "geverifieerd, door Vera. Verslag gezien." in page


def test_a_second_click_on_a_step_is_no_fault(
    cast: dict[str, User], before_college: Assessment, client_of: ClientOf
) -> None:
    action, guus = make_action(before_college, cast["anna"]), client_of("guus")
    page = url(before_college, f"{action.pk}/stap/decided/")
    assert [guus.post(page).status_code for _ in range(2)] == [302, 302]
    assert action.steps.count() == 2
    with pytest.raises(ActionRefused, match="intussen besloten"):
        action.take(step("proposed", "dropped"), before_college, cast["guus"], "Toch niet.")


def test_dropping_needs_a_reason(
    cast: dict[str, User], before_college: Assessment, client_of: ClientOf
) -> None:
    action, anna = make_action(before_college, cast["anna"], "decided"), client_of("anna")
    page = url(before_college, f"{action.pk}/stap/dropped/")
    assert "Dit kunt u niet terugdraaien." in words(anna.get(page))
    assert anna.post(page, {"note": "  "}).status_code == 422
    assert anna.post(page, {"note": "De wet is veranderd."}).status_code == 302
    action.refresh_from_db()
    assert (action.status, action.reason) == ("dropped", "De wet is veranderd.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.update(reason="")


def test_words_lie_fixed_once_they_are_promised_and_the_date_moves_with_a_reason(
    cast: dict[str, User], before_college: Assessment, client_of: ClientOf
) -> None:
    action, anna = make_action(before_college, cast["anna"], "decided"), client_of("anna")
    bring_to(before_college, Status.SUBMITTED, cast["anna"])
    change = {"what": "Iets anders", "owner": "wie dan ook", "due": in_days(9), "shown": action.mark}
    refused = anna.post(url(before_college, f"{action.pk}/wijzigen/"), change)
    assert refused.status_code == 409 and "Iets anders" in words(refused)
    page = url(before_college, f"{action.pk}/datum/")
    assert anna.post(page, {"due": in_days(60), "note": "", "shown": action.mark}).status_code == 422
    assert anna.post(page, {"due": in_days(60), "note": "Ziekte.", "shown": action.mark}).status_code == 302
    action.refresh_from_db()
    assert (action.what, action.due) == ("Oefen het meldprotocol", in_days(60))
    assert [(one.due_before, one.due_after, one.note) for one in action.steps.exclude(due_after=None)] == [
        (in_days(30), in_days(60), "Ziekte.")
    ]


def test_two_who_change_one_action_do_not_overwrite_each_other(
    cast: dict[str, User], before_college: Assessment, client_of: ClientOf
) -> None:
    action = make_action(before_college, cast["anna"])
    page, mark = url(before_college, f"{action.pk}/wijzigen/"), action.mark
    data = {"owner": "griffier", "due": in_days(9), "shown": mark}
    assert client_of("guus").post(page, {**data, "what": "Van Guus"}).status_code == 302
    late = client_of("anna").post(page, {**data, "what": "Van Anna"})
    assert late.status_code == 409
    assert "Van Guus" in words(late) and late.context["form"]["what"].value() == "Van Anna"
    with pytest.raises(ActionChanged):
        action.edit(cast["anna"], mark, what="Van Anna")
    again = re.search(r'name="shown" value="(\w+)"', late.content.decode())
    assert again
    assert client_of("anna").post(page, {**data, "what": "Van Anna", "shown": again[1]}).status_code == 302


def test_who_proposed_can_change_it_until_it_is_decided(
    cast: dict[str, User], before_college: Assessment, client_of: ClientOf
) -> None:
    action = make_action(before_college, cast["vera"])
    page = url(before_college, f"{action.pk}/wijzigen/")
    assert client_of("vera").get(page).status_code == 200
    action.take(step("proposed", "decided"), before_college, cast["guus"])
    assert client_of("vera").get(page).status_code == 404
    assert client_of("guus").get(page).status_code == 200


# The page


def test_a_plan_without_actions_says_where_to_begin(cast: dict[str, User], client_of: ClientOf) -> None:
    page = words(client_of("anna").get(url(make_round(cast))))
    assert "Er staan nog geen acties in dit plan. Begin bij de zwakste schakel in het resultaat" in page


def test_the_plan_can_be_narrowed_and_marks_what_is_late(cast: dict[str, User], client_of: ClientOf) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    make_action(round_, cast["anna"], "running", what="Te laat", due=in_days(-1), link="nazorg")
    make_action(round_, cast["anna"], what="Voorstel", link="pro-actie")
    make_action(round_, cast["anna"], "verified", what="Klaar", due=in_days(-9))
    shown = {
        query: [
            one.what
            for _, _, actions in client_of("bram").get(url(round_, query)).context["groups"]
            for one in actions
        ]
        for query in ("", "?toon=te-laat", "?toon=proposed", "?toon=onzin")
    }
    everything = ["Voorstel", "Te laat", "Klaar"]
    assert list(shown.values()) == [everything, ["Te laat"], ["Voorstel"], everything]
    assert words(client_of("bram").get(url(round_))).count(" te laat ") == 1


# From one round to the next


def plan_of(round_: Assessment) -> list[str]:
    return sorted(one.what for one in Action.objects.of_plan(round_))


def test_open_actions_go_along_and_closed_ones_stay_behind(cast: dict[str, User]) -> None:
    earlier = make_adopted(cast, Status.EXECUTIVE, year=2025)
    for stage in Stage:
        make_action(earlier, cast["anna"], stage, what=stage)
    round_ = make_round(cast)
    assert plan_of(round_) == ["decided", "proposed", "reported", "running"]
    assert plan_of(earlier) == sorted(Stage)
    reported = Action.objects.get(what="reported")
    reported.take(step("reported", "verified"), round_, cast["vera"], "Gezien.")
    assert plan_of(round_) == ["decided", "proposed", "reported", "running"]  # closed in this round's time
    assert plan_of(make_round(cast, year=2027)) == ["decided", "proposed", "running"]


def test_proposals_of_a_round_without_results_stay_there(cast: dict[str, User]) -> None:
    running = make_round(cast, year=2025)
    make_action(running, cast["anna"])
    assert plan_of(make_round(cast)) == []


def test_nothing_of_another_municipality_is_in_the_plan(cast: dict[str, User], client_of: ClientOf) -> None:
    earlier = make_adopted(cast, Status.EXECUTIVE, year=2025)
    action = make_action(earlier, cast["anna"])
    other = make_round(cast, organisation="hoogezand", leader="chris", people=("chris",))
    assert plan_of(other) == []
    assert client_of("chris").get(url(other, f"{action.pk}/")).status_code == 404


def test_the_report_tells_the_plan_but_not_what_nobody_decided_on(
    cast: dict[str, User], before_college: Assessment
) -> None:
    make_action(before_college, cast["anna"], "running", barrier="twijfel-en-kritiek", link="nazorg")
    make_action(before_college, cast["anna"], "dropped", what="Gaat niet door")
    never = make_action(before_college, cast["anna"], what="Nooit besloten")
    never.take(step("proposed", "dropped"), before_college, cast["anna"], "Bij nader inzien niet.")
    told: Any = PARTS["actions"](before_college)
    assert [(one["what"], one["status"]) for one in told] == [
        ("Oefen het meldprotocol", "running"),
        ("Gaat niet door", "dropped"),
    ]
    assert (told[0]["barrier"], told[0]["since"]) == ("Twijfel en kritiek", "Jaarronde 2026")


# Reminders


def at_nine(days: int) -> datetime:
    return timezone.make_aware(datetime.combine(in_days(days), time(9)))


def subjects() -> list[str]:
    return [
        f"{one.to[0].split('@')[0]}: {one.subject}" for one in mail.outbox if "meldprotocol" in one.subject
    ]


def test_who_looks_after_an_action_hears_it_before_and_once_when_it_is_late(
    cast: dict[str, User], before_college: Assessment
) -> None:
    make_action(before_college, cast["anna"], "running", responsible=cast["bram"], due=in_days(30))
    near, late = (
        "bram: Bijna klaar? Oefen het meldprotocol",
        "bram: De datum is voorbij: Oefen het meldprotocol",
    )
    for days, heard in [
        (15, []),
        (16, [near]),
        (20, [near]),
        (30, [near]),
        (31, [near, late]),
        (60, [near, late]),
    ]:
        remind(at_nine(days))
        assert subjects() == heard, days
    action = Action.objects.get()
    assert f"http://testserver{url(before_college, f'{action.pk}/')}" in str(mail.outbox[0].body)


def test_a_moved_date_is_a_new_occasion(cast: dict[str, User], before_college: Assessment) -> None:
    action = make_action(before_college, cast["anna"], "running", responsible=cast["bram"], due=in_days(3))
    remind(at_nine(0))
    action.move(in_days(10), "Ziekte.", cast["anna"], action.mark)
    remind(at_nine(0))
    assert len(subjects()) == 2


@pytest.mark.parametrize("stage", ["proposed", "reported", "verified", "dropped"])
def test_nobody_hears_of_what_is_not_to_be_done(
    cast: dict[str, User], before_college: Assessment, stage: str
) -> None:
    make_action(before_college, cast["anna"], stage, responsible=cast["bram"], due=in_days(-1))
    remind(at_nine(0))
    assert subjects() == []


def test_who_left_or_does_not_want_it_gets_no_mail(cast: dict[str, User], before_college: Assessment) -> None:
    for name in ("bram", "fatima"):
        make_action(before_college, cast["anna"], "running", responsible=cast[name], due=in_days(1))
    Membership.objects.filter(user=cast["bram"]).delete()
    Muted.objects.create(user=cast["fatima"], kind="action")
    remind(at_nine(0) + timedelta(minutes=5))
    assert subjects() == []
