"""Who asks for the page that is being made, and from what address: known to what writes in the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http import HttpRequest

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
_whence: ContextVar[str] = ContextVar("whence", default="")


@contextmanager
def visit(request: HttpRequest, whence: str) -> Iterator[None]:
    """While this is open, what is written in the log is of this visitor."""
    tokens = _request.set(request), _whence.set(whence)
    try:
        yield
    finally:
        _request.reset(tokens[0])
        _whence.reset(tokens[1])


def who() -> object:
    """Whom the page is for, also when they signed in just now; nobody in a task or a command."""
    request = _request.get()
    return getattr(request, "user", None) if request else None


def whence() -> str:
    """The visitor's address; empty in a task or a command."""
    return _whence.get()
