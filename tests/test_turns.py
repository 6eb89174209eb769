"""Who answers what of a theme, and who waits for whom."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments import letters
from assessments.delegating.division import Part, words
from assessments.models import Assessment, Assignment, StepRefused
from assessments.models.delegation import divide
from assessments.status import Status
from organisations.models import Membership, Message, User
from organisations.roles import Role
from tests.cast import THEME, make_answers, make_guest, make_round, questionnaire, say

IDS = [question.id for question in questionnaire().theme(*THEME).questions]
FIRST, SECOND = Part(turn=1), Part(turn=2)


@pytest.fixture
def round_(cast: dict[str, User]) -> Assessment:
    return make_round(cast)


def give(round_: Assessment, cast: dict[str, User], shown: str | None = None, /, **parts: Part) -> None:
    divide(round_, *THEME, {cast[name].pk: part for name, part in parts.items()}, shown)


def has(round_: Assessment, *, by_question: bool = False) -> list[tuple[str, str, int]]:
    """Name, question and turn of all that was given of the theme; `by_question` takes a whole theme apart."""
    rows = round_.assignments.of_theme(*THEME).order_by("user__name", "question")
    found = rows.values_list("user__name", "question", "turn")
    return [
        (name, one, turn)
        for name, question, turn in found
        for one in (IDS if by_question and not question else [question])
    ]


def waiting(round_: Assessment) -> set[tuple[str, str]]:
    rows = round_.assignments.of_theme(*THEME).waiting()
    return set(rows.values_list("user__name", "question"))


def hand_in(round_: Assessment, user: User) -> None:
    Assignment.hand_in(round_, user, [one.pk for one in round_.assignments.ready().filter(user=user)])


# Dividing


def test_a_theme_is_divided_by_question(cast: dict[str, User], round_: Assessment) -> None:
    give(round_, cast, bram=Part(frozenset(IDS[:2])), fatima=Part(frozenset(IDS[2:])))
    assert has(round_) == [("Bram", one, 1) for one in IDS[:2]] + [("Fatima", one, 1) for one in IDS[2:]]
    assert round_.facts().questions_without_people == ()


def test_what_nobody_has_is_named(cast: dict[str, User], round_: Assessment) -> None:
    give(round_, cast, bram=Part(frozenset(IDS[2:])))
    facts = round_.facts()
    assert (facts.themes_without_people, facts.questions_without_people) == (0, tuple(IDS[:2]))
    give(round_, cast)
    assert (round_.facts().themes_without_people, round_.facts().questions_without_people) == (1, ())


def test_a_question_of_somebody_who_left_is_without_people(cast: dict[str, User], round_: Assessment) -> None:
    give(round_, cast, bram=Part(frozenset(IDS[1:])), fatima=Part(frozenset(IDS[:1])))
    Membership.objects.get(user=cast["fatima"]).set_roles([Role.CLERK])
    assert round_.facts().questions_without_people == (IDS[0],)


def test_what_was_handed_in_stays_so_when_the_theme_is_divided(
    cast: dict[str, User], round_: Assessment
) -> None:
    make_answers(round_, cast["bram"])
    hand_in(round_, cast["bram"])
    round_.assignments.update(note="Jij weet dit.")
    give(round_, cast, bram=Part(frozenset(IDS[:2])), fatima=Part(frozenset(IDS[2:])))
    mine = round_.assignments.of_theme(*THEME).filter(user=cast["bram"])
    assert [one.question for one in mine if one.handed_in_at and one.note] == IDS[:2]
    give(round_, cast, bram=FIRST, fatima=SECOND)
    assert set(mine.exclude(handed_in_at=None).values_list("question", flat=True)) == set(IDS[:2])
    assert round_.answers.count() == len(round_.content.questions)


def test_the_form_of_all_themes_leaves_a_divided_theme_as_it_is(
    cast: dict[str, User], round_: Assessment
) -> None:
    give(round_, cast, bram=Part(frozenset(IDS[:2]), 2), fatima=FIRST)
    before = list(round_.assignments.of_theme(*THEME).values())
    everyone = {(one.link, one.theme): {one.user_id} for one in round_.assignments.all()}
    round_.delegate(everyone | {THEME: {cast["bram"].pk, cast["fatima"].pk}})
    assert list(round_.assignments.of_theme(*THEME).values()) == before
    round_.delegate(everyone | {THEME: {cast["bram"].pk, cast["fatima"].pk, cast["vera"].pk}})
    assert [row for row in has(round_) if row[0] == "Vera"] == [("Vera", one, 2) for one in IDS]


def test_a_division_that_changed_meanwhile_is_not_overwritten(
    cast: dict[str, User], round_: Assessment
) -> None:
    shown = round_.assignments.of_theme(*THEME).mark()
    give(round_, cast, shown, fatima=FIRST)
    with pytest.raises(StepRefused, match="Iemand anders"):
        give(round_, cast, shown, bram=FIRST)
    assert has(round_) == [("Fatima", "", 1)]


@pytest.mark.parametrize("part", [Part(frozenset({"NA-01"})), Part(turn=0)])
def test_what_does_not_fit_the_theme_is_refused(
    part: Part, cast: dict[str, User], round_: Assessment
) -> None:
    with pytest.raises(StepRefused):
        give(round_, cast, bram=part)
    assert has(round_) == [("Bram", "", 1)]


def test_nothing_is_divided_once_the_round_is_closed(cast: dict[str, User]) -> None:
    round_ = make_round(cast, Status.CLOSED)
    with pytest.raises(StepRefused, match="gesloten"):
        give(round_, cast, fatima=FIRST)


PEOPLE = st.sampled_from(["bram", "fatima", "vera"])
PARTS = st.builds(Part, st.frozensets(st.sampled_from(IDS)), st.integers(1, 3))
# A theme is divided, or given to people by the form of all themes, or somebody hands in.
STEPS = st.lists(st.one_of(st.dictionaries(PEOPLE, PARTS), st.frozensets(PEOPLE), PEOPLE), max_size=5)


def go(round_: Assessment, cast: dict[str, User], step: dict[str, Part] | frozenset[str] | str) -> None:
    """Takes one step, and sees that it did what was asked."""
    if isinstance(step, dict):
        give(round_, cast, None, **step)
        asked = {(cast[name].name, one) for name, part in step.items() for one in part.questions or IDS}
        assert {(name, one) for name, one, _ in has(round_, by_question=True)} == asked
    elif isinstance(step, str):
        hand_in(round_, cast[step])
    else:
        all_ = {(one.link, one.theme): {one.user_id} for one in round_.assignments.all()}
        round_.delegate(all_ | {THEME: {cast[name].pk for name in step}})
        assert {name for name, _, _ in has(round_)} == {cast[name].name for name in step}


def handed_in(round_: Assessment) -> set[tuple[str, str]]:
    rows = round_.assignments.of_theme(*THEME).exclude(handed_in_at=None)
    found = rows.values_list("user__name", "question")
    return {(name, one) for name, question in found for one in ([question] if question else IDS)}


@given(steps=STEPS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_given_in_whatever_order_holds_together(
    steps: list[dict[str, Part] | frozenset[str] | str], cast: dict[str, User]
) -> None:
    with transaction.atomic():
        round_ = make_round(cast)
        for step in steps:
            done = handed_in(round_)
            go(round_, cast, step)
            rows = has(round_)
            for name in {name for name, _, _ in rows}:
                mine = [question for who, question, _ in rows if who == name]
                assert mine == [""] or "" not in mine
            if any(turn > 1 for _, _, turn in rows):
                assert len({question == "" for _, question, _ in rows}) == 1
            still = {(name, one) for name, one, _ in has(round_, by_question=True)}
            assert done & still <= handed_in(round_)
        transaction.set_rollback(True)


# Turns


def test_one_waits_for_an_earlier_turn_and_no_longer(cast: dict[str, User], round_: Assessment) -> None:
    give(round_, cast, bram=FIRST, fatima=SECOND)
    assert waiting(round_) == {("Fatima", "")}
    rows = round_.assignments.of_theme(*THEME).with_waits()
    assert {one.user.name: one.waits for one in rows} == {"Bram": False, "Fatima": True}
    hand_in(round_, cast["bram"])
    assert waiting(round_) == set()


def test_where_one_has_a_question_and_another_the_theme_they_wait_at_that_question(
    cast: dict[str, User], round_: Assessment
) -> None:
    give(round_, cast, bram=Part(frozenset(IDS[:1])), fatima=SECOND)
    assert waiting(round_) == {("Fatima", IDS[0])}


def test_a_guest_with_the_whole_theme_comes_before_who_has_a_later_turn(
    cast: dict[str, User], round_: Assessment
) -> None:
    give(round_, cast, bram=Part(frozenset(IDS[:1])), fatima=SECOND)
    guest, _ = make_guest(round_, [(*THEME, "")])
    assert waiting(round_) == {("Fatima", one) for one in IDS}
    guest.revoke()
    assert waiting(round_) == {("Fatima", IDS[0])}


def test_nobody_waits_for_who_left(cast: dict[str, User], round_: Assessment) -> None:
    give(round_, cast, bram=FIRST, fatima=SECOND)
    User.objects.filter(pk=cast["bram"].pk).update(is_active=False)
    assert waiting(round_) == set()


def mails() -> list[str]:
    rows = Message.objects.order_by("pk").values_list("user__name", "subject")
    return [f"{name}: {subject}" for name, subject in rows]


def test_the_next_hear_that_it_is_their_turn(cast: dict[str, User], round_: Assessment) -> None:
    give(round_, cast, bram=FIRST, fatima=SECOND)
    letters.tell(round_, cast["anna"])
    assert mails() == ["Bram: Er staan vragen voor u klaar: Jaarronde 2026"]
    for _ in range(2):
        with letters.turns(round_):
            hand_in(round_, cast["bram"])
    turn = f"Fatima: U bent aan de beurt: {questionnaire().theme(*THEME).title}"
    assert mails()[1:] == [turn]
    letters.tell(round_, cast["anna"])
    assert mails()[1:] == [turn]
    address = f"http://testserver/rondes/{round_.pk}/vragen/{'/'.join(THEME)}/"
    assert address in str(mail.outbox[-1].body)


def test_who_still_waits_for_somebody_else_hears_nothing(cast: dict[str, User], round_: Assessment) -> None:
    give(round_, cast, bram=FIRST, fatima=FIRST)
    Membership.objects.get(user=cast["vera"]).set_roles([Role.CONTRIBUTOR])
    give(round_, cast, bram=FIRST, fatima=FIRST, vera=SECOND)
    with letters.turns(round_):
        hand_in(round_, cast["bram"])
    assert mails() == []
    with letters.turns(round_):
        hand_in(round_, cast["fatima"])
    assert len(mails()) == 1


def test_another_order_that_ends_the_waiting_is_told_too(cast: dict[str, User], round_: Assessment) -> None:
    give(round_, cast, bram=Part(frozenset(IDS)), fatima=SECOND)
    with letters.turns(round_):
        give(round_, cast, fatima=FIRST)
    assert [line.partition(":")[0] for line in mails()] == ["Fatima"]


# In words


@pytest.mark.parametrize(
    "rows, said",
    [
        ([], "niemand"),
        ([("", 1, "Bram")], "Bram"),
        ([("", 1, "Bram"), ("", 1, "Anna"), ("", 1, "Joost")], "Anna, Bram en Joost"),
        ([("", 1, "Bram"), ("", 2, "Fatima")], "eerst Bram, dan Fatima"),
        ([("A", 1, "Bram"), ("B", 1, "Fatima"), ("C", 1, "Fatima")], "A: Bram; rest: Fatima"),
        ([("A", 1, "Bram"), ("B", 1, "Bram"), ("C", 1, "Fatima")], "C: Fatima; rest: Bram"),
        ([("A", 1, "Bram"), ("B", 1, "Fatima")], "A: Bram; B: Fatima; C: niemand"),
        ([("A", 1, "Bram"), ("", 2, "Fatima")], "A: eerst Bram, dan Fatima; rest: Fatima"),
    ],
)
def test_a_division_is_told_in_one_line(rows: list[tuple[str, int, str]], said: str) -> None:
    assert words(rows, ["A", "B", "C"]) == said


def test_a_turn_is_no_order_where_one_is_alone(cast: dict[str, User], round_: Assessment) -> None:
    give(round_, cast, bram=Part(frozenset(IDS[:1])), fatima=Part(frozenset(IDS[1:]), 2))
    assert waiting(round_) == set()
    say(round_, cast["fatima"], IDS[1], level=2)
