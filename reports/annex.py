"""The confidential annex as a reader sees it: the frozen annex in the order of the questionnaire. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from assessments.annex import AgreementDocument, AnnexDocument, CheckedDocument, ExplanationDocument
from chain.questionnaire import Question, Questionnaire
from reports import words
from reports.report import Report

MARK: Final = "VERTROUWELIJK"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who answered, with what they answered on."""

    name: str
    code: str  # as the public data call them: "deelnemer 3"
    job: str
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What one person answered on a question."""

    name: str
    choice: str
    reason: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Point:
    """A question with all that was said about it."""

    id: str
    title: str
    told: tuple[Told, ...]
    checked: CheckedDocument | None
    checked_level: str
    agreed: AgreementDocument | None
    agreed_level: str


@dataclass(frozen=True, slots=True)
class Part:
    """The questions of one link that anything was said about."""

    title: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Gathering:
    link: str
    on: str
    chair: str
    present: str
    closing: str


@dataclass(frozen=True, slots=True)
class Draw:
    on: str
    by: str
    size: int  # questions per link
    questions: str
    reason: str  # why again; empty for the first


@dataclass(frozen=True)
class AnnexPaper:
    report: Report
    document: AnnexDocument
    digest: str

    @classmethod
    def of(cls, report: Report, document: AnnexDocument, digest: str) -> "AnnexPaper":
        """The annex that goes with this report. Raises ValueError when it is of other results."""
        if document["account"]["digest"] != report.checksum:
            raise ValueError(f"an annex of another account: {document['account']}")
        return cls(report, document, digest)

    @property
    def title(self) -> str:
        return "Vertrouwelijke bijlage"

    @property
    def full_title(self) -> str:
        return f"{self.title} bij {self.report.full_title}"

    @property
    def mark(self) -> str:
        """What stands on every page, with its legal ground."""
        return f"{MARK} · artikel 5.1, tweede lid, onder e, en artikel 5.2, eerste lid, Woo"

    @property
    def file_name(self) -> str:
        return f"{self.report.file_name}-vertrouwelijke-bijlage"

    @property
    def grounds(self) -> list[str]:
        return self.document["grounds"]

    @property
    def _content(self) -> Questionnaire:
        return self.report.account.questionnaire

    @property
    def people(self) -> list[Person]:
        roles = {role.code: str(role.name) for role in self._content.roles}
        found = []
        for one in self.document["people"]:
            functions = [roles.get(code, code) for code in one["functions"]]
            said = [one["job"], *(name for name in functions if name.lower() != one["job"].lower())]
            told = ", ".join(filter(None, said)) or ("van buiten" if one["guest"] else "niet ingevuld")
            found.append(
                Person(one["name"], words.contributor(one["code"]), told, tuple(self._themes(one["code"])))
            )
        return found

    def _themes(self, code: str) -> list[str]:
        """What this person answered on, in the questionnaire's order."""
        questions = {one["question"] for one in self.document["answers"] if one["contributor"] == code}
        return [
            str(theme.title)
            for link in self._content.links
            for theme in link.themes
            if any(question.id in questions for question in theme.questions)
        ]

    @property
    def parts(self) -> list[Part]:
        found = [Part(str(link.title), tuple(self._points(link.questions))) for link in self._content.links]
        return [part for part in found if part.points]

    def _points(self, questions: tuple[Question, ...]) -> Iterator[Point]:
        names = {one["code"]: one["name"] for one in self.document["people"]}
        checked = {one["question"]: one for one in self.document["checked"]}
        agreed = {one["question"]: one for one in self.document["agreed"]}
        given: dict[str, list[ExplanationDocument]] = {}
        for answer in self.document["answers"]:
            given.setdefault(answer["question"], []).append(answer)
        for question in questions:
            seen, settled = checked.get(question.id), agreed.get(question.id)
            told = tuple(self._told(one, names[one["contributor"]]) for one in given.get(question.id, ()))
            if told or seen or settled:
                yield Point(
                    id=question.id,
                    title=str(question.title),
                    told=told,
                    checked=seen,
                    checked_level=self._level(seen["level"]) if seen else "",
                    agreed=settled,
                    agreed_level=self._level(settled["level"]) if settled else "",
                )

    def _told(self, answer: ExplanationDocument, name: str) -> Told:
        choice = self._level(answer["level"], answer["state"])
        return Told(name, choice, answer["reason"], answer["explanation"])

    def _level(self, level: int | None, state: str = "") -> str:
        return words.whole_level(level, self._content.ladder, state or "unanswered")

    @property
    def meetings(self) -> list[Gathering]:
        return [
            Gathering(
                link=str(self._content.link(one["link"]).title),
                on=words.day(one["on"]),
                chair=one["chair"],
                present=words.joined([*one["present"], *filter(None, [one["others"]])]) or "niet vastgelegd",
                closing=one["closing"],
            )
            for one in self.document["meetings"]
        ]

    @property
    def draws(self) -> list[Draw]:
        return [
            Draw(words.day(one["on"]), one["by"], one["size"], words.joined(one["questions"]), one["reason"])
            for one in self.document["draws"]
        ]
