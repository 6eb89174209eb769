"""What each person said on one question: in words, as cards and as a picture, with or without their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessments.models import Content
from assessments.models.answer import STATES
from assessments.models.meeting import Said
from chain.questionnaire import Question, Rung
from organisations.models import User
from reports import pictures


@dataclass(frozen=True, slots=True)
class Card:
    """One person's answer: `words` is the level with its word, or the state."""

    name: str
    words: str
    content: Content

    @property
    def level(self) -> int | None:
        return self.content.level


def cards(said: Iterable[Said], ladder: Sequence[Rung], *, names: bool = True) -> list[Card]:
    """The answers from the lowest level up, those without a level last; without `names` with initials."""
    ordered = sorted(said, key=lambda one: (one.content.level is None, one.content.level or 0))
    called = [known_as(one.person) for one in ordered]
    return [
        Card(name, _words(one.content, ladder), one.content)
        for name, one in zip(called if names else initials(called), ordered, strict=True)
    ]


def _words(content: Content, ladder: Sequence[Rung]) -> str:
    if content.level is None:
        return dict(STATES)[content.state].capitalize()
    return f"{content.level} {ladder[content.level].word}"


def known_as(person: User) -> str:
    """The name as people in the meeting know it; of a guest that it is one."""
    return f"{person.name} (gast)" if person.is_guest else person.name


def initials(names: Sequence[str]) -> list[str]:
    """The names as initials, in the same order; who share theirs get a number: B.W. 1, B.W. 2."""
    short = ["".join(f"{word[0].upper()}." for word in name.split() if word[0].isalpha()) for name in names]
    seen: dict[str, int] = {}
    found = []
    for one in short:
        seen[one] = seen.get(one, 0) + 1
        found.append(f"{one} {seen[one]}" if short.count(one) > 1 else one)
    return found


def spreads(
    question: Question, shown: Sequence[Card], ladder: Sequence[Rung], agreed: int | None
) -> tuple[str, str]:
    """The picture of the spread, lying and standing; each may stand once on a page."""
    voices = [pictures.Voice(card.name, card.level, card.words) for card in shown]
    words = [str(rung.word) for rung in ladder]
    title = f"Vraag {question.id}: wie welk niveau noemde, van 0 {words[0]} tot en met 4 {words[-1]}."
    return (
        pictures.spread(f"spreiding-{question.id}", title, voices, words, agreed),
        pictures.spread_tall(f"spreiding-staand-{question.id}", title, voices, words, agreed),
    )
