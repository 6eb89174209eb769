"""The college's reaction. It stands beside the results and changes nothing in them."""

from dataclasses import dataclass

from reports import words
from reports.account import Account

MISSING = "Het college heeft nog niet gereageerd. Daarom is dit verslag nog een concept."
NEVER = "Bij dit verslag is geen reactie van het college vastgelegd."


@dataclass(frozen=True, slots=True)
class ReactionChapter:
    account: Account

    @property
    def text(self) -> str:
        """What the college says, as it was written; empty without a reaction."""
        reaction = self.account.supplement.get("reaction")
        return reaction["text"].strip() if reaction else ""

    @property
    def lead(self) -> str:
        """When it was decided, or that there is no reaction."""
        reaction = self.account.supplement.get("reaction")
        if reaction:
            return f"Het college besloot over deze reactie op {words.day(reaction['decided_on'])}."
        return MISSING if self.account.is_concept else NEVER
