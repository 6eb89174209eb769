"""What the questionnaire suggests for a theme by its level, and the first words of why. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from chain.questionnaire import Question, Theme


@dataclass(frozen=True, slots=True)
class Offer:
    """One suggestion that can be taken over."""

    key: str  # theme and place: "melden/1"
    theme: str  # its title
    text: str
    from_level: int


def offers(theme: Theme, level: float | None) -> list[Offer]:
    """The suggestions that fit a theme on this level (0 to 4), the one that fits best first.

    A suggestion is for a theme on its `from_level` or higher, so the highest one that is not above the level
    fits best. Without a level, or below all of them, it is the smallest step.
    """
    found = [
        Offer(f"{theme.slug}/{place}", str(theme.title), str(one.text), one.from_level)
        for place, one in enumerate(theme.suggestions)
    ]
    fitting = [one for one in found if level is not None and one.from_level <= level]
    return sorted(fitting, key=lambda one: -one.from_level) or found[:1]


def number(value: float) -> str:
    """A level with a comma and no needless zeroes: "1,5", "2"."""
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")


def why_question(question: Question, level: int | None) -> str:
    """Why something about this question would be improved, as a first text to change."""
    if level is None:
        return f"Bij ‘{question.title}’ ({question.id}) is nog geen niveau te geven."
    found = f"‘{question.title}’ ({question.id}) staat op niveau {level}: {question.levels[level]}"
    minimum = question.legal_minimum
    if minimum is not None and level < minimum:
        return f"{found} Het wettelijk minimum is niveau {minimum}: {question.levels[minimum]}"
    return found


def why_group(title: str, printed: float | None) -> str:
    """Why something about a link or theme would be improved."""
    if printed is None:
        return f"Voor ‘{title}’ is nog geen cijfer te geven."
    return f"‘{title}’ staat op niveau {number(printed)}."
