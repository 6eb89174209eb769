"""Where work can come under pressure, how well that is controlled, and what comes first."""

from dataclasses import dataclass

from assessments.supplement import AreaDocument, VulnerabilitiesDocument
from reports import words
from reports.account import Account


@dataclass(frozen=True, slots=True)
class AreaRow:
    title: str
    inherent: str  # "3 Zeer kwetsbaar"
    control: str
    gap: str  # "2"; what has none: "geen"


@dataclass(frozen=True, slots=True)
class VulnerabilitiesChapter:
    account: Account

    @property
    def is_there(self) -> bool:
        return "vulnerabilities" in self.account.supplement

    @property
    def _told(self) -> VulnerabilitiesDocument:
        """Only of a report that has them."""
        return self.account.supplement["vulnerabilities"]

    @property
    def core(self) -> str:
        """The outcome in a sentence or two."""
        scored, open_ = self._told["areas"], [area for area in self._told["areas"] if area["gap"] > 0]
        if not scored:
            return "Er zijn nog geen gebieden gescoord."
        if not open_:
            return "Geen van de gescoorde gebieden is kwetsbaarder dan het beheerst is."
        most = [area["title"] for area in open_ if area["gap"] == open_[0]["gap"]]
        count = words.counted(len(open_), "gebied is", "gebieden zijn")
        largest = f"Het verschil is het grootst bij {words.joined(most)}."
        return f"{count} kwetsbaarder dan beheerst. {largest}"

    @property
    def rows(self) -> list[AreaRow]:
        """Highest gap first, then highest inherent score; the light report has only those with a gap."""
        is_light = self.account.is_light
        return [self._row(area) for area in self._told["areas"] if area["gap"] > 0 or not is_light]

    @property
    def others(self) -> str:
        """What the light report says of the areas that it does not list."""
        left = len(self._told["areas"]) - len(self.rows)
        if not left:
            return ""
        count = words.counted(left, "gebied is", "gebieden zijn")
        return (
            f"{count} zo goed beheerst als het werk kwetsbaar is, of beter. De scores staan in de gegevens."
        )

    def _row(self, area: AreaDocument) -> AreaRow:
        steps = self._told["steps"]
        return AreaRow(
            area["title"],
            f"{area['inherent']} {steps['inherent'][area['inherent']]}",
            f"{area['control']} {steps['control'][area['control']]}",
            str(area["gap"]) if area["gap"] > 0 else "geen",
        )

    @property
    def missing(self) -> str:
        """Which areas were not scored, as a sentence."""
        titles = self._told["unscored"]
        return f"Niet gescoord: {words.joined(titles)}." if titles and self._told["areas"] else ""

    @property
    def factors(self) -> list[tuple[str, str]]:
        """What makes all work more vulnerable: its title, and how strongly it plays."""
        steps = self._told["steps"]["factor"]
        return [(one["title"], f"{one['value']} {steps[one['value']]}") for one in self._told["factors"]]

    @property
    def note(self) -> str:
        return self._told["note"]
