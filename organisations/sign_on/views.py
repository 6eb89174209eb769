"""Signing in with the account of one's own organisation: which one, there, and back."""

from __future__ import annotations

import time
from typing import Final

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core.internal.ratelimit import consume
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organisations import walls
from organisations.log.acts import Act, Result
from organisations.models import SignOn, User
from organisations.models.log import write
from organisations.sign_on.claims import Person, Refusal, Refused, domain_of
from organisations.sign_on.door import Begun, begin, finish
from organisations.sign_on.forms import WhichForm
from organisations.sign_on.saml import door as saml
from organisations.signing.kept import kept
from organisations.signing.proof import give_second_factor

STATUS: Final = {Refusal.STALE: 400, Refusal.UNREACHABLE: 502, Refusal.PROVIDER: 502, Refusal.TOO_OFTEN: 429}
# Anybody can cause these as often as they like: an entry for each would drown the log.
UNWRITTEN: Final = (Refusal.STALE, Refusal.TOO_OFTEN)
# And these without an account over there, of which an administrator must know: told so often and no more.
ANYBODYS: Final = (Refusal.CANCELLED, Refusal.UNREACHABLE, Refusal.PROVIDER, Refusal.TOKEN)
TOLD: Final = {"sign_on_told": "20/15m/key"}
RATE: Final = {"sign_on": "300/m/ip"}  # a whole town hall may come from one address


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def which(request: HttpRequest) -> HttpResponse:
    """Asks for an address and says where it signs in; by its domain, whoever has an account."""
    form = WhichForm(request.POST if request.method == "POST" else None)
    context = {"form": form, "onward": get_next_redirect_url(request) or ""}
    if request.method == "POST" and form.is_valid():
        domain = domain_of(form.cleaned_data["email"])
        with walls.everywhere():
            context |= {"domain": domain, "sign_on": SignOn.objects.for_domain(domain)}
    return render(request, "account/sign_on.html", context, status=422 if form.errors else 200)


@never_cache
@login_not_required
@require_safe
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Sends the browser to the organisation's provider; with ?opnieuw to prove who one still is."""
    sign_on = _of(slug)
    again = "opnieuw" in request.GET and request.user.is_authenticated
    try:
        not_too_often(request)
        starts = saml.begin if sign_on.is_saml else begin
        there = starts(request, sign_on, get_next_redirect_url(request) or "", again=again)
    except Refused as refused:
        return refuse(request, sign_on, refused)
    return redirect(there)


@never_cache
@login_not_required
@require_safe
def back(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the provider sends the browser back to: signs in whom it vouches for, or says why not.

    With SAML it brings no code: there saml.views.arrived does this.
    """
    sign_on = _of(slug)
    if sign_on.is_saml:
        raise Http404
    try:
        not_too_often(request)
        begun, person = finish(request, sign_on)
        user = sign_on.admit(person)
        return enter(request, sign_on, user, person, begun)
    except Refused as refused:
        return refuse(request, sign_on, refused)


def _of(slug: str) -> SignOn:
    """The organisation's sign-on when it is on; this request is about that organisation."""
    with walls.everywhere():
        found: SignOn = get_object_or_404(SignOn.objects.open(), organisation__slug=slug)
    walls.enter(found.organisation_id)
    return found


def not_too_often(request: HttpRequest) -> None:
    """Raises Refused: each of these visits makes the portal ask another server something."""
    if not consume(request, app="allauth.account", action="sign_on", config=RATE, limit_get=True):
        raise Refused(Refusal.TOO_OFTEN)


def enter(request: HttpRequest, sign_on: SignOn, user: User, person: Person, begun: Begun) -> HttpResponse:
    """Signs the user in; who proved a second factor over there is not asked for one here. Raises Refused."""
    if begun.again and request.user != user:
        raise Refused(Refusal.OTHER_ACCOUNT)
    adapter, is_in = get_adapter(request), request.user == user
    if request.user.is_authenticated and not is_in:
        adapter.logout(request)
    how = {"organisation": sign_on.organisation_id, "reauthenticated": True, "at": _proven_at(person, is_in)}
    record_authentication(request, user, "sign_on", **how)
    told = {"sign_on": sign_on.organisation.slug}
    login = Login(user=user, redirect_url=begun.onward or None, signal_kwargs=told)
    if not person.is_strong and not is_in:
        return _answer(perform_login(request, login))
    if not is_in:
        adapter.login(request, user)
    if person.is_strong:
        give_second_factor(request, user)
    if is_in:
        return redirect(begun.onward or "home")
    rest = {"email_verification": login.email_verification, "signup": False, "email": None}
    return _answer(
        adapter.post_login(request, user, redirect_url=login.redirect_url, signal_kwargs=told, **rest)
    )


def _proven_at(person: Person, is_in: bool) -> float:
    """When the person proved who they are, in seconds since 1970: a provider lets who is signed in there
    through without asking, and then that was before. Who is in already and of whom it says nothing, proved
    nothing now.
    """
    if person.signed_in_at is None:
        return 0 if is_in else time.time()
    return min(person.signed_in_at, time.time())


def _answer(response: HttpResponse) -> HttpResponse:
    """As it is; says what it is to the type checker, which does not know allauth."""
    return response


def refuse(request: HttpRequest, sign_on: SignOn, refused: Refused) -> HttpResponse:
    """The page that says why somebody did not get in; it stands in the log too."""
    if _is_told(request, sign_on, refused):
        write(
            Act.SIGN_IN,
            "via de organisatie",
            organisation=sign_on.organisation_id,
            who="onbekend",
            result=Result.FAILED if STATUS.get(refused.refusal) else Result.REFUSED,
            detail={"reden": refused.refusal.value, "bijzonderheid": refused.detail},
        )
    context = {"sign_on": sign_on, "words": refused.refusal.words, "waits": kept(request)}
    return render(request, "account/sign_on_refused.html", context, status=STATUS.get(refused.refusal, 403))


def _is_told(request: HttpRequest, sign_on: SignOn, refused: Refused) -> bool:
    """Whether the log says that somebody was refused."""
    if refused.refusal not in ANYBODYS:
        return refused.refusal not in UNWRITTEN
    how = {"action": "sign_on_told", "config": TOLD, "key": str(sign_on.pk), "limit_get": True}
    return bool(consume(request, app="allauth.account", **how))
