"""The words that the report uses: its own, and those of the field as they were frozen with it."""

from dataclasses import dataclass

from reports.account import Account
from reports.chapters.method import WORDS

FULL_ONLY = (
    "Niveau",
    "Hard en zacht",
    "Opzet, bestaan, werking",
)  # what a light report does not use or explains on its second page


@dataclass(frozen=True, slots=True)
class Terms:
    account: Account

    @property
    def words(self) -> list[tuple[str, str]]:
        """A word with its meaning: first what this report means by its own, then those of the field.

        The light report has room for its own only.
        """
        if self.account.is_light:
            return [(word, meaning) for word, meaning in WORDS if word not in FULL_ONLY]
        own = {word.lower() for word, _ in WORDS}
        found = [
            (f"{one['term']} ({one['abbreviation']})" if one["abbreviation"] else one["term"], one["meaning"])
            for one in self.account.supplement.get("terms", [])
            if one["term"].lower() not in own
        ]
        return [*WORDS, *((word[0].upper() + word[1:], meaning) for word, meaning in found)]
