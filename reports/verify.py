"""Verifies a report of the portal: needs no database and no Django.

    python -m reports.verify verslag.pdf [vorig-jaar.pdf]

FILE is the report's PDF, or the JSON of its data alone. Says in Dutch what was checked, and by place what
differs. A second file is the report of an earlier year, which the change since then is computed from. Exit
status 0 when all is right, 1 when something differs, 2 when a file cannot be read or recomputed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from chain.questionnaire import from_document
from chain.reading import FaultyQuestionnaire, read_folder, read_statements
from reports.verifying.findings import Unreadable, Verdict
from reports.verifying.opening import LARGEST, Contents, opened
from reports.verifying.verdict import Library, verify
from reports.verifying.wording import lines

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0, 1 for a difference, 2 for what cannot be read or recomputed."""
    parser = add_options(
        argparse.ArgumentParser(prog="python -m reports.verify", description="Controleer een verslag.")
    )
    parser.add_argument(
        "--questionnaire",
        type=Path,
        metavar="PATH",
        default=FIXTURES / "questionnaire",
        help="de map of het JSON-bestand met de vragenlijst",
    )
    options = parser.parse_args(arguments)
    try:
        library = of_files(options.questionnaire)
    except Unreadable as refusal:
        print(f"{options.questionnaire}: {refusal}", file=sys.stderr)
        return 2
    return run(options, library)


def add_options(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """What both ways of calling this take."""
    parser.add_argument("file", metavar="FILE", type=Path, help="de PDF van het verslag, of alleen de JSON")
    parser.add_argument(
        "previous", metavar="PREVIOUS", type=Path, nargs="?", help="het verslag van een eerder jaar"
    )
    parser.add_argument("--json", action="store_true", help="druk de uitkomst af als JSON")
    parser.add_argument(
        "--roots",
        type=Path,
        action="append",
        default=[],
        metavar="PEM",
        help="een bestand met vertrouwde certificaten voor het zegel",
    )
    return parser


def run(
    options: argparse.Namespace, library: Library, standing: Callable[[Verdict], list[str]] | None = None
) -> int:
    """Verifies the files of these options and prints what was found; the exit status.

    `standing` says what a database knows of a verdict: a sentence each.
    """
    try:
        verdict = verify(
            read(options.file, options.roots), library, options.previous and read(options.previous)
        )
    except Unreadable as refusal:
        print(f"Niet te controleren: {refusal}.", file=sys.stderr)
        return 2
    known = standing(verdict) if standing else []
    if options.json:
        print(json.dumps({**verdict.as_document(), "standing": known}, ensure_ascii=False, indent=2))
    else:
        print("\n".join([*lines(verdict), *known]))
    return 1 if verdict.differences else 0 if verdict.recomputed else 2


def read(path: Path, roots: Sequence[Path] = ()) -> Contents:
    """What is in this file. Raises Unreadable."""
    try:
        with path.open("rb") as file:
            return opened(file.read(LARGEST + 1), roots)
    except OSError as problem:
        raise Unreadable(f"{path}: {problem.strerror}") from problem


def of_files(path: Path) -> Library:
    """The one questionnaire in a folder or a JSON file, and the statements beside the portal's own.

    Raises Unreadable.
    """
    try:
        found = from_document(path.read_text("utf-8")) if path.is_file() else read_folder(path)
        lists = [read_statements(file) for file in sorted((FIXTURES / "statements").glob("*.yaml"))]
    except (FaultyQuestionnaire, OSError, ValueError, KeyError, TypeError) as fault:
        raise Unreadable(f"dit is geen vragenlijst ({str(fault)[:200]})") from fault
    statements = {one.digest: one for one in lists}
    return Library(lambda digest: found if found.digest == digest else None, statements.get)


if __name__ == "__main__":
    sys.exit(main())
