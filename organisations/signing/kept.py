"""A form that waits in the session, encrypted, while its sender proves elsewhere who they are."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpRequest

from organisations.secrecy import Unreadable, conceal, reveal

KEPT = "kept_form"
PURPOSE = "kept form"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was sent, and where to."""

    path: str
    fields: list[tuple[str, str]]


def keep(request: HttpRequest, fields: list[tuple[str, str]]) -> None:
    """Keeps what was sent to this address, in place of what waited before."""
    request.session[KEPT] = conceal(json.dumps([request.get_full_path(), fields]), PURPOSE)


def kept(request: HttpRequest) -> Kept | None:
    """What waits; None when nothing does, or when it can no longer be read."""
    try:
        path, fields = json.loads(reveal(request.session.get(KEPT, ""), PURPOSE))
    except Unreadable:
        return None
    return Kept(path, [(name, value) for name, value in fields])


def forget(request: HttpRequest) -> None:
    """For a form that has come in."""
    if KEPT in request.session:
        del request.session[KEPT]
