"""The X-ray: what is worth a second look in one person's answers before they hand in. Pure; it never blocks.

The rules, with the sentences that a person reads, are data in the questionnaire (`chain.xray_rules`). A rule
looks at the questions that the person was asked and at nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from chain.questionnaire import Questionnaire
from chain.text import Text
from chain.xray_rules import (
    AllAtMaximum,
    Condition,
    Contradiction,
    Quick,
    Rule,
    SameText,
    WithoutEvidence,
)

MAXIMUM = 4
LEVEL = ("niveau", "level")
STATES = {
    "unknown": ("weet ik niet", "I don't know"),
    "not_applicable": ("niet van toepassing", "not applicable"),
    "not_occurred": ("niet voorgekomen", "did not occur"),
}


@dataclass(frozen=True, slots=True)
class Given:
    """What one person said to one question; without level and state it is not answered."""

    level: int | None = None
    state: str = ""
    text: str = ""
    evidence: int = 0  # pieces at the question, by anyone
    first_saved: datetime | None = None
    last_saved: datetime | None = None

    @property
    def is_answer(self) -> bool:
        return self.level is not None or bool(self.state)


@dataclass(frozen=True, slots=True)
class Finding:
    """One sentence, by which rule, and the questions that it is about, in the order of the questionnaire."""

    slug: str
    kind: str
    sentence: Text
    questions: tuple[str, ...]


Answers = Mapping[str, Given]


def look(questionnaire: Questionnaire, answers: Answers) -> list[Finding]:
    """The findings in one person's answers (by question id), in the order of the rules.

    `answers` holds what the person was asked; what the questionnaire does not have is passed over.
    """
    asked = {one.id: answers[one.id] for one in questionnaire.questions if one.id in answers}
    return [finding for rule in questionnaire.xray for finding in _findings(rule, asked)]


def _findings(rule: Rule, asked: Answers) -> Iterator[Finding]:
    match rule:
        case Contradiction():
            yield from _contradiction(rule, asked)
        case WithoutEvidence():
            yield from _without_evidence(rule, asked)
        case SameText():
            yield from _same_text(rule, asked)
        case AllAtMaximum():
            yield from _all_at_maximum(rule, asked)
        case Quick():
            yield from _quick(rule, asked)


def _contradiction(rule: Contradiction, asked: Answers) -> Iterator[Finding]:
    named = {one.question for one in (*rule.when, *rule.but)}
    if all(_holds(one, asked.get(one.question)) for one in (*rule.when, *rule.but)):
        questions = [question for question in asked if question in named]
        words = {question: _said(question, asked[question]) for question in questions}
        yield _finding(rule, questions, **words)


def _holds(condition: Condition, given: Given | None) -> bool:
    if given is None or not given.is_answer:
        return False
    if condition.state is not None or given.level is None:
        return given.state == condition.state
    lowest = 0 if condition.at_least is None else condition.at_least
    highest = MAXIMUM if condition.at_most is None else condition.at_most
    return lowest <= given.level <= highest


def _without_evidence(rule: WithoutEvidence, asked: Answers) -> Iterator[Finding]:
    found = [
        question
        for question, given in asked.items()
        if given.level is not None and given.level >= rule.at_least and not given.evidence
    ]
    if found:
        yield _finding(rule, found, count=len(found), level=rule.at_least)


def _same_text(rule: SameText, asked: Answers) -> Iterator[Finding]:
    """A finding for each text; case, spaces and punctuation make no difference."""
    groups: dict[str, list[str]] = {}
    for question, given in asked.items():
        bare = "".join(sign for sign in given.text.casefold() if sign.isalnum())
        if len(bare) >= rule.length:
            groups.setdefault(bare, []).append(question)
    for questions in groups.values():
        if len(questions) >= rule.answers:
            yield _finding(rule, questions, count=len(questions))


def _all_at_maximum(rule: AllAtMaximum, asked: Answers) -> Iterator[Finding]:
    levels = {question: given.level for question, given in asked.items() if given.level is not None}
    if len(levels) >= rule.answers and set(levels.values()) == {MAXIMUM}:
        yield _finding(rule, list(levels), count=len(levels))


def _quick(rule: Quick, asked: Answers) -> Iterator[Finding]:
    timed = {
        question: (given.first_saved, given.last_saved)
        for question, given in asked.items()
        if given.is_answer and given.first_saved and given.last_saved
    }
    if not timed or len(timed) < rule.answers:
        return
    took = max(last for _, last in timed.values()) - min(first for first, _ in timed.values())
    if took.total_seconds() < rule.seconds * len(timed):
        # "within 2 minutes" is true of a shorter time too, and reads well in both languages.
        minutes = max(2, ceil(took.total_seconds() / 60))
        yield _finding(rule, list(timed), count=len(timed), minutes=minutes)


def _said(question: str, given: Given) -> tuple[str, str]:
    """The question with what was said, in both languages: "RE-03, niveau 3"."""
    words = STATES.get(given.state) if given.level is None else tuple(f"{one} {given.level}" for one in LEVEL)
    dutch, english = words or (given.state, given.state)
    return f"{question}, {dutch}", f"{question}, {english}"


def _finding(rule: Rule, questions: list[str], **places: int | tuple[str, str]) -> Finding:
    dutch, english = (
        {name: value if isinstance(value, int) else value[language] for name, value in places.items()}
        for language in (0, 1)
    )
    sentence = Text(rule.text.nl.format_map(dutch), rule.text.en.format_map(english))
    return Finding(rule.slug, rule.kind, sentence, tuple(questions))
