"""Words for what someone answered."""

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
def helps_word(helps: str) -> str:
    return dict(HELPS)[helps].capitalize()
