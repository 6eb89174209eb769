"""Reads a folder of YAML files into a Questionnaire, or says everything that is wrong with it.

The folder holds `questionnaire.yaml` with what is common, and per link a file such as `1-pro-actie.yaml`.
What they may hold stands in `chain.schema`.
"""

import re
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from chain import barriers, glossary, statements, vulnerability, yearly
from chain.questionnaire import Questionnaire, build
from chain.schema import (
    COMMON,
    LINK,
    STATEMENTS,
    Faults,
    Rule,
    common_rules,
    link_rules,
    statements_rules,
    xray_questions,
)

COMMON_FILE = "questionnaire.yaml"


class Fault(NamedTuple):
    """What is wrong in a questionnaire folder: the file, the id or path in it, and the reason."""

    file: str
    where: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in self if part)


class FaultyQuestionnaire(Exception):
    """A folder that was refused, with every fault that was found in it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def read_folder(path: Path | str) -> Questionnaire:
    """The questionnaire in a folder. Raises FaultyQuestionnaire with all faults of all files at once."""
    folder = _Folder(Path(path))
    data = folder.read()
    if folder.faults:
        raise FaultyQuestionnaire(tuple(folder.faults))
    return build(data)


def read_statements(path: Path | str) -> statements.StatementList:
    """The list of statements in a file. Raises FaultyQuestionnaire with all its faults at once."""
    return statements.build(read_file(path, STATEMENTS, statements_rules))


def read_barriers(path: Path | str) -> tuple[barriers.Barrier, ...]:
    """The barriers in a file. Raises FaultyQuestionnaire with all its faults at once."""
    return barriers.build(read_file(path, barriers.GOVERNMENT_ROLES, barriers.barrier_rules))


def read_figures(path: Path | str) -> yearly.FigureList:
    """The list of yearly figures in a file. Raises FaultyQuestionnaire with all its faults at once."""
    return yearly.build(read_file(path, yearly.YEARLY_FIGURES, yearly.yearly_rules))


def read_vulnerabilities(path: Path | str) -> vulnerability.Vulnerabilities:
    """The areas and factors in a file. Raises FaultyQuestionnaire with all its faults at once."""
    return vulnerability.build(
        read_file(path, vulnerability.VULNERABILITIES, vulnerability.vulnerability_rules)
    )


def read_glossary(path: Path | str) -> tuple[glossary.Term, ...]:
    """The terms in a file. Raises FaultyQuestionnaire with all its faults at once."""
    return glossary.build(read_file(path, glossary.GLOSSARY, glossary.glossary_rules))


def read_file(path: Path | str, rule: Rule, rules: Callable[[dict[str, Any]], Faults]) -> dict[str, Any]:
    """The plain data of one file that holds to `rule`, and then to `rules` over several of its fields.

    Raises FaultyQuestionnaire with all its faults at once.
    """
    file = Path(path)
    folder = _Folder(file.parent)
    data = folder.load(file.name, rule)
    if data:
        folder.note(file.name, rules(data))
    if folder.faults:
        raise FaultyQuestionnaire(tuple(folder.faults))
    return data


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # libyaml where it is there
    """Safe YAML that remembers the keys written twice, which YAML itself lets pass silently."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.twice: list[tuple[str, str]] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                self.twice.append(
                    (f"line {key.start_mark.line + 1}", f"the key {key.value!r} is written twice")
                )
            seen.add(str(key.value))
        return dict(super().construct_mapping(node, deep))


class _Folder:
    """One reading of a folder: its plain data, and the faults found on the way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.faults: list[Fault] = []

    def read(self) -> dict[str, Any]:
        """The data of all files as one document; of use only when no faults were found."""
        if not self.path.is_dir():
            self.faults.append(Fault(str(self.path), "", "is not a folder"))
            return {}
        common = self.load(COMMON_FILE, COMMON)
        if common:
            self.note(COMMON_FILE, common_rules(common))
        files = self.link_files(common)
        roles = {role["code"] for role in common["roles"]} if common else None
        found = {name: self.load_link(name, slug, roles) for name, slug in files.items()}
        self.compare_codes(found)
        self.find_questions(common, list(found.values()))
        return {**common, "links": list(found.values())}

    def note(self, file: str, faults: Iterable[tuple[str, str]]) -> None:
        self.faults += [Fault(file, where, reason) for where, reason in faults]

    def link_files(self, common: dict[str, Any]) -> dict[str, str]:
        """The files of the folder with their link; while `common` is unreadable, those that are there."""
        there = sorted(path.name for path in self.path.glob("*.y*ml") if path.name != COMMON_FILE)
        if not common:
            return {name: re.sub(r"^\d+-|\.ya?ml$", "", name) for name in there}
        files = {f"{number}-{slug}.yaml": slug for number, slug in enumerate(common["links"], 1)}
        self.note(
            COMMON_FILE,
            [("links", f"no link here has the file {name}") for name in there if name not in files],
        )
        return files

    def load_link(self, name: str, slug: str, roles: set[str] | None) -> dict[str, Any]:
        link = self.load(name, LINK)
        if link:
            self.note(name, link_rules(link, slug, roles))
        return link

    def compare_codes(self, found: dict[str, dict[str, Any]]) -> None:
        """Question ids begin with the code of their link, so that unique codes make unique ids."""
        first: dict[str, str] = {}
        for name, link in found.items():
            if link and first.setdefault(link["code"], name) != name:
                self.note(name, [("code", f"{link['code']!r} is the code of {first[link['code']]} too")])

    def find_questions(self, common: dict[str, Any], found: list[dict[str, Any]]) -> None:
        """The rules of the X-ray name questions that are there; not asked while anything else is wrong."""
        if self.faults:
            return
        there = {
            question["id"] for link in found for theme in link["themes"] for question in theme["questions"]
        }
        for rule in common.get("xray", []):
            missing = [name for name in xray_questions(rule) if name not in there]
            self.note(COMMON_FILE, [(rule["slug"], f"no question has the id {name}") for name in missing])

    def load(self, name: str, rule: Rule) -> dict[str, Any]:
        """The data of one file that holds to `rule`; empty, with its faults noted, when it does not."""
        before = len(self.faults)
        try:
            loader = _Loader((self.path / name).read_text(encoding="utf-8"))
            data = loader.get_single_data()
            self.note(name, loader.twice)
            self.note(name, rule("", data))
        except OSError:
            self.note(name, [("", "is missing or cannot be read")])
        except UnicodeDecodeError:
            self.note(name, [("", "is not UTF-8 text")])
        except (yaml.YAMLError, ValueError, RecursionError) as problem:
            self.note(name, [("", f"is not readable YAML: {' '.join(str(problem).split())}")])
        return data if len(self.faults) == before else {}
