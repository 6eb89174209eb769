"""What a questionnaire file may hold: the keys and values of each part, and the rules that span several.

A rule gets a place and a value that came out of YAML, and yields its faults as (place, reason).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from string import Formatter
from typing import Any

from chain import links

# A theme stands beside these groups of questions in the results of a link, so it cannot have their name.
GROUP_SLUGS = {"hard", "soft", "design", "existence", "operation"}

KINDS = {dict: "a mapping", list: "a list", str: "a text", bool: "true or false", type(None): "nothing"}
KINDS |= {int: "a number", float: "a number"}

Faults = Iterator[tuple[str, str]]
Rule = Callable[[str, Any], Faults]


def _kind(value: object) -> str:
    return KINDS.get(type(value), type(value).__name__)


def _shown(value: object) -> str:
    return repr(value) if isinstance(value, str | int | float) else _kind(value)


def plain(where: str, value: object) -> Faults:
    """A text of one language."""
    if not isinstance(value, str):
        yield where, f"must be a text, not {_kind(value)} (write it between quotes)"
    elif not value.strip():
        yield where, "is empty"
    elif any(unicodedata.category(sign) in ("Cc", "Cs") for sign in value if sign != "\n"):
        yield where, "holds a control character"


def matching(pattern: str, like: str) -> Rule:
    def rule(where: str, value: object) -> Faults:
        if faults := list(plain(where, value)):
            yield from faults
        elif not re.fullmatch(pattern, str(value)):
            yield where, f"{value!r} must look like {like}"

    return rule


def one_of(*allowed: str) -> Rule:
    def rule(where: str, value: object) -> Faults:
        if value not in allowed:
            yield where, f"must be one of {', '.join(allowed)}, not {_shown(value)}"

    return rule


def level(where: str, value: object) -> Faults:
    if type(value) is not int or value not in range(5):
        yield where, f"must be a level, 0 to 4, not {_shown(value)}"


def count(where: str, value: object) -> Faults:
    """A whole number, one or more."""
    if type(value) is not int or value < 1:
        yield where, f"must be a whole number from 1, not {_shown(value)}"


def step(where: str, value: object) -> Faults:
    """A step of a scale of four."""
    if type(value) is not int or value not in range(4):
        yield where, f"must be a step, 0 to 3, not {_shown(value)}"


def boolean(where: str, value: object) -> Faults:
    if not isinstance(value, bool):
        yield where, f"must be true or false, not {_shown(value)}"


def whole(where: str, value: object) -> Faults:
    """A number to count with."""
    if type(value) is not int or value < 1:
        yield where, f"must be a whole number, 1 or more, not {_shown(value)}"


def several(rule: Rule, at_least: int = 1, at_most: int | None = None) -> Rule:
    """A list, each item of which holds to `rule`."""
    size = (
        f"exactly {at_least}"
        if at_least == at_most
        else f"{at_least} to {at_most}"
        if at_most
        else "one or more"
    )

    def check(where: str, value: object) -> Faults:
        if not isinstance(value, list):
            yield where, f"must be a list, not {_kind(value)}"
            return
        if not at_least <= len(value) <= (at_most or len(value)):
            yield where, f"must hold {size}, not {len(value)}"
        for number, item in enumerate(value):
            yield from rule(f"{where}[{number}]", item)

    return check


@dataclass(frozen=True)
class Record:
    """A mapping with exactly these keys; its id, slug or code (`name`) is the place of what is in it."""

    required: dict[str, Rule]
    optional: dict[str, Rule] = field(default_factory=dict)
    name: str = ""

    def __call__(self, where: str, value: object) -> Faults:
        if not isinstance(value, dict):
            yield where, f"must be a mapping, not {_kind(value)}"
            return
        named = value.get(self.name)
        where = named if isinstance(named, str) and named.strip() and named.isprintable() else where
        rules = self.required | self.optional
        yield from ((where, f"{key} is missing") for key in self.required if key not in value)
        yield from ((where, f"unknown key {key!r}") for key in value if key not in rules)
        for key, rule in rules.items():
            if key in value:
                yield from rule(f"{where}.{key}".lstrip("."), value[key])


@dataclass(frozen=True)
class Kinds:
    """A mapping whose `kind` says which of these records it is."""

    records: dict[str, Record]

    def __call__(self, where: str, value: object) -> Faults:
        kind = value.get("kind") if isinstance(value, dict) else None
        if isinstance(kind, str) and kind in self.records:
            yield from self.records[kind](where, value)
        elif isinstance(value, dict):
            yield from one_of(*self.records)(f"{where}.kind", kind)
        else:
            yield where, f"must be a mapping, not {_kind(value)}"


TEXT = Record({"nl": plain, "en": plain})
SLUG = matching(r"(?=.{1,50}$)[a-z0-9]+(-[a-z0-9]+)*", "richting-en-voorbeeld")
CODE = matching(r"[A-Z]{2,4}", "PA")
VERSION = matching(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}", '"2026.1"')
ID = matching(r"[A-Z]{2,4}-[0-9]{2}", "PA-01")
QUESTION = Record(
    {
        "id": ID,
        "title": TEXT,
        "text": TEXT,
        "dimension": one_of("design", "existence", "operation"),
        "nature": one_of("hard", "soft"),
        "levels": several(TEXT, 5, 5),
        "evidence": several(TEXT),
        "answered_by": several(CODE),
        "cases_only": boolean,
        "light_track": boolean,
    },
    optional={"legal_minimum": level, "legal_basis": several(Record({"law": plain, "article": plain}))},
    name="id",
)
THEME = Record(
    {
        "slug": SLUG,
        "title": TEXT,
        "why": TEXT,
        "when_weak": TEXT,
        "suggestions": several(Record({"from_level": level, "text": TEXT}), 2, 4),
        "questions": several(QUESTION),
    },
    name="slug",
)
LINK = Record({"slug": SLUG, "code": CODE, "title": TEXT, "summary": TEXT, "themes": several(THEME)})
STATE = one_of("unknown", "not_applicable", "not_occurred")
CONDITION = Record({"question": ID}, optional={"at_least": level, "at_most": level, "state": STATE})
MEASURES: dict[str, dict[str, Rule]] = {
    "contradiction": {"when": several(CONDITION), "but": several(CONDITION)},
    "without_evidence": {"at_least": level},
    "same_text": {"answers": whole, "length": whole},
    "all_at_maximum": {"answers": whole},
    "quick": {"answers": whole, "seconds": whole},
}
# What a rule's text may name between braces; a contradiction names each of its questions.
PLACES = {
    "without_evidence": {"count", "level"},
    "same_text": {"count"},
    "all_at_maximum": {"count"},
    "quick": {"count", "minutes"},
}
XRAY = Kinds(
    {
        kind: Record({"slug": SLUG, "kind": one_of(kind), "text": TEXT, **measures}, name="slug")
        for kind, measures in MEASURES.items()
    }
)
COMMON = Record(
    {
        "slug": SLUG,
        "version": matching(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}", '"2026.2"'),
        "audience": SLUG,
        "title": TEXT,
        "introduction": TEXT,
        "source": TEXT,
        "ladder": several(Record({"level": level, "word": TEXT, "meaning": TEXT}), 5, 5),
        "roles": several(Record({"code": CODE, "name": TEXT}, name="code")),
        "links": several(one_of(*links.SLUGS), 1, len(links.SLUGS)),
    },
    optional={"xray": several(XRAY)},
)
STATEMENT = Record(
    {"id": matching(r"[A-Z]{1,4}(-S)?[0-9]{1,2}", "PA-S1"), "text": TEXT},
    optional={
        "link": one_of(*links.SLUGS),
        "about": TEXT,
        "beside": several(matching(r"[A-Z]{2,4}-[0-9]{2}", "PA-01")),
    },
    name="id",
)
STATEMENTS = Record(
    {
        "slug": SLUG,
        "version": matching(r"[0-9A-Za-z][0-9A-Za-z.-]{0,19}", '"2026.1"'),
        "audience": one_of("staff", "council"),
        "title": TEXT,
        "introduction": TEXT,
        "source": TEXT,
        "minutes": count,
        "scale": several(Record({"value": count, "text": TEXT}), 5, 5),
        "dont_know": TEXT,
        "statements": several(STATEMENT),
    }
)


# Rules over several fields, to ask only of what holds to the schema above.


def statements_rules(data: dict[str, Any]) -> Faults:
    if [one["value"] for one in data["scale"]] != [1, 2, 3, 4, 5]:
        yield "scale", "must hold the values 1 to 5, in that order"
    yield from twice("statements", [one["id"] for one in data["statements"]])


def common_rules(common: dict[str, Any]) -> Faults:
    if [rung["level"] for rung in common["ladder"]] != [0, 1, 2, 3, 4]:
        yield "ladder", "must hold the levels 0 to 4, in that order"
    if common["links"] != [slug for slug in links.SLUGS if slug in common["links"]]:
        yield "links", f"must stand once, in the order of the chain: {', '.join(links.SLUGS)}"
    yield from twice("roles", [role["code"] for role in common["roles"]])
    rules = common.get("xray", [])
    yield from twice("xray", [rule["slug"] for rule in rules])
    for rule in rules:
        yield from _xray_rules(rule)


def xray_questions(rule: dict[str, Any]) -> list[str]:
    """The questions that a rule names, in its order; one of another kind than contradiction names none."""
    return [condition["question"] for condition in [*rule.get("when", []), *rule.get("but", [])]]


def _xray_rules(rule: dict[str, Any]) -> Faults:
    where, named = rule["slug"], xray_questions(rule)
    yield from twice(where, named)
    for part in ("when", "but"):
        for number, condition in enumerate(rule.get(part, [])):
            if len(condition) != 2:
                yield f"{where}.{part}[{number}]", "must hold one of at_least, at_most, state"
    places = PLACES.get(rule["kind"], set(named))
    for language, text in rule["text"].items():
        yield from _places(f"{where}.text.{language}", text, places, set(named))


def _places(where: str, text: str, known: set[str], wanted: set[str]) -> Faults:
    """Faults of a text with named places: the ones it does not know, the wanted ones that it lacks."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as problem:
        yield where, f"has braces that do not fit ({problem})"
        return
    found = {f"{name}{'!' if how else ''}{form}" for _, name, form, how in parts if name is not None}
    for name in sorted(found - known):
        yield where, f"knows no place {{{name}}}, only {', '.join(f'{{{one}}}' for one in sorted(known))}"
    for name in sorted(wanted - found):
        yield where, f"must name {{{name}}}"


def link_rules(link: dict[str, Any], slug: str, roles: set[str] | None) -> Faults:
    """Faults of a link that must have this slug; with None for the roles they are not looked at."""
    if link["slug"] != slug:
        yield "slug", f"{link['slug']!r} differs from the file's name"
    yield from twice("themes", [theme["slug"] for theme in link["themes"]])
    for theme in link["themes"]:
        if theme["slug"] in GROUP_SLUGS:
            yield theme["slug"], "is the name of a group of questions in every link"
        steps = [suggestion["from_level"] for suggestion in theme["suggestions"]]
        if steps != sorted(steps):
            yield f"{theme['slug']}.suggestions", "must stand in the order of from_level"
        for question in theme["questions"]:
            yield from _question_rules(question, link["code"], roles)
    yield from twice(
        "questions", [question["id"] for theme in link["themes"] for question in theme["questions"]]
    )


def _question_rules(question: dict[str, Any], code: str, roles: set[str] | None) -> Faults:
    where = question["id"]
    if not where.startswith(f"{code}-"):
        yield where, f"the id must begin with {code}-, the code of its link"
    if "legal_minimum" in question and "legal_basis" not in question:
        yield where, "legal_minimum needs a legal_basis"
    for role in question["answered_by"]:
        if roles is not None and role not in roles:
            yield f"{where}.answered_by", f"unknown role {role!r}"
    yield from twice(f"{where}.answered_by", question["answered_by"])


def twice(where: str, names: list[str]) -> Faults:
    """A fault for each name that stands in the list more than once."""
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield where, f"{name!r} stands there twice"
