"""The results of a round: exact figures, and the JSON document that pages and reports read.

The document is of the schema integriteitsketen/results/1. Its numbers have two decimals at most; what does
not exist is null. Rounding is half up and happens once, when the document is made; only `printed` is rounded
before, since the weakest link is chosen by what is printed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Final, Literal, TypedDict

from chain.questionnaire import Question, Questionnaire

SCHEMA: Final = "integriteitsketen/results/1"

State = Literal["level", "unknown", "not_applicable", "not_occurred", "unanswered"]
Status = Literal["complete", "provisional", "no_score", "too_little_insight"]
LegalStatus = Literal["shown", "claimed", "not_applicable", "not_occurred", "not_shown"]
Judged = Literal["no", "partly", "yes"]  # what most contributors say of a measure's help
Part = Literal["hard", "soft", "design", "existence", "operation"]


def half_up(number: Fraction, steps: int) -> Fraction:
    """The nearest of the `steps` parts that a whole is cut into; halfway goes up."""
    return Fraction(floor(number * steps + Fraction(1, 2)), steps)


def two_decimals(number: Fraction | None) -> float | None:
    """Two decimals at most, half up; whole numbers as int, so that JSON has 2 in every language, not 2.0."""
    if number is None:
        return None
    rounded = half_up(number, 100)
    return rounded.numerator if rounded.denominator == 1 else float(rounded)


class GroupDocument(TypedDict):
    """The figures of a group of questions: a link, a theme, or one of the cross-sections of a link."""

    score: float | None  # 0 to 4
    printed: float | None  # the score in halves
    status: str  # complete, provisional, no_score, too_little_insight
    coverage: float  # 0 to 1
    unknown_share: float  # 0 to 1
    distribution: dict[str, int]  # "0" to "4", unknown, not_applicable, not_occurred, unanswered
    reached: dict[str, int]  # "2", "3", "4"
    validated: int
    gap: float | None  # 0 to 4


class ThemeDocument(GroupDocument):
    slug: str


class LinkDocument(GroupDocument):
    slug: str
    hard: GroupDocument | None
    soft: GroupDocument | None
    design: GroupDocument | None
    existence: GroupDocument | None
    operation: GroupDocument | None
    themes: list[ThemeDocument]


class LegalDocument(TypedDict):
    question: str
    minimum: int
    status: str  # shown, claimed, not_applicable, not_occurred, not_shown


class QuestionDocument(TypedDict):
    id: str
    state: str  # level, unknown, not_applicable, not_occurred, unanswered
    claimed: int | None
    evidenced: int | None
    spread: int | None
    discuss: bool
    agreement: float | None  # 0 to 1
    helps: str | None  # yes, partly, no
    ritual: bool


class VersionDocument(TypedDict):
    slug: str
    version: str


class ResultsDocument(TypedDict):
    schema: str
    questionnaire: VersionDocument
    links: list[LinkDocument]
    weakest: list[str] | None
    sensitive: bool
    legal: list[LegalDocument]
    questions: list[QuestionDocument]


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """What the answers to one question come to."""

    question: Question
    state: State
    claimed: int | None
    evidenced: int | None
    spread: int | None  # None without a contributor's level
    discuss: bool
    agreement: Fraction | None
    helps: Judged | None
    ritual: bool

    def as_document(self) -> QuestionDocument:
        return {
            "id": self.question.id,
            "state": self.state,
            "claimed": self.claimed,
            "evidenced": self.evidenced,
            "spread": self.spread,
            "discuss": self.discuss,
            "agreement": two_decimals(self.agreement),
            "helps": self.helps,
            "ritual": self.ritual,
        }


@dataclass(frozen=True, slots=True)
class GroupResult:
    """What the questions of a link, a theme or another group come to together."""

    score: Fraction | None
    printed: Fraction | None
    status: Status
    coverage: Fraction
    unknown_share: Fraction
    distribution: Mapping[str, int]
    reached: Mapping[str, int]
    validated: int
    gap: Fraction | None

    def as_document(self) -> GroupDocument:
        return {
            "score": two_decimals(self.score),
            "printed": two_decimals(self.printed),
            "status": self.status,
            "coverage": two_decimals(self.coverage) or 0,
            "unknown_share": two_decimals(self.unknown_share) or 0,
            "distribution": dict(self.distribution),
            "reached": dict(self.reached),
            "validated": self.validated,
            "gap": two_decimals(self.gap),
        }


@dataclass(frozen=True, slots=True)
class LinkResult:
    """A link as a whole, by hard and soft, by dimension, and by theme."""

    slug: str
    whole: GroupResult
    parts: Mapping[Part, GroupResult | None]
    themes: Mapping[str, GroupResult]

    def as_document(self) -> LinkDocument:
        parts = {name: part.as_document() if part else None for name, part in self.parts.items()}
        return {
            "slug": self.slug,
            **self.whole.as_document(),
            "hard": parts["hard"],
            "soft": parts["soft"],
            "design": parts["design"],
            "existence": parts["existence"],
            "operation": parts["operation"],
            "themes": [{"slug": slug, **theme.as_document()} for slug, theme in self.themes.items()],
        }


@dataclass(frozen=True, slots=True)
class Results:
    """The results of a round; links, themes and questions in the questionnaire's order."""

    questionnaire: Questionnaire
    links: tuple[LinkResult, ...]
    weakest: tuple[str, ...] | None  # None while a link has no score
    sensitive: bool
    legal: tuple[tuple[Question, LegalStatus], ...]
    questions: tuple[QuestionResult, ...]

    def as_document(self) -> ResultsDocument:
        legal: list[LegalDocument] = [
            {"question": question.id, "minimum": question.legal_minimum or 0, "status": status}
            for question, status in self.legal
        ]
        return {
            "schema": SCHEMA,
            "questionnaire": {"slug": self.questionnaire.slug, "version": self.questionnaire.version},
            "links": [link.as_document() for link in self.links],
            "weakest": None if self.weakest is None else list(self.weakest),
            "sensitive": self.sensitive,
            "legal": legal,
            "questions": [question.as_document() for question in self.questions],
        }
