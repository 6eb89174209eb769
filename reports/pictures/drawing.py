"""What every picture is made of: escaped text of a known width, and the frame with its title and description.

Pictures are drawn on the server and shown in two places, the web page and WeasyPrint's PDF. That decides
much: one `<text>` per line that starts where its x says (an end or middle anchor costs the PDF a transparency
group per text), no opacity, no inline style, and colours by the classes of pictures.css only.
"""

import html
import math
import re
from collections.abc import Iterable

from reports.pictures.metrics import width

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def escape(content: str) -> str:
    """The text for use between tags or in a quoted attribute; characters that XML forbids are dropped."""
    return html.escape(NOT_IN_XML.sub("", content))


def number(value: float) -> str:
    """A coordinate with one decimal at most: SVG needs no more and the page stays small."""
    return f"{round(value, 1) + 0:g}"


def text(
    x: float,
    y: float,
    content: str,
    *,
    size: float = 15,
    kind: str = "text",
    strong: bool = False,
    align: float = 0,
) -> str:
    """One line of text with its base line at y.

    `align` is the share of its width that stands left of x: 0 starts at x, 0.5 is centred, 1 ends there.
    `kind` is a class of pictures.css without its "picture-".
    """
    classes = f"picture-{kind} picture-strong" if strong else f"picture-{kind}"
    start = x - align * width(content, size, strong)
    return (
        f'<text class="{classes}" x="{number(start)}" y="{number(y)}" font-size="{number(size)}">'
        f"{escape(content)}</text>"
    )


def centred(x: float, y: float, content: str, size: float, kind: str = "text", strong: bool = True) -> str:
    """One line of text, bold unless told otherwise, with its middle at x."""
    return text(x, y, content, size=size, kind=kind, strong=strong, align=0.5)


def rectangle(x: float, y: float, wide: float, high: float, kind: str) -> str:
    """A rectangle filled by a class of pictures.css (without its "picture-")."""
    return (
        f'<rect class="picture-{kind}" x="{number(x)}" y="{number(y)}" '
        f'width="{number(wide)}" height="{number(high)}"/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, kind: str = "line") -> str:
    """A straight line drawn by a class of pictures.css (without its "picture-")."""
    return f'<path class="picture-{kind}" d="M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"/>'


def hatch(x: float, y: float, wide: float, high: float, apart: float = 6) -> str:
    """Slanting lines that fill a rectangle: a mark that survives a black and white print.

    Each is cut to the rectangle here; a clip path or a pattern would need an id of its own.
    """
    lines = []
    for step in range(1, math.ceil((wide + high) / apart)):
        far = step * apart  # the line where (x - left) + (y - top) equals this
        start, end = min(far, wide), max(0.0, far - high)
        lines.append(
            f"M{number(x + start)} {number(y + far - start)}L{number(x + end)} {number(y + far - end)}"
        )
    return f'<path class="picture-hatch" d="{"".join(lines)}"/>'


def frame(
    name: str, size: tuple[float, float], title: str, description: str, body: Iterable[str], kind: str
) -> str:
    """The whole picture. `name` must be unique in the page: the ids of title and description come from it.

    The title comes first, since WeasyPrint makes it the alternative text of the tagged figure.
    """
    wide, high = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture picture--{kind}" role="img" '
        f'viewBox="0 0 {number(wide)} {number(high)}" '
        f'aria-labelledby="{escape(name)}-title {escape(name)}-desc">'
        f'<title id="{escape(name)}-title">{escape(title)}</title>'
        f'<desc id="{escape(name)}-desc">{escape(description)}</desc>'
        f"{''.join(body)}</svg>"
    )
