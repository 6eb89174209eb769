"""The house style of a report: as it was when it was offered to the council."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from organisations.colours import shades
from organisations.models import Logo, sheet_address


@dataclass(frozen=True, slots=True)
class Style:
    """What a page or a paper needs of it."""

    sheet: str  # the address of the style sheet, empty for the portal's own colours
    logo: Logo | None
    logo_text: str
    lines: list[str]  # the address block
    colour: str = ""
    accent: str = ""

    @property
    def file_name(self) -> str:
        """What the logo is called where a paper is made."""
        return f"logo.{self.logo.kind}" if self.logo else ""

    @property
    def files(self) -> dict[str, bytes]:
        """The pictures that a paper needs, by name."""
        return {self.file_name: bytes(self.logo.content)} if self.logo else {}

    @property
    def paper(self) -> str:
        """The CSS that gives a paper these colours: titles and lines. Pictures keep the portal's own."""
        if not self.colour:
            return ""
        dark = shades(self.colour)
        return (
            f"h1, h2, h3, h4 {{ color: {dark['700']} }} .report-kicker {{ color: {dark['500']} }} "
            f".report-title {{ border-block-end-color: {self.accent} }} "
            f".notice {{ background: {dark['50']} }}"
        )


def style_of(told: Mapping[str, Any] | None) -> Style:
    """The style that a supplement tells of (assessments.supplement.StyleDocument); a query for a logo."""
    if not told:
        return Style("", None, "", [])
    logo = Logo.objects.filter(pk=told["logo"]).first() if told["logo"] else None
    colour, accent = told["colour"], told["accent"]
    return Style(sheet_address(colour, accent), logo, told["logo_text"], told["address"], colour, accent)
