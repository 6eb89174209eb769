"""The results of one round as one reader may see them: frozen or as they stand now, with or without names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404

from assessments.account import Gathered
from assessments.models import Assessment
from assessments.progress import PersonProgress, per_person
from assessments.status import RUNNING
from chain.answers import Round
from chain.models import load
from chain.results import ResultsDocument
from chain.scoring import parse
from organisations.models import User


@dataclass(frozen=True)
class ShownRound:
    """A round with what its pages are made of. `follows`: the reader may read everyone's named answers."""

    assessment: Assessment
    follows: bool

    @property
    def frozen(self) -> bool:
        """Whether the reader sees what was adopted. While that is being corrected, all but coordinator and
        validator do: whoever does not follow a round sees no results of it but adopted ones.
        """
        return self.assessment.is_frozen or not self.follows

    @cached_property
    def gathered(self) -> Gathered | None:
        """The rows as they stand now, unless the reader sees what was adopted; three queries."""
        return None if self.frozen else self.assessment.gather()

    @cached_property
    def answers(self) -> dict[str, Any]:
        """The answers file: of a frozen round its document, one query."""
        if self.gathered:
            return self.gathered.answers_file()
        adoption = self.assessment.adoption
        if adoption is None:
            raise LookupError(f"round {self.assessment.pk} is frozen without a document")
        return adoption.frozen()

    @cached_property
    def results(self) -> ResultsDocument:
        """Of a frozen round what was frozen, never computed again."""
        if self.gathered:
            return self.gathered.results
        results: ResultsDocument = self.answers["results"]
        return results

    @cached_property
    def given(self) -> Round:
        """The answers as typed objects."""
        return parse(load(self.assessment.questionnaire_id), self.answers)

    @cached_property
    def names(self) -> dict[str, str]:
        """Who c1, c2 … are, for who may know; one query, or none."""
        if not self.follows:
            return {}
        contributors = self.assessment.answers.given().values("contributor")
        people = User.objects.filter(pk__in=contributors).order_by("pk")
        return {f"c{number}": str(person) for number, person in enumerate(people, 1)}

    def progress(self) -> list[PersonProgress]:
        """How far each person is, while the round runs and for who follows it; one query, or none."""
        if not self.follows or not self.gathered or self.assessment.status not in RUNNING:
            return []
        rows = self.assessment.assignments.values_list("user_id", "user__name", "link", "theme", "question")
        return per_person(
            self.assessment.content,
            [(user, (link, theme, question)) for user, _, link, theme, question in rows],
            [(answer.contributor, answer.question) for answer in self.gathered.answers],
            {user: name for user, name, *_ in rows},
        )


def results_for(user: User | AnonymousUser, pk: int) -> ShownRound:
    """The round, if this reader may see its results now; raises Http404. One query."""
    followed = Assessment.objects.followed_by(user).filter(pk=OuterRef("pk"))
    rounds = Assessment.objects.results_visible_to(user).annotate(followed=Exists(followed))
    found = get_object_or_404(rounds.select_related("organisation"), pk=pk)
    return ShownRound(found, cast(Any, found).followed)  # the stubs lose what an own queryset annotates
