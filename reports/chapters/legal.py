"""The legal checklist: every question with a legal minimum, by how far the minimum is shown."""

from dataclasses import dataclass

from chain.questionnaire import Question
from chain.results import LegalDocument, QuestionDocument
from reports import words
from reports.account import Account

# What a council should see first stands first.
ORDER = ("not_shown", "claimed", "not_occurred", "not_applicable", "shown")
WITHIN = words.LEGAL | {
    "claimed": words.LEGAL["claimed"].replace(",", " maar")
}  # in an enumeration with commas


SHORT = 3  # rows


@dataclass(frozen=True, slots=True)
class LegalRow:
    id: str
    title: str
    link: str
    basis: str
    minimum: str  # the level that is needed, with its word
    needed: str  # that level in the words of the question
    standing: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LegalGroup:
    status: str
    title: str
    meaning: str
    rows: tuple[LegalRow, ...]

    @property
    def has_reasons(self) -> bool:
        return self.status == "not_applicable"

    @property
    def is_short(self) -> bool:
        """Whether the group can stay together on one page."""
        return len(self.rows) <= SHORT


@dataclass(frozen=True, slots=True)
class LegalChapter:
    account: Account

    @property
    def total(self) -> int:
        return len(self.account.results["legal"])

    def number(self, status: str) -> int:
        """How many legal minimums have this status."""
        return sum(one["status"] == status for one in self.account.results["legal"])

    @property
    def core(self) -> str:
        """The finding in one sentence."""
        missing, shown = self.number("not_shown"), self.number("shown")
        if missing:
            return (
                f"Van de {self.total} wettelijke minimums {is_or_are(missing)} er {missing} niet aangetoond."
            )
        if not shown:
            return f"Van de {self.total} wettelijke minimums is er geen aangetoond met bewijs."
        return f"Van de {self.total} wettelijke minimums {is_or_are(shown)} er {shown} aangetoond met bewijs."

    @property
    def counted(self) -> str:
        """All statuses that occur with their numbers, in one sentence."""
        told = [f"{number} {WITHIN[status]}" for status in ORDER if (number := self.number(status))]
        return f"Van de {self.total} wettelijke minimums: {words.joined(told)}."

    @property
    def counts(self) -> list[tuple[str, int]]:
        return [(words.LEGAL[status].capitalize(), self.number(status)) for status in ORDER]

    @property
    def not_shown(self) -> list[str]:
        """The titles of what was not shown, in the order of the chain."""
        return [row.title for row in self._rows("not_shown")]

    @property
    def not_applicable(self) -> list[str]:
        """Why a minimum was called not applicable, a sentence each."""
        return [f"{row.id} geldt hier niet: {' '.join(row.reasons)}" for row in self._rows("not_applicable")]

    @property
    def groups(self) -> list[LegalGroup]:
        """The statuses that occur, each with its questions."""
        return [
            LegalGroup(
                status, words.LEGAL[status].capitalize(), words.LEGAL_MEANINGS[status], self._rows(status)
            )
            for status in ORDER
            if self.number(status)
        ]

    def _rows(self, status: str) -> tuple[LegalRow, ...]:
        return tuple(self._row(one) for one in self.account.results["legal"] if one["status"] == status)

    def _row(self, legal: LegalDocument) -> LegalRow:
        question = self.account.questionnaire.question(legal["question"])
        return LegalRow(
            id=question.id,
            title=str(question.title),
            link=str(self.account.questionnaire.link_of(question.id).title),
            basis="; ".join(f"{basis.law}, {basis.article}" for basis in question.legal_basis),
            minimum=words.whole_level(legal["minimum"], self.account.ladder),
            needed=str(question.levels[legal["minimum"]]),
            standing=self._standing(question, self.account.questions[question.id]),
            reasons=tuple(self.account.reasons(question.id)) if legal["status"] == "not_applicable" else (),
        )

    def _standing(self, question: Question, result: QuestionDocument) -> tuple[str, ...]:
        """What the participants said and, where it was checked, what the evidence shows."""
        said = words.whole_level(result["claimed"], self.account.ladder, result["state"])
        if result["claimed"] is None:
            return (f"Deelnemers: {said}",)
        shown = "niet gecontroleerd"
        if result["evidenced"] is not None:
            shown = words.whole_level(result["evidenced"], self.account.ladder)
        return (f"Deelnemers: {said}", f"Bewijs: {shown}")


def is_or_are(number: int) -> str:
    return "is" if number == 1 else "zijn"
