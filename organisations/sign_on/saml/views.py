"""SAML as the provider sees it: where its answer comes in, and where the browser goes with it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from organisations import walls
from organisations.models import Organisation, SignOn
from organisations.sign_on.claims import Person, Refused, Shape
from organisations.sign_on.saml.door import SECONDS, cookie, finish, receive
from organisations.sign_on.settings_views import told
from organisations.sign_on.views import enter, not_too_often, refuse


@never_cache
@csrf_exempt  # the form is the provider's; the question that it answers is in the session
@login_not_required
@require_POST
def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes the provider's form, and sends the browser on with what it says, to where the session is."""
    sign_on = _of(slug)
    try:
        not_too_often(request)
    except Refused as refused:
        return refuse(request, sign_on, refused)
    response = redirect("organisations:saml_arrived", slug)
    response.status_code = 303
    response.set_cookie(
        cookie(),
        receive(request, sign_on),
        max_age=SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@never_cache
@login_not_required
@require_safe
def arrived(request: HttpRequest, slug: str) -> HttpResponse:
    """Signs in whom the provider vouches for, or says why not; of a test, tells the administrator."""
    sign_on = _of(slug)
    try:
        begun, found = finish(request, sign_on)
        if begun.testing:
            response = _tested(request, sign_on, found)
        elif not sign_on.is_open:
            raise Http404
        elif isinstance(found, Refused):
            raise found
        else:
            response = enter(request, sign_on, sign_on.admit(found), found, begun)
    except Refused as refused:
        response = refuse(request, sign_on, refused)
    response.delete_cookie(cookie(), samesite="Lax")
    return response


def _of(slug: str) -> SignOn:
    """The organisation's sign-on when it is SAML, on or not; this request is about that organisation."""
    if not settings.SAML:
        raise Http404
    with walls.everywhere():
        every = SignOn.objects.select_related("organisation").filter(shape=Shape.SAML)
        found: SignOn = get_object_or_404(every, organisation__slug=slug)
    walls.enter(found.organisation_id)
    return found


def _tested(request: HttpRequest, sign_on: SignOn, found: Person | Refused) -> HttpResponse:
    """Keeps whether it worked; for who still manages the organisation."""
    get_object_or_404(Organisation.objects.editable_by(request.user), pk=sign_on.organisation_id)
    if isinstance(found, Refused):
        told(request, sign_on, f"{found.refusal.words} ({found.detail})", "")
    else:
        told(request, sign_on, "", f"de inlogdienst noemt u {found.email}")
    return redirect("organisations:saml_settings", sign_on.organisation.slug)
