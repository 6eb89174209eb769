"""The griffier's check of the report: what the portal finds, and what the griffier says of it."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assessments.models import Adoption, Assessment, ChangedMeanwhile, ClerkCheck, WritingRefused
from assessments.models.edition import seen
from assessments.status import Status
from organisations.models import User
from organisations.requests import signed_in
from reports.clerk_check.forms import CheckForm
from reports.clerk_check.items import FileState, Group, groups
from reports.models import report_of
from reports.tasks import ask_for

# The parts of the supplement as the page names them when they changed.
PARTS = {
    "account": "de vastgestelde resultaten",
    "brief": "de oplegger",
    "reaction": "de reactie van het college",
    "actions": "het verbeterplan",
    "promises": "de toezeggingen van vorig jaar",
    "figures": "de jaarcijfers",
    "vulnerabilities": "de kwetsbaarheden",
    "change": "wat er veranderde sinds het vorige verslag",
    "style": "de huisstijl",
    "terms": "de woordenlijst",
}
MEANWHILE = (
    "Het verslag is veranderd terwijl u keek. Wat u invulde staat er nog. Kijk nog eens en sla opnieuw op."
)


def clerk_check(request: HttpRequest, pk: int) -> HttpResponse:
    """The list; the griffier ticks and notes while the report lies with the college, others read."""
    user = signed_in(request)
    rounds = Assessment.objects.check_visible_to(user).select_related("organisation")
    round_ = get_object_or_404(rounds, pk=pk)
    assert round_.adoption  # the rounds of this page have one
    is_clerk = Assessment.objects.handled_by(user).filter(pk=pk).exists()
    if request.method == "POST" and not is_clerk:
        raise Http404
    newest, (digest, parts) = ClerkCheck.newest(round_), seen(round_.adoption)
    data = request.POST if request.method == "POST" else None
    form = CheckForm(data, _groups(round_, round_.adoption), newest, digest)
    refused = ""
    if data is not None and form.is_valid():
        refused = _kept(form, round_, user, digest, parts)
        if not refused:
            messages.success(request, "Uw controle is opgeslagen.")
            return redirect("reports:clerk_check", pk)
    context = {
        "round": round_,
        "adoption": round_.adoption,
        "form": form,
        "rows": form.rows(),
        "check": newest,
        "changed": _changed(newest, digest, parts),
        "can_write": is_clerk and round_.status == Status.EXECUTIVE,
        "is_clerk": is_clerk,
        "refused": refused,
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "reports/clerk_check/check.html", context, status=status)


def _kept(form: CheckForm, round_: Assessment, user: User, digest: str, parts: Mapping[str, str]) -> str:
    """Keeps the check; why it was not kept, in Dutch, else nothing. What was typed stays in the form."""
    if form.cleaned_data["seen"] != digest:
        form.data = form.data.copy()  # type: ignore[attr-defined]  # what was posted is a QueryDict
        form.data["seen"] = digest  # type: ignore[index]
        return MEANWHILE
    try:
        shown = form.cleaned_data["shown"]
        ClerkCheck.write(round_, user, shown, supplement=digest, parts=dict(parts), **form.content)
    except WritingRefused as refusal:
        return str(refusal)
    except ChangedMeanwhile as conflict:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["shown"] = str(conflict.newest.pk if conflict.newest else 0)  # type: ignore[index]
        who = conflict.newest.by.name if conflict.newest else "Iemand"
        return f"{who} sloeg intussen een controle op. Uw vinkjes staan er nog. Slaat u op, dan gelden die."
    return ""


def _groups(round_: Assessment, adoption: Adoption) -> list[Group]:
    file = ask_for(adoption)
    state = FileState(made=file.is_made, failed=file.has_failed, checked=file.checked)
    return groups(report_of(adoption), _people(round_), state)


def _people(round_: Assessment) -> list[str]:
    """The names of who is a member of the organisation, or took part in the round; one query."""
    member = Q(memberships__organisation=round_.organisation_id)
    took_part = Q(answers__assessment=round_) | Q(guest_passes__assessment=round_)
    found = User.objects.filter(member | took_part).order_by("name")
    return list(found.values_list("name", flat=True).distinct())


def _changed(check: ClerkCheck | None, digest: str, parts: Mapping[str, str]) -> list[str]:
    """What is not any more as the griffier saw it; empty when all is."""
    if check is None or check.supplement == digest:
        return []
    keys = [key for key in {**check.parts, **parts} if check.parts.get(key) != parts.get(key)]
    return sorted({PARTS.get(key, "iets anders in het verslag") for key in keys}) or ["het verslag"]
