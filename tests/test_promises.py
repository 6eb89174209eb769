"""What was promised last year comes back by itself: done, moved, dropped or open."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from assessments.improving import promises
from assessments.improving.promises import NO_NEW_DATE, Standing, outcome
from assessments.improving.steps import STEPS, Stage
from assessments.models import Action, ActionStep, Assessment, CouncilPromise, Edition
from assessments.models.edition import PARTS
from assessments.status import Status
from assessments.supplement import ActionDocument, PromiseDocument
from organisations.models import User
from tests.actions import in_days, make_action
from tests.cast import bring_to, make_adopted, make_round

TODAY = date(2026, 11, 22)
SPRING, NEXT_SPRING = date(2026, 3, 1), date(2027, 3, 1)


@pytest.mark.parametrize(
    ("stage", "promised", "due", "expected"),
    [
        ("reported", SPRING, SPRING, "done"),
        ("verified", SPRING, SPRING, "done"),
        ("reported", SPRING, NEXT_SPRING, "done"),
        ("dropped", SPRING, SPRING, "dropped"),
        ("dropped", NEXT_SPRING, NEXT_SPRING, "dropped"),
        ("running", SPRING, NEXT_SPRING, "moved"),
        ("decided", SPRING, SPRING, "moved"),  # past, and no new date
        ("running", NEXT_SPRING, NEXT_SPRING, "open"),
        ("decided", TODAY, TODAY, "open"),  # today it can still be done
        ("decided", NEXT_SPRING, SPRING, "moved"),  # brought forward, and late all the same
        ("decided", None, NEXT_SPRING, "open"),
        ("decided", None, None, "open"),
    ],
)
def test_each_case(stage: str, promised: date | None, due: date | None, expected: str) -> None:
    assert outcome(promised, Standing(stage, due), TODAY) == expected


DAYS = st.dates(date(2025, 1, 1), date(2028, 1, 1))


@given(st.sampled_from(Stage), DAYS, DAYS, DAYS)
def test_what_is_not_done_in_time_is_never_called_open(
    stage: Stage, promised: date, due: date, today: date
) -> None:
    found = outcome(promised, Standing(stage, due), today)
    assert (found == "done") == (stage in ("reported", "verified"))
    assert (found == "dropped") == (stage == "dropped")
    if found == "open":
        assert today <= due <= promised


@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from(Stage)), unique_by=lambda one: one[0]))
def test_no_promise_gets_lost(rows: list[tuple[int, Stage]]) -> None:
    earlier = [document(key, stage) for key, stage in rows]
    promised = [one for one in earlier if one["status"] in ("decided", "running", "reported")]
    found = promises.of_actions(earlier, {}, TODAY)  # every row is gone
    assert [one["what"] for one in found] == [one["what"] for one in promised]


def document(key: int, stage: str, due: str | None = "2027-03-01") -> ActionDocument:
    return {
        "key": key,
        "what": f"Actie {key}",
        "why": "",
        "owner": "teamleider HR",
        "due": due,
        "status": stage,
        "reason": "",
        "barrier": "",
        "change": "",
        "link": "",
        "question": "",
        "area": "",
        "since": "Jaarronde 2025",
    }


def test_a_reason_stands_where_something_changed_and_nowhere_else() -> None:
    earlier = [document(key, "decided") for key in (1, 2, 3)]
    now = {
        1: Standing("verified", NEXT_SPRING, "Eerst uitgesteld."),
        2: Standing("running", date(2027, 6, 1), "De leverancier was later."),
        3: Standing("running", SPRING),
    }
    found = promises.of_actions(earlier, now, TODAY)
    assert [(one["outcome"], one["reason"]) for one in found] == [
        ("done", ""),
        ("moved", "De leverancier was later."),
        ("moved", NO_NEW_DATE),
    ]
    assert [one["due"] for one in found] == ["2027-03-01"] * 3
    assert [one["due_now"] for one in found] == ["2027-03-01", "2027-06-01", "2026-03-01"]


# From one report to the next


@pytest.fixture
def last_year(cast: dict[str, User]) -> Assessment:
    """Before the executive, with an improvement in every stage."""
    round_ = make_adopted(cast, Status.EXECUTIVE, year=2025)
    for stage in Stage:
        make_action(round_, cast["anna"], stage, what=f"Actie {stage.label}")
    return round_


def told(round_: Assessment) -> list[PromiseDocument] | None:
    found = PARTS["promises"](round_)
    assert found is None or isinstance(found, list)
    return found


def outcomes(round_: Assessment) -> dict[str, str]:
    return {one["what"]: one["outcome"] for one in told(round_) or []}


def test_a_first_report_has_no_promises(last_year: Assessment) -> None:
    assert told(last_year) is None


def test_a_report_that_was_not_offered_promised_nothing(cast: dict[str, User], last_year: Assessment) -> None:
    assert told(make_round(cast)) is None


def test_what_was_decided_comes_back_and_what_was_settled_does_not(
    cast: dict[str, User], last_year: Assessment
) -> None:
    bring_to(last_year, Status.PUBLISHED, cast["anna"])
    assert outcomes(make_round(cast)) == {
        "Actie besloten": "open",
        "Actie in uitvoering": "open",
        "Actie gereed gemeld": "done",
    }


def test_a_promise_cannot_be_removed_or_reworded(cast: dict[str, User], last_year: Assessment) -> None:
    bring_to(last_year, Status.PUBLISHED, cast["anna"])
    round_ = make_round(cast)
    before = told(round_)
    Action.objects.filter(what="Actie besloten").update(what="Iets anders", owner="niemand")
    Action.objects.filter(what="Actie in uitvoering").delete()
    assert told(round_) == before


def test_a_moved_date_brings_the_last_reason_along(cast: dict[str, User], last_year: Assessment) -> None:
    bring_to(last_year, Status.PUBLISHED, cast["anna"])
    action = Action.objects.get(what="Actie besloten")
    for days, note in ((40, "Te druk."), (60, "De leverancier was later.")):
        action = Action.objects.get(pk=action.pk)
        action.move(in_days(days), note, cast["anna"], action.mark)
    (found,) = [one for one in told(make_round(cast)) or [] if one["outcome"] == "moved"]
    assert (found["what"], found["reason"]) == ("Actie besloten", "De leverancier was later.")
    assert (found["due"], found["due_now"]) == (in_days(30).isoformat(), in_days(60).isoformat())


def test_a_dropped_promise_says_why(cast: dict[str, User], last_year: Assessment) -> None:
    bring_to(last_year, Status.PUBLISHED, cast["anna"])
    action, round_ = Action.objects.get(what="Actie in uitvoering"), make_round(cast)
    step = next(one for one in STEPS if (one.source, one.target) == ("running", "dropped"))
    action.take(step, round_, cast["guus"], "De wet is veranderd.")
    (found,) = [one for one in told(round_) or [] if one["outcome"] == "dropped"]
    assert (found["what"], found["reason"]) == ("Actie in uitvoering", "De wet is veranderd.")


def make_promise(round_: Assessment, by: User, text: str, **fields: object) -> CouncilPromise:
    details = {"owner": "burgemeester", "made_on": date(2025, 6, 26), "due": in_days(30), **fields}
    return CouncilPromise.objects.create(
        organisation=round_.organisation, assessment=round_, text=text, by=by, **details
    )


def test_what_was_promised_to_the_council_comes_back_too(
    cast: dict[str, User], last_year: Assessment
) -> None:
    bring_to(last_year, Status.PUBLISHED, cast["anna"])
    moved = {"outcome": "moved", "moved_to": in_days(90), "reason": "De griffie zocht een datum."}
    make_promise(last_year, cast["greet"], "Een informatieavond", **moved)
    make_promise(last_year, cast["greet"], "Een brief", due=in_days(-1))
    make_promise(last_year, cast["greet"], "Een cijfer", outcome="done", settled_on=in_days(-1))
    found = [one for one in told(make_round(cast)) or [] if one["kind"] == "council"]
    assert [(one["what"], one["outcome"], one["reason"]) for one in found] == [
        ("Een informatieavond", "moved", "De griffie zocht een datum."),
        ("Een brief", "moved", NO_NEW_DATE),
        ("Een cijfer", "done", ""),
    ]
    assert {one["made"] for one in found} == {"2025-06-26"}


def test_an_older_promise_stays_until_it_is_settled(cast: dict[str, User], last_year: Assessment) -> None:
    bring_to(last_year, Status.PUBLISHED, cast["anna"])
    make_promise(last_year, cast["greet"], "Blijft open")
    make_promise(last_year, cast["greet"], "Is klaar", outcome="done", settled_on=in_days(-3))
    make_adopted(cast, Status.SUBMITTED, year=2026)
    found = [one["what"] for one in told(make_round(cast, year=2027)) or [] if one["kind"] == "council"]
    assert found == ["Blijft open"]


def test_nothing_of_another_municipality_or_a_later_round_comes_along(
    cast: dict[str, User], last_year: Assessment
) -> None:
    bring_to(last_year, Status.PUBLISHED, cast["anna"])
    other = make_round(cast, organisation="hoogezand", leader="chris", people=("chris",))
    assert told(other) is None
    make_round(cast)
    assert told(last_year) is None


def test_promises_are_frozen_when_the_report_is_offered(cast: dict[str, User], last_year: Assessment) -> None:
    bring_to(last_year, Status.PUBLISHED, cast["anna"])
    this_year = make_adopted(cast, Status.SUBMITTED, year=2026)
    Action.objects.update(due=timezone.localdate() - timedelta(days=400))
    ActionStep.objects.all().delete()
    frozen = Edition.objects.get(adoption__assessment=this_year).frozen()
    assert {one["what"]: one["outcome"] for one in frozen["promises"]} == {
        "Actie besloten": "open",
        "Actie in uitvoering": "open",
        "Actie gereed gemeld": "done",
    }
