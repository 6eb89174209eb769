"""How many answered: the one number of a survey that may be told before it closes, and only of the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from surveys import answers
from surveys.models.ballot import Box
from surveys.models.survey import Group, Survey
from surveys.protection import LOW_RESPONSE


@dataclass(frozen=True, slots=True)
class Response:
    """How many of how many people answered."""

    ballots: int
    population: int

    @property
    def percentage(self) -> int:
        """Whole, rounded half up; 0 of nobody."""
        return (200 * self.ballots + self.population) // (2 * self.population) if self.population else 0

    @property
    def is_low(self) -> bool:
        return Fraction(self.ballots) < LOW_RESPONSE * self.population


def responses(surveys: Sequence[Survey]) -> dict[int, Response]:
    """By key of each survey; what a closed one told stays so when its answers are gone. Two queries."""
    people: Counter[int] = Counter()
    ballots: Counter[int] = Counter()
    running = [one for one in surveys if not one.is_closed]
    for survey, population in Group.objects.filter(survey__in=running).values_list("survey", "population"):
        people[survey] += population
    boxes = Box.objects.filter(group__survey__in=running).values_list("group__survey", "contents")
    for survey, contents in boxes:
        ballots[survey] += answers.size(contents)
    found = {one.pk: Response(ballots[one.pk], people[one.pk]) for one in running}
    for one in surveys:
        if one.is_closed:
            told = one.results()
            found[one.pk] = Response(told["ballots"], told["population"])
    return found
