"""What was promised in the previous report, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assessments.supplement import PromiseDocument
from reports import words
from reports.account import Account

# In the order in which a council wants to see them: first what did not go as promised.
OUTCOMES: Final = {"dropped": "vervallen", "moved": "verschoven", "open": "loopt nog", "done": "gedaan"}
NONE: Final = "In het vorige verslag stonden geen toezeggingen of besloten verbeteringen die nog liepen."


@dataclass(frozen=True, slots=True)
class PromiseRow:
    what: str
    made: str  # "verbeterplan van Jaarronde 2025", "toezegging aan de raad van 26 juni 2025"
    owner: str
    due: str  # as it was promised
    due_now: str  # where that is another day; empty otherwise
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class PromisesChapter:
    account: Account

    @property
    def is_there(self) -> bool:
        """Whether there was a previous report."""
        return "promises" in self.account.supplement

    @property
    def _promises(self) -> Sequence[PromiseDocument]:
        return self.account.supplement.get("promises", [])

    @property
    def lead(self) -> str:
        """How many came to what, in one sentence."""
        if not self._promises:
            return NONE
        counts = [
            f"{number} {word}"
            for outcome, word in reversed(OUTCOMES.items())
            if (number := sum(one["outcome"] == outcome for one in self._promises))
        ]
        total = words.counted(len(self._promises), "belofte", "beloften")
        return f"Uit het vorige verslag: {total}. Daarvan {words.joined(counts)}."

    @property
    def rows(self) -> list[PromiseRow]:
        order = list(OUTCOMES)
        return [self._row(one) for one in sorted(self._promises, key=lambda one: order.index(one["outcome"]))]

    def _row(self, promise: PromiseDocument) -> PromiseRow:
        if promise["kind"] == "council":
            made = f"toezegging aan de raad van {words.day(promise['made'])}"
        else:
            made = f"verbeterplan van {promise['made']}"
        moved = promise["due_now"] != promise["due"] and promise["outcome"] == "moved"
        return PromiseRow(
            what=promise["what"],
            made=made,
            owner=promise["owner"],
            due=words.day(promise["due"]) if promise["due"] else "geen datum",
            due_now=words.day(promise["due_now"]) if moved and promise["due_now"] else "",
            outcome=OUTCOMES[promise["outcome"]],
            reason=promise["reason"],
        )
