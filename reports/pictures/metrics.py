"""How wide a text comes out: a drawing places and wraps its words before any browser sees them."""

import unicodedata

# Advance widths of Source Sans 3, per thousandth of the type size, for the characters " " to "~".
# A test compares them with the font itself. Accented letters are as wide as their letter.
# fmt: off
REGULAR = (
    200, 289, 426, 497, 497, 824, 609, 249, 303, 303, 418, 497, 249, 311, 249, 350, 497, 497, 497, 497,
    497, 497, 497, 497, 497, 497, 249, 249, 497, 497, 497, 425, 847, 543, 588, 571, 615, 527, 494, 617,
    652, 263, 479, 579, 486, 727, 647, 664, 566, 664, 569, 534, 536, 645, 515, 786, 513, 476, 539, 303,
    350, 303, 497, 500, 542, 504, 553, 456, 555, 496, 292, 504, 544, 246, 247, 495, 255, 829, 547, 542,
    555, 555, 347, 419, 338, 544, 467, 719, 446, 467, 425, 303, 241, 303, 497,
)
STRONG = (
    200, 315, 482, 513, 513, 841, 639, 275, 324, 324, 438, 513, 275, 322, 275, 344, 513, 513, 513, 513,
    513, 513, 513, 513, 513, 513, 275, 275, 513, 513, 513, 444, 875, 558, 597, 576, 625, 538, 510, 628,
    663, 282, 494, 597, 502, 745, 657, 674, 582, 674, 592, 545, 546, 655, 536, 800, 541, 501, 540, 324,
    344, 324, 513, 500, 549, 516, 563, 462, 564, 507, 317, 520, 558, 262, 263, 522, 271, 843, 560, 549,
    564, 564, 373, 431, 361, 556, 495, 748, 481, 495, 443, 324, 255, 324, 513,
)
# fmt: on
OTHER = 820  # anything else: as wide as an em dash, so that a guess leaves room rather than runs over


def width(content: str, size: float, strong: bool = False) -> float:
    """How wide the text comes out in Source Sans 3 at `size`, in the same unit."""
    table = STRONG if strong else REGULAR
    return sum(advance(letter, table) for letter in content) * size / 1000


def advance(letter: str, table: tuple[int, ...]) -> int:
    """The width of one letter in thousandths."""
    place = ord(unicodedata.normalize("NFD", letter)[0]) - 32
    return table[place] if 0 <= place < len(table) else OTHER


def wrap(content: str, limit: float, size: float, strong: bool = False) -> list[str]:
    """The text in lines no wider than `limit`, broken at spaces; a word that is too long is cut with "…"."""
    lines: list[str] = []
    for word in content.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, strong) <= limit:
            lines[-1] = longer
        else:
            lines.append(fit(word, limit, size, strong))
    return lines


def fit(content: str, limit: float, size: float, strong: bool = False) -> str:
    """The text itself, or as much of its beginning as fits with "…" after it."""
    if width(content, size, strong) <= limit:
        return content
    while content and width(content + "…", size, strong) > limit:
        content = content[:-1]
    return content.rstrip() + "…"
