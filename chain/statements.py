"""Statements for an anonymous survey (stream B): a list as immutable typed objects, and as one document.

`chain.reading.read_statements` makes these objects of a YAML file and refuses what is faulty. A published
list is its document: kept by digest and never edited.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from chain.documents import canonical_json, digest
from chain.text import Text

SCHEMA = "integriteitsketen/statements/1"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the five answers, from 1 (helemaal oneens) to 5 (helemaal eens)."""

    value: int
    text: Text


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence to agree with or not; without a link it is about the whole chain."""

    id: str
    link: str | None
    text: Text
    about: Text | None
    beside: tuple[str, ...]  # questions of the questionnaire that it is printed next to


@dataclass(frozen=True)
class StatementList:
    """All statements for one audience, `staff` or `council`."""

    slug: str
    version: str
    audience: str
    title: Text
    introduction: Text
    source: Text
    minutes: int
    scale: tuple[Choice, ...]  # five, value 1 to 5
    dont_know: Text
    statements: tuple[Statement, ...]

    @property
    def document(self) -> str:
        """The canonical JSON that it is published as."""
        return to_document(self)

    @cached_property
    def digest(self) -> str:
        return digest(self.document)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        return tuple(statement.id for statement in self.statements)

    @cached_property
    def _by_id(self) -> Mapping[str, Statement]:
        return {statement.id: statement for statement in self.statements}

    def statement(self, statement_id: str) -> Statement:
        """Raises KeyError for a statement that the list does not hold."""
        return self._by_id[statement_id]

    @property
    def links(self) -> tuple[str | None, ...]:
        """The links that statements are about, in the order of the list; None for the whole chain."""
        return tuple(dict.fromkeys(statement.link for statement in self.statements))

    def of_link(self, link: str | None) -> tuple[Statement, ...]:
        return tuple(statement for statement in self.statements if statement.link == link)


def to_document(statements: StatementList) -> str:
    """The list as canonical JSON; `from_document` gives an equal list back."""
    return canonical_json({"schema": SCHEMA, **asdict(statements)})


def from_document(document: str) -> StatementList:
    """The list of a document that `to_document` wrote. Raises ValueError for another schema."""
    data = json.loads(document)
    if data.get("schema") != SCHEMA:
        raise ValueError(f"not a list of statements: schema {data.get('schema')!r}")
    return build(data)


def build(data: Mapping[str, Any]) -> StatementList:
    """The list of plain data that has been checked."""
    return StatementList(
        slug=data["slug"],
        version=data["version"],
        audience=data["audience"],
        title=Text(**data["title"]),
        introduction=Text(**data["introduction"]),
        source=Text(**data["source"]),
        minutes=data["minutes"],
        scale=tuple(Choice(one["value"], Text(**one["text"])) for one in data["scale"]),
        dont_know=Text(**data["dont_know"]),
        statements=tuple(_statement(one) for one in data["statements"]),
    )


def _statement(data: Mapping[str, Any]) -> Statement:
    about = data.get("about")
    return Statement(
        id=data["id"],
        link=data.get("link"),
        text=Text(**data["text"]),
        about=Text(**about) if about else None,
        beside=tuple(data.get("beside", ())),
    )
