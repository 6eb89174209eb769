"""The chain: five links that really hang in one another, each as thick as its level.

A link without a score is only an outline; the weakest one is cracked and has a label, so that nothing depends
on colour. Lying for a wide page and for paper, standing for a phone.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.pictures.drawing import centred, frame, number, text
from reports.pictures.metrics import width, wrap

RADIUS = 62.0  # of the middle of a link's wire, at its round ends
STRAIGHT = 53.0  # half the length of its straight sides
PITCH = 186.0  # from one link to the next
THINNEST, PER_LEVEL = 12.0, 5.5  # the wire at level 0, and what each level adds
GAP = 4.0  # paper left free where one wire passes over another
PATCH = math.radians(27)  # half of the arc that is cleared where a wire comes out on top
SEAM = math.radians(2)  # how much further the wire is drawn again, so that no hairline shows where it joins
BREAK = 8.0  # half the width of the crack in the weakest link
Point = tuple[float, float]
WEAKEST = "zwakste schakel"


@dataclass(frozen=True, slots=True)
class ChainLink:
    """One link: its printed level 0..4 in halves (None: no score), that level in words, and a note or ""."""

    title: str
    printed: float | None
    word: str
    weakest: bool = False
    note: str = ""

    @property
    def wire(self) -> float:
        """How thick the wire is drawn."""
        return THINNEST + PER_LEVEL * (2 if self.printed is None else self.printed)

    @property
    def kind(self) -> str:
        """The class of its colour: that of the whole level that is reached."""
        return "picture-no-score" if self.printed is None else f"picture-level-{math.floor(self.printed)}"

    @property
    def figure(self) -> str:
        """The printed level as people write it: 2,5; "?" without a score."""
        return "?" if self.printed is None else f"{self.printed:g}".replace(".", ",")

    @property
    def sentence(self) -> str:
        """The link in words, for who cannot see the picture."""
        level = self.word if self.printed is None else f"{self.figure}, {self.word}"
        extra = [WEAKEST] * self.weakest + [self.note] * bool(self.note)
        return f"{self.title}: {level}" + (f" ({', '.join(extra)})" if extra else "")


def chain(name: str, links: Sequence[ChainLink]) -> str:
    """The chain lying down, for a page at least as wide as a tablet, and for A4."""
    columns = [RADIUS + STRAIGHT + 20 + PITCH * place for place in range(len(links))]
    wide, middle = 2 * columns[0] + PITCH * (len(links) - 1), 122.0
    body = [*wires(links, columns, middle)]
    bottom = 0.0
    for link, x in zip(links, columns, strict=True):
        body.append(centred(x, 28, link.title, 21))
        body.append(centred(x, middle + 14, link.figure, 42))
        bottom = max(bottom, below(link, x, middle + RADIUS + 40, body))
    return frame(name, (wide, bottom + 6), finding(links), story(links), body, "chain")


def below(link: ChainLink, x: float, y: float, body: list[str]) -> float:
    """Adds the label, the words and the note under a lying link; returns the y of the last line."""
    if link.weakest:
        body.append(flag(x, y - 4, 17, 0.5))
    y += 31
    for words in wrap(link.word, PITCH - 24, 18):
        body.append(centred(x, y, words, 18, strong=False))
        y += 23
    for words in wrap(link.note, PITCH - 24, 16):
        body.append(centred(x, y, words, 16, "text-muted", strong=False))
        y += 20
    return y - 20


def chain_tall(name: str, links: Sequence[ChainLink]) -> str:
    """The chain hanging down with the words beside it, for a phone."""
    scale, side = 0.62, 62.0
    rows = [RADIUS + STRAIGHT + 20 + PITCH * place for place in range(len(links))]
    high = scale * (2 * rows[0] + PITCH * (len(links) - 1))
    # The matrix swaps x and y: the same wires, hanging.
    body = [f'<g transform="matrix(0 {scale} {scale} 0 {side:g} 0)">', *wires(links, rows, 0.0), "</g>"]
    for link, row in zip(links, rows, strict=True):
        body.append(centred(side, row * scale + 10, link.figure, 29))
        beside(link, side + 58, row * scale, body)
    return frame(name, (320, high), finding(links), story(links), body, "chain-tall")


def beside(link: ChainLink, x: float, middle: float, body: list[str]) -> None:
    """Adds the title, words, note and label to the right of a hanging link, around its middle."""
    words = wrap(link.word, 195, 16)
    notes = wrap(link.note, 195, 15)
    y = middle + 5 - 10 * (len(words) + len(notes) + link.weakest)
    body.append(text(x, y, link.title, size=19, strong=True))
    for content in words:
        y += 21
        body.append(text(x, y, content, size=16))
    for content in notes:
        y += 20
        body.append(text(x, y, content, size=15, kind="text-muted"))
    if link.weakest:
        body.append(flag(x + 8, y + 25, 15, 0))


def flag(x: float, y: float, size: float, align: float) -> str:
    """The label "zwakste schakel": light text on a dark plate, its base line at y."""
    wide = width(WEAKEST, size, strong=True)
    left = x - align * wide
    plate = (
        f'<rect class="picture-weakest" x="{number(left - 8)}" y="{number(y - size * 1.05)}" rx="4" '
        f'width="{number(wide + 16)}" height="{number(size * 1.5)}"/>'
    )
    return plate + text(left, y, WEAKEST, size=size, kind="text-inverse", strong=True)


def wires(links: Sequence[ChainLink], columns: Sequence[float], y: float) -> Iterator[str]:
    """The links themselves: each lies over the one before it, which is drawn again where it comes on top."""
    previous: tuple[ChainLink, float] | None = None
    for link, x in zip(links, columns, strict=True):
        yield ring(link, x, y)
        if previous:
            yield over(*previous, y)
        if link.weakest:
            yield crack(link, x, y)
        previous = link, x


def ring(link: ChainLink, x: float, y: float) -> str:
    """One whole link: the room between an outer and an inner round-ended shape."""
    shape = "".join(oval(x, y, RADIUS + half) for half in (link.wire / 2, -link.wire / 2))
    return f'<path class="picture-ring {link.kind}" fill-rule="evenodd" d="{shape}"/>'


def oval(x: float, y: float, radius: float) -> str:
    """The path of a shape with straight sides and round ends."""
    r, left, right = number(radius), number(x - STRAIGHT), number(x + STRAIGHT)
    top, bottom = number(y - radius), number(y + radius)
    return f"M{left} {top}H{right}A{r} {r} 0 0 1 {right} {bottom}H{left}A{r} {r} 0 0 1 {left} {top}Z"


def over(link: ChainLink, x: float, y: float) -> str:
    """The part of a link that passes over its next one: some paper around it, the wire, and its two edges."""
    crossing = math.acos((PITCH / 2 - STRAIGHT) / RADIUS)
    outer, inner = RADIUS + link.wire / 2, RADIUS - link.wire / 2
    cleared, drawn = (crossing - PATCH, crossing + PATCH), (crossing - PATCH - SEAM, crossing + PATCH + SEAM)
    centre = (x + STRAIGHT, y)
    edges = arc(centre, outer, drawn) + arc(centre, inner, drawn)
    return (
        f'<path class="picture-paper" d="{sector(centre, outer + GAP, inner - GAP, cleared)}"/>'
        f'<path class="{link.kind}" d="{sector(centre, outer, inner, drawn)}"/>'
        f'<path class="picture-ring {link.kind} picture-edge" d="{edges}"/>'
    )


def point(centre: Point, radius: float, angle: float) -> str:
    """The coordinates at an angle above the horizontal, for use in a path."""
    x, y = centre
    return f"{number(x + radius * math.cos(angle))} {number(y - radius * math.sin(angle))}"


def arc(centre: Point, radius: float, angles: tuple[float, float]) -> str:
    """An arc from the one angle up to the other."""
    start, end = angles
    r = number(radius)
    return f"M{point(centre, radius, start)}A{r} {r} 0 0 0 {point(centre, radius, end)}"


def sector(centre: Point, outer: float, inner: float, angles: tuple[float, float]) -> str:
    """The closed shape between two such arcs."""
    start, end = angles
    r = number(inner)
    back = f"A{r} {r} 0 0 1 {point(centre, inner, start)}Z"
    return f"{arc(centre, outer, angles)}L{point(centre, inner, end)}{back}"


def crack(link: ChainLink, x: float, y: float) -> str:
    """A jagged break through the far side of the wire."""
    top, step = y + RADIUS - link.wire / 2 - 2, (link.wire + 4) / 3
    jags = [(x + shift, top + step * place) for place, shift in enumerate((-1, 5, -5, 2))]
    left = "L".join(f"{number(a - BREAK)} {number(b)}" for a, b in jags)
    right = "L".join(f"{number(a + BREAK)} {number(b)}" for a, b in reversed(jags))
    return (
        f'<path class="picture-paper" d="M{left}L{right}Z"/>'
        f'<path class="picture-ring picture-edge" d="M{left}M{right}"/>'
    )


def finding(links: Sequence[ChainLink]) -> str:
    """The picture in one sentence: what the alternative text of the figure says."""
    weakest = [f"{link.title} ({link.figure})" for link in links if link.weakest]
    if not weakest:
        return "De schakels van de keten met hun niveau."
    noun = "Zwakste schakel" if len(weakest) == 1 else "Zwakste schakels"
    return f"De schakels van de keten met hun niveau. {noun}: {' en '.join(weakest)}."


def story(links: Sequence[ChainLink]) -> str:
    """All links in words."""
    return "; ".join(link.sentence for link in links) + "."
