"""Where a contributor works: a theme as one person comes to it, and whether it is theirs to answer now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from assessments import turns
from assessments.asked import Key, in_theme
from assessments.models import Assessment, Assignment, SentBack
from assessments.standing import Shut, shut
from assessments.turns import Given
from assessments.worklist import Worklist, worklist
from chain.questionnaire import Link, Question, Theme
from organisations.models import User
from organisations.models.user import label


@dataclass(frozen=True)
class Desk:
    """A theme as one person comes to it."""

    user: User
    round: Assessment
    link: Link
    theme: Theme
    rows: list[Given]  # all of the user's in the round, and everybody's in this theme

    @property
    def keys(self) -> list[Key]:
        return [row.key for row in self.rows if row.user == self.user.pk]

    @cached_property
    def here(self) -> list[Given]:
        return [row for row in self.rows if row.key[:2] == (self.link.slug, self.theme.slug)]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """What the user was given of this theme."""
        return in_theme(self.link.slug, self.theme, self.keys)

    @cached_property
    def mine(self) -> list[Given]:
        """The user's assignments in this theme."""
        return [row for row in self.here if row.user == self.user.pk]

    @cached_property
    def others(self) -> list[Given]:
        """Who else was given one of these questions."""
        ids = {"", *(question.id for question in self.questions)}
        return [row for row in self.here if row.user != self.user.pk and row.question in ids]

    @cached_property
    def waits(self) -> dict[Key, list[str]]:
        """For whom the user waits here, by what it is about; one query if anybody may come first."""
        undone = [row for row in self.here if row.handed_in_at is None]
        first = {row.key: turns.names(turns.before(row, undone)) for row in self.mine}
        if not any(first.values()):
            return {}
        waiting = waiting_keys(self.round, self.user, self.mine)
        return {key: names for key, names in first.items() if key in waiting}

    @property
    def peers(self) -> list[str]:
        """Who answers the same questions at the same time, by name."""
        apart = {row.user for one in self.mine for row in self._in_line(one)}
        return sorted(set(turns.names(row for row in self.others if row.user not in apart)))

    @property
    def later(self) -> list[str]:
        """Whose turn comes after the user's, by name: they read what the user answered."""
        return turns.names(row for one in self.mine for row in turns.after(one, self.here))

    def _in_line(self, one: Given) -> list[Given]:
        return [*turns.before(one, self.here), *turns.after(one, self.here)]

    def worklist(self) -> Worklist:
        """The list that this theme is part of, to go on from here; what is answered is not in it."""
        return worklist(self.round.content, self.keys, frozenset())


def find_desk(user: User, pk: int, link: str, theme: str) -> Desk:
    """Two queries. Raises Http404 when nothing of this theme was given to the user."""
    round_ = get_object_or_404(Assessment.objects.asking(user), pk=pk)
    found = round_.assignments.filter(Q(user=user) | Q(link=link, theme=theme)).order_by("turn", "user__name")
    rows = given_rows(found)
    if not any(row.user == user.pk and row.key[:2] == (link, theme) for row in rows):
        raise Http404
    return Desk(user, round_, round_.content.link(link), round_.content.theme(link, theme), rows)


def given_rows(found: QuerySet[Assignment]) -> list[Given]:
    """The assignments as rows; one query, which makes no objects of them."""
    columns = ("link", "theme", "question", "turn", "note", "handed_over_by__name", "handed_in_at")
    return [
        Given(user, label(name, is_guest=is_guest), *rest)
        for user, name, is_guest, *rest in found.values_list(
            "user_id", "user__name", "user__is_guest", *columns
        )
    ]


def waiting_keys(round_: Assessment, user: User, mine: list[Given]) -> set[Key]:
    """What of these somebody with an earlier turn has to do first; one query in a later turn, else none."""
    if not round_.takes_answers or all(row.turn == 1 or row.handed_in_at for row in mine):
        return set()
    given = round_.assignments.filter(user=user, handed_in_at=None)
    return set(given.waiting().values_list("link", "theme", "question"))


def sent_back(round_: Assessment, user: User) -> dict[str, SentBack]:
    """What the validator gave back to the user and waits for, by question; one query or none."""
    if not round_.takes_judgements:
        return {}
    found = round_.sent_back.open().filter(contributor=user).select_related("by")
    return {one.question: one for one in found}


def seat(user: User, pk: int, link: str, theme: str, question: str) -> Assignment:
    """What gives this one question to the user, with its round; raises Http404 when nothing does.

    One query, for a save: the most frequent request.
    """
    mine = Assignment.objects.filter(
        # The pk is asked inside: there a number beyond its range finds nothing; as foreign key it fails.
        assessment__in=Assessment.objects.asking(user).filter(pk=pk),
        user=user,
        link=link,
        theme=theme,
        question__in=["", question],
    )
    found = mine.select_related("assessment").order_by("question").first()
    if found is None:
        raise Http404
    return found


def why_shut(one: Assignment) -> Shut | None:
    """Why the assignment takes no answer now, though its round is open; at most one query.

    What a round in another status takes, only the statement that saves can tell.
    """
    if not one.assessment.takes_answers:
        return None
    waiting = one.turn > 1 and Assignment.objects.filter(pk=one.pk).waiting().exists()
    return shut(
        status=one.assessment.status,
        sent_back=False,
        handed_in=one.handed_in_at is not None,
        waiting=waiting,
    )
