"""What a workbook looks like: its sheets, its columns, and the words that are filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assessments.models.answer import HELPS, STATES
from chain.questionnaire import Link, Question, Questionnaire

LAYOUT = "1"  # counts up when an older workbook can no longer be read
ABOUT, FACTS = "Uitleg", "Gegevens"
NUMBER, THEME, ASKED, LEVELS = "Nummer", "Thema", "Vraag", "Wat de niveaus betekenen"
ANSWER, REASON, HELPS_HERE, EXPLANATION = "Antwoord", "Reden", "Helpt dit?", "Toelichting"
COLUMNS = (NUMBER, THEME, ASKED, LEVELS, ANSWER, REASON, HELPS_HERE, EXPLANATION)
# The fields of an answer's form, by the column they are filled in.
FIELDS = {ANSWER: "choice", REASON: "reason", HELPS_HERE: "helps", EXPLANATION: "explanation"}
ONLY_CASES = "not_occurred"

_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a workbook belongs to: whose it is, of which round and of which questions."""

    round: int
    person: int
    digest: str
    track: str
    title: str  # of the round, with its organisation; to be read by people
    version: str  # of the questionnaire, as above


def sheet_name(link: Link) -> str:
    """The link's title as the name of a sheet: at most 31 characters and none that has a meaning there."""
    return re.sub(r"[\[\]:*?/\\]", " ", str(link.title))[:31]


def answers(question: Question, ladder: Questionnaire) -> dict[str, str]:
    """The words that may be chosen at this question, each with the value of the form's field."""
    levels = {f"{rung.level} {rung.word}": str(rung.level) for rung in ladder.ladder}
    states = {word: state for state, word in STATES if state != ONLY_CASES or question.cases_only}
    return levels | states


def helps() -> dict[str, str]:
    return {word: value for value, word in HELPS}


def found(word: str, words: dict[str, str]) -> str | None:
    """The value of a word as somebody may type it (3, "3 gedaan", "NEE"); None for an unknown one."""
    typed = " ".join(word.split()).casefold()
    if not typed:
        return ""
    known = {one.casefold(): value for one, value in words.items()}
    digits = {value: value for value in words.values() if value.isdigit()}
    return (known | digits).get(typed)


def escaped(text: str) -> str:
    """A text as a cell holds it: what XML cannot hold, or would be taken for this, as _x0001_ (ECMA-376)."""
    return _UNREADABLE.sub(lambda sign: f"_x{ord(sign[0]):04X}_", text)


def unescaped(text: str) -> str:
    """The text that a cell stands for; the reverse of `escaped`."""
    return _ESCAPE.sub(lambda code: chr(int(code[1], 16)), text)
