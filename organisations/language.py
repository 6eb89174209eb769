"""In which language somebody reads the pages about their account: Dutch, or English when they chose that."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest

LANGUAGE: Final = "taal"  # a parameter of an address, and a cookie that remembers it
LANGUAGES: Final = ("nl", "en")


def asked(request: HttpRequest) -> str:
    """The language that this address asks for; "" when it asks for none that there is."""
    language = request.GET.get(LANGUAGE, "")
    return language if language in LANGUAGES else ""


def language_of(request: HttpRequest) -> str:
    """The visitor's language for whatever is there in both."""
    kept = request.COOKIES.get(LANGUAGE, "")
    return asked(request) or (kept if kept in LANGUAGES else settings.LANGUAGE_CODE)
