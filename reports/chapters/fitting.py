"""How much text fits: a page is measured before it is laid out, with the widths of the font itself.

Sizes are in points. What is found here leaves room; that the page holds is tested with the PDF.
"""

from collections.abc import Iterable
from math import ceil

from reports.pictures.metrics import width

SAFE = 1.03  # breaking at spaces is counted line by line; this is for what rounding hides


def lines(text: str, wide: float, size: float) -> int:
    """In how many lines this text is set; a word that is longer than a line goes on in the next."""
    return sum(_paragraph(one, wide, size) for one in text.splitlines() if one.strip())


def _paragraph(text: str, wide: float, size: float) -> int:
    room, found = wide / SAFE, 1
    used, space = 0.0, width(" ", size)
    for word in text.split():
        long = width(word, size)
        if used and used + space + long <= room:
            used += space + long
        elif long <= room:
            found, used = (found + 1 if used else found), long
        else:
            whole = ceil(long / (room - size))  # so many lines of its own: a line ends before a letter
            found, used = found + whole - (0 if used else 1), room
    return found


def high(texts: Iterable[str], wide: float, size: float, leading: float, apart: float = 0) -> float:
    """How high these paragraphs are, with `apart` between and after them."""
    return sum(lines(one, wide, size) * size * leading + apart for one in texts)
