"""Where somebody is signed in, and ending that elsewhere; and a second factor that somebody lost."""

from __future__ import annotations

from allauth.account.utils import get_next_redirect_url
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from organisations.log.acts import Act
from organisations.models import Membership, SignOn
from organisations.requests import signed_in
from organisations.sign_on.closing import provider_of
from organisations.signing.again import sign_in_again, way_there
from organisations.signing.browsers import browser
from organisations.signing.changing import end_sessions, forget_factors
from organisations.signing.factors import has_factor
from organisations.signing.kept import kept
from organisations.signing.proof import signed_in_recently
from organisations.signing.told import tell


@require_safe
def again(request: HttpRequest) -> HttpResponse:
    """Proving anew at one's organisation's provider who one is, and from there on: `next`, or what waits.

    Also where allauth sends who has no way to prove it.
    """
    user = signed_in(request)
    onward = get_next_redirect_url(request) or ""
    waits = None if onward else kept(request)
    recent = signed_in_recently(request)
    if recent and waits is None:
        return redirect(onward or "home")
    provider = SignOn.objects.only_way_for(user) or provider_of(request, user)
    context = {
        "waits": waits,
        "recent": recent,
        "organisation": provider and provider.organisation,
        "there": provider and way_there(provider, onward or request.path),
    }
    return render(request, "organisations/signing/elsewhere.html", context)


def sessions(request: HttpRequest) -> HttpResponse:
    """The user's own, the newest first."""
    found = UserSession.objects.purge_and_list(signed_in(request))
    found.sort(key=lambda session: session.created_at, reverse=True)
    shown = [(session, browser(session.user_agent)) for session in found]
    return render(request, "organisations/signing/sessions.html", {"sessions": shown})


@require_POST
def end_session(request: HttpRequest, session: int) -> HttpResponse:
    user = signed_in(request)
    found = get_object_or_404(UserSession, user=user, pk=session)
    with transaction.atomic():
        found.end()
        tell(Act.SIGN_OUT, user, "op een ander apparaat")
    messages.success(request, _("U bent op dat apparaat uitgelogd."))
    return redirect("organisations:sessions")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    with transaction.atomic():
        if end_sessions(user, but=request.session.session_key or ""):
            tell(Act.SIGN_OUT, user, "op alle andere apparaten")
    messages.success(request, _("U bent op alle andere apparaten uitgelogd."))
    return redirect("organisations:sessions")


@sign_in_again()
def forget_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """For a member who lost their telephone: asks the administrator, and takes the factor away."""
    user = signed_in(request)
    membership = get_object_or_404(Membership.objects.editable_by(user).select_related("user"), pk=pk)
    is_self = membership.user == user
    has_one = has_factor(membership.user)
    if request.method == "POST" and has_one and not is_self:
        forget_factors(membership.user, user.name)
        messages.success(request, f"De tweede stap van {membership.user} is gewist.")
        return redirect("organisations:member", pk)
    context = {"membership": membership, "is_self": is_self, "has_one": has_one}
    status = 409 if request.method == "POST" else 200
    return render(request, "organisations/signing/forget.html", context, status=status)
