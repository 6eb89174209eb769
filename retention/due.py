"""What is due on a day, how much of it, and why it stays although its day came: for trying and for real."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Final

from django.utils import timezone

from organisations.models import Organisation
from retention import small
from retention.kinds import Kind
from retention.models import Hold, Period
from retention.periods import began_before, due_on, first_of_month
from retention.rounds import EVIDENCE, GUESTS, WHOLE, WORKING, Ended, Table, counts, ended, objections

HELD: Final = "Wordt bewaard wegens een procedure."
OF_ROUND: Final[Mapping[Kind, tuple[Table, ...]]] = MappingProxyType(
    {
        Kind.WORKING: WORKING,
        Kind.EVIDENCE: EVIDENCE,
        Kind.GUESTS: GUESTS,
        Kind.UNUSED: WHOLE,
        Kind.RECORD: WHOLE,
    }
)


@dataclass(frozen=True, slots=True)
class Due:
    """One thing whose period is over. `on` is the day it came; `reasons` say why it stays nevertheless."""

    kind: Kind
    what: str
    on: date
    months: int
    counts: Mapping[str, int]
    began_on: date | None
    ended_on: date
    ended: Ended | None = None
    reasons: list[str] = field(default_factory=list)

    @property
    def mark(self) -> tuple[object, ...]:
        """What is the same thing the next time one looks."""
        return self.kind, self.what, self.ended and self.ended.round.pk

    @property
    def total(self) -> int:
        return sum(self.counts.values())


Periods = Mapping[Kind, int | None]


def due(organisation: Organisation, day: date, periods: Periods | None = None) -> list[Due]:
    """Everything of an organisation that goes on this day or should have gone before, by kind.

    The periods are those of that day, or others to try. Some queries for each round that is over.
    """
    if periods is None:
        periods = {kind: one.months for kind, one in Period.objects.in_force(organisation, day).items()}
    holds = set(
        Hold.objects.in_force().filter(organisation=organisation).values_list("assessment", flat=True)
    )
    found = [*_of_rounds(ended(organisation), periods, day), *_small(organisation, periods, day)]
    for one in found:
        # A hold on any round holds the log and the mail as well: they may be what the procedure is about.
        held = bool(holds) if one.ended is None else bool({None, one.ended.round.pk} & holds)
        if held:
            one.reasons.append(HELD)
    return found


def _of_rounds(rounds: list[Ended], periods: Periods, day: date) -> Iterator[Due]:
    for kind, tables in OF_ROUND.items():
        for one in rounds:
            months = periods[kind]
            on = due_on(one.on, months)
            if months is None or on is None or on > day or not _concerns(kind, one):
                continue
            if found := counts(tables, one.round):
                began = timezone.localdate(one.round.created_at)
                reasons = list(objections(one.round)) if tables is WHOLE else []
                yield Due(kind, str(one.round), on, months, found, began, one.on, one, reasons)


def _concerns(kind: Kind, one: Ended) -> bool:
    """A whole round is of one kind: with results it is a record, without it was for nothing."""
    return kind not in (Kind.UNUSED, Kind.RECORD) or one.told == (kind == Kind.RECORD)


def _small(organisation: Organisation, periods: Periods, day: date) -> Iterator[Due]:
    """What belongs to no round goes by the month, so that there are no more than twelve statements a year."""
    for kind, gather in GATHER.items():
        before = began_before(first_of_month(day), months := periods[kind])
        if months is None or before is None:
            continue
        if found := gather(organisation, before):
            until = date.fromordinal(before.toordinal() - 1)
            yield Due(
                kind,
                f"{kind.rule.title} tot en met {until:%d-%m-%Y}",
                first_of_month(day),
                months,
                {kind.rule.title.lower(): found},
                None,
                until,
            )


GATHER: Final[Mapping[Kind, Callable[[Organisation, date], int]]] = MappingProxyType(
    {
        Kind.INVITATIONS: lambda organisation, before: small.invitations(organisation, before).count(),
        Kind.REVIEWS: lambda organisation, before: small.reviews(organisation, before).count(),
        Kind.MAIL: lambda organisation, before: small.mail(organisation, before).count(),
        Kind.LOG: small.log_lines,
    }
)
