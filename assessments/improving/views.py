"""The improvement plan of a round: all of it, a new action, and one action with its history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assessments.improving.forms import ActionForm
from assessments.improving.origins import Origin, origin_of
from assessments.improving.steps import Stage, may_lead, may_propose
from assessments.models import Action, ActionRefused, Assessment
from organisations.models import User
from organisations.policy import May, may
from organisations.requests import signed_in

LATE = "te-laat"
OTHER = "Los van een schakel"
TOO_LATE = "Een nieuwe actie kan in deze ronde niet meer."


class Desk(NamedTuple):
    """The round of a plan, with who is looking at it."""

    round: Assessment
    user: User
    roles: set[str]

    @property
    def may_propose(self) -> bool:
        return may_propose(self.round.status, self.roles)

    @property
    def may_lead(self) -> bool:
        return may_lead(self.roles)


def desk_of(request: HttpRequest, pk: int) -> Desk:
    """The round for who may see its results; 404 for anyone else. Two queries."""
    user = signed_in(request)
    rounds = Assessment.objects.results_visible_to(user).select_related("organisation")
    round_ = get_object_or_404(rounds, pk=pk)
    return Desk(round_, user, round_.roles_of(user))


def action_of(desk: Desk, pk: int) -> Action:
    """One action of this plan; 404 for any other."""
    return get_object_or_404(Action.objects.of_plan(desk.round).for_plan_page(), pk=pk)


def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Every action of the plan by link, or those of one stage, or the late ones."""
    desk = desk_of(request, pk)
    actions = list(Action.objects.of_plan(desk.round).for_plan_page().order_by("due", "pk"))
    shown = request.GET.get("toon", "")
    chosen = {stage.value: [one for one in actions if one.status == stage] for stage in Stage}
    chosen[LATE] = [one for one in actions if one.is_late]
    labels = {**{stage.value: stage.label for stage in Stage}, LATE: "te laat"}
    context = {
        "round": desk.round,
        "desk": desk,
        "total": len(actions),
        "groups": _by_link(desk.round, chosen.get(shown, actions)),
        "choices": [(value, labels[value], len(found)) for value, found in chosen.items() if found],
        "shown": shown if shown in chosen else "",
        "follows": may(desk.roles, May.READ_ANSWERS),
    }
    return render(request, "assessments/improving/plan.html", context)


def _by_link(round_: Assessment, actions: Iterable[Action]) -> list[tuple[str, str, list[Action]]]:
    """The actions with the slug and title of their link, in the order of the chain; the others last."""
    titles = {link.slug: str(link.title) for link in round_.content.links} | {"": OTHER}
    groups: dict[str, list[Action]] = {slug: [] for slug in titles}
    for one in actions:
        groups[one.link if one.link in titles else ""].append(one)
    return [(slug or "overig", titles[slug], found) for slug, found in groups.items() if found]


def action_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Proposes an action; from a question, link or area with its reason and suggestions filled in."""
    desk = desk_of(request, pk)
    if not may(desk.roles, May.PROPOSE_ACTION):
        raise Http404
    origin = origin_of(desk.round, request.GET.dict())
    taken = origin.offered(request.POST.get("take", ""))
    form = _form(request, desk, origin, taken)
    refused = "" if desk.may_propose else f"De ronde is {desk.round.get_status_display()}. {TOO_LATE}"
    if not refused and form.is_valid():
        try:
            action, is_new = Action.propose(desk.round, desk.user, **origin.fields, **form.cleaned_data)
        except ActionRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, "De actie staat in het plan." if is_new else "Deze actie stond er al.")
            return redirect("assessments:action", desk.round.pk, action.pk)
    context = {"round": desk.round, "form": form, "origin": origin, "refused": refused, "taken": taken}
    status = 409 if refused else 422 if form.is_bound else 200
    return render(request, "assessments/improving/new.html", context, status=status)


def _form(request: HttpRequest, desk: Desk, origin: Origin, taken: str) -> ActionForm:
    """The form; after taking over a suggestion with what was typed before that."""
    organisation = desk.round.organisation
    if request.method == "POST" and not taken:
        return ActionForm(request.POST, organisation=organisation)
    typed = request.POST.dict() if taken else {"why": origin.why}
    return ActionForm(organisation=organisation, initial={**typed, **({"what": taken} if taken else {})})
