"""What changed since the earlier report: over the same questions only, and with their number."""

from dataclasses import dataclass
from typing import Final

from assessments.supplement import ChangeDocument, LinkChange
from reports import words
from reports.account import Account

NOTICED: Final = 0.5  # of a level, from which a difference is told; the portal prints levels in halves


@dataclass(frozen=True, slots=True)
class Changes:
    account: Account

    @property
    def told(self) -> ChangeDocument | None:
        return self.account.supplement.get("change")

    @property
    def title(self) -> str:
        return f"Wat veranderde sinds {self.told['year']}" if self.told else "Wat veranderde sinds vorig jaar"

    @property
    def in_short(self) -> str:
        """For the covering page: which links moved by half a level or more, and the legal minimums."""
        if not self.told:
            return "Er is geen eerder verslag in dit portaal om mee te vergelijken."
        return f"{self.core} {self.legal_core}".strip()

    @property
    def core(self) -> str:
        compared = [one for one in self.told["links"] if one["change"] is not None] if self.told else []
        if not compared:
            return "De schakels zijn niet te vergelijken: er zijn te weinig dezelfde vragen."
        up = [one for one in compared if (one["change"] or 0) >= NOTICED]
        down = [one for one in compared if (one["change"] or 0) <= -NOTICED]
        if not up and not down:
            return "Over dezelfde vragen schuift geen schakel een half niveau of meer op."
        said = [f"{self._names(some)} {where}" for some, where in ((up, "hoger"), (down, "lager")) if some]
        return f"Over dezelfde vragen, minstens een half niveau: {'; '.join(said)}."

    @property
    def legal_core(self) -> str:
        """How many legal minimums were shown anew, and how many no longer."""
        if not self.told:
            return ""
        new, gone = (len(self.told["legal"].get(key, [])) for key in ("newly_shown", "no_longer_shown"))
        if not new and not gone:
            return "Bij de wettelijke minimums is er geen nieuw aangetoond of niet meer aangetoond."
        return f"Wettelijke minimums: {new} nieuw aangetoond, {gone} niet meer aangetoond."

    def _names(self, some: list[LinkChange]) -> str:
        return words.joined([str(self.account.questionnaire.link(one["slug"]).title).lower() for one in some])
