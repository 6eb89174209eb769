"""The yearly figures and the vulnerabilities of a round: filled in by the coordinator, read by others."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assessments.counting.content import figure_list
from assessments.counting.content import vulnerabilities as areas_of
from assessments.counting.forms import FiguresForm, VulnerabilityForm
from assessments.counting.told import RULES, STOCK_RULE, matrix_of
from assessments.improving.steps import may_propose
from assessments.models import (
    Assessment,
    ChangedMeanwhile,
    VulnerabilityScores,
    WritingRefused,
    YearlyFigures,
)
from assessments.status import Status
from assessments.supplement import FiguresDocument
from chain.small_numbers import STOCKS
from organisations.models import User
from organisations.policy import May, may
from organisations.requests import signed_in

PREVIEW = "preview"  # the button that shows what will be printed and saves nothing


def figures(request: HttpRequest, pk: int) -> HttpResponse:
    """The yearly counts, exact for who follows the round, with what of them will be public."""
    user = signed_in(request)
    rounds = Assessment.objects.followed_by(user).exclude(status__in=[Status.DRAFT, Status.PREPARED])
    round_ = get_object_or_404(rounds.select_related("organisation"), pk=pk)
    stored, may_write = YearlyFigures.newest(round_), _leads(request, round_.roles_of(user))
    form = FiguresForm(stored, request.POST if request.method == "POST" else None)
    previews = PREVIEW in request.POST
    refused = ""
    if form.is_bound and form.is_valid() and not previews:
        refused = _write_figures(form, round_, user)
        if not refused:
            messages.success(request, "De jaarcijfers zijn opgeslagen.")
            return redirect(request.path)
    context = {
        "round": round_,
        "form": form,
        "stored": stored,
        "may_write": may_write and round_.status in YearlyFigures.WHEN,
        "not_now": YearlyFigures.NOT_NOW,
        "refused": refused,
        "told": _told(form, round_, stored),
        "previews": previews,
        "rules": (*RULES, STOCK_RULE),
        "stocks": STOCKS,
        "types_note": figure_list().note("soorten").text,
        "when": YearlyFigures.WHEN,
    }
    return render(
        request, "assessments/counting/figures.html", context, status=_status(form, refused, previews)
    )


def _told(form: FiguresForm, round_: Assessment, stored: YearlyFigures | None) -> FiguresDocument | None:
    """What will be printed of what was typed, or else of what was saved."""
    if form.is_bound and form.is_valid():
        return YearlyFigures.preview(round_, form.counts, form.cleaned_data["note"])
    return YearlyFigures.preview(round_, stored.counts, stored.note) if stored else None


def _write_figures(form: FiguresForm, round_: Assessment, user: User) -> str:
    """Why it was not kept; empty when it was."""
    given = form.cleaned_data
    try:
        YearlyFigures.write(round_, user, given["shown"], counts=form.counts, note=given["note"])
    except WritingRefused as refusal:
        return str(refusal)
    except ChangedMeanwhile as conflict:
        form.theirs = form.answer_to(FiguresForm(YearlyFigures.newest(round_)))
        return str(conflict)
    return ""


def vulnerabilities(request: HttpRequest, pk: int) -> HttpResponse:
    """Where work is vulnerable, how well that is controlled, and what to improve first."""
    user = signed_in(request)
    rounds = Assessment.objects.results_visible_to(user).select_related("organisation")
    round_ = get_object_or_404(rounds, pk=pk)
    roles = round_.roles_of(user)
    stored, may_write = VulnerabilityScores.newest(round_), _leads(request, roles)
    form = VulnerabilityForm(stored, request.POST if request.method == "POST" else None)
    refused = ""
    if form.is_bound and form.is_valid():
        refused = _write_scores(form, round_, user)
        if not refused:
            messages.success(request, "De kwetsbaarheden zijn opgeslagen.")
            return redirect(f"{request.path}#uitkomst")
    context = {
        "round": round_,
        "form": form,
        "stored": stored,
        "may_write": may_write and round_.status in VulnerabilityScores.WHEN,
        "not_now": VulnerabilityScores.NOT_NOW,
        "refused": refused,
        "content": areas_of(),
        "when": VulnerabilityScores.WHEN,
        "follows": may(roles, May.READ_ANSWERS),
        "may_propose": may_propose(round_.status, roles),
        **(_outcome(stored) if stored else {}),
    }
    return render(
        request, "assessments/counting/vulnerabilities.html", context, status=_status(form, refused)
    )


def _outcome(stored: VulnerabilityScores) -> dict[str, object]:
    """What follows from the scores as they were saved."""
    told = stored.as_told()
    return {
        "told": told,
        "matrix": matrix_of(told),
        "open": [area for area in told["areas"] if area["gap"] > 0],
        "enough": [area for area in told["areas"] if area["gap"] <= 0],
        "factors": [
            (one["title"], one["value"], told["steps"]["factor"][one["value"]]) for one in told["factors"]
        ],
    }


def _write_scores(form: VulnerabilityForm, round_: Assessment, user: User) -> str:
    """Why it was not kept; empty when it was."""
    given = form.cleaned_data
    scores = {"areas": form.area_scores, "factors": form.factor_scores, "note": given["note"]}
    try:
        VulnerabilityScores.write(round_, user, given["shown"], **scores)
    except WritingRefused as refusal:
        return str(refusal)
    except ChangedMeanwhile as conflict:
        form.theirs = form.answer_to(VulnerabilityForm(VulnerabilityScores.newest(round_)))
        return str(conflict)
    return ""


def _leads(request: HttpRequest, roles: set[str]) -> bool:
    """Whether the user coordinates the round; for who only reads, there is nothing to send."""
    leads = may(roles, May.LEAD_ROUND)
    if request.method == "POST" and not leads:
        raise Http404
    return leads


def _status(form: FiguresForm | VulnerabilityForm, refused: str, previews: bool = False) -> int:
    if refused:
        return 409
    return 422 if form.is_bound and form.errors and not previews else 200
