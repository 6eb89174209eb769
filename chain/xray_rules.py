"""The rules of the X-ray as they stand in a questionnaire: five kinds, each with the sentence to be read.

What they look for in somebody's answers is in `chain.xray`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chain.text import Text


@dataclass(frozen=True, slots=True)
class Condition:
    """What an answer on one question may be: exactly one of the three is there."""

    question: str
    at_least: int | None
    at_most: int | None
    state: str | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Worth a second look when all of `when` and all of `but` hold for one person."""

    slug: str
    text: Text
    when: tuple[Condition, ...]
    but: tuple[Condition, ...]
    kind: Literal["contradiction"] = "contradiction"


@dataclass(frozen=True, slots=True)
class WithoutEvidence:
    """A level of at least this, with no evidence at the question."""

    slug: str
    text: Text
    at_least: int
    kind: Literal["without_evidence"] = "without_evidence"


@dataclass(frozen=True, slots=True)
class SameText:
    """One explanation, of at least `length` letters and digits, at so many `answers`."""

    slug: str
    text: Text
    answers: int
    length: int
    kind: Literal["same_text"] = "same_text"


@dataclass(frozen=True, slots=True)
class AllAtMaximum:
    """So many `answers` with a level, or more, and all of them 4."""

    slug: str
    text: Text
    answers: int
    kind: Literal["all_at_maximum"] = "all_at_maximum"


@dataclass(frozen=True, slots=True)
class Quick:
    """So many `answers`, or more, in less than `seconds` each from the first save to the last."""

    slug: str
    text: Text
    answers: int
    seconds: int
    kind: Literal["quick"] = "quick"


Rule = Contradiction | WithoutEvidence | SameText | AllAtMaximum | Quick


def build_rule(data: Mapping[str, Any]) -> Rule:
    """The rule of plain data that has been checked."""
    slug, text = data["slug"], Text(**data["text"])
    match data["kind"]:
        case "contradiction":
            return Contradiction(slug, text, _conditions(data["when"]), _conditions(data["but"]))
        case "without_evidence":
            return WithoutEvidence(slug, text, data["at_least"])
        case "same_text":
            return SameText(slug, text, data["answers"], data["length"])
        case "all_at_maximum":
            return AllAtMaximum(slug, text, data["answers"])
        case _:
            return Quick(slug, text, data["answers"], data["seconds"])


def _conditions(data: list[dict[str, Any]]) -> tuple[Condition, ...]:
    return tuple(
        Condition(one["question"], one.get("at_least"), one.get("at_most"), one.get("state")) for one in data
    )
