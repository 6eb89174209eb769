"""Two texts of one answer made one, where somebody chose that in a conflict. Pure."""

from __future__ import annotations

from django.http import QueryDict


def joined(mine: str, theirs: str) -> str:
    """Both texts one under the other; a text that holds the other stays as it is.

    So joining twice joins once. The script on the page does the same (static/src/answers.js).
    """
    if theirs in mine:
        return mine
    return theirs if mine in theirs else f"{mine}\n\n{theirs}"


def with_joined(data: QueryDict, question: str, **theirs: str) -> QueryDict:
    """The input of a page without script, with `theirs` (explanation, reason) below one's own."""
    both = data.copy()
    for name, text in theirs.items():
        mine = data.get(f"{question}-{name}", "").replace("\r\n", "\n")
        both[f"{question}-{name}"] = joined(mine, text)
    return both
