"""A survey for who leads it: set up, settle, open, follow how many answer, and close."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from organisations.requests import signed_in
from surveys import letters
from surveys.clearing import titles
from surveys.lead_forms import ClearancesForm, LastDayForm, RulesForm
from surveys.leading import Led, audience_led, led_round, led_survey
from surveys.models import Invite, Survey, SurveyRefused, life, preparing
from surveys.models.response import Response, responses


@dataclass(frozen=True, slots=True)
class Card:
    """One audience in the list, with its survey when there is one."""

    audience: str
    label: str
    survey: Survey | None
    response: Response | None
    leads: bool
    shows_result: bool


def surveys(request: HttpRequest, pk: int) -> HttpResponse:
    """The surveys of a round: of staff and of the council, or the way to set one up."""
    user = signed_in(request)
    led = led_round(user, pk)
    readable = set(
        Survey.objects.results_visible_to(user).filter(assessment=pk).values_list("audience", flat=True)
    )
    there = {one.audience: one for one in Survey.objects.filter(assessment=pk)}
    told = responses(list(there.values()))
    cards = [
        Card(audience, label, one, told[one.pk] if one else None, led.leads(audience), audience in readable)
        for audience, label in Survey.Audience.choices
        for one in [there.get(audience)]
    ]
    return render(request, "surveys/list.html", {"led": led, "round": led.round, "cards": cards})


def detail(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """How far a survey is and what comes next. Before it closes no number of a single group."""
    led, survey = led_survey(signed_in(request), pk, audience)
    context = _context(led, survey)
    if survey.status == Survey.Status.PREPARING:
        context["objections"] = life.objections(survey)
    groups = list(survey.groups.select_related("joined"))
    settled = survey.clearances.select_related("noted_by")
    context |= {
        "groups": groups,
        "people": sum(group.population for group in groups),
        "small": life.too_small(survey),
        "response": responses([survey])[survey.pk],
        "settled": [(titles(audience)[one.kind], one) for one in settled],
    }
    return render(request, "surveys/detail.html", context)


def _people(survey: Survey) -> int:
    return sum(survey.groups.values_list("population", flat=True))


def _context(led: Led, survey: Survey) -> dict[str, object]:
    return {"led": led, "round": led.round, "survey": survey, "audience": survey.audience}


def fixed(request: HttpRequest, led: Led, survey: Survey | None, why: str = "") -> HttpResponse:
    """In place of a page for something that can no longer, or not yet, be done."""
    context = {"led": led, "round": led.round, "survey": survey, "why": why}
    return render(request, "surveys/fixed.html", context, status=409)


def may_prepare(led: Led, survey: Survey | None) -> bool:
    return led.lets_set_up and (survey is None or survey.status == Survey.Status.PREPARING)


def prepare(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """Sets the survey up, or changes its period and rules; of an open one only its last day."""
    user = signed_in(request)
    led = led_round(user, pk)
    audience_led(led, audience)
    survey = Survey.objects.filter(assessment=pk, audience=audience).select_related("organisation").first()
    if survey and survey.is_open:
        return _prolong(request, led, survey)
    if not may_prepare(led, survey):
        return fixed(request, led, survey)
    form = RulesForm(audience, survey, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                if survey is None:
                    survey = preparing.set_up(pk, audience, user, **form.rules)
                else:
                    preparing.change(survey, **form.rules)
                if audience == "council":
                    preparing.set_council(survey, form.cleaned_data["members"])
        except SurveyRefused as refused:
            return fixed(request, led, None, str(refused))
        messages.success(request, "De periode en de regels zijn opgeslagen.")
        return redirect("surveys:detail", pk, audience)
    context = {"led": led, "round": led.round, "survey": survey, "audience": audience, "form": form}
    return render(request, "surveys/prepare.html", context, status=422 if form.errors else 200)


def _prolong(request: HttpRequest, led: Led, survey: Survey) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = LastDayForm(data, initial={"closes_on": survey.closes_on})
    if request.method == "POST" and form.is_valid():
        try:
            preparing.prolong(survey, form.cleaned_data["closes_on"])
        except SurveyRefused as refused:
            return fixed(request, led, survey, str(refused))
        messages.success(request, "De laatste dag is veranderd.")
        return redirect("surveys:detail", survey.assessment_id, survey.audience)
    context = _context(led, survey) | {"form": form}
    return render(request, "surveys/prepare.html", context, status=422 if form.errors else 200)


def clearances(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """What must be settled with others before the survey opens, each with whom and when."""
    user = signed_in(request)
    led, survey = led_survey(user, pk, audience)
    if not may_prepare(led, survey):
        return fixed(request, led, survey)
    form = ClearancesForm(survey, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            preparing.clear(survey, user, form.settled)
        except SurveyRefused as refused:
            return fixed(request, led, survey, str(refused))
        messages.success(request, "De afstemming is opgeslagen.")
        return redirect("surveys:detail", pk, audience)
    context = _context(led, survey) | {"form": form}
    return render(request, "surveys/clearances.html", context, status=422 if form.errors else 200)


def open_(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """Says what stands in the way and what can never change again, and opens the survey."""
    user = signed_in(request)
    led, survey = led_survey(user, pk, audience)
    if not may_prepare(led, survey):
        return fixed(request, led, survey)
    refused = False
    if request.method == "POST":
        try:
            with transaction.atomic():
                preparing.open_survey(survey)
                letters.opened(survey, user)
        except SurveyRefused as refusal:
            refused = True
            found = list(refusal.objections)
        else:
            messages.success(request, "De peiling is open.")
            return redirect("surveys:detail", pk, audience)
    if not refused:
        found = life.objections(survey)
    invited = Invite.objects.filter(group__survey=survey).count()
    more = {"objections": found, "people": _people(survey), "refused": refused, "invited": invited}
    return render(request, "surveys/open.html", _context(led, survey) | more, status=409 if refused else 200)


def close(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """Says what closing does, warns when it is early or few answered, and closes the survey."""
    led, survey = led_survey(signed_in(request), pk, audience)
    if not survey.is_open:
        return fixed(request, led, survey)
    if request.method == "POST":
        try:
            life.close(survey)
        except SurveyRefused as refused:
            return fixed(request, led, survey, str(refused))
        messages.success(request, "De peiling is gesloten. De uitkomst is berekend.")
        return redirect("surveys:detail", pk, audience)
    response = responses([survey])[survey.pk]
    more = {"response": response, "is_early": survey.closes_on >= timezone.localdate()}
    return render(request, "surveys/close.html", _context(led, survey) | more)
