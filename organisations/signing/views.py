"""The pages of the second factor, and of a first password: allauth's views, with our forms and the log.

Classes, because allauth's are: what each says below is all that differs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import PasswordSetView
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from organisations.log.acts import Act
from organisations.models import User
from organisations.requests import signed_in
from organisations.sign_on.closing import provider_of
from organisations.signing.factors import has_factor
from organisations.signing.options import as_json, for_any_device
from organisations.signing.proof import (
    give_second_factor,
    has_second_factor,
    needs_second_factor,
    signed_in_recently,
)
from organisations.signing.told import tell


def overview(request: HttpRequest) -> HttpResponse:
    """How the user signs in, and what is still to be set up; whoever has a second factor gives it first."""
    user = signed_in(request)
    found = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    kinds = {one.type for one in found}
    if kinds and not has_second_factor(request):
        return redirect(f"{_prove_address(kinds)}?next={request.path}")
    codes = next((one.wrap() for one in found if one.type == Authenticator.Type.RECOVERY_CODES), None)
    provider = provider_of(request, user)
    context = {
        "app": next((one for one in found if one.type == Authenticator.Type.TOTP), None),
        "passkeys": [one for one in found if one.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.get_unused_codes()) if codes else 0,
        "has_codes": codes is not None,
        "needed": needs_second_factor(user),
        "missing": not kinds and not has_second_factor(request) and needs_second_factor(user),
        "organisation": provider and provider.organisation,
        "elsewhere": not kinds and has_second_factor(request),
        "has_password": user.has_usable_password(),
    }
    return render(request, "mfa/index.html", context)


def _prove_address(kinds: set[str]) -> str:
    """Where somebody who is signed in gives a second factor: a code if they have an app, else a passkey."""
    with_code = Authenticator.Type.TOTP in kinds
    return reverse("mfa_reauthenticate" if with_code else "mfa_reauthenticate_webauthn")


class _Refusing:
    """A form that is not right is shown again as 422, as everywhere in the portal."""

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form))  # type: ignore[attr-defined]
        response.status_code = 422
        return response


class _ChangingMixin(_Refusing, ABC):
    """A change of somebody's second factor: by who gave it, in one transaction with its entry in the log."""

    request: HttpRequest

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who has a second factor and only gave a password does not get to change it."""
        if not has_second_factor(request) and has_factor(signed_in(request)):
            return redirect("mfa_index")
        if not signed_in_recently(request):
            raise ReauthenticationRequired  # allauth asks it only of who has a way to prove it here
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response

    def form_valid(self, form: Form) -> HttpResponse:
        user = signed_in(self.request)
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)  # two windows must not each remove one of two
            what = self.told(form)
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            tell(Act.SECOND_FACTOR, user, what)
        if has_factor(user):
            give_second_factor(self.request, user)
        return response

    @abstractmethod
    def told(self, form: Form) -> str:
        """What the log says of it."""


class ActivateApp(_ChangingMixin, totp.ActivateTOTPView):  # type: ignore[misc]  # allauth ships no types
    def told(self, form: Form) -> str:
        return "app toegevoegd"


class DeactivateApp(_ChangingMixin, totp.DeactivateTOTPView):  # type: ignore[misc]
    def told(self, form: Form) -> str:
        return "app verwijderd"


class AddPasskey(_ChangingMixin, webauthn.AddWebAuthnView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["form"] = kwargs.get("form") or context["form"]
        context["options"] = as_json(for_any_device(context["js_data"]["creation_options"]))
        return context

    def told(self, form: Form) -> str:
        return f"passkey toegevoegd: {form.cleaned_data['name']}"


class RenamePasskey(_Refusing, webauthn.EditWebAuthnView):  # type: ignore[misc]
    pass


class RemovePasskey(_ChangingMixin, webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        allowed = get_adapter().can_delete_authenticator(self.object)
        return {**super().get_context_data(**kwargs), "is_needed": not allowed}

    def form_valid(self, form: Form) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.object):
            return self.form_invalid(form)
        return super().form_valid(form)

    def told(self, form: Form) -> str:
        return f"passkey verwijderd: {self.object.wrap().name}"


class NewRecoveryCodes(_ChangingMixin, recovery.GenerateRecoveryCodesView):  # type: ignore[misc]
    def told(self, form: Form) -> str:
        return "nieuwe herstelcodes gemaakt"


class Authenticate(base.AuthenticateView):  # type: ignore[misc]
    """The second step of signing in."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        kinds = set(Authenticator.objects.filter(user=self.stage.login.user).values_list("type", flat=True))
        context["has_passkey"] = Authenticator.Type.WEBAUTHN in kinds
        context["options"] = as_json(context["js_data"]["request_options"])
        return context

    def form_invalid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 422
        return response


class ProveByCode(_Refusing, base.ReauthenticateView):  # type: ignore[misc]
    """A code from who is signed in: proof of who it is, and a second factor."""

    def form_valid(self, form: Form) -> HttpResponse:
        give_second_factor(self.request, signed_in(self.request))
        response: HttpResponse = super().form_valid(form)
        return response


class ProveByPasskey(_Refusing, webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["form"] = kwargs.get("form") or context["form"]
        context["options"] = as_json(context["js_data"]["request_options"])
        return context

    def form_valid(self, form: Form) -> HttpResponse:
        give_second_factor(self.request, signed_in(self.request))
        response: HttpResponse = super().form_valid(form)
        return response


class SignInByPasskey(webauthn.LoginWebAuthnView):  # type: ignore[misc]
    """Signing in by a passkey alone: what one has, and a fingerprint, face or PIN that it asks for."""

    def form_valid(self, form: Form) -> HttpResponse:
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=get_next_redirect_url(self.request))
        response: HttpResponse = perform_passwordless_login(self.request, passkey, login)
        return response


class SetPassword(PasswordSetView):  # type: ignore[misc]
    """A first password, for who signs in through their organisation: after proving anew that it is them."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if signed_in_recently(request):
            response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
            return response
        if request.method == "POST":
            return redirect("account_set_password")  # allauth would keep in the session what was typed
        raise ReauthenticationRequired
