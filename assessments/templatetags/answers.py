"""Words for what someone answered."""

from collections import Counter
from typing import Protocol

from django import template

from assessments.models import Assessment, Content
from assessments.models.answer import HELPS, STATES

register = template.Library()


@register.filter
def choice_words(content: Content, round_: Assessment) -> str:
    """The level with its word, the state, or that there is no answer yet."""
    if content.level is not None:
        return f"{content.level} {round_.content.ladder[content.level].word}"
    return dict(STATES).get(content.state, "nog geen antwoord").capitalize()


@register.filter
def rung(level: int, round_: Assessment) -> str:
    """The word for a level on the ladder."""
    return str(round_.content.ladder[level].word)


@register.filter
def at(counts: Counter[str], question: str) -> int:
    """What was counted at this question."""
    return counts[question]


@register.filter
def helps_word(helps: str) -> str:
    return dict(HELPS)[helps].capitalize()


class Changed(Protocol):
    """What an answer was, if anything, and what it became."""

    @property
    def before(self) -> Content | None: ...

    @property
    def after(self) -> Content: ...


@register.filter
def changes(step: Changed, round_: Assessment) -> list[tuple[str, str, str]]:
    """What changed: the name of the part, its old value and its new one, in words."""
    before = _parts(step.before or Content(), round_)
    after = _parts(step.after, round_)
    return [(label, before[label], after[label]) for label in after if before[label] != after[label]]


def _parts(content: Content, round_: Assessment) -> dict[str, str]:
    return {
        "Antwoord": choice_words(content, round_) if content.is_answer else "",
        "Reden": content.reason,
        "Helpt dit?": helps_word(content.helps) if content.helps else "",
        "Toelichting": content.explanation,
    }
