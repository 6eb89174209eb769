"""A questionnaire as immutable typed objects, and as one canonical JSON document.

`chain.reading` makes these objects of a folder of YAML files and refuses what is faulty; here nothing is
checked any more. A published questionnaire is its document: it is kept by digest and never edited.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, Literal, NamedTuple

from chain.documents import canonical_json, digest
from chain.text import Text
from chain.xray_rules import Rule, build_rule

SCHEMA = "integriteitsketen/questionnaire/1"

Dimension = Literal["design", "existence", "operation"]  # opzet, bestaan, werking
Nature = Literal["hard", "soft"]
Track = Literal["full", "light"]


@dataclass(frozen=True, slots=True)
class Rung:
    """One of the five levels of the ladder that all questions share."""

    level: int
    word: Text
    meaning: Text


@dataclass(frozen=True, slots=True)
class Role:
    """A function in the organisation that answers questions, such as IC, the integrity coordinator."""

    code: str
    name: Text


@dataclass(frozen=True, slots=True)
class LegalBasis:
    law: str
    article: str


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    title: Text
    text: Text
    dimension: Dimension
    nature: Nature
    legal_minimum: int | None  # the lowest level that meets a legal duty; None where there is no duty
    legal_basis: tuple[LegalBasis, ...]
    levels: tuple[Text, ...]  # five, for level 0 to 4
    evidence: tuple[Text, ...]
    answered_by: tuple[str, ...]  # role codes
    cases_only: bool  # whether "did not occur" is an allowed answer
    light_track: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A concrete step for a theme that stands at `from_level` or higher."""

    from_level: int
    text: Text


@dataclass(frozen=True, slots=True)
class Theme:
    slug: str
    title: Text
    why: Text
    when_weak: Text
    suggestions: tuple[Suggestion, ...]  # the smallest step first
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Link:
    slug: str
    code: str
    title: Text
    summary: Text
    themes: tuple[Theme, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for theme in self.themes for question in theme.questions)


class Place(NamedTuple):
    """A question with the theme and the link that it stands in."""

    link: Link
    theme: Theme
    question: Question


@dataclass(frozen=True)
class Questionnaire:
    """A whole questionnaire. Lookups raise KeyError for what it does not hold, and cost no search."""

    slug: str
    version: str
    audience: str
    title: Text
    introduction: Text
    source: Text
    ladder: tuple[Rung, ...]  # five, level 0 to 4, so that ladder[level] is the rung
    roles: tuple[Role, ...]
    links: tuple[Link, ...]
    xray: tuple[Rule, ...] = ()  # what chain.xray looks for before somebody hands in

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(place.question for place in self._places.values())

    @property
    def document(self) -> str:
        """The canonical JSON that it is published as."""
        return to_document(self)

    @cached_property
    def digest(self) -> str:
        return digest(self.document)

    def question(self, question_id: str) -> Question:
        return self._places[question_id].question

    def place(self, question_id: str) -> Place:
        return self._places[question_id]

    def theme_of(self, question_id: str) -> Theme:
        return self._places[question_id].theme

    def link_of(self, question_id: str) -> Link:
        return self._places[question_id].link

    def link(self, slug: str) -> Link:
        return self._links[slug]

    def theme(self, link_slug: str, theme_slug: str) -> Theme:
        return self._themes[link_slug, theme_slug]

    def has(self, question_id: str) -> bool:
        return question_id in self._places

    def for_track(self, track: str) -> "Questionnaire":
        """This questionnaire with the questions of one track only; themes and links without any are left out.

        Raises ValueError for another track than "full" or "light".
        """
        if track not in ("full", "light"):
            raise ValueError(f"unknown track: {track!r}")
        return self._light if track == "light" else self

    @cached_property
    def _light(self) -> "Questionnaire":
        return replace(self, links=tuple(_light_links(self.links)))

    @cached_property
    def _places(self) -> Mapping[str, Place]:
        return {
            q.id: Place(link, theme, q)
            for link in self.links
            for theme in link.themes
            for q in theme.questions
        }

    @cached_property
    def _links(self) -> Mapping[str, Link]:
        return {link.slug: link for link in self.links}

    @cached_property
    def _themes(self) -> Mapping[tuple[str, str], Theme]:
        return {(link.slug, theme.slug): theme for link in self.links for theme in link.themes}


def _light_links(links: tuple[Link, ...]) -> Iterator[Link]:
    for link in links:
        themes = [
            replace(theme, questions=tuple(q for q in theme.questions if q.light_track))
            for theme in link.themes
        ]
        if kept := tuple(theme for theme in themes if theme.questions):
            yield replace(link, themes=kept)


def to_document(questionnaire: Questionnaire) -> str:
    """The questionnaire as canonical JSON; `from_document` gives an equal questionnaire back."""
    data = asdict(questionnaire)
    if not questionnaire.xray:
        del data["xray"]  # older questionnaires know no such key; their text and digest stay what they were
    return canonical_json({"schema": SCHEMA, **data})


def from_document(document: str) -> Questionnaire:
    """The questionnaire of a document that `to_document` wrote.

    Raises ValueError for another schema. Nothing else is checked: the caller compares the digest.
    """
    data = json.loads(document)
    if data.get("schema") != SCHEMA:
        raise ValueError(f"not a questionnaire document: schema {data.get('schema')!r}")
    return build(data)


def build(data: Mapping[str, Any]) -> Questionnaire:
    """The questionnaire of plain data that has been checked; links stand in `data` in full."""
    return Questionnaire(
        slug=data["slug"],
        version=data["version"],
        audience=data["audience"],
        title=Text(**data["title"]),
        introduction=Text(**data["introduction"]),
        source=Text(**data["source"]),
        ladder=tuple(Rung(r["level"], Text(**r["word"]), Text(**r["meaning"])) for r in data["ladder"]),
        roles=tuple(Role(r["code"], Text(**r["name"])) for r in data["roles"]),
        links=tuple(_link(link) for link in data["links"]),
        xray=tuple(build_rule(rule) for rule in data.get("xray", ())),
    )


def _link(data: Mapping[str, Any]) -> Link:
    themes = tuple(_theme(theme) for theme in data["themes"])
    return Link(data["slug"], data["code"], Text(**data["title"]), Text(**data["summary"]), themes)


def _theme(data: Mapping[str, Any]) -> Theme:
    return Theme(
        slug=data["slug"],
        title=Text(**data["title"]),
        why=Text(**data["why"]),
        when_weak=Text(**data["when_weak"]),
        suggestions=tuple(Suggestion(s["from_level"], Text(**s["text"])) for s in data["suggestions"]),
        questions=tuple(_question(question) for question in data["questions"]),
    )


def _question(data: Mapping[str, Any]) -> Question:
    return Question(
        id=data["id"],
        title=Text(**data["title"]),
        text=Text(**data["text"]),
        dimension=data["dimension"],
        nature=data["nature"],
        legal_minimum=data.get("legal_minimum"),
        legal_basis=tuple(LegalBasis(**basis) for basis in data.get("legal_basis", ())),
        levels=tuple(Text(**text) for text in data["levels"]),
        evidence=tuple(Text(**text) for text in data["evidence"]),
        answered_by=tuple(data["answered_by"]),
        cases_only=data["cases_only"],
        light_track=data["light_track"],
    )
