"""Reads a PDF back by the rules of PDF/A and PDF/UA, with a program that had no part in making it.

Run as `python -m reports.checking VARIANT < FILE` it prints what fails, a line each: in a process of its own,
so that a fault in the checker fails one file and not the worker.
"""

import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import page

from reports.norms import NORMS

PROFILES: Final[Mapping[str, page.ValidationProfile]] = MappingProxyType(
    {
        "PDF/A-2a": page.ValidationProfile.PDF_A_2A,
        "PDF/A-3a": page.ValidationProfile.PDF_A_3A,
        "PDF/UA-1": page.ValidationProfile.PDF_UA_1,
    }
)


def faults(content: bytes, variant: str) -> list[str]:
    """What of the file is not as its variant must be: a line per fault; nothing for a good file."""
    found = []
    for norm in NORMS[variant]:
        try:
            told = page.validate_pdf_bytes(content, profile=PROFILES[norm])
        except page.PageError as unreadable:
            return [f"{norm}: {unreadable}"]
        if not told.is_compliant:
            found += [f"{norm}: {failure}" for failure in told.failures] or [f"{norm}: not compliant"]
    return found


def main() -> None:
    sys.stdout.write("\n".join(faults(sys.stdin.buffer.read(), sys.argv[1])))


if __name__ == "__main__":
    main()
