"""Scores as bars on the scale 0 to 4: a list of them, and the profile of the whole chain side by side."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from reports.pictures.drawing import centred, frame, hatch, line, rectangle, text
from reports.pictures.metrics import width, wrap

HIGHEST = 4
SIZE = 15.0  # of the type, also of the captions
THICK = 16.0
WITHOUT = "gearceerd: geen cijfer"
WORDS = ("niet", "soms", "vastgelegd", "gedaan", "lerend")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its value 0..4 (None: there is no score) and the text printed with it, such as "2,5"."""

    label: str
    value: float | None
    text: str

    @property
    def kind(self) -> str:
        """The class of its colour: that of the whole level that is reached."""
        return "no-score" if self.value is None else f"level-{math.floor(self.value)}"


def bars(name: str, title: str, rows: Sequence[Bar], wide: float = 340) -> str:
    """Bars under their labels, with the scale below them.

    The default width keeps its text readable on a phone and in half a column of a page.
    """
    body: list[str] = []
    y = 0.0
    for row in rows:
        y = caption(body, row.label, row.text, y, wide)
        body.extend(bar(row, y, wide))
        y += THICK + 12
    for level in range(HIGHEST + 1):
        part = level / HIGHEST
        body.append(text(part * wide, y + 8, str(level), size=13, kind="text-muted", align=part))
    if any(row.value is None for row in rows):
        y += 24
        body += [rectangle(0.5, y, 16, 14, "track"), hatch(0.5, y, 16, 14)]
        body.append(text(24, y + 12, WITHOUT, size=SIZE))
    return frame(name, (wide, y + 14), title, listed(rows), body, "bars")


def caption(body: list[str], label: str, figure: str, y: float, wide: float) -> float:
    """Adds a label and, at the right of its last line or below it, a figure; returns where the bar begins."""
    room = wide - width(figure, SIZE, strong=True) - 12
    lines = wrap(label, wide, SIZE)
    for content in lines:
        y += 19
        body.append(text(0, y, content, size=SIZE))
    if lines and width(lines[-1], SIZE) > room:
        y += 19
    body.append(text(wide, y, figure, size=SIZE, strong=True, align=1))
    return y + 7


def bar(row: Bar, y: float, wide: float) -> list[str]:
    """The track from 0 to 4 with a mark at each whole level, and the part that is reached."""
    if row.value is None:
        return [rectangle(0.5, y, wide - 1, THICK, "track"), hatch(0.5, y, wide - 1, THICK)]
    reached = max(3.0, row.value / HIGHEST * (wide - 1))  # a score of 0 still shows where it stands
    return [
        rectangle(0.5, y, wide - 1, THICK, "track"),
        *(line(wide * part, y, wide * part, y + THICK, "mark") for part in (0.25, 0.5, 0.75)),
        rectangle(0.5, y, reached, THICK, f"bar picture-{row.kind}"),
    ]


def listed(rows: Sequence[Bar]) -> str:
    """All bars in words."""
    return "; ".join(f"{row.label}: {row.text}" for row in rows) + "."


def profile(name: str, title: str, rows: Sequence[Bar], words: Sequence[str] = WORDS) -> str:
    """The links side by side as columns on the ladder, for a wide page and for A4.

    `words` are the names of the five levels, lowest first.
    """
    left, wide, step, top = 130.0, 700.0, 62.0, 34.0
    floor = top + HIGHEST * step
    body = []
    for level, word in enumerate(words):
        y = floor - level * step
        body.append(line(left, y, wide, y, "line" if level == 0 else "mark"))
        body.append(text(left - 12, y + 5, f"{level} {word}", size=16, kind="text-muted", align=1))
    pitch = (wide - left) / max(1, len(rows))
    for place, row in enumerate(rows):
        x = left + pitch * (place + 0.5)
        body.extend(column(row, x, floor, step))
        for below, content in enumerate(wrap(row.label, pitch - 8, 17, strong=True)):
            body.append(centred(x, floor + 26 + 21 * below, content, 17))
    return frame(name, (wide, floor + 56), title, listed(rows), body, "profile")


def column(row: Bar, x: float, floor: float, step: float) -> list[str]:
    """One column with its figure on top; without a score a low hatched block that says so."""
    if row.value is None:
        block = (x - 32, floor - 14, 64.0, 14.0)
        return [rectangle(*block, "track"), hatch(*block), centred(x, floor - 22, "?", 20)]
    high = max(3.0, row.value * step)
    figure = f"{row.value:g}".replace(".", ",")
    return [
        rectangle(x - 32, floor - high, 64, high, f"bar picture-{row.kind}"),
        centred(x, floor - high - 8, figure, 20),
    ]
