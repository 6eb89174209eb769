"""The door for a guest: the page behind a personal link, going in, and stopping.

Attempts are not counted, as they are at signing in with a password: a link holds 256 random bits, which
nobody finds by trying.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from assessments.guests.access import BACKEND
from assessments.models import GuestPass
from assessments.worklist import worklist
from organisations import walls
from organisations.log.acts import Act
from organisations.models.log import write


@never_cache
@login_not_required
def guest(request: HttpRequest, token: str) -> HttpResponse:
    """GET tells who asks what; only a press of the button goes in, for programs that scan mail follow links.

    A link that opens nothing leads to an address without token: what it was may come into logs no more than
    what it is. The page's own address goes to no other site (SECURE_REFERRER_POLICY), and none is linked.
    """
    passes = GuestPass.objects.with_token(token).select_related("user", "made_by", "assessment__organisation")
    with walls.everywhere():
        found = passes.first()
    if found is None:
        return redirect("assessments:guest_gone")
    walls.enter(found.assessment.organisation_id)
    if request.method == "POST":
        return _go_in(request, found)
    round_ = found.assessment
    given = round_.assignments.filter(user=found.user).values_list("link", "theme", "question")
    answered = round_.answers.given().filter(contributor=found.user).values_list("question", flat=True)
    context = {
        "guest": found,
        "round": round_,
        "worklist": worklist(round_.content, given, set(answered)),
        "other": request.user.is_authenticated and request.user != found.user,
    }
    return render(request, "assessments/guest.html", context)


def _go_in(request: HttpRequest, found: GuestPass) -> HttpResponse:
    if request.user.is_authenticated:
        logout(request)  # nothing of whoever was here goes along
    login(request, found.user, backend=BACKEND)
    seconds = int((found.expires_at - timezone.now()).total_seconds())
    if seconds < settings.SESSION_COOKIE_AGE:
        request.session.set_expiry(max(seconds, 1))
    found.note_use()
    organisation = found.assessment.organisation_id
    write(Act.SIGN_IN, "met een persoonlijke link", organisation=organisation, who=found.user)
    return redirect("assessments:questions", found.assessment_id)


@never_cache
@login_not_required
def gone(request: HttpRequest) -> HttpResponse:
    """One page for a link that was ended, is over, or never was: it tells nobody which."""
    return render(request, "assessments/guest_gone.html", status=404)


@require_POST
@login_not_required
def stop(request: HttpRequest) -> HttpResponse:
    found = GuestPass.objects.valid().filter(user=request.user.pk or 0)
    for organisation in sorted(set(found.values_list("assessment__organisation", flat=True))):
        write(Act.SIGN_OUT, organisation=organisation)
    logout(request)
    return render(request, "assessments/guest_stopped.html")
