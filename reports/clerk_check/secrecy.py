"""What in free texts may point to a person: names, addresses, numbers. Pure; it finds, people judge."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from reports.clerk_check.texts import Text

AROUND = 40  # signs that are shown before and after what was found

_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# A Dutch number has ten figures from its 0 on, or nine after +31 or 0031; with spaces and a dash in it.
_PHONE = re.compile(r"(?<![\d\w])(?:\+31|0031|0)(?:[\s()-]{0,2}\d){9,10}(?!\d)")
_FIGURES = re.compile(r"(?<![\d.,])\d(?:[. ]?\d){7,8}(?![\d]|[.,]\d)")
_FEW = r"één|een enkele|eenmaal|twee|drie|vier|[1-4]"
_PEOPLE = (
    r"melding(?:en)?|melder(?:s)?|medewerkers?|collega['’]?s?|ambtena(?:ar|ren)|zaak|zaken|klacht(?:en)?|"
    r"person(?:en)|persoon|mensen|onderzoek(?:en)?|incident(?:en)?|raadsl(?:id|eden)|wethouders?|ontslagen|"
    r"schending(?:en)?|sanctie(?:s)?|aangifte(?:s|n)?"
)
# "Een op de drie medewerkers" is a share.
_SMALL = re.compile(rf"(?<!op de )(?<![\d.,\w-])(?:{_FEW})\s+(?:\w+\s+)?(?:{_PEOPLE})\b", re.IGNORECASE)
# Parts of a name that are words of their own.
_PARTICLES = {
    "van",
    "de",
    "der",
    "den",
    "het",
    "ten",
    "ter",
    "te",
    "in",
    "op",
    "aan",
    "bij",
    "'t",
    "la",
    "le",
}


@dataclass(frozen=True, slots=True)
class Find:
    """Something to look at, with the words around it."""

    place: str
    before: str
    found: str
    after: str
    fixed: bool


Finder = Callable[[str], Iterable[tuple[int, int]]]


def names(texts: Sequence[Text], people: Iterable[str]) -> list[Find]:
    """Where the name of one of these people stands: whole, or the first name or surname with a capital."""
    parts = sorted(
        {part for person in people for part in _parts(person)}, key=lambda part: (-len(part), part)
    )
    if not parts:
        return []
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, parts))})(?!\w)")
    return _finds(texts, lambda words: (match.span() for match in pattern.finditer(words)))


def _parts(person: str) -> Iterator[str]:
    """The ways in which a text would name this person."""
    words = person.split()
    if not words:
        return
    yield " ".join(words)
    if len(words[0]) > 2:
        yield words[0]
    for start in range(1, len(words)):
        surname = " ".join(words[start:])
        if words[start].lower() not in _PARTICLES and len(surname) > 2:
            yield surname
            return


def addresses(texts: Sequence[Text], contact: Iterable[str]) -> list[Find]:
    """E-mail addresses and telephone numbers, but those of the contact."""
    known = {_plain(one) for one in contact}

    def spans(words: str) -> Iterator[tuple[int, int]]:
        for pattern in (_MAIL, _PHONE):
            for match in pattern.finditer(words):
                if _plain(match.group()) not in known:
                    yield match.span()

    return _finds(texts, spans)


def _plain(address: str) -> str:
    """An address as it is compared: a number by its figures, in one form for within the country."""
    if "@" in address:
        return address.strip().lower()
    figures = re.sub(r"\D", "", address)
    return re.sub(r"^(?:0031|31)0?", "0", figures)


def service_numbers(texts: Sequence[Text]) -> list[Find]:
    """Numbers of eight or nine figures that can be a citizen service number (BSN)."""

    def spans(words: str) -> Iterator[tuple[int, int]]:
        for match in _FIGURES.finditer(words):
            if can_be_service_number(match.group()):
                yield match.span()

    return _finds(texts, spans)


def can_be_service_number(written: str) -> bool:
    """The eleven-test of the BSN: 9a+8b+7c+6d+5e+4f+3g+2h-i is divisible by 11 and is not all zeros.

    Source: Logisch Ontwerp BSN, RvIG. Eight figures are taken with a zero before them.
    """
    figures = [int(sign) for sign in written if sign.isdigit()]
    if len(figures) not in (8, 9) or not any(figures):
        return False
    padded = [0] * (9 - len(figures)) + figures
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(figure * weight for figure, weight in zip(padded, weights, strict=True)) % 11 == 0


def small_numbers(texts: Sequence[Text]) -> list[Find]:
    """A number below five before a word for people or cases: readers may know who it was."""
    return _finds(texts, lambda words: (match.span() for match in _SMALL.finditer(words)))


def _finds(texts: Sequence[Text], finder: Finder) -> list[Find]:
    return [
        Find(
            text.place,
            ("…" if start > AROUND else "") + text.words[max(0, start - AROUND) : start],
            text.words[start:end],
            text.words[end : end + AROUND] + ("…" if end + AROUND < len(text.words) else ""),
            text.fixed,
        )
        for text in texts
        for start, end in sorted(set(finder(text.words)))
    ]
