"""Inviting to a survey and reminding of it, and letting others read the council's result."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from organisations.requests import signed_in
from surveys import letters
from surveys.invite_forms import AddressesForm
from surveys.lead_views import fixed, may_prepare
from surveys.leading import Led, led_survey
from surveys.models import Group, Invite, Survey, SurveyRefused, inviting, life

SHOWN = 25  # of what is left out of a list


@dataclass(frozen=True, slots=True)
class Line:
    """A group: how many addresses it has, and would have."""

    group: Group
    there: int
    new: int

    @property
    def total(self) -> int:
        return self.there + self.new

    @property
    def is_over(self) -> bool:
        return self.total > self.group.population


def invite(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """Takes addresses, shows what they come to, and invites who is confirmed."""
    led, survey = led_survey(signed_in(request), pk, audience)
    if not (survey.is_open or may_prepare(led, survey)):
        return fixed(request, led, survey)
    if not survey.groups.exists():
        return fixed(request, led, survey, "Er zijn nog geen groepen.")
    if "take_back" in request.POST:
        return _take_back(request, led, survey)
    form = AddressesForm(survey, *((request.POST, request.FILES) if request.method == "POST" else ()))
    is_read = request.method == "POST" and form.is_valid()
    if is_read and "confirm" in request.POST and form.found.total:
        return _invited(request, led, survey, form)
    new = {group: len(emails) for group, emails in form.found.new.items()} if is_read else {}
    context = {
        "led": led,
        "round": led.round,
        "survey": survey,
        "form": form,
        "found": form.found if is_read else None,
        "lines": (lines := _lines(form.groups, survey, new)),
        "total": sum(line.there for line in lines),
        "shown": SHOWN,
    }
    return render(request, "surveys/invite.html", context, status=422 if form.errors else 200)


def _lines(groups: list[Group], survey: Survey, new: dict[int, int]) -> list[Line]:
    there = Counter(Invite.objects.filter(group__survey=survey).values_list("group", flat=True))
    return [Line(group, there[group.pk], new.get(group.pk, 0)) for group in groups]


def _invited(request: HttpRequest, led: Led, survey: Survey, form: AddressesForm) -> HttpResponse:
    try:
        with transaction.atomic():
            made = inviting.invite(survey, form.found.new)
            survey.refresh_from_db(fields=["status"])  # it may have opened since; it is held now
            letters.invite(survey, made, signed_in(request))
    except SurveyRefused as refused:
        return fixed(request, led, survey, str(refused))
    people = f"{len(made)} adres is" if len(made) == 1 else f"{len(made)} adressen zijn"
    said = "De mails gaan nu weg." if survey.is_open else "De mails gaan weg als de peiling opengaat."
    messages.success(request, f"{people} toegevoegd. {said}")
    return redirect("surveys:invite", survey.assessment_id, survey.audience)


def _take_back(request: HttpRequest, led: Led, survey: Survey) -> HttpResponse:
    wanted = request.POST["take_back"]
    group = next((one for one in survey.groups.all() if str(one.pk) == wanted), None)
    if group is None:
        raise Http404
    try:
        removed = inviting.take_back(group)
    except SurveyRefused as refused:
        return fixed(request, led, survey, str(refused))
    messages.success(
        request, f"{removed} {'adres' if removed == 1 else 'adressen'} van {group.name} verwijderd."
    )
    return redirect("surveys:invite", survey.assessment_id, survey.audience)


def remind(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """Says when and how many, and mails all whose link was not used."""
    user = signed_in(request)
    led, survey = led_survey(user, pk, audience)
    if not survey.is_open:
        return fixed(request, led, survey)
    if request.method == "POST":
        try:
            with transaction.atomic():
                reminded = inviting.remind(survey)
                letters.remind(survey, reminded, user)
        except SurveyRefused as refused:
            return fixed(request, led, survey, str(refused))
        messages.success(request, f"De herinnering gaat nu naar {len(reminded)} mensen.")
        return redirect("surveys:remind", pk, audience)
    may, day = inviting.may_remind(survey), inviting.next_reminder(survey)
    context = {
        "led": led,
        "round": led.round,
        "survey": survey,
        "sent": inviting.reminders(survey),
        "most": inviting.MOST_REMINDERS,
        "days": inviting.DAYS_BETWEEN,
        "day": day,
        "may": may,
        # How many are left is told only where something can be done with it: it should not be followed.
        "unused": len(inviting.unused(survey)) if may else None,
    }
    return render(request, "surveys/remind.html", context)


def release(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """The griffier, who saw the council's result first, lets the others read it."""
    led, survey = led_survey(signed_in(request), pk, audience)
    if audience != Survey.Audience.COUNCIL:
        raise Http404
    if not survey.is_closed:
        return fixed(request, led, survey, "De peiling is nog niet gesloten. Er is nog geen uitkomst.")
    if request.method == "POST":
        life.release(survey)
        messages.success(request, "De uitkomst is vrijgegeven.")
        return redirect("surveys:release", pk, audience)
    return render(request, "surveys/release.html", {"led": led, "round": led.round, "survey": survey})
