"""What a draft for the council consists of, in words and without a form: sections, tables, fields. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fill:
    """A field to fill in: visibly marked, and never text that could be left standing."""

    text: str


Words = str | Fill


@dataclass(frozen=True, slots=True)
class Paragraph:
    parts: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `numbered` at most once in a paper, since Word goes on counting."""

    items: tuple[Words, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]


Block = Paragraph | Items | Table


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    blocks: tuple[Block, ...]
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paper:
    kind: str  # "Raadsinformatiebrief"
    title: str
    facts: tuple[tuple[str, Words], ...]  # Aan, Van, Datum …
    sections: tuple[Section, ...]
