"""The colours of an organisation's house style, for mail: a mail cannot use the style sheet of the pages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders

from organisations.colours import shades

DEFAULT = "portaal"
TINT = re.compile(r"--brand-(\d+):\s*(#[0-9a-f]{6})\s*;", re.IGNORECASE)


@cache
def tints(theme: str) -> dict[str, str]:
    """Colours like #1b5a8e by `tint50` (lightest) to `tint700`; the portal's own for a theme that is gone."""
    sheet = finders.find(f"themes/{theme}.css")
    found = TINT.findall(Path(sheet).read_text(encoding="utf-8")) if sheet else []
    own = {f"tint{number}": colour.lower() for number, colour in found}
    return own if theme == DEFAULT else tints(DEFAULT) | own


def own_tints(colour: str) -> dict[str, str]:
    """The same of an organisation's own colour, with the bar at the top (600) in exactly that."""
    return {f"tint{name}": shade for name, shade in shades(colour).items()} | {"tint600": colour}
