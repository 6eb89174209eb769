"""The yearly figures that are asked: a list as immutable typed objects, made of a checked YAML file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chain.schema import (
    ID,
    SLUG,
    TEXT,
    VERSION,
    Faults,
    Record,
    boolean,
    one_of,
    several,
    twice,
)
from chain.text import Text

# Which figures may be divided over the types of violation; the content's note "soorten" says it.
TYPED = ("meldingen", "onderzoeken-afgerond")
_PART = Record({"slug": SLUG, "title": TEXT}, name="slug")
_FIGURE = Record(
    {
        "slug": SLUG,
        "title": TEXT,
        "help": TEXT,
        "unit": one_of("count", "days"),
        "optional": boolean,
        "beside": several(ID),
    },
    optional={"adds_up": boolean, "parts": several(_PART, 2)},
    name="slug",
)
YEARLY_FIGURES = Record(
    {
        "slug": SLUG,
        "version": VERSION,
        "title": TEXT,
        "introduction": TEXT,
        "source": TEXT,
        "notes": several(Record({"slug": SLUG, "title": TEXT, "text": TEXT}, name="slug")),
        "figures": several(_FIGURE),
        "violation_types": several(Record({"slug": SLUG, "title": TEXT, "meaning": TEXT}, name="slug"), 9, 9),
    }
)


@dataclass(frozen=True, slots=True)
class Part:
    slug: str
    title: Text


@dataclass(frozen=True, slots=True)
class Figure:
    """One yearly number: a count, or a median of days."""

    slug: str
    title: Text
    help: Text
    unit: str  # count, days
    optional: bool
    beside: tuple[str, ...]  # questions that it is printed next to
    adds_up: bool  # whether the parts add up to the number; without parts it says nothing
    parts: tuple[Part, ...]

    @property
    def is_typed(self) -> bool:
        """Whether it may also be divided over the types of violation."""
        return self.slug in TYPED


@dataclass(frozen=True, slots=True)
class Named:
    """A note, or a type of violation: what it is called and what it says."""

    slug: str
    title: Text
    text: Text


@dataclass(frozen=True, slots=True)
class FigureList:
    title: Text
    introduction: Text
    notes: tuple[Named, ...]
    figures: tuple[Figure, ...]
    types: tuple[Named, ...]

    def note(self, slug: str) -> Named:
        """Raises StopIteration for a note that is not there."""
        return next(note for note in self.notes if note.slug == slug)


def yearly_rules(data: Mapping[str, Any]) -> Faults:
    """Rules over several fields, to ask only of what holds to the schema."""
    for part in ("notes", "figures", "violation_types"):
        yield from twice(part, [one["slug"] for one in data[part]])
    for figure in data["figures"]:
        where = figure["slug"]
        if ("parts" in figure) != ("adds_up" in figure):
            yield where, "parts and adds_up need each other"
        if figure["unit"] == "days" and "parts" in figure:
            yield where, "a number of days has no parts"
        yield from twice(f"{where}.parts", [part["slug"] for part in figure.get("parts", [])])


def build(data: Mapping[str, Any]) -> FigureList:
    """The list of plain data that has been checked."""
    return FigureList(
        Text(**data["title"]),
        Text(**data["introduction"]),
        tuple(Named(one["slug"], Text(**one["title"]), Text(**one["text"])) for one in data["notes"]),
        tuple(map(_figure, data["figures"])),
        tuple(
            Named(one["slug"], Text(**one["title"]), Text(**one["meaning"]))
            for one in data["violation_types"]
        ),
    )


def _figure(data: Mapping[str, Any]) -> Figure:
    return Figure(
        slug=data["slug"],
        title=Text(**data["title"]),
        help=Text(**data["help"]),
        unit=data["unit"],
        optional=data["optional"],
        beside=tuple(data["beside"]),
        adds_up=data.get("adds_up", False),
        parts=tuple(Part(one["slug"], Text(**one["title"])) for one in data.get("parts", [])),
    )
