"""The questions of one person on paper: an accessible PDF, to be filled in by hand."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.models import Content, Remark, Thread
from assessments.offline.pack import Pack, pack_of
from assessments.offline.workbook.layout import answers
from chain.questionnaire import Link, Question, Questionnaire, Theme
from organisations.requests import signed_in
from reports import printing
from reports.report_views import download

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A question on the paper, with what is stored and what was said beside it."""

    question: Question
    ladder: Questionnaire
    content: Content
    remarks: list[Remark]

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """What can be ticked: the word, the level's own text, and whether it is what is stored."""
        levels = self.question.levels
        return [
            (word, str(levels[int(value)]) if value.isdigit() else "", value == self.content.choice)
            for word, value in answers(self.question, self.ladder).items()
        ]


@require_safe
def offline_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """All questions or those of one link, one's own or for somebody without a connection; made now.

    What was said beside the answers is on it only when asked for.
    """
    person, link = request.GET.get("persoon", ""), request.GET.get("schakel", "")
    pack = pack_of(signed_in(request), pk, person, link)
    ids = [question.id for question in pack.questions]
    talk = Thread.objects.printable(pack.round, ids) if request.GET.get("gesprekken") == "1" else {}
    context = {"round": pack.round, "pack": pack, "links": list(_by_link(pack, talk)), "talk": bool(talk)}
    try:
        printed = printing.print_paper(render_to_string("reports/offline/paper.html", context))
    except printing.PrintingFailed:
        logger.exception("the questions of round %s could not be printed", pk)
        messages.error(request, "De PDF kon niet gemaakt worden. Probeer het over een minuut opnieuw.")
        return redirect(reverse("assessments:detail" if person else "assessments:offline", args=[pk]))
    response = download(printed.content, "application/pdf", f"{pack.file_name}.pdf")
    response["Cache-Control"] = "no-store"
    return response


def _by_link(
    pack: Pack, talk: dict[str, list[Remark]]
) -> Iterator[tuple[Link, list[tuple[Theme, list[Asked]]]]]:
    """The questions by link and theme, each with what is stored and what was said."""
    for link, questions in pack.pages.by_link():
        themes: dict[str, tuple[Theme, list[Asked]]] = {}
        for question in questions:
            theme, stored = pack.round.content.theme_of(question.id), pack.stored.get(question.id)
            content = stored.content if stored else Content()
            asked = Asked(question, pack.round.content, content, talk.get(question.id, []))
            themes.setdefault(theme.slug, (theme, []))[1].append(asked)
        yield link, list(themes.values())
