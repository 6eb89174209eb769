"""Proving anew who one is, before an act that weighs: `@sign_in_again()` above its view."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import override

from organisations.language import language_of
from organisations.models import SignOn, User
from organisations.requests import signed_in
from organisations.sign_on.closing import provider_of
from organisations.signing.forms import CodeAgainForm, PasskeyAgainForm
from organisations.signing.kept import forget, keep
from organisations.signing.options import as_json
from organisations.signing.proof import give_second_factor, signed_in_recently

View = Callable[..., HttpResponseBase]
PREFIX = "again"  # before the names of the fields, which come among those of the form that waits
READING = ("GET", "HEAD", "OPTIONS")


def sign_in_again(
    *, reading: bool = False, when: Callable[..., bool] | None = None
) -> Callable[[View], View]:
    """Before the view takes in a form, the user proves who they are, unless they did in the last minutes.

    What was sent stays in the page that asks, and goes on from there to the same address. With `reading` also
    before the page is shown, as for a file with much in it. `when` gets the address's arguments and says
    whether this one weighs.
    """

    def around(view: View) -> View:
        @wraps(view)
        def first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            read = request.method in READING
            if (read and not reading) or (when and not when(**kwargs)):
                return view(request, *args, **kwargs)
            if not signed_in_recently(request):
                if read:
                    raise ReauthenticationRequired  # allauth asks, and leads back here
                with override(language_of(request)):
                    asked = _ask(request)
                if asked:
                    return asked
            forget(request)
            return view(request, *args, **kwargs)

        return first

    return around


def _ask(request: HttpRequest) -> HttpResponse | None:
    """The page that asks; nothing when the form that came was its answer, and right."""
    user = signed_in(request)
    only = SignOn.objects.only_way_for(user)
    provider = only or provider_of(request, user)
    waits = _sent(request)
    if provider and f"{PREFIX}-organisation" in request.POST:
        keep(request, waits)
        return redirect(way_there(provider, reverse("organisations:again")))
    forms = {} if only else _forms(request, user)
    given = next((form for form in forms.values() if form.is_bound), None)
    if given:
        too_often: HttpResponse | None = ratelimit.consume_or_429(request, action="reauthenticate", user=user)
        if too_often:
            return too_often
        if given.is_valid():
            _record(request, user, given)
            return None
    context: dict[str, Any] = {
        "forms": forms,
        "given": given,
        "kept": waits,
        "organisation": provider and provider.organisation,
    }
    if "passkey" in forms:
        context["options"] = as_json(begin_authentication(user))
    return render(request, "organisations/signing/again.html", context, status=422 if given else 401)


def way_there(provider: SignOn, onward: str) -> str:
    """The address from which the user proves it at their organisation's provider, and comes back `onward`."""
    start = reverse("organisations:sign_on_start", args=[provider.organisation.slug])
    return f"{start}?{urlencode({'opnieuw': '', 'next': onward})}"


def _sent(request: HttpRequest) -> list[tuple[str, str]]:
    """The form that waits, without what proves who sent it."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not name.startswith(f"{PREFIX}-")
    ]


def _forms(request: HttpRequest, user: User) -> dict[str, Form]:
    """What the user can prove it with; the one that was filled in is bound."""
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    ways: dict[str, tuple[str, Callable[..., Form], bool]] = {
        "passkey": ("credential", PasskeyAgainForm, Authenticator.Type.WEBAUTHN in kinds),
        "code": ("code", CodeAgainForm, Authenticator.Type.TOTP in kinds),
        "password": ("password", PasswordForm, user.has_usable_password()),
    }
    return {
        way: form(request.POST if request.POST.get(f"{PREFIX}-{field}") else None, user=user, prefix=PREFIX)
        for way, (field, form, there) in ways.items()
        if there
    }


def _record(request: HttpRequest, user: User, form: Form) -> None:
    if isinstance(form, PasswordForm):
        reauthenticate_by_password(request)
    else:
        form.save()  # type: ignore[attr-defined]  # allauth's forms with a code or a passkey record it
        give_second_factor(request, user)
