"""Colours of a house style: whether they can be read, and the shades that pages and mails need. Pure.

Luminance and contrast are WCAG 2.2's (definitions of "relative luminance" and "contrast ratio").
"""

from __future__ import annotations

import colorsys
import re
from typing import Final

HEX: Final = re.compile(r"#[0-9a-f]{6}")
WHITE: Final = "#ffffff"
TEXT: Final = 4.5  # WCAG 2.2, 1.4.3: text on its background
LINES: Final = 3.0  # WCAG 2.2, 1.4.11: lines and icons beside white
# Luminance of each shade, of 0 (black) to 1 (white). 50 to 300 are surfaces and lines.
_SURFACES: Final = {"50": 0.93, "100": 0.86, "200": 0.70, "300": 0.48}
_PICTURE: Final = (0.84, 0.56, 0.36, 0.16, 0.055)  # the five levels: apart from each other without colour too
_READABLE_ON_TINT: Final = 0.15  # what is darker can be read on shade 100 as well


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, from 0 for black to 1 for white."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str = WHITE) -> float:
    """The contrast ratio of two colours, from 1 (the same) to 21 (black and white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def passes(colour: str, needed: float) -> bool:
    """Whether the colour has at least this contrast with white. Nothing is rounded up: 4.499 is not 4.5."""
    return contrast(colour) >= needed


def nearest(colour: str, needed: float) -> str:
    """The colour itself if it passes beside white, else the least darker one of the same hue that does."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    found = colour
    while not passes(found, needed):
        lightness = max(0.0, lightness - 0.004)
        found = _hex(colorsys.hls_to_rgb(hue, lightness, saturation))
    return found


def shades(colour: str) -> dict[str, str]:
    """The eight shades by "50" (lightest) to "700", of a colour that white text can be read on.

    400 to 700 can be read on white, 500 to 700 on shade 100 too, 700 on shade 200.
    """
    own = luminance(colour)
    middle = min(own, _READABLE_ON_TINT)
    targets = _SURFACES | {"400": max(own, min(0.17, own * 1.6)), "500": middle}
    targets |= {"600": middle * 0.55, "700": middle * 0.22}
    return {name: colour if target == own else toward(colour, target) for name, target in targets.items()}


def picture(colour: str) -> list[str]:
    """The colours of the levels 0 to 4 in pictures on screen, light to dark."""
    return [toward(colour, target) for target in _PICTURE]


def toward(colour: str, target: float) -> str:
    """The colour mixed with white or black until it has this luminance, or is just darker."""
    goal = 1.0 if target > luminance(colour) else 0.0
    low, high = 0.0, 1.0
    for _ in range(24):
        share = (low + high) / 2
        lighter = luminance(_mixed(colour, goal, share)) > target
        low, high = (low, share) if lighter == (goal == 1.0) else (share, high)
    return _mixed(colour, goal, low if goal == 1.0 else high)


def sheet(colour: str, accent: str) -> str:
    """The style sheet of a house style with these two colours: tokens only, as those in static/themes/."""
    tokens = [f"--brand-{name}:{shade}" for name, shade in shades(colour).items()]
    tokens += [f"--picture-{level}:{shade}" for level, shade in enumerate(picture(colour))]
    tokens += [f"--brand-bar:{colour}", f"--brand-accent:{accent}"]
    return ".voorbeeld-theme{" + ";".join(tokens) + "}\n"


def _channels(colour: str) -> tuple[float, float, float]:
    if not HEX.fullmatch(colour):
        raise ValueError(f"not a colour like #1b5a8e: {colour!r}")
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(channels: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in channels)


def _mixed(colour: str, goal: float, share: float) -> str:
    red, green, blue = (channel + (goal - channel) * share for channel in _channels(colour))
    return _hex((red, green, blue))
