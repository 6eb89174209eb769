"""Two plain documents side by side: every place where they differ. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reports.verifying.findings import Finding

NAMES = ("slug", "id", "question")  # by which an entry of a list is called, where it has one


def differences(place: str, found: Any, computed: Any) -> Iterator[Finding]:
    """Where the value in a file differs from the one that was computed.

    It goes no deeper than the computed value does, so no file can make it recurse.
    """
    if isinstance(computed, dict) and isinstance(found, dict):
        yield from _of_objects(place, found, computed)
    elif isinstance(computed, list) and isinstance(found, list):
        yield from _of_lists(place, found, computed)
    elif type(found) is not type(computed) or found != computed:
        # 2 and 2.0 and true are three texts in JSON, and equal in Python.
        yield Finding(place, f"in het bestand staat {shown(found)}, nagerekend is het {shown(computed)}")


def _of_objects(place: str, found: dict[str, Any], computed: dict[str, Any]) -> Iterator[Finding]:
    for key, value in computed.items():
        if key in found:
            yield from differences(f"{place}.{key}", found[key], value)
        else:
            yield Finding(f"{place}.{key}", f"ontbreekt, nagerekend is het {shown(value)}")
    for key in sorted(found.keys() - computed.keys()):
        yield Finding(f"{place}.{shown(key)}", "hoort hier niet")


def _of_lists(place: str, found: list[Any], computed: list[Any]) -> Iterator[Finding]:
    for number, value in enumerate(computed[: len(found)]):
        yield from differences(f"{place}[{_name(value, number)}]", found[number], value)
    if len(found) != len(computed):
        yield Finding(
            place, f"er staan er {len(found)} in het bestand, nagerekend zijn het er {len(computed)}"
        )


def _name(value: Any, number: int) -> str:
    if isinstance(value, dict):
        return next((str(value[key]) for key in NAMES if key in value), str(number))
    return str(number)


def shown(value: Any) -> str:
    """A value as a message shows it, and not more than a glance."""
    if isinstance(value, bool | None):
        return {True: "ja", False: "nee", None: "niets"}[value]
    if isinstance(value, dict | list):
        return "een lijst" if isinstance(value, list) else "een groep gegevens"
    if isinstance(value, int) and abs(value) > 10**50:
        return "een heel groot getal"  # of which Python may refuse to write the digits
    text = value if isinstance(value, str) else repr(value)
    plain = "".join(sign if sign.isprintable() else "?" for sign in text[:80])
    return f"“{plain}”" if isinstance(value, str) else plain
