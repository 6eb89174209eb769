"""What staff and council members notice: beside what functionaries say, never mixed with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports import words
from reports.account import Account
from reports.outcome import Outcome, Row

APART = (
    "Dit zijn anonieme antwoorden op stellingen. Zij tellen niet mee in de niveaus van de schakels, en de "
    "niveaus niet hier: het een is wat functionarissen zeggen, het ander wat {} merken."
)


@dataclass(frozen=True, slots=True)
class Said:
    """What one audience notices of a link, in two or three sentences."""

    people: str
    text: str


@dataclass(frozen=True, slots=True)
class Voices:
    account: Account

    @property
    def outcomes(self) -> list[Outcome]:
        return self.account.outcomes

    @property
    def title(self) -> str:
        return f"Wat {self.people} merken"

    @property
    def people(self) -> str:
        return words.joined([one.people for one in self.outcomes])

    @property
    def apart(self) -> str:
        return APART.format(self.people)


def said_of(account: Account, link: str) -> list[Said]:
    """What each audience that was asked about this link notices of it."""
    parts = [(outcome.people, outcome.whole.part(link)) for outcome in account.outcomes]
    return [Said(people, in_short(part.rows)) for people, part in parts if part]


def in_short(rows: Sequence[Row]) -> str:
    """The statements with the most and the least agreement, in the words of the statements."""
    shown = [row for row in rows if row.base is not None]
    if not shown:
        return "Er zijn te weinig antwoorden om iets te tonen zonder iemand te verraden."
    most = max(shown, key=lambda row: row.agreeing)
    least = min(shown, key=lambda row: row.agreeing)
    said = f"Het vaakst is men het eens met {_told(most)}. Het minst vaak met {_told(least)}."
    if len(shown) == 1:
        said = f"Met {words.quoted(most.text.rstrip('.'))}: {most.sentence[0].lower()}{most.sentence[1:]}"
    elif most.agreeing == least.agreeing:
        said = f"Met elke stelling is {most.agree} het eens."
    hidden = len(rows) - len(shown)
    left_out = words.counted(hidden, "stelling staat", "stellingen staan")
    return f"{said} {left_out} hier niet: te weinig antwoorden." if hidden else said


def _told(row: Row) -> str:
    return f"{words.quoted(row.text.rstrip('.'))}: {row.agree} ({row.reach})"
