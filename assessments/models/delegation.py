"""Giving themes and questions to people. Every way holds the round, so that two coordinators come in turn.

Two things hold for whatever is written here. Nobody has both a theme and single questions of it. And where
people answer one after the other, they have the same units: who waits for whom is seen from that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from typing import TYPE_CHECKING

from django.db import transaction

from assessments.delegating.division import Part
from assessments.models.answer import RoundIsClosed
from assessments.models.assignment import Assignment
from assessments.status import StepRefused
from organisations.models import Membership, User, by_name
from organisations.policy import May

if TYPE_CHECKING:
    from assessments.models.round import Assessment

NOT_NOW = "De verdeling ligt vast sinds de ronde gesloten is."
STALE = (
    "Iemand anders heeft de verdeling intussen veranderd. Uw keuzes staan hieronder en zijn nog niet "
    "opgeslagen. Laad de pagina opnieuw om de nieuwe verdeling te zien."
)
NOT_YOURS = "Wat u wilt overdragen, hebt u niet meer, of het is al ingediend. Laad de pagina opnieuw."
NOT_A_COLLEAGUE = "Kies een collega die functionaris is in uw organisatie."
CHOOSE_ANOTHER = "Kies een andere collega of andere vragen."
ThemeKey = tuple[str, str]  # link, theme


def contributors(round_: Assessment) -> list[Membership]:
    """Who can be given something, by name; one query."""
    members = Membership.objects.filter(organisation=round_.organisation_id, user__is_active=True)
    found = members.who_may(May.ANSWER).select_related("user")
    return sorted(found, key=lambda member: by_name(member.user.name))


class HandOverRefused(Exception):
    """What cannot be handed over now, or not to this person; its text says why, in Dutch."""


def delegate(round_: Assessment, people: Mapping[ThemeKey, Set[int]], shown: str | None = None) -> None:
    """Gives each theme to exactly these people (user ids); answers already given stay.

    Whoever has something of the theme keeps it as it is: questions, turn, note, and that it was handed in.
    Who is new gets the whole theme, in its last turn. Raises `StepRefused` once the round is closed, and
    when the delegation is no longer what was `shown`.
    """
    with transaction.atomic():
        held = _hold(round_)
        if shown is not None and shown != held.assignments.mark():
            raise StepRefused(STALE)
        have = list(held.assignments.all())
        gone = [one.pk for one in have if one.user_id not in people.get((one.link, one.theme), ())]
        Assignment.objects.filter(pk__in=gone).delete()
        last: dict[ThemeKey, int] = {}
        for one in have:
            last[one.link, one.theme] = max(one.turn, last.get((one.link, one.theme), 1))
        wanted = {(*theme, user) for theme, users in people.items() for user in users}
        new = sorted(wanted - {(one.link, one.theme, one.user_id) for one in have})
        Assignment.objects.bulk_create(
            Assignment(assessment=held, link=link, theme=theme, user_id=user, turn=last.get((link, theme), 1))
            for link, theme, user in new
        )
        for link, theme in {(link, theme) for link, theme, _ in new} & set(last):
            make_comparable(held, link, theme)


def divide(
    round_: Assessment, link: str, theme: str, parts: Mapping[int, Part], shown: str | None = None
) -> None:
    """Gives one theme to exactly these people (user id: part); answers already given stay.

    What somebody had and keeps stays handed in, with its note. Raises `StepRefused` once the round is closed,
    when the theme is no longer divided as was `shown`, and for a question of another theme.
    """
    with transaction.atomic():
        held = _hold(round_)
        here = held.assignments.of_theme(link, theme)
        if shown is not None and shown != here.mark():
            raise StepRefused(STALE)
        ids = _ids(held, link, theme)
        if not all(part.fits(ids) for part in parts.values()):
            raise StepRefused("Deze vraag hoort niet bij dit thema.")
        wanted = _units(parts, ids, set(here.exclude(question="").values_list("user_id", flat=True)))
        single = {user for user, question in wanted if question}
        _split(held, here.filter(question="", user__in=single))
        have = {(one.user_id, one.question): one for one in here}
        here.filter(pk__in=[one.pk for unit, one in have.items() if unit not in wanted]).delete()
        for unit, one in have.items():
            if wanted.get(unit, one.turn) != one.turn:
                here.filter(pk=one.pk).update(turn=wanted[unit])
        Assignment.objects.bulk_create(
            Assignment(assessment=held, link=link, theme=theme, user_id=user, question=question, turn=turn)
            for (user, question), turn in sorted(wanted.items())
            if (user, question) not in have
        )


def hand_over(
    round_: Assessment, link: str, theme: str, questions: Set[str], giver: User, receiver: User, note: str
) -> list[Assignment]:
    """Gives these questions (ids) that `giver` has in the theme to a colleague; returns the new assignments.

    The colleague takes the same turn; answers already given stay. What was handed in is not handed over.
    Raises `RoundIsClosed` unless the round is open, and `HandOverRefused`.
    """
    with transaction.atomic():
        held = _hold(round_, only_open=True)
        here = held.assignments.of_theme(link, theme)
        if receiver == giver or receiver not in (one.user for one in contributors(held)):
            raise HandOverRefused(NOT_A_COLLEAGUE)
        theirs = set(here.filter(user=receiver).values_list("question", flat=True))
        mine = here.filter(user=giver, handed_in_at=None)
        if theirs or questions != set(_ids(held, link, theme)):
            _split(held, mine.filter(question=""))
        rows = list(mine.filter(question__in=[*questions, ""]).order_by("pk"))
        if not rows or (rows[0].question and len(rows) < len(questions)):
            raise HandOverRefused(NOT_YOURS)
        if both := sorted(theirs & {one.question for one in rows} or theirs & {""}):
            raise HandOverRefused(f"{receiver} heeft {', '.join(both) or 'dit thema'} al. {CHOOSE_ANOTHER}")
        Assignment.objects.filter(pk__in=[one.pk for one in rows]).delete()
        for one in rows:
            one.pk, one.user, one.note, one.handed_over_by = None, receiver, note, giver
        new = Assignment.objects.bulk_create(rows)
        make_comparable(held, link, theme)
        return new


def pass_on(round_: Assessment, link: str, theme: str, shown: str | None = None) -> None:
    """Lets those who wait go on: whoever has not handed in answers together with the next from now on.

    Raises `StepRefused` when nobody waits or the round is not open, and when the theme is not as `shown`.
    """
    with transaction.atomic():
        held = _hold(round_)
        here = held.assignments.of_theme(link, theme)
        if shown is not None and shown != here.mark():
            raise StepRefused(STALE)
        open_: dict[str, list[Assignment]] = {}
        for one in here.present().filter(handed_in_at=None):
            open_.setdefault(one.question, []).append(one)
        late = {question: sorted({one.turn for one in rows})[:2] for question, rows in open_.items()}
        if not held.takes_answers or all(len(turns) < 2 for turns in late.values()):
            raise StepRefused("Hier wacht nu niemand op een ander.")
        for question, turns in late.items():
            if len(turns) == 2:
                now = [one.pk for one in open_[question] if one.turn == turns[0]]
                here.filter(pk__in=now).update(turn=turns[1])


def _units(parts: Mapping[int, Part], ids: list[str], by_question: Set[int]) -> dict[tuple[int, str], int]:
    """What is to be written: (user, question or "") and its turn.

    The whole theme becomes its questions for who has some already (`by_question`), whose rows then stay, and
    for everybody where turns meet single questions.
    """
    single = {user for user, part in parts.items() if part.questions or user in by_question}
    if single and any(part.turn > 1 for part in parts.values()):
        single = set(parts)
    return {
        (user, question): part.turn
        for user, part in parts.items()
        for question in (part.questions or ids if user in single else [""])
    }


def make_comparable(round_: Assessment, link: str, theme: str) -> None:
    """Writes whole themes as their questions where turns meet single questions.

    For whoever just gave something of the theme, and holds the round.
    """
    here = round_.assignments.of_theme(link, theme)
    rows = list(here.values_list("question", "turn"))
    if any(turn > 1 for _, turn in rows) and any(question for question, _ in rows):
        _split(round_, here.filter(question=""))


def _split(round_: Assessment, rows: Iterable[Assignment]) -> None:
    """Writes whole themes as their questions, each with the turn, note and handing in of the whole."""
    for one in list(rows):
        same = ("link", "theme", "user_id", "turn", "note", "handed_over_by_id", "handed_in_at")
        kept = {name: getattr(one, name) for name in same}
        Assignment.objects.filter(pk=one.pk).delete()
        Assignment.objects.bulk_create(
            Assignment(assessment=round_, question=question, **kept)
            for question in _ids(round_, one.link, one.theme)
        )


def _hold(round_: Assessment, *, only_open: bool = False) -> Assessment:
    """The round, kept as it is until this transaction is done. Raises `StepRefused` once it is closed.

    With `only_open` raises `RoundIsClosed` before it is open, too.
    """
    held = type(round_)._default_manager.select_for_update().get(pk=round_.pk)
    if only_open and not held.takes_answers:
        raise RoundIsClosed
    if not held.takes_delegation:
        raise StepRefused(NOT_NOW)
    return held


def _ids(round_: Assessment, link: str, theme: str) -> list[str]:
    return [question.id for question in round_.content.theme(link, theme).questions]
