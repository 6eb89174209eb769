"""What the portal decides differently from django-allauth about the second factor."""

from __future__ import annotations

import segno
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from organisations.models import User
from organisations.secrecy import conceal, reveal
from organisations.signing.browsers import UNKNOWN, browser
from organisations.signing.proof import needs_second_factor

PURPOSE = "second factor"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes stand in for one of these


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Secrets are kept encrypted, and who needs a second factor keeps one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _(
            "U hebt een rol die een tweede stap vraagt. Stel eerst een andere tweede stap in."
        ),
        "incorrect_code": _("Deze code klopt niet, of is al gebruikt. Wacht op de volgende code."),
    }

    def encrypt(self, text: str) -> str:
        return conceal(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return reveal(encrypted_text, PURPOSE)

    def build_totp_svg(self, url: str) -> str:
        """The QR code as a drawing for in the page; a data: address is refused by our policy."""
        return str(segno.make(url, error="m", micro=False).svg_inline(scale=5, border=4, light="#fff"))

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """What the person sees first in the field for it: the device at which they sit."""
        known = browser(context.request.META.get("HTTP_USER_AGENT", ""))
        return "Passkey" if known == UNKNOWN else known

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of who needs one."""
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=FACTORS)
        is_last = not others.exclude(pk=authenticator.pk).exists()
        return not (is_last and needs_second_factor(User.objects.get(pk=authenticator.user_id)))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Integriteitsportaal"}


def has_factor(user: User) -> bool:
    """Whether the user has set up a second factor. One query."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())
