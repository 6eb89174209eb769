"""Recomputes the results of an answers file, such as the one inside a report: needs no Django, no database.

    python -m chain.score QUESTIONNAIRE ANSWERS.json

QUESTIONNAIRE is a folder of YAML files. Prints the results as JSON. Bad input is refused whole: every fault
on standard error by its place, nothing on standard output, exit status 2. Where the file holds results of
its own (a frozen account does), they are compared: exit status 1 when they differ from what is printed.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from chain.answers import BadAnswers
from chain.reading import FaultyQuestionnaire, read_folder
from chain.scoring import parse, score


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0, 1 for results that differ from the file's own, 2 for bad input."""
    parser = argparse.ArgumentParser(
        prog="python -m chain.score", description="Recompute the results of a round."
    )
    parser.add_argument("questionnaire", metavar="QUESTIONNAIRE", help="a folder of YAML files")
    parser.add_argument(
        "answers", metavar="ANSWERS.json", type=Path, help="an answers file or a frozen account"
    )
    options = parser.parse_args(arguments)
    try:
        questionnaire = read_folder(options.questionnaire)
        data = read_json(options.answers)
        results = score(questionnaire, parse(questionnaire, data)).as_document()
    except (FaultyQuestionnaire, BadAnswers, UnreadableJson) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    print(json.dumps(results, indent=2))
    if isinstance(data.get("results"), dict) and data["results"] != results:
        print(f"{options.answers}: the results in this file differ from the ones computed", file=sys.stderr)
        return 1
    return 0


class UnreadableJson(Exception):
    """A file that is not there, or does not hold one unambiguous JSON value."""


def read_json(path: Path) -> Any:
    """The value in a JSON file. Raises UnreadableJson, also for a key that is written twice."""
    try:
        return json.loads(path.read_bytes(), object_pairs_hook=_object)
    except OSError as problem:
        raise UnreadableJson(f"{path}: cannot be read: {problem.strerror}") from problem
    except (ValueError, RecursionError) as problem:
        raise UnreadableJson(f"{path}: is not readable JSON: {problem}") from problem


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError("written twice in one object: " + ", ".join(k for k in found if keys.count(k) > 1))
    return found


if __name__ == "__main__":
    sys.exit(main())
