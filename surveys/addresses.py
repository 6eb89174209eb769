"""What a list of addresses holds: who is new, who stands there twice, and what is no address. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

NO_ADDRESS = "geen e-mailadres"
NO_GROUP = "geen groep die wij kennen"
TOO_LONG = 254  # RFC 5321
PLAIN = set("abcdefghijklmnopqrstuvwxyz0123456789.!#$%&'*+/=?^_`{|}~-")


@dataclass
class Sorted:
    """The new addresses by group (its pk), and what is left out with the reason."""

    new: dict[int, list[str]] = field(default_factory=dict)
    doubles: list[str] = field(default_factory=list)  # twice in this list
    known: list[str] = field(default_factory=list)  # invited already
    refused: list[tuple[str, str]] = field(default_factory=list)  # what was typed, and why not

    @property
    def total(self) -> int:
        return sum(map(len, self.new.values()))


def sort_out(
    rows: Iterable[Sequence[str | None]], groups: Mapping[str, int], known: Set[str], group: int | None
) -> Sorted:
    """`groups` is from a name in lower case to a pk. Without `group` each row must name its own.

    The first row may be a heading. Cells beside the address and the group are not looked at.
    """
    found, seen = Sorted(), set[str]()
    for number, row in enumerate(rows):
        cells = [" ".join((cell or "").split()) for cell in row]
        typed = [
            part.strip("<>,;\"'") for cell in cells if "@" in cell for part in cell.split() if "@" in part
        ]
        said = " · ".join(filter(None, cells))
        of = group or next((groups[cell.casefold()] for cell in cells if cell.casefold() in groups), None)
        if not typed and said and number:
            found.refused.append((said, NO_ADDRESS))
        for email in (one.lower() for one in typed):
            if not is_address(email):
                found.refused.append((email, NO_ADDRESS))
            elif email in known:
                found.known.append(email)
            elif email in seen:
                found.doubles.append(email)
            elif of is None:
                found.refused.append((said, NO_GROUP))
            else:
                seen.add(email)
                found.new.setdefault(of, []).append(email)
    return found


def is_address(email: str) -> bool:
    """Whether it can be one, of the usual kind: a name, one @ and a host with a dot."""
    name, _, host = email.partition("@")
    labels = host.split(".")
    return (
        len(email) <= TOO_LONG
        and bool(name)
        and set(name) <= PLAIN
        and not (name.startswith(".") or name.endswith(".") or ".." in name)
        and len(labels) > 1
        and all(one and set(one) <= PLAIN - set("!#$%&'*+/=?^_`{|}~.") for one in labels)
        and not any(one.startswith("-") or one.endswith("-") for one in labels)
    )
