"""allauth's form for a forgotten password, which tells nobody whether an address is known."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest

from organisations.tasks import mail_new_password


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc]  # allauth ships no types
    """Whatever address was typed, the same is done here; the worker looks who it is of.

    Mailing here would take longer for one address than for another, and tell by that.
    """

    use_required_attribute = False

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.strip().lower()

    def save(self, request: HttpRequest, **how: Any) -> str:
        email: str = self.cleaned_data["email"]
        mail_new_password.enqueue(email)
        return email
