"""How far one person's answer on one question is, in the words of everyone who follows it. Pure."""

from __future__ import annotations

from enum import StrEnum


class Standing(StrEnum):
    """The five stations of an answer; the value is the word on the page."""

    NOT_STARTED = "niet begonnen"
    BUSY = "bezig"
    HANDED_IN = "ingediend"
    SENT_BACK = "teruggegeven"
    VALIDATED = "gevalideerd"


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
