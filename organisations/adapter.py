"""What the portal decides differently from django-allauth."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Nobody signs up by themselves: members come by an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
