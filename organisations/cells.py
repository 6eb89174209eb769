"""Text in a cell of a sheet: a spreadsheet program must not compute it, whoever typed it in."""

from __future__ import annotations

from typing import Final

# With these a program takes a cell for a formula (OWASP, CSV injection); the wide ones in East Asia.
SIGNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def is_formula(text: str) -> bool:
    """Whether a program could take it for one, also after what shows as nothing before it."""
    return text.startswith(SIGNS) or text.lstrip(" \u00a0\u200b\u2060\ufeff").startswith(SIGNS)


def plain(text: str) -> str:
    """The text for a cell of a CSV file: with an apostrophe before what could be a formula."""
    return f"'{text}" if is_formula(text) else text
