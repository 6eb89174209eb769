"""How far one person's answer on one question is, in the words of everyone who follows it. Pure."""

from __future__ import annotations

from enum import StrEnum

from assessments.status import Status


class Standing(StrEnum):
    """The five stations of an answer; the value is the word on the page."""

    NOT_STARTED = "niet begonnen"
    BUSY = "bezig"
    HANDED_IN = "ingediend"
    SENT_BACK = "teruggegeven"
    VALIDATED = "gevalideerd"

    @property
    def tag(self) -> str:
        """The class of the tag that bears the word (static/src/parts.css); none for a plain one."""
        return {self.SENT_BACK: "tag--attention", self.BUSY: "tag--open", self.NOT_STARTED: ""}.get(
            self, "tag--done"
        )


def standing(*, touched: bool, handed_in: bool, sent_back: bool, validated: bool) -> Standing:
    """Where an answer is: `touched` when anything is stored, even a note alone; `handed_in` also once the
    round closed; `sent_back` while the validator waits for its author; `validated` with an evidenced level.
    """
    if sent_back:
        return Standing.SENT_BACK
    if validated:
        return Standing.VALIDATED
    if handed_in:
        return Standing.HANDED_IN
    return Standing.BUSY if touched else Standing.NOT_STARTED


class Shut(StrEnum):
    """Why a question takes no answer of its person now."""

    CLOSED = "closed"  # the round takes no answers any more
    VALIDATION = "validation"  # only what was sent back can be changed
    HANDED_IN = "handed_in"
    WAITING = "waiting"  # somebody with an earlier turn is not done


def shut(*, status: str, sent_back: bool, handed_in: bool, waiting: bool) -> Shut | None:
    """Why a question takes no answer in a round of this status; none when it does.

    Handing in and turns count while the round is open; what is sent back counts in validation.
    """
    if status == Status.OPEN:
        if handed_in:
            return Shut.HANDED_IN
        return Shut.WAITING if waiting else None
    if status == Status.VALIDATION:
        return None if sent_back else Shut.VALIDATION
    return Shut.CLOSED
