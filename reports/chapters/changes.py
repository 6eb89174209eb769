"""What changed since the earlier report: over the same questions only, with their number, in halves."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from assessments.supplement import ChangeDocument, LinkChange
from chain.results import half_up
from reports import words
from reports.account import Account
from reports.chapters.link import NARROW, PICTURE_WIDTH
from reports.pictures import Pair, dumbbell

MUCH: Final = {1: "een half niveau", 2: "een heel niveau", 3: "anderhalf niveau"}  # by number of halves
NONE: Final = "Er is geen eerder verslag in dit portaal om mee te vergelijken."


@dataclass(frozen=True, slots=True)
class ChangeRow:
    title: str
    before: str
    now: str
    change: str
    questions: int


@dataclass(frozen=True, slots=True)
class Changes:
    account: Account

    @property
    def told(self) -> ChangeDocument | None:
        return self.account.supplement.get("change")

    @property
    def title(self) -> str:
        return f"Wat veranderde sinds {self.told['year']}" if self.told else "Wat veranderde sinds vorig jaar"

    @property
    def in_short(self) -> str:
        """For the covering page: which links moved by half a level or more, and the legal minimums."""
        return f"{self.core} {self.legal_core}" if self.told else NONE

    @property
    def core(self) -> str:
        """Which links stand higher and which lower, in one sentence."""
        compared = [one for one in self._links if one["change"] is not None]
        if not compared:
            return "De schakels zijn niet te vergelijken: er zijn te weinig dezelfde vragen."
        up = [one for one in compared if halves(one["change"]) > 0]
        down = [one for one in compared if halves(one["change"]) < 0]
        if not up and not down:
            return "Op dezelfde vragen zijn de schakels ongeveer gelijk gebleven."
        said = [f"{self._names(some)} {where}" for some, where in ((up, "hoger"), (down, "lager")) if some]
        verb = "staat" if len(up or down) == 1 else "staan"
        alike = len(compared) - len(up) - len(down)
        rest = f" Ongeveer gelijk: {alike}." if alike else ""
        return f"Op dezelfde vragen {verb} {', en '.join(said)}.{rest}"

    @property
    def legal_core(self) -> str:
        """How many legal minimums were shown anew, and how many no longer."""
        new, gone = len(self.newly_shown), len(self.no_longer_shown)
        if not new and not gone:
            return "Bij de wettelijke minimums veranderde niet welke zijn aangetoond."
        return f"Wettelijke minimums: {new} nieuw aangetoond, {gone} niet meer aangetoond."

    @property
    def newly_shown(self) -> list[str]:
        return self._titles("newly_shown")

    @property
    def no_longer_shown(self) -> list[str]:
        return self._titles("no_longer_shown")

    @property
    def earlier(self) -> str:
        """Which report it is compared with, and whether that asked the same."""
        if not self.told:
            return ""
        said = [f"Vergeleken is met {self.told['title']}, vastgesteld op {words.day(self.told['adopted'])}."]
        if self.told["version"] != self.account.document["questionnaire"]["version"]:
            said.append("De vragenlijst is sindsdien bijgewerkt.")
        if self.told["track"] != self.account.document["track"]:
            said.append("Het ene jaar is de lichte vragenlijst gebruikt, het andere jaar de volledige.")
        said.append("Alleen vragen die beide keren precies hetzelfde waren en een niveau kregen, tellen mee.")
        return " ".join(said)

    @property
    def checksum(self) -> str:
        """Of the account it is compared with."""
        return self.told["digest"] if self.told else ""

    @property
    def columns(self) -> tuple[str, str]:
        """Then and now, with the years."""
        return f"In {self.told['year'] if self.told else ''}", f"In {self.account.round['year']}"

    @property
    def rows(self) -> list[ChangeRow]:
        return [
            ChangeRow(
                self._title(one["slug"]),
                words.figure(one["before"]),
                words.figure(one["now"]),
                difference(one["change"]),
                one["questions"],
            )
            for one in self._links
        ]

    @property
    def picture(self) -> str:
        return self._drawn("verslag-verandering", PICTURE_WIDTH)

    @property
    def narrow_picture(self) -> str:
        """The same for a phone."""
        return self._drawn("verslag-verandering-smal", NARROW)

    def _drawn(self, name: str, wide: float) -> str:
        pairs = [
            Pair(
                self._title(one["slug"]),
                one["before"],
                one["now"],
                f"{words.figure(one['before'])} en {words.figure(one['now'])}",
            )
            for one in self._links
        ]
        return dumbbell(name, "Het niveau van elke schakel toen en nu", pairs, self.columns, wide)

    @property
    def _links(self) -> list[LinkChange]:
        return self.told["links"] if self.told else []

    def _titles(self, key: str) -> list[str]:
        ids = self.told["legal"].get(key, []) if self.told else []
        return [str(self.account.questionnaire.question(one).title) for one in ids]

    def _title(self, slug: str) -> str:
        return str(self.account.questionnaire.link(slug).title)

    def _names(self, some: list[LinkChange]) -> str:
        return words.joined([self._title(one["slug"]).lower() for one in some])


def halves(change: float | None) -> int:
    """A difference in half levels, half up and alike for higher and lower: 0 below a quarter."""
    size = int(half_up(Fraction(str(abs(change or 0))), 2) * 2)
    return -size if (change or 0) < 0 else size


def difference(change: float | None) -> str:
    """A difference in words: "een half niveau hoger", "ongeveer gelijk", "niet te vergelijken"."""
    if change is None:
        return "niet te vergelijken"
    if not (steps := halves(change)):
        return "ongeveer gelijk"
    much = MUCH.get(abs(steps)) or f"{words.decimal(abs(steps) / 2)} niveaus"
    return f"{much} {'hoger' if steps > 0 else 'lager'}"
