"""Who may do what: the table for the auditor, the last day of a role, and standing in for a colleague."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organisations.models import Membership, MembershipRole, Organisation, RightRefused, RightsReview
from organisations.policy import SEPARATED, TABLE, May
from organisations.requests import signed_in
from organisations.rights_forms import SubstituteForm, UntilForm
from organisations.roles import Role
from organisations.signing.again import sign_in_again


@require_safe
def rights(request: HttpRequest, slug: str) -> HttpResponse:
    """The table of the code, what nobody does together, and who holds several roles or one for a while."""
    audited = Organisation.objects.where_may(signed_in(request), May.READ_RIGHTS)
    organisation = get_object_or_404(audited, slug=slug)
    members = list(Membership.objects.filter(organisation=organisation).for_members_page())
    context = {
        "organisation": organisation,
        "roles": list(Role),
        "groups": [
            (title, [(rule, [role in rule.roles for role in Role]) for rule in rules.values()])
            for title, rules in TABLE.items()
        ],
        "separated": SEPARATED,
        "reviews": RightsReview.objects.filter(organisation=organisation).defer("lines")[:10],
        "due": RightsReview.objects.due(organisation, timezone.localdate()),
        "several": [one for one in members if len(one.roles.all()) > 1],
        "limited": [(one, right) for one in members for right in one.roles.all() if right.until],
    }
    return render(request, "organisations/rights.html", context)


@sign_in_again()
def right(request: HttpRequest, pk: int, role: str) -> HttpResponse:
    """The last day of one role of one member; a substitute's can be ended here too."""
    user = signed_in(request)
    found = _right(request, pk, role)
    form = UntilForm(request.POST if request.method == "POST" else None, initial={"until": found.until})
    if request.method == "POST" and form.is_valid():
        try:
            if "end" in request.POST and found.stands_in_for:
                found.end("vervanging beëindigd")
            else:
                found.limit(form.cleaned_data["until"], user)
        except RightRefused as refused:
            form.add_error("until", str(refused))
        else:
            messages.success(request, f"De rol van {found.membership.user} is aangepast.")
            return redirect("organisations:member", pk)
    context = {"right": found, "membership": found.membership, "form": form}
    return render(request, "organisations/right.html", context, status=422 if form.errors else 200)


@sign_in_again()
def substitute(request: HttpRequest, pk: int, role: str) -> HttpResponse:
    """Lets a colleague stand in for a member in one role, on some days."""
    user = signed_in(request)
    found = _right(request, pk, role)
    if not found.can_be_lent:
        raise Http404
    form = SubstituteForm(request.POST if request.method == "POST" else None, right=found)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            lent = found.lend(given["who"], given["since"], given["until"], user)
        except RightRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Vastgelegd voor {given['who'].user}: {lent.told}.")
            return redirect("organisations:member", pk)
    context = {"right": found, "membership": found.membership, "form": form}
    return render(request, "organisations/substitute.html", context, status=422 if form.errors else 200)


def _right(request: HttpRequest, pk: int, role: str) -> MembershipRole:
    members = Membership.objects.editable_by(signed_in(request))
    rights = MembershipRole.objects.current().select_related("membership__user", "membership__organisation")
    return get_object_or_404(rights, membership__in=members, membership=pk, role=role)
