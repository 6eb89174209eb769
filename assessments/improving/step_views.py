"""One action of the plan: what is known of it, its steps, its words, its day, and who looks after it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assessments.counting.content import area_titles
from assessments.improving.barriers import barriers
from assessments.improving.forms import ActionForm, EntrustForm, MoveForm, StepForm
from assessments.improving.steps import Stage, Step
from assessments.improving.views import Desk, action_of, desk_of
from assessments.models import Action, ActionChanged, ActionRefused
from assessments.models.action import WORDS
from organisations.policy import May, may

FIXED = "De tekst van deze actie ligt vast: zij is al aan de raad beloofd, of afgerond."


def action(request: HttpRequest, pk: int, action: int) -> HttpResponse:
    """The action with its history; who leads says here who looks after it."""
    desk = desk_of(request, pk)
    found = action_of(desk, action)
    form = _entrusting(request, desk, found)
    if form and form.is_bound and form.is_valid():
        found.entrust(form.cleaned_data["responsible"])
        messages.success(request, "Opgeslagen wie deze actie bewaakt.")
        return redirect(request.path)
    context = {
        "round": desk.round,
        "desk": desk,
        "action": found,
        "barrier": barriers().get(found.barrier),
        "question": _question(desk, found),
        "area_title": area_titles().get(found.area, ""),
        "link_title": next((one.title for one in desk.round.content.links if one.slug == found.link), ""),
        "steps": found.steps_for(desk.round, desk.user, desk.roles),
        "history": found.steps.select_related("by"),
        "form": form,
        "may_edit": desk.may_lead or found.is_proposal_of(desk.user),
        "follows": may(desk.roles, May.READ_ANSWERS),
    }
    status = 422 if form and form.is_bound else 200
    return render(request, "assessments/improving/action.html", context, status=status)


def _entrusting(request: HttpRequest, desk: Desk, found: Action) -> EntrustForm | None:
    """Only for who leads, while there is something to look after."""
    if not desk.may_lead or found.closed_at:
        if request.method == "POST":
            raise Http404
        return None
    data = request.POST if request.method == "POST" else None
    start = {"responsible": found.responsible_id}
    return EntrustForm(data, organisation=desk.round.organisation, initial=start)


def _question(desk: Desk, found: Action) -> object:
    """The question that it comes from, as far as this round asks it."""
    content = desk.round.content
    return content.question(found.question) if content.has(found.question) else None


def action_edit(request: HttpRequest, pk: int, action: int) -> HttpResponse:
    """Changes the words of an action that was not promised to the council yet."""
    desk = desk_of(request, pk)
    found = action_of(desk, action)
    if not (desk.may_lead or found.is_proposal_of(desk.user)):
        raise Http404
    start = {name: getattr(found, name) for name in (*WORDS, "responsible")}
    data = request.POST if request.method == "POST" else None
    form = ActionForm(data, organisation=desk.round.organisation, action=found, initial=start)
    refused, changed = "" if found.can_edit() else FIXED, False
    if not refused and form.is_valid():
        try:
            found.edit(desk.user, request.POST.get("shown", ""), **form.cleaned_data)
        except ActionChanged:
            changed = True
        except ActionRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, "De actie is opgeslagen.")
            return redirect("assessments:action", desk.round.pk, found.pk)
    context = {"round": desk.round, "action": found, "form": form, "refused": refused, "changed": changed}
    status = 409 if refused or changed else 422 if form.is_bound else 200
    return render(request, "assessments/improving/edit.html", context, status=status)


def action_move(request: HttpRequest, pk: int, action: int) -> HttpResponse:
    """Gives a promised action another day, with why."""
    desk = desk_of(request, pk)
    found = action_of(desk, action)
    if not desk.may_lead:
        raise Http404
    form = MoveForm(request.POST if request.method == "POST" else None, action=found)
    refused = "" if found.can_move() else f"De datum schuift niet: de actie is {found.stage.label}."
    if not refused and form.is_valid():
        given = form.cleaned_data
        try:
            found.move(given["due"], given["note"], desk.user, request.POST.get("shown", ""))
        except ActionRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, "De nieuwe datum staat in het plan.")
            return redirect("assessments:action", desk.round.pk, found.pk)
    context = {"round": desk.round, "action": found, "form": form, "refused": refused}
    status = 409 if refused else 422 if form.is_bound else 200
    return render(request, "assessments/improving/move.html", context, status=status)


def action_step(request: HttpRequest, pk: int, action: int, target: str) -> HttpResponse:
    """Asks whether the step is meant, and for words where it needs them; takes it."""
    desk = desk_of(request, pk)
    found = action_of(desk, action)
    steps = found.steps_for(desk.round, desk.user, desk.roles)
    step = next((one for one in steps if one.target == target), None)
    if step is None:
        return _no_step(request, desk, found, target)
    form = _step_form(request, step)
    refused = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            found.take(step, desk.round, desk.user, form.cleaned_data["note"] if form else "")
        except ActionRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, f"De actie is nu {step.target.label}.")
            return redirect("assessments:action", desk.round.pk, found.pk)
    context = {"round": desk.round, "action": found, "step": step, "form": form, "refused": refused}
    status = 409 if refused else 422 if form and form.is_bound else 200
    return render(request, "assessments/improving/step.html", context, status=status)


def _step_form(request: HttpRequest, step: Step) -> StepForm | None:
    if not step.asks:
        return None
    data = request.POST if request.method == "POST" else None
    return StepForm(data, asks=step.asks, public=step.target == Stage.DROPPED)


def _no_step(request: HttpRequest, desk: Desk, found: Action, target: str) -> HttpResponse:
    """What was taken already, by a second click or a colleague, is told; anything else does not exist."""
    if request.method != "POST" or found.status != target:
        raise Http404
    messages.info(request, f"De actie is al {found.stage.label}.")
    return redirect("assessments:action", desk.round.pk, found.pk)
