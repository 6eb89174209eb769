"""What goes to the council with the results: the coordinator's covering page, the college's reaction."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from assessments.accounting.forms import BriefForm, ReactionForm, WritingForm
from assessments.models import Assessment, Brief, ChangedMeanwhile, Reaction, WritingRefused
from assessments.models.writing import Writing
from organisations.models import User
from organisations.requests import signed_in


def brief(request: HttpRequest, pk: int) -> HttpResponse:
    """What the council is asked, on the one page in front of the report."""
    user = signed_in(request)
    round_ = get_object_or_404(Assessment.objects.editable_by(user).select_related("organisation"), pk=pk)
    form = BriefForm(_sent(request), Brief.newest(round_))
    return _page(request, round_, Brief, form, "assessments/accounting/brief.html")


def reaction(request: HttpRequest, pk: int) -> HttpResponse:
    """What the college says of the results; the coordinator may type it in for them."""
    user = signed_in(request)
    rounds = Assessment.objects.reaction_visible_to(user).select_related("organisation")
    round_ = get_object_or_404(rounds, pk=pk)
    assert round_.adoption  # the rounds of this page have one
    adopted = timezone.localdate(round_.adoption.adopted_at)
    form = ReactionForm(_sent(request), Reaction.newest(round_), adopted)
    stale = Reaction.newest(round_) is not None and Reaction.counting(round_) is None
    return _page(request, round_, Reaction, form, "assessments/accounting/reaction.html", {"stale": stale})


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when that is nothing."""
    return request.POST if request.method == "POST" else None


def _page(
    request: HttpRequest,
    round_: Assessment,
    kind: type[Writing],
    form: WritingForm,
    template: str,
    more: Mapping[str, object] = MappingProxyType({}),
) -> HttpResponse:
    """Shows the versions and the form; saves a next one, and says what stood in its way."""
    refused, theirs = "", None
    if request.method == "POST" and form.is_valid():
        try:
            kind.write(round_, signed_in(request), form.cleaned_data["shown"], **form.content)
        except WritingRefused as refusal:
            refused = str(refusal)
        except ChangedMeanwhile as conflict:
            theirs = conflict.newest
            form.after_conflict(theirs)
        else:
            messages.success(request, f"De {kind._meta.verbose_name} is opgeslagen.")
            return redirect(request.path)
    versions = [(one, form.rows(one)) for one in kind._default_manager.filter(assessment=round_).reverse()]
    context = {
        "round": round_,
        "form": form,
        "versions": versions,
        "can_write": round_.status in kind.WHEN,
        "not_now": kind.NOT_NOW,
        "refused": refused,
        "theirs": (theirs, form.rows(theirs)) if theirs else None,
        "leads": _leads(round_, signed_in(request)),
        **more,
    }
    status = 409 if refused or theirs else 422 if form.errors else 200
    return render(request, template, context, status=status)


def _leads(round_: Assessment, user: User) -> bool:
    return Assessment.objects.editable_by(user).filter(pk=round_.pk).exists()
