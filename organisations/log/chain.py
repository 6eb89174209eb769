"""The chain of the log: what an entry's digest is made of, and how one sees that a chain was touched. Pure.

Each entry carries the digest of the one before it, as in a hash chain (Haber and Stornetta, 1991). Who
changes, removes or inserts an entry must make all later ones anew; a digest told elsewhere before (an
anchor) gives them away even then. Entries are numbered from 1 without gaps.

The oldest entries may be gone when their time was over: then an entry further on closes them off, with the
number and the digest of the last one that went. As that entry is in the chain itself, the rest is proven as
before, and so is the place where it begins.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from organisations.log.acts import Act

START = "0" * 64  # what the first entry has before it
CHAIN = "keten"  # and of which chain, when that is another: one that ended with its organisation
UPTO, LAST = "tot en met regel", "controlegetal van die regel"  # what a closing entry tells, in its detail


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


class _Beginning:
    """Where a chain begins: at 1, or after what a later entry closes off."""

    def __init__(self, first: Line) -> None:
        self.chain, self.number, self.digest = first.chain, first.number - 1, first.previous
        self.is_told = self.number == 0 and first.previous == START

    def hear(self, line: Line) -> None:
        """Whether this entry closes off exactly what is not there."""
        told = (line.detail.get(UPTO), line.detail.get(LAST))
        self.is_told |= line.act == Act.CLOSING and told == (self.number, self.digest)

    def fault(self) -> Fault | None:
        if self.is_told:
            return None
        if self.number == 0:
            return Fault(self.chain, 1, "sluit niet aan op de regel ervoor")
        return Fault(self.chain, 1, f"regels verdwenen: 1 tot en met {self.number}")

    def disproves(self, anchor: Anchor) -> bool:
        """Whether the anchor does not fit; of what was closed off only the last entry can still be known."""
        return anchor.number == self.number and anchor.digest != self.digest


def is_ended(head: Anchor, told: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a chain without entries ended here: closing entries of the portal's own chain tell `told`."""
    here = (head.chain, head.number, head.digest)
    return any((one.get(CHAIN), one.get(UPTO), one.get(LAST)) == here for one in told)


def faults(
    lines: Iterable[tuple[Line, str]], head: Anchor | None, anchors: Iterable[Anchor] = ()
) -> Iterator[Fault]:
    """What is wrong in one chain; `lines` are its entries by number, each with the digest that is kept.

    `head` is what the portal keeps of the newest entry, None when it keeps nothing. Reads each line once.
    """
    told = {anchor.number: anchor for anchor in anchors}
    last = Anchor(head.chain if head else "", 0, START)
    beginning: _Beginning | None = None
    for line, kept in lines:
        if beginning is None:
            beginning = _Beginning(line)
            last = Anchor(line.chain, line.number - 1, line.previous)
        beginning.hear(line)
        if reason := _misplaced(line, last):
            yield Fault(line.chain, min(line.number, last.number + 1), reason)
        if line.digest != kept:
            yield Fault(line.chain, line.number, "is veranderd: het controlegetal klopt niet")
        anchor = told.pop(line.number, None)
        if anchor and anchor.digest != kept:
            yield Fault(line.chain, line.number, "is een andere dan eerder is gemeld")
        last = Anchor(line.chain, line.number, kept)
    if beginning and (fault := beginning.fault()):
        yield fault
    yield from _missing(told.values(), beginning)
    yield from _at_the_end(last, head)


def _misplaced(line: Line, last: Anchor) -> str:
    """What is wrong with the place of an entry after this one; empty when it follows."""
    if line.number <= last.number:
        return "staat er dubbel, of is ertussen gezet"
    if line.number != last.number + 1:
        return f"regels verdwenen: {last.number + 1} tot en met {line.number - 1}"
    return "" if line.previous == last.digest else "sluit niet aan op de regel ervoor"


def _missing(anchors: Iterable[Anchor], beginning: _Beginning | None) -> Iterator[Fault]:
    """Of what was told before, and is not there: what nobody closed off."""
    for anchor in anchors:
        if beginning is None or anchor.number > beginning.number:
            gone = "is verdwenen; eerder is gemeld dat deze regel er was"
            yield Fault(anchor.chain, anchor.number, gone)
        elif beginning.disproves(anchor):
            yield Fault(anchor.chain, anchor.number, "is een andere dan eerder is gemeld")


def _at_the_end(last: Anchor, head: Anchor | None) -> Iterator[Fault]:
    if head is None:
        if last.number:
            yield Fault(last.chain, last.number, "de laatste stand van het logboek is verdwenen")
    elif head.number > last.number:
        yield Fault(head.chain, last.number + 1, f"regels verdwenen: tot en met {head.number}")
    elif (head.number, head.digest) != (last.number, last.digest):
        yield Fault(last.chain, last.number, "is niet de laatste regel zoals het portaal die kent")
