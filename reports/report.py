"""The council report: every word and figure of it, made from the frozen account and its questionnaire alone.

The web page and the PDF are the same chapters; templates only lay them out. No Django here, no database, no
clock: the same account gives the same report, whenever and wherever it is made.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from assessments.supplement import SupplementDocument
from chain.questionnaire import Questionnaire
from chain.statements import StatementList
from reports.account import Account, AccountDocument
from reports.chapters.legal import LegalChapter
from reports.chapters.link import LinkChapter
from reports.chapters.method import Method
from reports.chapters.profile import Profile
from reports.chapters.summary import Summary
from reports.chapters.voices import Voices


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
    def running_head(self) -> str:
        return f"{self.account.name} · {self.kicker}"

    @property
    def version(self) -> str:
        return f"versie {self.account.round['version']}"

    @property
    def subtitle(self) -> str:
        track = "lichte vragenlijst" if self.account.is_light else "volledige vragenlijst"
        title = f"{self.account.round['title']}, {track}, {self.version}."
        return f"{title} Vastgesteld op {self.account.adopted}."

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
        plain = unicodedata.normalize("NFKD", self.account.name).encode("ascii", "ignore").decode().lower()
        organisation = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
        return (
            f"integriteit-{organisation}-{self.account.round['year']}-versie-{self.account.round['version']}"
        )

    @property
    def contents(self) -> list[Entry]:
        return [
            Entry("samenvatting", "Samenvatting"),
            Entry("profiel", "Het profiel van de keten"),
            *(Entry(link.anchor, f"{link.position}: {link.title}") for link in self.links),
            *([Entry("peiling", self.voices.title)] if self.voices.outcomes else []),
            Entry("wet", "Wettelijke minimums"),
            Entry("methode", "Zo is dit verslag gemaakt"),
            Entry("woorden", "Woorden in dit verslag"),
            Entry("colofon", "Colofon"),
        ]

    @property
    def summary(self) -> Summary:
        return Summary(self.account)

    @property
    def profile(self) -> Profile:
        return Profile(self.account)

    @property
    def links(self) -> list[LinkChapter]:
        content = self.account.questionnaire.links
        return [LinkChapter(self.account, link, place) for place, link in enumerate(content, 1)]

    @property
    def voices(self) -> Voices:
        return Voices(self.account)

    @property
    def legal(self) -> LegalChapter:
        return LegalChapter(self.account)

    @property
    def method(self) -> Method:
        return Method(self.account)

    @property
    def colophon(self) -> list[tuple[str, str]]:
        document, content = self.account.document, self.account.questionnaire
        return [
            ("Organisatie", self.account.name),
            ("Ronde", f"{document['round']['title']} {document['round']['year']}"),
            ("Vastgesteld op", self.account.adopted),
            ("Versie van dit verslag", str(document["round"]["version"])),
            ("Vragenlijst", f"{content.title}, versie {content.version}"),
            ("Controlegetal van de vragenlijst", document["questionnaire"]["digest"]),
            ("Controlegetal van dit verslag", self.checksum),
        ]
