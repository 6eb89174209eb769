"""What must not be in a log: a link that lets somebody in."""

from __future__ import annotations

import logging
import re

# That of a survey would also tell when somebody answered, so there every word goes (docs/anonimiteit.md).
LINK = re.compile(
    r"(/(?:gast|uitnodiging|inzage|account/password/reset/key)/)[^/\s]{16,}|(/peiling/(?:code/)?)[\w-]+"
)


class WithoutTokens(logging.Filter):
    """Takes the token out of an address that Django writes of when a request fails."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if LINK.search(said):
            record.msg, record.args = LINK.sub(r"\1\2…", said), None
        return True
