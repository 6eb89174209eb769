"""Who is named in a remark: "@Bram" or "@Bram Bakker" in what was typed. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping


def named(text: str, people: Mapping[int, str]) -> set[int]:
    """Who of these people (their name by id) is named with an @: by the whole name, or by a first name
    that only one of them has. Capitals make no difference; anything else that is not quite a name does.
    """
    firsts = Counter(_first(name) for name in people.values())
    wholes = {name.casefold() for name in people.values()}
    found = set()
    for rest in text.casefold().split("@")[1:]:
        # The longest name that stands here: "@Jan de Wit" is not also Jan.
        whole = max((name for name in wholes if _begins(rest, name)), key=len, default="")
        for pk, name in people.items():
            first = _first(name)
            alone = not whole and firsts[first] == 1 and _begins(rest, first)
            if (whole and name.casefold() == whole) or alone:
                found.add(pk)
    return found


def _first(name: str) -> str:
    return name.casefold().split(" ")[0]


def _begins(text: str, name: str) -> bool:
    """Whether the text begins with this name, as a name of its own and not as part of a longer word."""
    after = text[len(name) :][:1]
    return bool(name) and text.startswith(name) and not (after.isalnum() or after in ("-", "_"))
