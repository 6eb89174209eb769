"""What one person says in a survey, and how it lies in a box among the others'. Pure.

A box is JSON with two lists that know nothing of each other: answers under random ids, in the order of those
ids, and remarks in the order of the alphabet. So neither tells when it came, or that it came together.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from chain.documents import canonical_json
from surveys.protection import Counts

UNKNOWN = 0  # weet ik niet
SIGNS = {UNKNOWN: "?", **{value: str(value) for value in range(1, 6)}}
VALUES = {sign: value for value, sign in SIGNS.items()}
SKIPPED = "-"


@dataclass(frozen=True, slots=True)
class Entry:
    """One person's answers (1 to 5, or UNKNOWN) by statement, and remarks by link ("" is the whole chain)."""

    answers: Mapping[str, int]
    remarks: Mapping[str, str] = field(default_factory=dict)


class Contents(TypedDict):
    answers: dict[str, str]  # under a random id one sign for each statement, in the order of the list
    remarks: list[list[str]]  # link and text


def empty() -> str:
    return canonical_json(Contents(answers={}, remarks=[]))


def with_entry(contents: str, entry: Entry, statements: Sequence[str]) -> str:
    """The box with one more person's answers in it, at a place that chance gives."""
    return with_entries(contents, [entry], statements)


def with_entries(contents: str, entries: Iterable[Entry], statements: Sequence[str]) -> str:
    """The same with the answers of several people."""
    box: Contents = json.loads(contents)
    for entry in entries:
        signs = (SIGNS[entry.answers[id_]] if id_ in entry.answers else SKIPPED for id_ in statements)
        box["answers"][secrets.token_hex(16)] = "".join(signs)
        box["remarks"] += ([link, text] for link, text in entry.remarks.items() if text.strip())
    box["remarks"].sort()
    return canonical_json(box)


def size(contents: str) -> int:
    """How many people's answers are in the box."""
    box: Contents = json.loads(contents)
    return len(box["answers"])


def remarks(contents: str) -> list[tuple[str, str]]:
    """Link and text of each remark in the box."""
    box: Contents = json.loads(contents)
    return [(link, text) for link, text in box["remarks"]]


def without_remarks(contents: str) -> str:
    box: Contents = json.loads(contents)
    return canonical_json(Contents(answers=box["answers"], remarks=[]))


def counted(contents: str, statements: Sequence[str]) -> dict[str, Counts]:
    """How often each answer was given to each statement."""
    box: Contents = json.loads(contents)
    columns = list(zip(*box["answers"].values(), strict=True)) or [()] * len(statements)
    return dict(_counts(statements, columns))


def _counts(statements: Sequence[str], columns: Sequence[Sequence[str]]) -> Iterator[tuple[str, Counts]]:
    for id_, column in zip(statements, columns, strict=True):
        one, two, three, four, five = (column.count(SIGNS[value]) for value in range(1, 6))
        yield id_, Counts((one, two, three, four, five), column.count(SIGNS[UNKNOWN]))
