"""The improvement plan: what was decided on, what is proposed, and what was dropped with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from assessments.supplement import ActionDocument
from reports import words
from reports.account import Account

NONE: Final = "Er zijn nog geen verbeteringen besloten of voorgesteld."
# Title, meaning, statuses; what was decided stands first.
GROUPS: Final = (
    (
        "Besloten",
        "Hier is een besluit over. In het volgende verslag staat wat ervan is geworden.",
        words.AGREED_ACTIONS,
    ),
    ("Voorgesteld", "Hierover is nog niet besloten.", ("proposed",)),
    ("Vervallen", "Hier was een besluit over, maar het gaat niet door. De reden staat erbij.", ("dropped",)),
)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """An improvement as it is printed; what was not filled in is empty."""

    what: str
    origin: str  # "Nazorg, vraag NZ-04"
    since: str  # "Staat in het plan sinds Jaarronde 2025."
    why: str
    change: str
    owner: str
    due: str
    status: str
    reason: str
    barrier: str


@dataclass(frozen=True, slots=True)
class PlanGroup:
    title: str
    meaning: str
    rows: tuple[PlanRow, ...]


@dataclass(frozen=True, slots=True)
class PlanChapter:
    account: Account

    @property
    def is_there(self) -> bool:
        """Whether the supplement knows of a plan, be it an empty one."""
        return "actions" in self.account.supplement

    @property
    def _actions(self) -> Sequence[ActionDocument]:
        return self.account.supplement.get("actions", [])

    @property
    def lead(self) -> str:
        """How many there are of each group, in one sentence."""
        told = [
            words.counted(number, one, more)
            for one, more, statuses in (
                (
                    "verbetering waarover is besloten",
                    "verbeteringen waarover is besloten",
                    words.AGREED_ACTIONS,
                ),
                ("voorstel", "voorstellen", ("proposed",)),
                ("verbetering die is vervallen", "verbeteringen die zijn vervallen", ("dropped",)),
            )
            if (number := sum(action["status"] in statuses for action in self._actions))
        ]
        return f"In het plan: {words.joined(told)}." if told else NONE

    @property
    def carried(self) -> str:
        """How many come from an earlier round, in one sentence; empty when none does."""
        number = sum(bool(self._since(one)) for one in self._actions)
        if not number:
            return ""
        verb = "stond" if number == 1 else "stonden"
        return f"{number} daarvan {verb} al in een eerder plan."

    @property
    def groups(self) -> list[PlanGroup]:
        """The groups that have something, each with the earliest date first."""
        found = [
            PlanGroup(
                title, meaning, tuple(self._row(one) for one in self._actions if one["status"] in statuses)
            )
            for title, meaning, statuses in GROUPS
        ]
        return [group for group in found if group.rows]

    def _row(self, action: ActionDocument) -> PlanRow:
        return PlanRow(
            what=action["what"],
            origin=self._origin(action),
            since=self._since(action),
            why=action["why"],
            change=action["change"],
            owner=action["owner"] or "nog niet bekend",
            due=words.day(action["due"]) if action["due"] else "nog geen datum",
            status=words.ACTIONS[action["status"]],
            reason=action["reason"],
            barrier=action["barrier"],
        )

    def _origin(self, action: ActionDocument) -> str:
        """What it comes from; a question or link that this round does not ask is left out."""
        links = {link.slug: str(link.title) for link in self.account.questionnaire.links}
        link = links.get(action["link"], "")
        question = f"vraag {action['question']}" if self.account.questionnaire.has(action["question"]) else ""
        area = f"kwetsbaar gebied {action['area']}" if action["area"] else ""
        return ", ".join(part for part in (link, question, area) if part)

    def _since(self, action: ActionDocument) -> str:
        here = f"{self.account.round['title']} {self.account.round['year']}"
        return "" if action["since"] == here else f"Staat in het plan sinds {action['since']}."
