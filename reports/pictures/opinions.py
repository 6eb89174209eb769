"""Who agrees with which statement: for each a bar to the left (oneens) and to the right (eens) of one line.

Neutral and unknown stand apart, each from a line of its own, all on the same scale: so every part can be
compared down the page, and none of them hides in the middle of a stack.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.pictures.bars import SIZE
from reports.pictures.drawing import frame, hatch, line, rectangle, text
from reports.pictures.metrics import wrap

COLUMNS = ("oneens", "eens", "neutraal", "weet ik niet")  # from left to right
KINDS = {"oneens": "disagree", "eens": "agree", "neutraal": "neutral", "weet ik niet": "unknown"}
GAP = 16.0
THICK = 16.0
LABEL = 290.0  # for the statement, where it stands beside its bars
SMALL = 14.0  # of the numbers and the heads
REACH = "streepje onder ‘eens’: de marge"


@dataclass(frozen=True, slots=True)
class Opinion:
    """One statement: whole percentages and how they are printed, in the order of COLUMNS.

    Without shares it is not shown, and `hidden` says why. `interval` is that of "eens", `reach` its words.
    """

    label: str
    shares: tuple[int, int, int, int] | None
    told: tuple[str, str, str, str] = ("", "", "", "")
    interval: tuple[int, int] = (0, 0)
    reach: str = ""
    hidden: str = ""


def opinions(name: str, title: str, rows: Sequence[Opinion], wide: float = 340) -> str:
    """The statements below each other, each with its four bars; the default width is for a phone.

    With room for it the statement stands beside its bars, otherwise above them.
    """
    left = LABEL if wide > 2 * LABEL else 0.0
    columns = starts(left, wide)
    anything = any(row.shares for row in rows)
    body: list[str] = list(heads(columns)) if anything else []
    y = 26.0 if body else 0.0
    for row in rows:
        below = y
        for content in wrap(row.label, (left or wide) - 12, SIZE):
            below += 19
            body.append(text(0, below, content, size=SIZE))
        top = y if left and row.shares else below + 2
        y = max(below, drawn(body, row, top, columns) if row.shares else without(body, row, top, wide)) + 12
    if anything:
        y += 12
        body += reach(0.5, y, 26)
        body.append(text(34, y + 5, REACH, size=SMALL, kind="text-muted"))
    return frame(name, (wide, y + 12), title, "; ".join(map(in_words, rows)) + ".", body, "opinions")


@dataclass(frozen=True, slots=True)
class Column:
    """Where one part is drawn: bars to the left end at `x + wide`, the others begin at x."""

    name: str
    x: float
    wide: float

    @property
    def kind(self) -> str:
        return KINDS[self.name]

    def written(self, content: str, y: float, kind: str = "text") -> str:
        """A text at the line from which the bars go, on their side of it."""
        to_left = self.name == "oneens"
        at = self.x + self.wide - 7 if to_left else self.x + (7 if self.name == "eens" else 0)
        return text(at, y, content, size=SMALL, kind=kind, strong=True, align=1 if to_left else 0)


def starts(left: float, wide: float) -> tuple[Column, ...]:
    """The four parts, all as wide; the first two meet in the middle line."""
    each = (wide - left - 2 * GAP - 2) / 4
    places = (0, each, 2 * each + GAP, 3 * each + 2 * GAP)
    return tuple(Column(name, left + 1 + x, each) for name, x in zip(COLUMNS, places, strict=True))


def heads(columns: Sequence[Column]) -> Iterator[str]:
    """What each column is."""
    for column in columns:
        yield column.written(column.name, 16, "text-muted")


def drawn(body: list[str], row: Opinion, y: float, columns: Sequence[Column]) -> float:
    """Adds the figures and bars of a statement below y; returns where they end."""
    lines = [wrap(content, columns[0].wide - 7, SMALL, strong=True) for content in row.told]
    top = y + 17 * max(map(len, lines)) + 5
    for column, share, told in zip(columns, row.shares or (), lines, strict=True):
        for below, content in enumerate(told):
            body.append(column.written(content, y + 15 + 17 * below))
        reached = max(2.0, column.wide * share / 100)  # none still shows where it stands
        left = column.x + column.wide - reached if column.name == "oneens" else column.x
        body.append(rectangle(column.x, top, column.wide, THICK, "track"))
        body.append(rectangle(left, top, reached, THICK, f"bar picture-{column.kind}"))
        if column.kind == "unknown" and share:
            body.append(hatch(left, top, reached, THICK))
    agree = columns[1]
    body.append(line(agree.x, top - 4, agree.x, top + THICK + 4))
    low, high = row.interval
    body += reach(agree.x + agree.wide * low / 100, top + THICK + 6, agree.wide * (high - low) / 100)
    return top + THICK + 10


def reach(x: float, y: float, wide: float) -> list[str]:
    """A line with an end on both sides: between which figures a share lies."""
    return [line(x, y, x + wide, y), line(x, y - 3, x, y + 3), line(x + wide, y - 3, x + wide, y + 3)]


def without(body: list[str], row: Opinion, y: float, wide: float) -> float:
    """Adds why a statement is not shown; returns where that ends."""
    body += [rectangle(0.5, y + 10, 16, 14, "track"), hatch(0.5, y + 10, 16, 14)]
    for content in wrap(row.hidden, wide - 26, SMALL):
        y += 19
        body.append(text(24, y + 3, content, size=SMALL, kind="text-muted"))
    return y + 8


def in_words(row: Opinion) -> str:
    """The statement for who cannot see it."""
    label = row.label.rstrip(".")
    if not row.shares:
        return f"{label}: {row.hidden}"
    disagree, agree, neutral, unknown = row.told
    told = f"eens {agree} ({row.reach}), neutraal {neutral}, oneens {disagree}, weet ik niet {unknown}"
    return f"{label}: {told}"
