"""How readable Dutch texts are, as far as counting can tell. Pure; a hint for the griffier, no verdict.

Two counts that guides for plain Dutch (level B1) agree on: sentences of more than 20 words and words of more
than 15 letters. They say nothing of whether a text is clear, so the page shows the sentences themselves.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from reports.clerk_check.texts import Text

LONG_SENTENCE = 20  # words; more is long
LONG_WORD = 15  # letters; more is long
MANY = 0.25  # a larger share of long sentences is worth a look
VERY_LONG = 30  # words; one of these is worth a look of itself

# A sentence ends at a mark with a space and a capital after it, or at the end of a line.
_ENDS = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'‘“(]*[A-ZÀ-Þ0-9])|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Sentence:
    place: str
    words: str
    count: int  # of words


@dataclass(frozen=True)
class Reading:
    """What was counted; the lists are in the order of the texts."""

    sentences: int
    words: int
    long_sentences: list[Sentence]
    long_words: list[str]  # each once

    @property
    def average(self) -> float:
        """Words in a sentence, one decimal."""
        return round(self.words / self.sentences, 1) if self.sentences else 0.0

    @property
    def share(self) -> float:
        """Of the sentences that are long, 0 to 1."""
        return len(self.long_sentences) / self.sentences if self.sentences else 0.0

    @property
    def asks_for_a_look(self) -> bool:
        return self.share > MANY or any(one.count > VERY_LONG for one in self.long_sentences)


def sentences(text: str) -> list[str]:
    """The sentences of a text; each line of a list is one."""
    return [part.strip() for part in _ENDS.split(text) if _WORD.search(part)]


def reading(texts: Sequence[Text]) -> Reading:
    """Counts sentences and words in all of the texts."""
    found = [
        Sentence(text.place, sentence, len(_WORD.findall(sentence)))
        for text in texts
        for sentence in sentences(text.words)
    ]
    words = [word for one in found for word in _WORD.findall(one.words)]
    return Reading(
        sentences=len(found),
        words=len(words),
        long_sentences=[one for one in found if one.count > LONG_SENTENCE],
        long_words=list(dict.fromkeys(word.lower() for word in words if _letters(word) > LONG_WORD)),
    )


def _letters(word: str) -> int:
    """Of the longest part: a hyphen makes a long word readable."""
    return max(len(part) for part in re.split(r"[-'’]", word))
