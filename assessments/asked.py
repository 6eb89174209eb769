"""Which questions somebody was given: whole themes, or single questions of one. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from chain.questionnaire import Question, Questionnaire, Theme

Key = tuple[str, str, str]  # link, theme, question; an empty question is the whole theme


def in_theme(link: str, theme: Theme, keys: Iterable[Key]) -> tuple[Question, ...]:
    """The questions of one theme that these keys give, in the order of the questionnaire."""
    here = {question for at, name, question in keys if (at, name) == (link, theme.slug)}
    if "" in here:
        return theme.questions
    return tuple(question for question in theme.questions if question.id in here)


def questions(content: Questionnaire, keys: Iterable[Key]) -> tuple[Question, ...]:
    """All questions that these keys give, each once, in the order of the questionnaire.

    What the questionnaire does not have (a light round of it) is left out.
    """
    given = set(keys)
    return tuple(
        question
        for link in content.links
        for theme in link.themes
        for question in in_theme(link.slug, theme, given)
    )
