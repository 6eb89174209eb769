"""Then and now: per row an open ring and a filled square on the scale 0 to 4, with a line between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.pictures.bars import HIGHEST, SIZE, caption
from reports.pictures.drawing import frame, line, number, rectangle, text

RING, SQUARE = 7.0, 12.0
ROW = 26.0
EDGE = 10.0  # left and right of the scale, so that a mark at its end is whole


@dataclass(frozen=True, slots=True)
class Pair:
    """One row: its values 0..4 then and now (None: there was no score), and the text printed with it."""

    label: str
    before: float | None
    now: float | None
    text: str


def dumbbell(name: str, title: str, rows: Sequence[Pair], keys: tuple[str, str], wide: float = 340) -> str:
    """The rows under each other below a key; `keys` say what ring and square stand for.

    Form tells them apart, not colour: a print in black and white says the same.
    """
    body = [ring(EDGE, 9), text(24, 14, keys[0], size=SIZE)]
    body += [square(wide / 2 + EDGE, 9), text(wide / 2 + 24, 14, keys[1], size=SIZE)]
    y = 26.0
    for row in rows:
        y = caption(body, row.label, row.text, y, wide)
        body.extend(_row(row, y + ROW / 2 - 3, wide))
        y += ROW
    for level in range(HIGHEST + 1):
        body.append(text(_place(level, wide), y + 13, str(level), size=13, kind="text-muted", align=0.5))
    listed = "; ".join(f"{row.label}: {row.text}" for row in rows) + "."
    return frame(name, (wide, y + 18), title, listed, body, "dumbbell")


def _place(level: float, wide: float) -> float:
    return EDGE + level / HIGHEST * (wide - 2 * EDGE)


def _row(row: Pair, y: float, wide: float) -> list[str]:
    """The scale with its marks; what there is no score for has no mark."""
    drawn = [line(EDGE, y, wide - EDGE, y, "mark")]
    drawn += [line(_place(level, wide), y - 5, _place(level, wide), y + 5, "mark") for level in range(5)]
    if row.before is not None and row.now is not None:
        drawn.append(line(_place(row.before, wide), y, _place(row.now, wide), y))
    # The ring is the larger: where nothing changed the square stands inside it.
    if row.before is not None:
        drawn.append(ring(_place(row.before, wide), y, 10.0 if row.before == row.now else RING))
    if row.now is not None:
        drawn.append(square(_place(row.now, wide), y))
    return drawn


def ring(x: float, y: float, radius: float = RING) -> str:
    return (
        f'<circle class="picture-ring picture-paper" cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"/>'
    )


def square(x: float, y: float) -> str:
    return rectangle(x - SQUARE / 2, y - SQUARE / 2, SQUARE, SQUARE, "weakest")
