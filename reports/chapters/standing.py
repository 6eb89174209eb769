"""Which links stand lowest and highest, and the sentences that say so."""

from dataclasses import dataclass

from chain.results import LinkDocument
from reports import words
from reports.account import Account

TOGETHER = {2: "allebei", 3: "alle drie", 4: "alle vier", 5: "alle vijf"}


@dataclass(frozen=True, slots=True)
class Standing:
    account: Account

    @property
    def lowest(self) -> list[LinkDocument]:
        """The weakest links; none while a link has no level or when all stand equally high."""
        weakest = self.account.results["weakest"] or []
        if len(weakest) == len(self.account.links):
            return []
        return [self.account.links[slug] for slug in weakest]

    @property
    def highest(self) -> list[LinkDocument]:
        """The links with the highest level; none while a link has no level or when all stand equally high."""
        if self.without_level:
            return []
        scored = [link for link in self.account.links.values() if link["printed"] is not None]
        top = max((link["printed"] or 0 for link in scored), default=0)
        found = [link for link in scored if link["printed"] == top]
        return [] if len(found) == len(self.account.links) else found

    def title(self, link: LinkDocument) -> str:
        return str(self.account.questionnaire.link(link["slug"]).title)

    def about(self, link: LinkDocument) -> str:
        """What the link is: "Nazorg is herstellen, leren en verantwoorden."."""
        summary = str(self.account.questionnaire.link(link["slug"]).summary)
        return f"{self.title(link)} is {summary[0].lower()}{summary[1:]}"

    def level(self, link: LinkDocument) -> str:
        return words.level(link["printed"], self.account.ladder, link["status"])

    def names(self, links: list[LinkDocument]) -> str:
        """The links within a sentence: "repressie en nazorg"."""
        return words.joined([self.title(link).lower() for link in links])

    @property
    def without_level(self) -> list[LinkDocument]:
        return [link for link in self.account.links.values() if link["printed"] is None]

    @property
    def weakest_sentence(self) -> str:
        links, without = list(self.account.links.values()), self.without_level
        if without:
            missing = f"Voor {self.names(without)} is er geen cijfer."
            if len(without) == len(links):
                missing = "Geen enkele schakel heeft een cijfer."
            return f"{missing} Daarom is geen zwakste schakel aan te wijzen."
        if not self.lowest:
            return f"De schakels staan even hoog: {self._at(links)}."
        noun = "De zwakste schakel is" if len(self.lowest) == 1 else "De zwakste schakels zijn"
        return f"{noun} {self.names(self.lowest)}: {self._at(self.lowest)}."

    @property
    def strongest_sentence(self) -> str:
        if not self.highest:
            return ""
        noun = "De sterkste schakel is" if len(self.highest) == 1 else "De sterkste schakels zijn"
        return f"{noun} {self.names(self.highest)}: {self._at(self.highest)}."

    @property
    def sentences(self) -> str:
        return f"{self.weakest_sentence} {self.strongest_sentence}".strip()

    def _at(self, links: list[LinkDocument]) -> str:
        """The level that these links have in common: "niveau 1,5, tussen Soms en Vastgelegd"."""
        together = f"{TOGETHER.get(len(links), 'alle')} " if len(links) > 1 else ""
        return f"{together}niveau {words.figure(links[0]['printed'])}, {self.level(links[0])}"
