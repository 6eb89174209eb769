"""Parts of a page that are the same for everybody, rendered once in the life of a process.

A published questionnaire never changes, so neither does what is drawn of it; the digest is part of the key.
They are most of what a theme page has to draw. A changed template shows after a restart.
"""

from __future__ import annotations

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from assessments.forms import AnswerForm
from chain.models import load


@lru_cache(maxsize=500)
def text(digest: str, question: str) -> SafeString:
    """What is asked, the law behind it, and what would show it."""
    context = {"question": load(digest).question(question)}
    return render_to_string("assessments/question_text.html", context)


@lru_cache(maxsize=2000)
def options(digest: str, question: str, field: str, chosen: str) -> SafeString:
    """The radio buttons of the field "choice" or "helps" with one of them chosen, or none.

    `chosen` is one of them or empty: whatever anybody may send would fill the memory.
    """
    content = load(digest)
    form = AnswerForm(content.question(question), None, content)
    form.initial[field] = chosen
    return render_to_string("assessments/options.html", {"field": form[field]})
