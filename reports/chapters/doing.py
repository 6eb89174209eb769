"""What is done about a link: what was decided or proposed, else what the questionnaire suggests."""

from dataclasses import dataclass

from assessments.supplement import ActionDocument
from chain.questionnaire import Link
from reports import words
from reports.account import Account

MOST = 5  # of the actions of a link; the improvement plan has them all
DECIDED = "Dit is besloten. Wie het doet en wanneer het klaar is, staat erbij."
PROPOSED = "Dit is voorgesteld. Het college heeft er nog niet over besloten."
SUGGESTED = (
    "Voor deze schakel is nog geen verbetering besloten of voorgesteld. Dit zijn suggesties uit de "
    "vragenlijst, geen afspraken."
)


@dataclass(frozen=True, slots=True)
class Doing:
    what: str
    owner: str
    due: str
    status: str


@dataclass(frozen=True, slots=True)
class Done:
    """The improvements of one link, those that were decided first, then by date."""

    account: Account
    link: Link

    @property
    def lead(self) -> str:
        if not self._actions:
            return SUGGESTED
        decided = [one for one in self._actions if one["status"] in words.AGREED_ACTIONS]
        return PROPOSED if not decided else DECIDED if len(decided) == len(self._actions) else ""

    @property
    def rows(self) -> list[Doing]:
        return [_row(one) for one in self._actions[:MOST]]

    @property
    def others(self) -> int:
        """How many more the plan has."""
        return max(0, len(self._actions) - MOST)

    @property
    def _actions(self) -> list[ActionDocument]:
        found = [one for one in self.account.supplement.get("actions", []) if self._is_here(one)]
        open_ = [one for one in found if one["status"] != "dropped"]
        return sorted(open_, key=lambda one: (one["status"] == "proposed", one["due"] or "9999", one["key"]))

    def _is_here(self, action: ActionDocument) -> bool:
        questions = {question.id for question in self.link.questions}
        return action["link"] == self.link.slug or (not action["link"] and action["question"] in questions)


def _row(action: ActionDocument) -> Doing:
    return Doing(
        what=action["what"],
        owner=action["owner"] or "nog niet bekend",
        due=words.day(action["due"]) if action["due"] else "nog niet bekend",
        status=words.ACTIONS[action["status"]],
    )
