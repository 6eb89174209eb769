"""The results of anonymous surveys inside an account, checked as far as the account allows.

The answers themselves are not in it, and must not be: whoever could recompute the shares could trace people.
What can be checked: that the shares of a statement add up, that there are counts that give both its share and
its interval, and that nothing is told of too few people.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, TypeGuard

from reports.verifying.comparing import shown
from reports.verifying.findings import Finding
from surveys.protection import LOW_RESPONSE, SHARES, interval

LEAST_ANSWERS = 5
LEAST_PEOPLE = 9  # of a council; of staff the document says 10


def survey_differences(place: str, told: Any) -> Iterator[Finding]:
    """What cannot be right in the result of one survey."""
    document = told.get("document") if isinstance(told, dict) else None
    if not isinstance(document, dict):
        yield Finding(place, "de uitkomst van de peiling ontbreekt")
        return
    if not _named(told.get("statements")):
        yield Finding(f"{place}.statements", "noemt niet welke lijst met stellingen is gebruikt")
    people, ballots = document.get("population"), document.get("ballots")
    statements = document.get("statements")
    if not (_count(people) and _count(ballots) and isinstance(statements, list)):
        yield Finding(place, "het aantal mensen, het aantal antwoorden of de lijst stellingen ontbreekt")
        return
    if document.get("low_response") is not (ballots < LOW_RESPONSE * people):
        yield Finding(f"{place}.low_response", "past niet bij het aantal antwoorden")
    for number, statement in enumerate(statements):
        name = statement.get("id") if isinstance(statement, dict) else None
        at = f"{place}.statements[{name if isinstance(name, str) and len(name) < 20 else number}]"
        yield from _statement(at, statement, people, ballots)


def _named(statements: object) -> bool:
    return isinstance(statements, dict) and isinstance(statements.get("digest"), str)


def _count(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 <= value < 10**8


def _statement(place: str, told: Any, people: int, ballots: int) -> Iterator[Finding]:
    if not isinstance(told, dict) or not isinstance(told.get("id"), str):
        yield Finding(place, "is geen stelling")
        return
    base = told.get("base")
    if base is None:
        if told.keys() - {"id", "base"}:
            yield Finding(place, "er staan cijfers bij een stelling die verborgen moet zijn")
        return
    shares = [share for name in SHARES if _count(share := told.get(name))]
    if not _count(base) or len(shares) < len(SHARES):
        yield Finding(place, "de aantallen zijn niet te lezen")
        return
    if base < LEAST_ANSWERS or people < LEAST_PEOPLE:
        yield Finding(f"{place}.base", f"van {shown(base)} antwoorden mag niets worden verteld")
    if base > ballots:
        yield Finding(
            f"{place}.base", f"er zijn {base} antwoorden, meer dan de {ballots} van de hele peiling"
        )
    if sum(shares) != 100:
        yield Finding(place, f"de percentages zijn samen {sum(shares)}, geen 100")
    elif base and not _possible(told["agree"], told.get("interval"), base, people):
        yield Finding(f"{place}.interval", "past bij geen enkel aantal antwoorden met dit percentage")


def _possible(agree: int, told: object, base: int, people: int) -> bool:
    """Whether some number of people who agree gives this percentage and this interval.

    The largest remainder rounds a share down or up. The interval only rises with the number, so it can be
    looked up by halves: a file may name a base that makes counting through it take minutes.
    """
    if not isinstance(told, list) or not all(type(one) is int for one in told):
        return False
    counts = range(max(0, -(-(agree - 1) * base // 100)), min(base, ((agree + 1) * base - 1) // 100) + 1)

    def reach(count: int) -> list[int]:
        return list(interval(Fraction(count, base), base, people))

    at = bisect_left(counts, told, key=reach)
    return at < len(counts) and reach(counts[at]) == told
