"""The minutes of a meeting, as a page and as a PDF."""

from __future__ import annotations

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.models import Assessment, Meeting
from organisations.requests import signed_in
from reports import printing
from reports.minutes import Minutes, minutes_of
from reports.report_views import download

logger = logging.getLogger(__name__)
WITH_TALK = "?gesprekken=1"


def _minutes(request: HttpRequest, pk: int, link: str) -> tuple[Minutes, bool]:
    """The minutes, and whether this reader follows the round: who does not never gets the threads with it."""
    user = signed_in(request)
    meetings = Meeting.objects.minutes_visible_to(user).select_related("assessment__organisation", "chair")
    meeting = get_object_or_404(meetings, assessment=pk, link=link)
    follows = Assessment.objects.followed_by(user).filter(pk=pk).exists()
    wanted = request.GET.get("gesprekken") == "1"
    return minutes_of(meeting, with_talk=wanted and follows), follows


@require_safe
def minutes(request: HttpRequest, pk: int, link: str) -> HttpResponse:
    """The minutes as a page; while the meeting is on, as far as they are."""
    told, follows = _minutes(request, pk, link)
    context = {
        "minutes": told,
        "round": told.round,
        "follows": follows,
        "suffix": WITH_TALK if told.with_talk else "",
    }
    return render(request, "reports/meeting/minutes.html", context)


@require_safe
def minutes_pdf(request: HttpRequest, pk: int, link: str) -> HttpResponse:
    """The same as a PDF, made now: it takes a few seconds."""
    told, _ = _minutes(request, pk, link)
    html = render_to_string("reports/meeting/minutes_pdf.html", {"minutes": told, "round": told.round})
    try:
        printed = printing.print_paper(html)
    except printing.PrintingFailed:
        logger.exception("the minutes of meeting %s could not be printed", told.meeting.pk)
        messages.error(request, "De PDF kon niet gemaakt worden. Probeer het over een minuut opnieuw.")
        back = reverse("reports:minutes", args=[pk, link])
        return redirect(back + (WITH_TALK if told.with_talk else ""))
    return download(printed.content, "application/pdf", told.file_name)
