"""allauth's forms for the second factor, with what the portal adds: the log of what failed, and one line."""

from __future__ import annotations

from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from organisations.forms import one_line
from organisations.signing.told import tell_failed

NAME_LIMIT = 60


def _code(label: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class _CodeMixin:
    """A code that is wrong is told in the log; one of the app works once, as long as it is valid."""

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            self._use(code)
        except ValidationError:
            tell_failed(self.user, "code van de tweede stap")  # type: ignore[attr-defined]
            raise
        return code

    def _use(self, code: str) -> None:
        """allauth remembers a code for one period; with a tolerance it is valid for more of them."""
        used = self.authenticator  # type: ignore[attr-defined]
        seconds = (2 * app_settings.TOTP_TOLERANCE + 1) * app_settings.TOTP_PERIOD
        key = f"code-used/{used.user_id}/{normalize_user_code(code)}"
        if used.type == Authenticator.Type.TOTP and not cache.add(key, True, timeout=seconds):
            raise get_adapter().validation_error("incorrect_code")


class CodeForm(_CodeMixin, base.AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """A code of the app, or one of the recovery codes."""

    use_required_attribute = False
    code = _code(_("Code uit uw app, of een herstelcode"))


class CodeAgainForm(_CodeMixin, base.ReauthenticateForm):  # type: ignore[misc]
    """The same, of somebody who is signed in."""

    use_required_attribute = False
    code = _code(_("Code uit uw app, of een herstelcode"))


class _PasskeyMixin:
    """A passkey whose answer is wrong is told in the log."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except ValidationError:
            tell_failed(self.user, "passkey")  # type: ignore[attr-defined]
            raise


class PasskeyForm(_PasskeyMixin, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class PasskeyAgainForm(_PasskeyMixin, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    pass


class _VerifyingForm(webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """By itself a passkey is two factors only when it asked for a fingerprint, face or PIN.

    allauth asks for that here, but it takes the answer to what it asked last, on whichever page; and as a
    second step of somebody else a touch is enough.
    """

    def clean_credential(self) -> Authenticator:
        answer = webauthn.auth.parse_authentication_response(self.cleaned_data["credential"])
        if not answer.response.authenticator_data.is_user_verified():
            raise get_adapter().validation_error("incorrect_code")
        return super().clean_credential()


class PasskeySignInForm(_PasskeyMixin, _VerifyingForm):
    pass


class ActivateAppForm(totp.ActivateTOTPForm):  # type: ignore[misc]
    use_required_attribute = False
    code = _code(_("De zes cijfers die de app nu toont"))


def _name(*, required: bool) -> forms.CharField:
    return forms.CharField(
        required=required,
        label=_("Naam van dit apparaat"),
        max_length=NAME_LIMIT,
        validators=[one_line],
        help_text=_("Zodat u het herkent, bijvoorbeeld: mijn telefoon."),
    )


class AddPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """Without allauth's choice between two kinds: signing/options.py asks for one that can do both."""

    use_required_attribute = False
    # Not required: when the form comes the device made the passkey already, and not in vain.
    name = _name(required=False)
    passwordless = None


class RenamePasskeyForm(webauthn.EditWebAuthnForm):  # type: ignore[misc]
    use_required_attribute = False
    name = _name(required=True)
