"""Evidence at a question: who was asked adds it; coordinator and validator read it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assessments.evidence.forms import EvidenceForm, RemovalForm
from assessments.models import Assessment, RoundIsClosed
from assessments.models.evidence import Evidence, EvidenceQuerySet, takes_evidence
from assessments.status import Status
from chain.questionnaire import Link, Question, Theme
from organisations.models import User
from organisations.policy import May, may
from organisations.requests import signed_in

logger = logging.getLogger(__name__)
CLOSED = "De ronde is intussen gesloten. U kunt geen bewijs meer toevoegen."
# What a file may do when a browser shows it: nothing. The style is the browser's own, around an image.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@dataclass(frozen=True)
class Place:
    """A question of a round as this user comes to it."""

    user: User
    round: Assessment
    link: Link
    theme: Theme
    question: Question
    is_asked: bool
    leads: bool

    @cached_property
    def may_add(self) -> bool:
        return self.is_asked and takes_evidence(self.round, self.question.id, self.user)

    @property
    def evidence(self) -> EvidenceQuerySet:
        return Evidence.objects.filter(assessment=self.round, question=self.question.id)

    def find(self, pk: int) -> Evidence:
        evidence = get_object_or_404(self.evidence.present(), pk=pk)
        evidence.assessment = self.round
        return evidence

    @property
    def url(self) -> str:
        return reverse(
            "assessments:evidence", args=[self.round.pk, self.link.slug, self.theme.slug, self.question.id]
        )


def _place(request: HttpRequest, pk: int, link: str, theme: str, question: str) -> Place:
    """Three queries. Raises Http404 for a question that the user was neither asked nor follows."""
    user = signed_in(request)
    begun = Assessment.objects.followed_by(user).exclude(status__in=[Status.DRAFT, Status.PREPARED])
    rounds = begun | Assessment.objects.asking(user)
    round_ = get_object_or_404(rounds.select_related("organisation"), pk=pk)
    found = [
        (one, part, asked)
        for one in round_.content.links
        for part in one.themes
        for asked in part.questions
        if (one.slug, part.slug, asked.id) == (link, theme, question)
    ]
    roles = round_.roles_of(user)
    mine = round_.assignments.filter(user=user, link=link, theme=theme, question__in=["", question])
    is_asked = mine.exists() and (
        may(roles, May.ANSWER) or round_.guest_passes.valid().filter(user=user).exists()
    )
    if not found or not (is_asked or may(roles, May.READ_ANSWERS)):
        raise Http404
    return Place(user, round_, *found[0], is_asked=is_asked, leads=may(roles, May.REMOVE_EVIDENCE))


def evidence(request: HttpRequest, pk: int, link: str, theme: str, question: str) -> HttpResponse:
    """What is there at this question, and the form to add to it."""
    place = _place(request, pk, link, theme, question)
    form = EvidenceForm()
    if request.method == "POST":
        if not place.is_asked:
            raise Http404
        if not place.may_add:
            return _page(request, place, form, 409)
        if "reuse" in request.POST:
            return _reuse(request, place)
        form = EvidenceForm(request.POST, request.FILES)
        if form.is_valid():
            return _add(request, place, form)
    return _page(request, place, form, 422 if form.is_bound else 200)


def _page(request: HttpRequest, place: Place, form: EvidenceForm, status: int) -> HttpResponse:
    here = place.evidence
    present = list(here.at(place.question.id))
    for one in present:
        one.assessment = place.round
    context = {
        "place": place,
        "round": place.round,
        "question": place.question,
        "evidence_url": place.url,
        "evidence": [(one, one.may_be_removed_by(place.user, leads=place.leads)) for one in present],
        "deleted": here.deleted().select_related("deleted_by"),
        "reusable": Evidence.objects.reusable_in(place.round, place.question.id) if place.may_add else [],
        "form": form if place.may_add else None,
        "scans": bool(settings.CLAMAV_SOCKET),
    }
    return render(request, "assessments/evidence.html", context, status=status)


def _add(request: HttpRequest, place: Place, form: EvidenceForm) -> HttpResponse:
    given = form.cleaned_data
    key = (place.round, place.question.id, form.facts)
    try:
        if given["file"]:
            Evidence.add_file(*key, given["file"], place.user)
        else:
            Evidence.add_link(*key, given["url"], place.user)
    except RoundIsClosed:
        messages.error(request, CLOSED)
    else:
        messages.success(request, "Het bewijs is toegevoegd.")
    return redirect(place.url)


def _reuse(request: HttpRequest, place: Place) -> HttpResponse:
    wanted = request.POST["reuse"]
    try:
        earlier = Evidence.objects.reusable_in(place.round, place.question.id)
        source = earlier.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
        if source:
            source.reuse(place.round, place.user)
            messages.success(request, "Het bewijs uit de eerdere ronde is overgenomen.")
    except RoundIsClosed:
        messages.error(request, CLOSED)
    except Evidence.DoesNotExist:
        messages.error(request, "Dit bewijs is intussen verwijderd.")
    return redirect(place.url)


@require_safe
def evidence_file(
    request: HttpRequest, pk: int, link: str, theme: str, question: str, evidence: int
) -> HttpResponseBase:
    """The file itself. What could act is only offered for download; nothing may act in either way."""
    found = _place(request, pk, link, theme, question).find(evidence)
    if not found.file or not found.kind:
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError as lost:
        logger.error("the file of evidence %s is not in the storage", found.pk)
        raise Http404 from lost
    response = FileResponse(
        content,
        as_attachment=not found.kind.shown,
        filename=found.name,
        content_type=found.content_type,
    )
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"  # also where SecurityMiddleware would be left out
    response.headers["Cache-Control"] = "no-store"
    return response


def evidence_remove(
    request: HttpRequest, pk: int, link: str, theme: str, question: str, evidence: int
) -> HttpResponse:
    """Asks why, and says what stays."""
    place = _place(request, pk, link, theme, question)
    found = place.find(evidence)
    if not found.may_be_removed_by(place.user, leads=place.leads):
        raise Http404
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        found.remove(place.user, form.cleaned_data["reason"])
        messages.success(request, "Het bewijs is verwijderd.")
        return redirect(place.url)
    others = Evidence.objects.present().exclude(pk=found.pk).filter(file=found.file.name)
    context = {
        "place": place,
        "round": place.round,
        "question": place.question,
        "evidence_url": place.url,
        "evidence": found,
        "others": others.select_related("assessment") if found.file else [],
        "form": form,
    }
    return render(request, "assessments/evidence_remove.html", context, status=422 if form.is_bound else 200)
