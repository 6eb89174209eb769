"""What of an adopted round is not public: the confidential annex, a canonical JSON beside the account.

Who answered and what they explained, what the validator noted, and how an agreed level came about. It is
frozen with the results, so that a rekenkamer can later see what they rest on. Threads stay out: people talked
there, nobody said it to account for anything. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypedDict

from assessments.supplement import AccountReference

SCHEMA: Final = "integriteitsketen/annex/1"

PRIVACY: Final = (
    "Artikel 5.1, tweede lid, onder e, van de Wet open overheid: hier staan mensen met hun naam. "
    "Dat raakt hun persoonlijke levenssfeer."
)
DELIBERATION: Final = (
    "Artikel 5.2, eerste lid, van de Wet open overheid, voor zover toelichtingen en opmerkingen persoonlijke "
    "beleidsopvattingen voor intern beraad zijn."
)
# Since 1 April 2023 (Wet bevorderen integriteit en functioneren decentraal bestuur) secrecy rests on an
# interest of article 5.1, first or second paragraph, of the Woo, and on nothing else: not on 5.2. Where the
# number of the article in another law was not certain, the law is named without one.
SECRECY: Final = (
    "Vertrouwelijk is nog niet geheim. Geheimhouding geldt pas als {} die oplegt, volgens {}. De reden kan "
    "dan alleen een belang uit artikel 5.1 van de Wet open overheid zijn, dus niet artikel 5.2."
)
IMPOSED: Final[Mapping[str, tuple[str, str]]] = {
    "gemeente": ("het college", "artikel 87 van de Gemeentewet"),
    "provincie": ("het college van Gedeputeerde Staten", "artikel 84 van de Provinciewet"),
    "waterschap": ("het dagelijks bestuur", "de Waterschapswet"),
    "gemeenschappelijke-regeling": ("het dagelijks bestuur", "de Wet gemeenschappelijke regelingen"),
}


class PersonDocument(TypedDict):
    """Somebody who answered, under the code that the account calls them by."""

    code: str  # c1, c2 …
    name: str
    job: str
    functions: list[str]  # codes of the questionnaire's roles
    guest: bool


class ExplanationDocument(TypedDict):
    question: str
    contributor: str  # a code
    level: int | None
    state: str  # unknown, not_applicable, not_occurred; empty with a level
    reason: str
    explanation: str


class CheckedDocument(TypedDict):
    question: str
    level: int
    remark: str
    by: str  # a name


class AgreementDocument(TypedDict):
    question: str
    level: int
    reason: str
    minority: str
    by: str  # a name


class MeetingDocument(TypedDict):
    link: str
    on: str  # ISO date
    chair: str
    present: list[str]
    others: str
    closing: str


class DrawDocument(TypedDict):
    on: str  # ISO date
    by: str
    size: int
    seed: str
    questions: list[str]
    reason: str  # why again; empty for the first


class JudgedDocument(TypedDict):
    checked: list[CheckedDocument]
    agreed: list[AgreementDocument]
    meetings: list[MeetingDocument]
    draws: list[DrawDocument]


class AnnexDocument(JudgedDocument):
    schema: str
    account: AccountReference
    grounds: list[str]  # of its confidentiality, as they were then
    people: list[PersonDocument]
    answers: list[ExplanationDocument]


def grounds(kind: str) -> list[str]:
    """Why the annex is not public, and when there is secrecy, for this kind of organisation."""
    return [PRIVACY, DELIBERATION, SECRECY.format(*IMPOSED[kind])]
