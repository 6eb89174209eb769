"""Pages for the administrator: how long what is kept, what would go, what is held, and what is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.models import Assessment
from assessments.status import FROZEN, Status
from organisations.models import Organisation
from organisations.policy import May
from organisations.requests import signed_in
from organisations.signing.again import sign_in_again
from retention.due import due
from retention.forms import DayForm, HoldForm, PeriodsForm
from retention.kinds import FIXED, Kind
from retention.models import Hold, HoldRefused, Period, Statement
from retention.models.period import InForce, is_shorter
from retention.periods import WAIT_DAYS, in_words


def _organisation(request: HttpRequest, slug: str) -> Organisation:
    mine = Organisation.objects.where_may(signed_in(request), May.KEEP)
    return get_object_or_404(mine, slug=slug)


@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Every kind of data with its period, and what is held."""
    organisation = _organisation(request, slug)
    now = Period.objects.in_force(organisation, timezone.localdate())
    holds = Hold.objects.in_force().filter(organisation=organisation).select_related("assessment", "by")
    context = {
        "organisation": organisation,
        "rows": [(kind.rule, one) for kind, one in now.items()],
        "fixed": FIXED,
        "holds": holds,
        "statements": Statement.objects.filter(organisation=organisation).count(),
    }
    return render(request, "retention/overview.html", context)


@sign_in_again()
def periods(request: HttpRequest, slug: str) -> HttpResponse:
    """Sets the periods, in two steps: first it says what they would do."""
    organisation = _organisation(request, slug)
    now = Period.objects.in_force(organisation, timezone.localdate())
    form = PeriodsForm(now, request.POST if request.method == "POST" else None)
    context = {"organisation": organisation, "form": form, "wait": WAIT_DAYS}
    if request.method != "POST" or not form.is_valid():
        rows = [(form[kind.value], kind.rule) for kind in Kind]
        status = 422 if form.errors else 200
        return render(request, "retention/periods.html", context | {"rows": rows}, status=status)
    if not form.changes:
        messages.info(request, "Er is niets veranderd.")
        return redirect("retention:overview", slug)
    if request.POST.get("sure") != "yes":
        return render(request, "retention/periods_sure.html", context | _consequences(organisation, form))
    with transaction.atomic():
        for kind, (_, months) in form.changes.items():
            Period.set(organisation, kind, months, signed_in(request))
    messages.success(request, "De bewaartermijnen zijn opgeslagen.")
    return redirect("retention:overview", slug)


def _consequences(organisation: Organisation, form: PeriodsForm) -> dict[str, Any]:
    """What the new periods do, and what would go on the first night that they count."""
    today = timezone.localdate()
    first = today + timedelta(days=WAIT_DAYS)
    rows = [_change(kind, now, months) for kind, (now, months) in form.changes.items()]
    before = {one.mark for one in due(organisation, first)}
    would_go = [one for one in due(organisation, first, form.periods) if one.mark not in before]
    return {"changes": rows, "would_go": would_go, "first": first}


def _change(kind: Kind, now: InForce, months: int | None) -> tuple[str, str, str, bool]:
    return kind.rule.title, now.words, in_words(months), is_shorter(months, now.months)


@require_safe
def trial(request: HttpRequest, slug: str) -> HttpResponse:
    """What would go on a day: nothing goes by looking."""
    organisation = _organisation(request, slug)
    form = DayForm(request.GET)
    day = form.cleaned_data["dag"] if form.is_valid() else timezone.localdate()
    waiting = Assessment.objects.filter(organisation=organisation, status__in=FROZEN)
    context = {
        "organisation": organisation,
        "form": form,
        "day": day,
        "found": due(organisation, day) if form.is_valid() else [],
        "waiting": waiting.exclude(status=Status.ARCHIVED).order_by("year", "pk"),
    }
    return render(request, "retention/trial.html", context, status=200 if form.is_valid() else 422)


@sign_in_again()
def hold(request: HttpRequest, slug: str) -> HttpResponse:
    """Holds a round, or everything, because of a procedure."""
    organisation = _organisation(request, slug)
    form = HoldForm(organisation, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        Hold.place(organisation, form.round, form.cleaned_data["reason"], signed_in(request))
        messages.success(request, "Dit wordt bewaard tot u het opheft.")
        return redirect("retention:overview", slug)
    context = {"organisation": organisation, "form": form}
    return render(request, "retention/hold.html", context, status=422 if form.errors else 200)


@sign_in_again()
def lift(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Asks, and then lifts a hold: from then on the periods count again."""
    organisation = _organisation(request, slug)
    holds = Hold.objects.filter(organisation=organisation).select_related("assessment", "by")
    found = get_object_or_404(holds, pk=pk)
    if request.method == "POST":
        try:
            found.lift(signed_in(request))
        except HoldRefused as refused:
            messages.info(request, str(refused))
        else:
            messages.success(request, "Opgeheven. De gewone termijnen gelden weer.")
        return redirect("retention:overview", slug)
    return render(request, "retention/lift.html", {"organisation": organisation, "hold": found})


@require_safe
def statements(request: HttpRequest, slug: str) -> HttpResponse:
    """The statements of destruction, the newest first, to be looked at and printed."""
    organisation = _organisation(request, slug)
    found = Statement.objects.filter(organisation=organisation)
    return render(request, "retention/statements.html", {"organisation": organisation, "statements": found})


@require_safe
def statement(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    organisation = _organisation(request, slug)
    found = get_object_or_404(Statement, organisation=organisation, number=number)
    return render(request, "retention/statement.html", {"organisation": organisation, "statement": found})
