"""The council report: every word and figure of it, made from the frozen account and its questionnaire alone.

The web page and the PDF are the same chapters; templates only lay them out. No Django here, no database, no
clock: the same account gives the same report, whenever and wherever it is made.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from assessments.supplement import SupplementDocument
from chain.questionnaire import Questionnaire
from chain.statements import StatementList
from reports import words
from reports.account import Account, AccountDocument
from reports.chapters.brief import CoveringPage
from reports.chapters.changes import Changes
from reports.chapters.check import Check
from reports.chapters.figures import FiguresChapter
from reports.chapters.legal import LegalChapter
from reports.chapters.link import LinkChapter
from reports.chapters.method import Method
from reports.chapters.plan import PlanChapter
from reports.chapters.profile import Profile
from reports.chapters.promises import PromisesChapter
from reports.chapters.reaction import ReactionChapter
from reports.chapters.summary import Summary
from reports.chapters.terms import Terms
from reports.chapters.voices import Voices
from reports.chapters.vulnerabilities import VulnerabilitiesChapter


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Report:
    account: Account

    @classmethod
    def of(
        cls,
        document: AccountDocument,
        questionnaire: Questionnaire,
        statements: Mapping[str, StatementList] = MappingProxyType({}),
        supplement: SupplementDocument | None = None,
    ) -> "Report":
        """The report of a frozen document, the whole questionnaire and the lists of statements it is about.

        `supplement` is what goes with the results; without it the report holds nothing but those.

        Raises ValueError when the document is of another questionnaire or list.
        """
        return cls(Account.of(document, questionnaire, statements, supplement))

    @property
    def title(self) -> str:
        return f"De integriteitsketen van {self.account.name_within}"

    @property
    def kicker(self) -> str:
        """What kind of paper this is, above the title."""
        return f"Verantwoording integriteit {self.account.round['year']}"

    @property
    def full_title(self) -> str:
        """The title as a list of files or a browser's tab shows it."""
        return f"{self.kicker}: {self.title}"

    @property
    def is_concept(self) -> bool:
        """Whether it was not offered to the council yet: then it says so on every page."""
        return self.account.is_concept

    @property
    def running_head(self) -> str:
        head = f"{self.account.name} · {self.kicker}"
        return f"Concept · {head}" if self.is_concept else head

    @property
    def version(self) -> str:
        return f"versie {self.account.round['version']}"

    @property
    def subtitle(self) -> str:
        track = "lichte vragenlijst" if self.account.is_light else "volledige vragenlijst"
        title = f"{self.account.round['title']}, {track}, {self.version}."
        return f"{title} Vastgesteld op {self.account.adopted}. {self._standing}"

    @property
    def _standing(self) -> str:
        """How far the report is on its way to the council."""
        if day := self.account.supplement["edition"]["date"]:
            return f"Aangeboden aan de raad op {words.day(day)}."
        return "Concept: nog niet aangeboden aan de raad."

    @property
    def adopted(self) -> str:
        """The day on which the results were frozen, as ISO date."""
        return self.account.round["adopted"]

    @property
    def is_light(self) -> bool:
        return self.account.is_light

    @property
    def checksum(self) -> str:
        return self.account.checksum

    @property
    def checksum_in_groups(self) -> str:
        """The same in eights, which an eye can compare."""
        return " ".join(re.findall(".{8}", self.checksum))

    @property
    def file_name(self) -> str:
        """A name for downloads without its ending: integriteit-gemeente-waterrijk-2025-versie-1."""
        return words.file_name(self.account.name, self.account.round["year"], self.account.round["version"])

    @property
    def contents(self) -> list[Entry]:
        """Every chapter that this report has, in its order; chapters.html has them in the same order."""
        return [entry for is_there, entry in self._chapters if is_there]

    @property
    def _chapters(self) -> list[tuple[bool, Entry]]:
        """All chapters that a report can have, and whether this one has them."""
        return [
            (True, Entry("oplegger", "Oplegger voor de raad")),
            (True, Entry("profiel", "Het profiel van de keten")),
            (bool(self.changes.told), Entry("verandering", self.changes.title)),
            *((True, Entry(link.anchor, f"{link.position}: {link.title}")) for link in self.links),
            (True, Entry("wet", self.legal_title)),
            (self.promises.is_there, Entry("beloften", "Wat vorig jaar is beloofd")),
            (self.plan.is_there, Entry("verbeterplan", "Verbeterplan")),
            (self.figures.is_there, Entry("jaarcijfers", "Jaarcijfers")),
            (self.vulnerabilities.is_there, Entry("kwetsbaarheden", "Kwetsbaar werk")),
            (self.has_survey_chapter, Entry("peiling", self.voices.title)),
            (True, Entry("reactie", "Reactie van het college")),
            (True, Entry("methode", "Zo is dit verslag gemaakt")),
            (True, Entry("woorden", "Woorden in dit verslag")),
            (not self.is_light, Entry("vragen", "Alle vragen met hun antwoorden")),
            (True, Entry("colofon", "Colofon")),
        ]

    @property
    def legal_title(self) -> str:
        return "Wettelijke minimums en alle vragen" if self.is_light else "Wettelijke minimums"

    @property
    def has_survey_chapter(self) -> bool:
        """Whether the surveys are told in full; the light report tells them with each link."""
        return bool(self.voices.outcomes) and not self.is_light

    @property
    def plan_anchor(self) -> str:
        """Where the whole list of improvements stands; empty when this report has none."""
        return next((one.anchor for one in self.contents if one.anchor == "verbeterplan"), "")

    @property
    def brief(self) -> CoveringPage:
        return CoveringPage(self.account)

    @property
    def reaction(self) -> ReactionChapter:
        return ReactionChapter(self.account)

    @property
    def promises(self) -> PromisesChapter:
        return PromisesChapter(self.account)

    @property
    def plan(self) -> PlanChapter:
        return PlanChapter(self.account)

    @property
    def summary(self) -> Summary:
        return Summary(self.account)

    @property
    def profile(self) -> Profile:
        return Profile(self.account)

    @property
    def changes(self) -> Changes:
        return Changes(self.account)

    @property
    def links(self) -> list[LinkChapter]:
        content = self.account.questionnaire.links
        return [LinkChapter(self.account, link, place) for place, link in enumerate(content, 1)]

    @property
    def voices(self) -> Voices:
        return Voices(self.account)

    @property
    def figures(self) -> FiguresChapter:
        return FiguresChapter(self.account)

    @property
    def vulnerabilities(self) -> VulnerabilitiesChapter:
        return VulnerabilitiesChapter(self.account)

    @property
    def terms(self) -> Terms:
        return Terms(self.account)

    @property
    def legal(self) -> LegalChapter:
        return LegalChapter(self.account)

    @property
    def method(self) -> Method:
        return Method(self.account)

    @property
    def check(self) -> Check:
        return Check(self.account)

    @property
    def colophon(self) -> list[tuple[str, str]]:
        document, content = self.account.document, self.account.questionnaire
        rows = [
            ("Organisatie", self.account.name),
            ("Ronde", f"{document['round']['title']} {document['round']['year']}"),
            ("Vastgesteld op", self.account.adopted),
            ("Versie van dit verslag", str(document["round"]["version"])),
            *self._edition,
            ("Vragenlijst", f"{content.title}, versie {content.version}"),
            ("Controlegetal van de vragenlijst", document["questionnaire"]["digest"]),
            ("Controlegetal van dit verslag", self.checksum),
            ("Controlegetal van de aanvulling", self.account.supplement_checksum),
        ]
        told_above = ("Organisatie", "Ronde") if self.is_light else ()
        return [(name, value) for name, value in rows if value and name not in told_above]

    @property
    def _edition(self) -> list[tuple[str, str]]:
        """What the colophon says of the offering to the council; what is empty is left out."""
        edition = self.account.supplement["edition"]
        check = self.account.supplement.get("check")
        return [
            ("Stand", self._standing.rstrip(".")),
            ("Waarom deze versie er is", edition["corrects"]),
            ("Code van dit verslag", edition["code"]),
            ("Na te gaan op", edition["address"]),
            ("Door de griffier gecontroleerd op", words.day(check["on"]) if check else ""),
        ]
