"""What verifying found: what was checked, what differs and where, and what could not be checked."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple


class Unreadable(Exception):
    """There is nothing to verify in this file; the message says why, in Dutch."""


class Finding(NamedTuple):
    """One difference: its place (`results.links[nazorg].score`, `bladzijde 3`), and what is wrong there."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class SealSaid(NamedTuple):
    """What an electronic seal in a PDF says of itself, and of the file."""

    by: str  # the name in the certificate
    at: str  # ISO date and time: of the time stamp, else the clock of who sealed; empty when neither is told
    stamped: bool  # whether a time stamp server confirmed that time
    intact: bool  # the file is the one that was sealed
    whole: bool  # and nothing was added after it
    trusted: bool | None  # whether the certificate comes from a trusted root; None when no root was given


@dataclass(frozen=True, slots=True)
class Told:
    """What the file says it is."""

    organisation: str
    title: str
    year: int
    version: int
    adopted: str  # ISO date
    account: str  # SHA-256 of the account
    supplement: str = ""  # SHA-256, empty when it is not in the file
    code: str = ""
    address: str = ""


@dataclass(slots=True)
class Verdict:
    """All that was found in one file. `differences` decides: without any, the report holds."""

    told: Told
    checked: list[str] = field(default_factory=list)  # Dutch sentences: what was checked and is right
    differences: list[Finding] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)  # Dutch sentences: what could not be checked, and why
    recomputed: bool = False
    file: str = ""  # SHA-256 of the PDF; empty for bare JSON
    seals: list[SealSaid] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything was recomputed and nothing differs."""
        return self.recomputed and not self.differences

    def note(self, right: str, differences: list[Finding]) -> None:
        """Keeps what one check found; the sentence `right` when it found nothing."""
        if differences:
            self.differences += differences
        else:
            self.checked.append(right)

    def as_document(self) -> dict[str, Any]:
        """The same as plain values, for a program."""
        return {
            "holds": self.holds,
            "recomputed": self.recomputed,
            "file": self.file,
            "told": asdict(self.told),
            "checked": self.checked,
            "differences": [one._asdict() for one in self.differences],
            "unchecked": self.unchecked,
            "seals": [one._asdict() for one in self.seals],
        }
