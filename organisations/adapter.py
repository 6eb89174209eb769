"""What the portal decides differently from django-allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from organisations.log.acts import Act, Result
from organisations.models import SignOn, User
from organisations.sign_on.closing import provider_of, turned_away
from organisations.signing.changing import notify
from organisations.signing.proof import give_second_factor, has_second_factor, signed_in_recently
from organisations.signing.told import tell, tell_failed

# What came after the password, or in its place, for the log.
BY = {
    Authenticator.Type.TOTP: "met een code",
    Authenticator.Type.RECOVERY_CODES: "met een herstelcode",
    Authenticator.Type.WEBAUTHN: "met een passkey",
}


def _known(credentials: dict[str, Any]) -> User | None:
    """Whose address was typed."""
    return User.objects.filter(email__iexact=str(credentials.get("email", "")), is_guest=False).first()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs up by themselves: members come by an invitation. It says "u" where allauth says "je"."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("Dit e-mailadres en wachtwoord horen niet bij elkaar."),
        "enter_current_password": _("Vul uw huidige wachtwoord in."),
        "incorrect_password": _("Dit wachtwoord klopt niet."),
        "rate_limited": _("Dit was te vaak achter elkaar. Wacht een paar minuten."),
        "too_many_login_attempts": _("Te veel inlogpogingen. Wacht een paar minuten."),
    }

    def pre_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse | None:
        """Keeps out who may only come in through their organisation."""
        away = turned_away(request, user, told)
        response: HttpResponse | None = away or super().pre_login(request, user, **told)
        return response

    def post_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse:
        """Goes on after signing in, and writes in the log of each organisation that the user is in."""
        by = {record.get("type") for record in get_authentication_records(request, user)}
        if by & {*Authenticator.Type}:
            give_second_factor(request, user)
        how = "via de organisatie" if "sign_on" in (told.get("signal_kwargs") or {}) else ""
        tell(Act.SIGN_IN, user, BY.get(next(iter(by & BY.keys()), ""), how))
        response: HttpResponse = super().post_login(request, user, **told)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Writes it down; an address that nobody has is left out, it may be a password in the wrong field."""
        tell_failed(_known(credentials))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses who tried too often, and writes that down too."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            tell_failed(_known(credentials), result=Result.REFUSED)
            raise

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        tell_failed(user, "account gesloten", Result.REFUSED)
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            tell(Act.SIGN_OUT, request.user)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        with transaction.atomic():
            super().set_password(user, password)
            tell(Act.PASSWORD, user)
            notify(user, gettext_noop("Uw wachtwoord is veranderd."))

    def reauthenticate(self, user: User, password: str) -> bool:
        """Whether this is the user's password; a wrong one is written down as at signing in."""
        right = user.check_password(password)
        if not right:
            tell_failed(user, "wachtwoord, opnieuw gevraagd")
        return right

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not in the first minutes after signing in: allauth would ask for the password twice in a row."""
        return not signed_in_recently(self.request)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """How the user proves anew who they are, on allauth's pages; never nothing, or they go in a circle.

        Where the organisation closed the other ways, a second factor only adds to what it says.
        """
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        here = {"id": "again", "description": "", "url": reverse("organisations:again")}
        if SignOn.objects.only_way_for(user):
            second = [] if has_second_factor(self.request) else [way for way in ways if "mfa" in way["id"]]
            return [here, *second]
        return [*ways, here] if not ways or provider_of(self.request, user) else ways

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
