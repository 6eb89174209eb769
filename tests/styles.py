"""House styles for the tests: two colours that can be read, and a logo."""

from __future__ import annotations

from organisations.logos import read_logo
from organisations.models import HouseStyle, Logo, User

COLOUR, ACCENT = "#0e616c", "#b8860b"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40">'
    '<rect width="40" height="40" fill="#0e616c"/>'
    '<path d="M50 10h60v20h-60z" fill="#b8860b"/></svg>'
)


def make_style(by: User, **changes: object) -> HouseStyle:
    """A version of the house style of this person's municipality, proposed and not used."""
    organisation = by.memberships.select_related("organisation").get().organisation
    fields: dict[str, object] = {"colour": COLOUR, "accent": ACCENT, "logo_text": "Gemeente Waterrijk"}
    fields |= {"logo": Logo.keep(read_logo(SVG.encode())), "address": "Waterpad 1\n1234 AB Waterrijk"}
    fields |= {"website": "https://waterrijk.example/", **changes}
    return HouseStyle.propose(organisation, by, **fields)
