"""How the statements of a survey are divided over pages. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from chain.statements import Statement, StatementList


@dataclass(frozen=True, slots=True)
class Page:
    """One page of statements, all about one link; `asks_remark` on the last of that link."""

    statements: tuple[Statement, ...]
    asks_remark: bool


def pages(content: StatementList, one_by_one: bool) -> list[Page]:
    """The pages in order: a link each, or a statement each."""
    found = []
    for link in content.links:
        together = content.of_link(link)
        parts = [(one,) for one in together] if one_by_one else [together]
        found += [Page(part, part is parts[-1]) for part in parts]
    return found
