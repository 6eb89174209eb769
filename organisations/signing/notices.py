"""What the portal writes to people about their account, by mail."""

from __future__ import annotations

from secrets import token_hex

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext, override

from organisations import walls
from organisations.letter import Kind, Letter, address
from organisations.log import context
from organisations.models import Message, Organisation, User

TEMPLATE = "organisations/mail/"


def notify(user: User, happened: str, **values: object) -> bool:
    """Tells the person what happened to their account, in the transaction of it; whether a mail now waits.

    `happened` is a Dutch sentence with English in locale/; `values` go in where it has a place for them.
    Nobody knows who will read it, so such mails are in both languages.
    """
    with override("en"):
        happened_en = gettext(happened) % values
    words = {
        "happened": happened % values,
        "happened_en": happened_en,
        "at": timezone.localtime(),
        "whence": context.whence(),
    }
    return _post(user, "Er is iets veranderd aan uw account / Your account was changed", "account", words)


def mail_link(email: str) -> bool:
    """A link to a new password, to whoever has this address; and to who has no account that this is so."""
    user = User.objects.filter(email=email, is_active=True, is_guest=False).first()
    if user is None:
        return _send(
            email, "Uw adres is niet bekend / Your address is not known", "unknown", {"email": email}
        )
    token = default_token_generator.make_token(user)
    link = address("account_reset_password_from_key", user_pk_to_url_str(user), token)
    return _post(user, "Een nieuw wachtwoord kiezen / Choose a new password", "password", {"link": link})


def _post(user: User, subject: str, template: str, words: dict[str, object]) -> bool:
    """By the outbox of the first organisation they are in; by itself for who is in none."""
    with walls.of_person(user.pk):  # whoever caused it may be in another organisation, or nobody yet
        home = (
            Organisation.objects.filter(memberships__user=user).select_related("style").order_by("pk").first()
        )
        if home is None:
            return _send(user.email, subject, template, words)
        letter = Letter(
            kind=Kind.ACCOUNT,
            key=f"account/{user.pk}/{token_hex(8)}",
            organisation=home,
            to=user.email,
            name=user.name,
            subject=subject,
            template=f"{TEMPLATE}{template}",
            user=user,
            words=words,
        )
        return Message.objects.post([letter])


def _send(email: str, subject: str, template: str, words: dict[str, object]) -> bool:
    with override(settings.LANGUAGE_CODE):
        text = render_to_string(f"{TEMPLATE}{template}.txt", words).strip() + "\n"
    transaction.on_commit(lambda: send_mail(subject, text, None, [email]), robust=True)
    return False
