"""What the portal decides differently from django-allauth."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from organisations import walls
from organisations.log.acts import Act, Result
from organisations.models import User
from organisations.models.log import write


def _write(act: Act, user: User | None, result: Result = Result.DONE) -> None:
    """An entry in the log of each organisation that the user is in; in the portal's own for nobody known."""
    mine: list[int | None] = []
    if user:
        with walls.of_person(user.pk):  # who signs in is nobody until then
            mine += user.memberships.order_by("organisation").values_list("organisation", flat=True)
    for organisation in mine or [None]:
        write(act, organisation=organisation, who=user or "onbekend", result=result)


def _known(credentials: dict[str, Any]) -> User | None:
    """Whose address was typed."""
    return User.objects.filter(email__iexact=str(credentials.get("email", "")), is_guest=False).first()


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs up by themselves: members come by an invitation. It says "u" where allauth says "je"."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Dit e-mailadres en wachtwoord horen niet bij elkaar.",
        "enter_current_password": "Vul uw huidige wachtwoord in.",
        "incorrect_password": "Dit wachtwoord klopt niet.",
        "rate_limited": "Dit was te vaak achter elkaar. Wacht een paar minuten.",
        "too_many_login_attempts": "Te veel inlogpogingen. Wacht een paar minuten.",
    }

    def post_login(self, request: HttpRequest, user: User, **told: Any) -> HttpResponse:
        """Goes on after signing in, and writes in the log of each organisation that the user is in."""
        _write(Act.SIGN_IN, user)
        response: HttpResponse = super().post_login(request, user, **told)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Writes it down; an address that nobody has is left out, it may be a password in the wrong field."""
        _write(Act.SIGN_IN, _known(credentials), Result.FAILED)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuses who tried too often, and writes that down too."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            _write(Act.SIGN_IN, _known(credentials), Result.REFUSED)
            raise

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        _write(Act.SIGN_IN, user, Result.REFUSED)
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            _write(Act.SIGN_OUT, request.user)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        with transaction.atomic():
            super().set_password(user, password)
            _write(Act.PASSWORD, user)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
