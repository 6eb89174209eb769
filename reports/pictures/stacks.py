"""How many questions stand at each level and in each state: one stacked bar per row, with a legend."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.pictures.bars import SIZE, caption
from reports.pictures.drawing import centred, frame, hatch, rectangle, text
from reports.pictures.metrics import width

# The order in which the parts stand, and what they are called.
PARTS = {
    "0": "0 niet",
    "1": "1 soms",
    "2": "2 vastgelegd",
    "3": "3 gedaan",
    "4": "4 lerend",
    "unknown": "weet ik niet",
    "not_applicable": "niet van toepassing",
    "not_occurred": "niet voorgekomen",
    "unanswered": "niet beantwoord",
}
KINDS = {
    "unknown": "unknown",
    "not_applicable": "na",
    "not_occurred": "not-occurred",
    "unanswered": "unanswered",
}
ON_DARK = {"3", "4"}
HATCHED = {"unknown": 6.0, "not_occurred": 13.0}  # how far apart the lines are
THICK = 28.0


@dataclass(frozen=True, slots=True)
class Stack:
    """One row: the number of questions by level "0".."4" and by state; a missing key counts as none."""

    label: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All questions of the row."""
        return sum(self.counts.get(part, 0) for part in PARTS)


def distribution(name: str, title: str, rows: Sequence[Stack], wide: float = 340) -> str:
    """Stacked bars, each as wide as the picture, under a legend of the levels and the states that occur."""
    absent = {part for part in KINDS if not any(row.counts.get(part) for row in rows)}
    present = [part for part in PARTS if part not in absent]
    body: list[str] = []
    y = legend(body, present, wide)
    for row in rows:
        y = caption(body, row.label, questions(row.total), y, wide)
        body.extend(stacked(row, y, wide))
        y += THICK + 10
    return frame(name, (wide, y), title, "; ".join(map(in_words, rows)) + ".", body, "distribution")


def questions(total: int) -> str:
    """A number of questions in words."""
    return "1 vraag" if total == 1 else f"{total} vragen"


def in_words(row: Stack) -> str:
    """The row for who cannot see it: its parts that are not empty."""
    parts = [f"{PARTS[part]}: {row.counts[part]}" for part in PARTS if row.counts.get(part)]
    return f"{row.label}: {', '.join(parts) or 'geen vragen'}"


def legend(body: list[str], parts: Sequence[str], wide: float) -> float:
    """Adds a swatch and a name for each part, in as many lines as they need; returns where the rows begin."""
    x, y = 0.0, 4.0
    for part in parts:
        room = 24 + width(PARTS[part], SIZE)
        if x and x + room > wide:
            x, y = 0.0, y + 23
        body.extend(piece(part, x + 1, y, 16, 14))
        body.append(text(x + 22, y + 12, PARTS[part], size=SIZE))
        x += room + 12
    return y + 30


def stacked(row: Stack, y: float, wide: float) -> list[str]:
    """The parts of one row beside each other, each with its number where that fits."""
    if not row.total:
        return [rectangle(1, y, wide - 2, THICK, "track")]
    drawn: list[str] = []
    x, each = 1.0, (wide - 2) / row.total
    for part in PARTS:
        count = row.counts.get(part, 0)
        if not count:
            continue
        drawn.extend(piece(part, x, y, each * count, THICK))
        if width(str(count), SIZE, strong=True) + 4 <= each * count:
            drawn.append(figure(part, count, x + each * count / 2, y + THICK / 2 + 5))
        x += each * count
    return drawn


def figure(part: str, count: int, x: float, y: float) -> str:
    """The number in the middle of a part; on a hatched one it stands on a plate of its own."""
    kind = "text-inverse" if part in ON_DARK else "text"
    label = centred(x, y, str(count), SIZE, kind)
    wide = width(str(count), SIZE, strong=True) + 4
    return rectangle(x - wide / 2, y - 13, wide, 17, "paper") + label if part in HATCHED else label


def piece(part: str, x: float, y: float, wide: float, high: float) -> list[str]:
    """One part as a rectangle; a hatched one cannot be mistaken for a level."""
    drawn = [rectangle(x, y, wide, high, f"bar picture-{KINDS.get(part, f'level-{part}')}")]
    return [*drawn, hatch(x, y, wide, high, HATCHED[part])] if part in HATCHED else drawn
