"""Who may do what stands in one table, and the code asks it: what does not stand there is denied."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from organisations import policy_text
from organisations.policy import RULES, SEPARATED, TABLE, May, holders, may
from organisations.roles import Role

ROOT = Path(__file__).parent.parent
APPS = ("integrity_portal", "retention", "reports", "assessments", "surveys", "organisations")
# Who may name a role: what roles are, the table itself, what shows that one was used; and the demo, which
# gives them to made-up people.
NAMING = {"organisations/roles.py", "organisations/policy.py", "organisations/use.py"}
DEMO = "integrity_portal/demo"
# Words that are nothing else than a role: a contributor also gives answers, a round lies with an executive.
WORDS = {Role.COORDINATOR.value, Role.VALIDATOR.value, Role.CLERK.value, Role.ADMINISTRATOR.value}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name and not name.startswith(DEMO):
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def of(tree: ast.Module, owner: str) -> set[str]:
    """The names that are asked of this one: `Role.CLERK` gives CLERK."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == owner
    }


def test_every_act_has_a_row_and_no_row_stands_twice() -> None:
    assert set(RULES) == set(May)
    assert sum(len(rules) for rules in TABLE.values()) == len(RULES)
    assert all(rule.roles and rule.words for rule in RULES.values())


def test_the_code_asks_for_every_act_of_the_table() -> None:
    """A right that nothing asks for would promise what does not hold."""
    asked = {name for module, tree in modules() if module not in NAMING for name in of(tree, "May")}
    assert asked == {act.name for act in May}


def test_no_role_decides_outside_the_table() -> None:
    named = {module for module, tree in modules() if of(tree, "Role") & set(Role.__members__)}
    assert named == NAMING
    texts = {
        f"{module}: {node.value}"
        for module, tree in modules()
        if module not in NAMING
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in WORDS
    }
    assert not texts


def test_no_page_decides_by_a_role() -> None:
    asking = [
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        if any(f'"{word}" in' in path.read_text(encoding="utf-8") for word in WORDS)
    ]
    assert not asking


@pytest.mark.parametrize("act", list(May), ids=str)
def test_who_holds_nothing_may_nothing(act: May) -> None:
    assert not may([], act) and not may(["mayor"], act)
    assert {role for role in Role if may([role], act)} == set(holders(act))


def test_what_the_table_does_not_say_nobody_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("organisations.policy.RULES", {})
    assert not may(list(Role), May.ADOPT)


@pytest.mark.parametrize(
    "act, role",
    [
        (May.ANSWER, Role.COORDINATOR),
        (May.CHECK, Role.COORDINATOR),
        (May.ADOPT, Role.EXECUTIVE),
        (May.AGREE, Role.EXECUTIVE),
        (May.CHECK, Role.EXECUTIVE),
        (May.READ_RESULTS, Role.CLERK),
        (May.LEAD_COUNCIL_SURVEY, Role.COORDINATOR),
    ],
)
def test_what_the_design_keeps_apart_stays_apart(act: May, role: Role) -> None:
    assert not may([role], act)


def test_the_administrator_has_only_what_is_of_the_organisation() -> None:
    theirs = {act for act in May if may([Role.ADMINISTRATOR], act)}
    assert theirs == set(TABLE["De organisatie"])


def test_the_document_is_the_table_of_the_code() -> None:
    """After a change: python -m organisations.policy_text > docs/rechten.md"""
    assert (ROOT / "docs" / "rechten.md").read_text(encoding="utf-8") == policy_text.document()


def test_every_rule_of_separation_names_a_test_that_is_there() -> None:
    assert SEPARATED and all((ROOT / rule.proof).is_file() for rule in SEPARATED)
