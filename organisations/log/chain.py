"""The chain of the log: what an entry's digest is made of, and how one sees that a chain was touched. Pure.

Each entry carries the digest of the one before it, as in a hash chain (Haber and Stornetta, 1991). Who
changes, removes or inserts an entry must make all later ones anew; a digest told elsewhere before (an
anchor) gives them away even then. Entries are numbered from 1 without gaps.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

START = "0" * 64  # what the first entry has before it


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the chain sees it; `at` is an ISO moment in UTC with microseconds."""

    chain: str
    number: int
    at: str
    who: str
    who_id: int | None
    act: str
    what: str
    result: str
    whence: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    previous: str = START

    @property
    def digest(self) -> str:
        """The SHA-256 of all that the entry says and of the digest before it, as JSON with sorted keys."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a chain was touched: at this number, and what is wrong there, in Dutch."""

    chain: str
    number: int
    reason: str

    def __str__(self) -> str:
        return f"{self.chain}, regel {self.number}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A digest that was told before: at this number the chain must still have it."""

    chain: str
    number: int
    digest: str


def faults(
    lines: Iterable[tuple[Line, str]], head: Anchor | None, anchors: Iterable[Anchor] = ()
) -> Iterator[Fault]:
    """What is wrong in one chain; `lines` are its entries by number, each with the digest that is kept.

    `head` is what the portal keeps of the newest entry, None when it keeps nothing. Reads each line once.
    """
    told = {anchor.number: anchor for anchor in anchors}
    last = Anchor(head.chain if head else "", 0, START)
    for line, kept in lines:
        if line.number <= last.number:
            yield Fault(line.chain, line.number, "staat er dubbel, of is ertussen gezet")
        elif line.number != last.number + 1:
            gone = f"{last.number + 1} tot en met {line.number - 1}"
            yield Fault(line.chain, last.number + 1, f"regels verdwenen: {gone}")
        elif line.previous != last.digest:
            yield Fault(line.chain, line.number, "sluit niet aan op de regel ervoor")
        if line.digest != kept:
            yield Fault(line.chain, line.number, "is veranderd: het controlegetal klopt niet")
        anchor = told.pop(line.number, None)
        if anchor and anchor.digest != kept:
            yield Fault(line.chain, line.number, "is een andere dan eerder is gemeld")
        last = Anchor(line.chain, line.number, kept)
    for anchor in told.values():
        yield Fault(anchor.chain, anchor.number, "is verdwenen; eerder is gemeld dat deze regel er was")
    yield from _at_the_end(last, head)


def _at_the_end(last: Anchor, head: Anchor | None) -> Iterator[Fault]:
    if head is None:
        if last.number:
            yield Fault(last.chain, last.number, "de laatste stand van het logboek is verdwenen")
    elif head.number > last.number:
        yield Fault(head.chain, last.number + 1, f"regels verdwenen: tot en met {head.number}")
    elif (head.number, head.digest) != (last.number, last.digest):
        yield Fault(last.chain, last.number, "is niet de laatste regel zoals het portaal die kent")
