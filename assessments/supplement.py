"""What the report to the council says beside the frozen account: the supplement, a canonical JSON.

The account (assessments/account.py) holds the results and is frozen at adoption. The supplement holds what
comes after: the improvement plan, promises, the covering page, the college's reaction. It is frozen when the
report is offered to the council, and names the account that it goes with. Pure.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

SCHEMA = "integriteitsketen/supplement/1"


class AccountReference(TypedDict):
    digest: str
    version: int


class EditionDocument(TypedDict):
    """Which edition it is; of a concept all but `corrects` are null or empty."""

    date: str | None  # ISO date on which it was offered to the council
    code: str  # for the public page that tells whether the report is the one that was published
    address: str  # of that page
    corrects: str  # why there is a second version, empty for the first


class BriefDocument(TypedDict):
    asked: str
    council: str
    next_on: str | None
    next: str
    contact: list[str]


class ReactionDocument(TypedDict):
    text: str
    decided_on: str


class CheckDocument(TypedDict):
    on: str


class ActionDocument(TypedDict):
    """An improvement as it stood; words as they are printed, slugs for who computes."""

    key: int  # the same in each edition in which it returns
    what: str
    why: str
    owner: str
    due: str | None
    status: str
    reason: str
    barrier: str  # its title, empty without one
    change: str
    link: str
    question: str
    area: str  # its title, empty without one
    since: str  # the round in which it was proposed: "Jaarronde 2025"


class PromiseDocument(TypedDict):
    """What was promised in the previous report, and what became of it."""

    kind: str  # action, council
    what: str
    owner: str
    due: str | None  # as it was promised
    made: str  # where: "Jaarronde 2025", or the day for a promise to the council
    outcome: str  # done, moved, dropped, open
    due_now: str | None
    reason: str


class FigureDocument(TypedDict):
    """A yearly count as it may be printed, never the exact number that is too small."""

    slug: str
    title: str
    unit: str
    told: str  # "12", "0 tot en met 4", "niet ingevuld"
    parts: list[dict[str, str]]  # slug, title, told; empty when it was not divided
    types: list[dict[str, str]]  # the same for the types of violation
    together: str  # this year and the two before, where that may be told
    beside: list[str]


class FiguresDocument(TypedDict):
    year: int
    figures: list[FigureDocument]
    note: str
    reading: list[str]  # the rules of the content, a sentence or two each


class AreaDocument(TypedDict):
    slug: str
    title: str
    inherent: int
    control: int
    gap: int


class FactorDocument(TypedDict):
    slug: str
    title: str
    value: int


class VulnerabilitiesDocument(TypedDict):
    areas: list[AreaDocument]  # highest gap first, then highest inherent score
    unscored: list[str]  # titles
    steps: dict[str, list[str]]  # inherent, control, factor: what 0 to 3 mean
    factors: list[FactorDocument]
    note: str


class LinkChange(TypedDict):
    slug: str
    before: float | None  # printed, in halves
    now: float | None
    change: float | None  # the difference of the means over the same questions, two decimals
    questions: int  # over so many


class ChangeDocument(TypedDict):
    title: str  # of the previous round: "Jaarronde 2025"
    year: int
    adopted: str
    digest: str  # of its account
    version: str  # of its questionnaire
    track: str
    links: list[LinkChange]
    legal: dict[str, list[str]]  # newly_shown, no_longer_shown: question ids


class StyleDocument(TypedDict):
    colour: str  # #rrggbb
    accent: str
    logo: str  # SHA-256 of the file, empty without one
    logo_text: str  # what stands for the picture
    address: list[str]


class TermDocument(TypedDict):
    term: str
    abbreviation: str
    meaning: str


class SupplementDocument(TypedDict):
    schema: str
    account: AccountReference
    edition: EditionDocument
    brief: NotRequired[BriefDocument]
    actions: NotRequired[list[ActionDocument]]
    promises: NotRequired[list[PromiseDocument]]
    figures: NotRequired[FiguresDocument]
    vulnerabilities: NotRequired[VulnerabilitiesDocument]
    change: NotRequired[ChangeDocument]
    reaction: NotRequired[ReactionDocument]
    check: NotRequired[CheckDocument]
    style: NotRequired[StyleDocument]
    terms: NotRequired[list[TermDocument]]


CONCEPT: EditionDocument = {"date": None, "code": "", "address": "", "corrects": ""}


def bare(digest: str, version: int) -> SupplementDocument:
    """The supplement of an account with which nothing else goes."""
    return {"schema": SCHEMA, "account": {"digest": digest, "version": version}, "edition": CONCEPT}
