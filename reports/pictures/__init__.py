"""The pictures of dashboard, meetings and council report: functions from plain values to SVG, as text.

The same text goes into the web page and into the PDF. Colours are classes of static/src/pictures.css.
"""

from reports.pictures.bars import Bar, bars, profile
from reports.pictures.chain import ChainLink, chain, chain_tall
from reports.pictures.dumbbell import Pair, dumbbell
from reports.pictures.opinions import Opinion, opinions
from reports.pictures.spread import Voice, spread, spread_tall
from reports.pictures.stacks import PARTS, Stack, distribution

__all__ = [
    "PARTS",
    "Bar",
    "ChainLink",
    "Opinion",
    "Pair",
    "Stack",
    "Voice",
    "bars",
    "chain",
    "chain_tall",
    "distribution",
    "dumbbell",
    "opinions",
    "profile",
    "spread",
    "spread_tall",
]
