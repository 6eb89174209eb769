"""The yearly figures as they may be printed, with the rule by which they are, and what they do not say."""

from dataclasses import dataclass

from assessments.supplement import FigureDocument, FiguresDocument
from chain.small_numbers import APART, EMPTY
from reports import words
from reports.account import Account

NO_PARTS = "De onderdelen staan er niet apart bij."
NO_TYPES = "De soorten staan er niet apart bij."
NONE = "Er zijn geen jaarcijfers ingevuld."


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; a part stands below its figure."""

    title: str
    told: str
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class FiguresChapter:
    account: Account

    @property
    def is_there(self) -> bool:
        return "figures" in self.account.supplement

    @property
    def _told(self) -> FiguresDocument:
        """Only of a report that has them."""
        return self.account.supplement["figures"]

    @property
    def year(self) -> int:
        return self._told["year"]

    @property
    def lines(self) -> list[Line]:
        """The figures that were filled in, each with its parts."""
        return [
            line
            for figure in self._told["figures"]
            if figure["told"] != EMPTY or figure["parts"]
            for line in _lines(figure)
        ]

    @property
    def shown(self) -> list[Line]:
        """The lines that the chapter prints: in a light report the figures without their parts."""
        return [line for line in self.lines if not (line.is_part and self.account.is_light)]

    @property
    def missing(self) -> str:
        """Which figures were not filled in, as a sentence."""
        titles = [
            words.quoted(figure["title"])
            for figure in self._told["figures"]
            if figure["told"] == EMPTY and not figure["parts"]
        ]
        if not self.lines:
            return NONE
        return f"Niet ingevuld: {words.joined(titles)}." if titles else ""

    @property
    def reading(self) -> list[str]:
        return self._told["reading"]

    @property
    def note(self) -> str:
        return self._told["note"]


def _lines(figure: FigureDocument) -> list[Line]:
    parts = _part_lines(figure["parts"], NO_PARTS) + _part_lines(figure["types"], NO_TYPES)
    told = figure["told"]
    if figure["unit"] == "days" and told.isdecimal():
        told = words.counted(int(told), "dag", "dagen")
    together = figure["together"]
    more = [Line("In dit jaar en de twee jaren ervoor samen", together, True)] if together else []
    return [Line(figure["title"], told), *more, *parts]


def _part_lines(parts: list[dict[str, str]], hidden: str) -> list[Line]:
    """Each part that is told; the hidden ones as one line, for they all say the same."""
    apart = [part["title"] for part in parts if part["told"] == APART]
    told = [Line(part["title"], part["told"], True) for part in parts if part["told"] != APART]
    if not apart:
        return told
    return [*told, Line("; ".join(apart) if told else hidden, APART, True)]
