"""The five links of the integrity chain: their slugs, Dutch names and order.

The chain is Necker's model of 2019, after the safety chain of the fire brigade.
"""

from typing import Final

NAMES: Final = {
    "pro-actie": "Pro-actie",
    "preventie": "Preventie",
    "preparatie": "Preparatie",
    "repressie": "Repressie",
    "nazorg": "Nazorg",
}
SLUGS: Final = tuple(NAMES)
