"""The groups of a survey among staff: on one page, or from a file with a preview."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from organisations.models import User
from organisations.requests import signed_in
from surveys.group_forms import MORE, GroupsForm, Preview, SheetForm, confirmed
from surveys.lead_views import fixed, may_prepare
from surveys.leading import Led, led_survey
from surveys.models import Survey, SurveyRefused, preparing
from surveys.sheet import Line


def _led_staff(user: User, pk: int, audience: str) -> tuple[Led, Survey]:
    """The council is one group, which stands on the page of its rules."""
    if audience != Survey.Audience.STAFF:
        raise Http404
    return led_survey(user, pk, audience)


def groups(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """All groups. One button fills in a proposal or adds rows, and keeps nothing; the other keeps them."""
    led, survey = _led_staff(signed_in(request), pk, audience)
    if not may_prepare(led, survey):
        return fixed(request, led, survey)
    stored = preparing.rows(survey)
    form = GroupsForm(stored, survey.least_population, request.POST if request.method == "POST" else None)
    refused: tuple[str, ...] = ()
    context: dict[str, object] = {"proposed": False, "faulty": False}
    if "join" in request.POST:
        form.join(request.POST["join"])
        context["proposed"] = True
    elif "more" in request.POST:
        form.more(3 * MORE)
    elif request.method == "POST":
        if form.is_valid():
            try:
                preparing.set_groups(survey, form.rows, request.POST.get("shown"))
            except SurveyRefused as refusal:
                refused = refusal.objections
            else:
                messages.success(request, "De groepen zijn opgeslagen.")
                small = GroupsForm(preparing.rows(survey), survey.least_population, None).mark_small()
                return redirect("surveys:groups" if small else "surveys:detail", pk, audience)
        context["faulty"] = not refused
    context |= {"shown": request.POST.get("shown") or preparing.mark(stored), "refused": refused}
    context |= {"led": led, "round": led.round, "survey": survey, "form": form, "small": form.mark_small()}
    status = 409 if refused else 422 if context["faulty"] else 200
    return render(request, "surveys/groups.html", context, status=status)


def groups_import(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """A file gives a preview and keeps nothing; what is confirmed there is kept."""
    led, survey = _led_staff(signed_in(request), pk, audience)
    if not may_prepare(led, survey):
        return fixed(request, led, survey)
    if "confirm" in request.POST:
        return _confirm(request, led, survey)
    form = SheetForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    lines = form.lines if request.method == "POST" and form.is_valid() else None
    return _import_page(request, led, survey, form, lines)


def _confirm(request: HttpRequest, led: Led, survey: Survey) -> HttpResponse:
    lines = confirmed(request.POST)
    preview = Preview(preparing.rows(survey), lines)
    if preview.faulty or not lines:
        return _import_page(request, led, survey, SheetForm(), lines)
    try:
        preparing.set_groups(survey, preview.rows, request.POST.get("shown"))
    except SurveyRefused as refusal:
        return _import_page(request, led, survey, SheetForm(), lines, refusal.objections)
    messages.success(request, "De groepen uit het bestand zijn opgeslagen.")
    return redirect("surveys:groups", survey.assessment_id, survey.audience)


def _import_page(
    request: HttpRequest,
    led: Led,
    survey: Survey,
    form: SheetForm,
    lines: list[Line] | None,
    refused: tuple[str, ...] = (),
) -> HttpResponse:
    stored = preparing.rows(survey)
    preview = Preview(stored, lines) if lines else None
    context = {
        "led": led,
        "round": led.round,
        "survey": survey,
        "form": form,
        "preview": preview,
        "refused": refused,
        "shown": preparing.mark(stored),
    }
    faulty = form.errors or (preview and preview.faulty)
    status = 409 if refused else 422 if faulty else 200
    return render(request, "surveys/groups_import.html", context, status=status)
