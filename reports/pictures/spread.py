"""Who said which level on one question: a dot with a name for each person, on the ladder from 0 to 4.

Lying down for a big screen, a wide page and paper; standing for a phone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.pictures.drawing import centred, frame, line, number, rectangle, text
from reports.pictures.metrics import width, wrap

SIZE = 17.0  # of the names
LINE = 20.0  # from one line of a name to the next
DOT = 7.0  # radius
PITCH = 160.0  # the width of a level, lying down
PLATE = 40.0  # the height of the plate with a level's name
TALL, LEFT = 340.0, 118.0  # standing: the whole, and the part with the plates
ON_DARK = (3, 4)
AGREED = "afgesproken"
WITHOUT = "Zonder niveau:"
NOBODY = "Niemand heeft deze vraag beantwoord."


@dataclass(frozen=True, slots=True)
class Voice:
    """What one person said: a level 0..4, or None and then `words` say what, such as "Weet ik niet"."""

    name: str
    level: int | None
    words: str = ""


def spread(
    name: str, title: str, voices: Sequence[Voice], ladder: Sequence[str], agreed: int | None = None
) -> str:
    """The ladder lying down with the people below it, and how far apart they are. `ladder`: five words."""
    body: list[str] = []
    floor = PLATE
    for level, word in enumerate(ladder):
        x, y = level * PITCH, PLATE + (34 if level == agreed else 8)
        body.extend(plate(level, word, (x + 2, 1, PITCH - 4, PLATE - 1), agreed))
        for voice in voices:
            if voice.level == level:
                body.extend(dot(voice, x + 14, y, PITCH - 38))
                y += row_height(voice)
        floor = max(floor, y)
    y = floor + 4
    if (low_high := ends(voices)) and low_high[0] < low_high[1]:
        body.extend(bracket(*low_high, y + 12))
        y += 36
    wide = PITCH * len(ladder)
    y = without_level(body, voices, y, wide)
    return frame(name, (wide, y + 4), title, story(voices, ladder, agreed), body, "spread")


def spread_tall(
    name: str, title: str, voices: Sequence[Voice], ladder: Sequence[str], agreed: int | None = None
) -> str:
    """The same with the ladder standing, the highest level on top and the names beside it."""
    body: list[str] = []
    y = 0.0
    for level in reversed(range(len(ladder))):
        stack = [voice for voice in voices if voice.level == level]
        here = y + 8
        for voice in stack:
            body.extend(dot(voice, LEFT + 14, here, TALL - LEFT - 30))
            here += row_height(voice, TALL - LEFT - 30)
        body.extend(plate(level, ladder[level], (0, y + 4, LEFT - 4, PLATE - 4), agreed))
        y = max(here, y + PLATE + (30 if agreed == level else 0)) + 4
        body.append(line(0, y, TALL, y, "mark"))
    y = without_level(body, voices, y + 6, TALL)
    return frame(name, (TALL, y + 4), title, story(voices, ladder, agreed), body, "spread-tall")


def row_height(voice: Voice, room: float = PITCH - 38) -> float:
    """What a person takes on the ladder: the lines of the name, and some air."""
    return LINE * max(1, len(wrap(voice.name, room, SIZE))) + 6


def dot(voice: Voice, x: float, y: float, room: float) -> Iterator[str]:
    """A person from `y` downwards: the dot, in the colour of the level, and the name beside it."""
    kind = "unknown" if voice.level is None else f"level-{voice.level}"
    yield circle(x, y + LINE / 2, kind)
    for place, content in enumerate(wrap(voice.name, room, SIZE)):
        yield text(x + 16, y + 16 + LINE * place, content, size=SIZE)


def circle(x: float, y: float, kind: str) -> str:
    """A dot: two arcs."""
    r, left, right = number(DOT), number(x - DOT), number(x + DOT)
    arcs = f"M{left} {number(y)}A{r} {r} 0 1 1 {right} {number(y)}A{r} {r} 0 1 1 {left} {number(y)}Z"
    return f'<path class="picture-ring picture-{kind}" d="{arcs}"/>'


def plate(
    level: int, word: str, place: tuple[float, float, float, float], agreed: int | None
) -> Iterator[str]:
    """The name of a level on its colour; the agreed one has a label below it that says so."""
    x, y, wide, high = place
    yield rectangle(x, y, wide, high, f"bar picture-level-{level}")
    kind = "text-inverse" if level in ON_DARK else "text"
    yield centred(x + wide / 2, y + high / 2 + 6, f"{level} {word}", 18 if wide > LEFT else 16, kind)
    if level == agreed:
        room = width(AGREED, 15, strong=True) + 14
        yield rectangle(x + (wide - room) / 2, y + high + 3, room, 22, "weakest")
        yield centred(x + wide / 2, y + high + 19, AGREED, 15, "text-inverse")


def ends(voices: Sequence[Voice]) -> tuple[int, int] | None:
    """The lowest and the highest level that somebody said."""
    levels = [voice.level for voice in voices if voice.level is not None]
    return (min(levels), max(levels)) if levels else None


def bracket(lowest: int, highest: int, y: float) -> Iterator[str]:
    """A measure from the lowest to the highest level, with the number of levels between them."""
    start, end = (lowest + 0.5) * PITCH, (highest + 0.5) * PITCH
    yield line(start, y, end, y)
    yield line(start, y - 7, start, y + 7)
    yield line(end, y - 7, end, y + 7)
    label = apart(highest - lowest)
    room = width(label, 16, strong=True) + 12
    middle = (start + end) / 2
    yield rectangle(middle - room / 2, y - 12, room, 24, "paper")
    yield centred(middle, y + 6, label, 16)


def apart(levels: int) -> str:
    """How far the ends lie apart, in words."""
    return "1 niveau verschil" if levels == 1 else f"{levels} niveaus verschil"


def without_level(body: list[str], voices: Sequence[Voice], y: float, wide: float) -> float:
    """Adds who gave no level, apart from the ladder, in as many lines as needed; returns where it ends."""
    if not voices:
        body.append(text(0, y + 18, NOBODY, size=SIZE))
        return y + 24
    rest = [voice for voice in voices if voice.level is None]
    if rest:
        body.append(text(0, y + 18, WITHOUT, size=SIZE, kind="text-muted"))
        y += 26
    x = 0.0
    for voice in rest:
        told = Voice(f"{voice.name}: {voice.words.lower()}", None)
        lines = wrap(told.name, wide - 24, SIZE)
        room = 24 + max(width(content, SIZE) for content in lines) + 20
        if x and x + room > wide:
            x, y = 0.0, y + LINE + 6
        body.extend(dot(told, x + 8, y, wide - 24))
        if len(lines) > 1:  # it took the whole width
            x, y = 0.0, y + row_height(told, wide - 24)
        else:
            x += room
    return y + LINE + 6 if rest and x else y


def story(voices: Sequence[Voice], ladder: Sequence[str], agreed: int | None) -> str:
    """The picture in words: who stands where, how far apart, and what was agreed."""
    parts = []
    for level, word in enumerate(ladder):
        if names := [voice.name for voice in voices if voice.level == level]:
            parts.append(f"{level} {word}: {', '.join(names)}")
    parts += [f"{voice.words}: {voice.name}" for voice in voices if voice.level is None]
    if (low_high := ends(voices)) and low_high[0] < low_high[1]:
        parts.append(apart(low_high[1] - low_high[0]))
    if agreed is not None:
        parts.append(f"{AGREED} is niveau {agreed}")
    return "; ".join(parts or [NOBODY.rstrip(".")]) + "."
