"""How the questions of one theme are divided: who has which, together or one after the other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessments.asked import Key, questions
from chain.questionnaire import Questionnaire

Turns = tuple[tuple[str, ...], ...]  # names, turn by turn


@dataclass(frozen=True, slots=True)
class Part:
    """What one person has of a theme: all of it where `questions` is empty; and in which turn, from 1."""

    questions: frozenset[str] = frozenset()
    turn: int = 1

    def fits(self, theme: Sequence[str]) -> bool:
        """Whether it can be of the theme that has these questions."""
        return self.turn >= 1 and self.questions <= set(theme)


def part(rows: Iterable[tuple[str, int]], theme: Sequence[str]) -> Part:
    """One person's part from their rows (question or "", turn); all questions of the theme are the theme.

    Rows of one person may differ in turn after handing over; the part then has the latest.
    """
    given = list(rows)
    ids = frozenset(question for question, _ in given)
    whole = "" in ids or ids >= frozenset(theme)
    return Part(frozenset() if whole else ids, max(turn for _, turn in given))


def arrangements(rows: Iterable[tuple[str, int, str]], theme: Sequence[str]) -> dict[str, Turns]:
    """For each question of the theme the names that have it, turn by turn.

    A row is (question or "", turn, name). Turns that nobody has at a question do not show: what counts is who
    comes before whom.
    """
    found: dict[str, dict[int, list[str]]] = {question: {} for question in theme}
    for question, turn, name in rows:
        for one in [question] if question else theme:
            if one in found:
                found[one].setdefault(turn, []).append(name)
    return {
        question: tuple(tuple(sorted(turns[turn])) for turn in sorted(turns))
        for question, turns in found.items()
    }


def is_simple(rows: Iterable[tuple[str, int, str]]) -> bool:
    """Whether everybody has the whole theme at once, as a form of checkboxes can say it."""
    return all(not question and turn == 1 for question, turn, _ in rows)


def words(rows: Iterable[tuple[str, int, str]], theme: Sequence[str]) -> str:
    """Who has what, as one Dutch line: "PA-01, PA-02: eerst Bram, dan Fatima; rest: Fatima"."""
    groups: dict[Turns, list[str]] = {}
    for question, turns in arrangements(rows, theme).items():
        groups.setdefault(turns, []).append(question)
    if len(groups) == 1:
        return _people(next(iter(groups)))
    # The largest group, the last of several, is what is left once the others are named.
    rest = max(groups, key=lambda turns: (len(groups[turns]), groups[turns][0]))
    named = [f"{', '.join(ids)}: {_people(turns)}" for turns, ids in groups.items() if turns != rest]
    left = "rest" if len(groups[rest]) > 1 else groups[rest][0]
    return "; ".join([*named, f"{left}: {_people(rest)}"])


def waits(rows: Iterable[tuple[str, int, str, bool]]) -> list[str]:
    """Who waits for whom, one Dutch sentence a person: "Fatima wacht op Bram".

    A row is (question or "", turn, name, handed in), of people who can still answer.
    """
    given = list(rows)
    waiting: dict[str, set[str]] = {}
    for question, turn, name, done in given:
        first = {who for one, before, who, ready in given if one == question and before < turn and not ready}
        if first and not done:
            waiting.setdefault(name, set()).update(first)
    return [f"{name} wacht op {enumeration(sorted(waiting[name]))}" for name in sorted(waiting)]


def _people(turns: Turns) -> str:
    if not turns:
        return "niemand"
    steps = [enumeration(names) for names in turns]
    return steps[0] if len(steps) == 1 else f"eerst {', dan '.join(steps)}"


def enumeration(names: Sequence[str]) -> str:
    """Names as people write them: "Bram, Fatima en Joost"."""
    *others, last = names
    return f"{', '.join(others)} en {last}" if others else last


def without_people(content: Questionnaire, given: Iterable[Key]) -> tuple[int, tuple[str, ...]]:
    """How many themes nobody has anything of, and the ids that nobody has in the other themes."""
    keys = set(given)
    covered = {question.id for question in questions(content, keys)}
    begun = {(link, theme) for link, theme, _ in keys}
    themes = [(link.slug, theme) for link in content.links for theme in link.themes]
    missing = [theme for link, theme in themes if (link, theme.slug) not in begun]
    left = [
        question.id
        for link, theme in themes
        if (link, theme.slug) in begun
        for question in theme.questions
        if question.id not in covered
    ]
    return len(missing), tuple(left)
