"""The frozen document of an adopted round with its questionnaire: what every chapter is made of.

Pure: no database, no clock. What is not in the document cannot come into the report.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import NotRequired, TypedDict

from assessments.supplement import SupplementDocument, bare
from chain.documents import canonical_json, digest
from chain.questionnaire import Questionnaire, Rung
from chain.results import LinkDocument, QuestionDocument, ResultsDocument
from chain.statements import StatementList
from reports import words
from reports.outcome import Outcome, outcome_of
from surveys.protection import SurveyDocument

SCHEMA = "integriteitsketen/account/1"
ADOPTED_BY = "de integriteitscoördinator"  # the only role that can take the step: assessments/status.py


class OrganisationDocument(TypedDict):
    name: str
    kind: str
    cbs_code: str | None
    inhabitants: int | None
    staff: int | None


class RoundDocument(TypedDict):
    title: str
    year: int
    track: str  # full, light
    version: int  # 1 for the first account of this round, 2 for a correction of it
    opened: str | None  # ISO dates
    closed: str | None
    adopted: str
    contributors: int
    validators: int


class QuestionnaireDocument(TypedDict):
    slug: str
    version: str
    digest: str


class AnswerDocument(TypedDict):
    question: str
    contributor: str
    level: NotRequired[int]
    state: NotRequired[str]
    reason: NotRequired[str]
    helps: NotRequired[str]


class AgreedDocument(TypedDict):
    level: int
    reason: str


class SampleDocument(TypedDict):
    """What was drawn for the validator to check; the rule is in assessments/validating/sampling.py."""

    seed: str
    size: int  # questions per link
    questions: list[str]
    draws: int  # how often was drawn; this is the last


class ToldSurveyDocument(TypedDict):
    """The result of an anonymous survey: of the whole, without its groups."""

    audience: str  # staff, council
    opened: str | None  # ISO dates
    closed: str | None
    statements: QuestionnaireDocument
    digest: str  # of the result as it was made when the survey closed
    document: SurveyDocument


class AccountDocument(TypedDict):
    """The document that `assessments.account.freeze` makes."""

    schema: str
    organisation: OrganisationDocument
    round: RoundDocument
    questionnaire: QuestionnaireDocument
    track: str
    weights: dict[str, float]
    answers: list[AnswerDocument]
    agreed: dict[str, AgreedDocument]
    evidenced: dict[str, int]
    results: ResultsDocument
    sample: NotRequired[
        SampleDocument
    ]  # not when nothing was drawn, nor in accounts of before there were samples
    surveys: NotRequired[list[ToldSurveyDocument]]  # not without any, nor in accounts of before


@dataclass(frozen=True)
class Account:
    """The document and its questionnaire, with the look-ups that more than one chapter needs."""

    document: AccountDocument = field(repr=False)
    questionnaire: Questionnaire = field(repr=False)  # of the round's track
    statements: Mapping[str, StatementList] = field(default_factory=dict, repr=False)  # by digest
    beside: SupplementDocument | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls,
        document: AccountDocument,
        questionnaire: Questionnaire,
        statements: Mapping[str, StatementList] = MappingProxyType({}),
        beside: SupplementDocument | None = None,
    ) -> "Account":
        """The account of a document, the whole questionnaire of its round and the statements of its surveys.

        `beside` is the supplement that goes with it; without one there is nothing but the results.

        Raises ValueError when they do not belong together.
        """
        found, wanted = document["questionnaire"]["digest"], questionnaire.digest
        if document["schema"] != SCHEMA or found != wanted:
            raise ValueError(f"not an account of questionnaire {wanted}: {document['schema']} of {found}")
        for told in document.get("surveys", []):
            if told["statements"]["digest"] not in statements:
                raise ValueError(f"an account of other statements: {told['statements']}")
        account = cls(document, questionnaire.for_track(document["track"]), statements, beside)
        if beside and beside["account"]["digest"] != account.checksum:
            raise ValueError(f"a supplement of another account: {beside['account']}")
        return account

    @cached_property
    def supplement(self) -> SupplementDocument:
        """What goes with the results: the improvement plan, the reaction and so on."""
        return self.beside or bare(self.checksum, self.round["version"])

    @cached_property
    def supplement_checksum(self) -> str:
        """The SHA-256 of the supplement in its canonical form."""
        return digest(canonical_json(self.supplement))

    @property
    def is_concept(self) -> bool:
        """Whether it was not offered to the council yet."""
        return self.supplement["edition"]["date"] is None

    @cached_property
    def text(self) -> str:
        """The document in its one canonical form, as it was frozen."""
        return canonical_json(self.document)

    @cached_property
    def checksum(self) -> str:
        return digest(self.text)

    @property
    def results(self) -> ResultsDocument:
        return self.document["results"]

    @property
    def round(self) -> RoundDocument:
        return self.document["round"]

    @property
    def adopted(self) -> str:
        """When the results were frozen, and in what role: "20 mei 2025 door de integriteitscoördinator"."""
        return f"{words.day(self.round['adopted'])} door {ADOPTED_BY}"

    @property
    def is_light(self) -> bool:
        return self.document["track"] == "light"

    @property
    def name(self) -> str:
        """The organisation at the beginning of a sentence: Gemeente Waterrijk."""
        return self.document["organisation"]["name"]

    @property
    def name_within(self) -> str:
        """The organisation within a sentence: gemeente Waterrijk."""
        kind = self.document["organisation"]["kind"].replace("-", " ")
        starts_with_kind = self.name.lower().startswith(kind + " ")
        return self.name[0].lower() + self.name[1:] if starts_with_kind else self.name

    @property
    def ladder(self) -> tuple[Rung, ...]:
        return self.questionnaire.ladder

    @cached_property
    def questions(self) -> dict[str, QuestionDocument]:
        """The result of each question by its id, in the questionnaire's order."""
        return {question["id"]: question for question in self.results["questions"]}

    @cached_property
    def legal(self) -> dict[str, str]:
        """How far each legal minimum is shown, by its question."""
        return {one["question"]: one["status"] for one in self.results["legal"]}

    @cached_property
    def links(self) -> dict[str, LinkDocument]:
        """The result of each link by its slug, in the questionnaire's order."""
        return {link["slug"]: link for link in self.results["links"]}

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """What staff and council members answered; empty without surveys."""
        return [
            outcome_of(self.statements[told["statements"]["digest"]], told["document"], self.questionnaire)
            for told in self.document.get("surveys", [])
        ]

    def reasons(self, question_id: str) -> list[str]:
        """Why the question was called not applicable; the same reason once."""
        given = (
            answer.get("reason", "")
            for answer in self.document["answers"]
            if answer["question"] == question_id
        )
        return list(dict.fromkeys(reason.strip() for reason in given if reason.strip()))

    def count(self, state: str) -> int:
        """How many questions are in this state, of those in `QuestionDocument`."""
        return sum(question["state"] == state for question in self.questions.values())

    @property
    def validated(self) -> int:
        """How many questions have a level that a validator found the evidence to carry."""
        return sum(question["evidenced"] is not None for question in self.questions.values())

    @property
    def unchecked(self) -> int:
        """How many questions have a level that nobody checked."""
        return self.count("level") - self.validated

    def checked(self, ids: Iterable[str]) -> tuple[int, int]:
        """How many of these questions a validator checked, and how many have a level to check."""
        with_level = [one for one in ids if self.questions[one]["claimed"] is not None]
        return sum(self.questions[one]["evidenced"] is not None for one in with_level), len(with_level)

    def judged(self, ids: Iterable[str] | None = None) -> list[tuple[int, int]]:
        """Claimed and evidenced level of the validated questions, of all or of those with these ids."""
        chosen = self.questions if ids is None else ids
        pairs = ((self.questions[one]["claimed"], self.questions[one]["evidenced"]) for one in chosen)
        return [
            (claimed, evidenced)
            for claimed, evidenced in pairs
            if claimed is not None and evidenced is not None
        ]
