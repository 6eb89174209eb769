"""How a guest stays signed in, and where a guest can come: by a list, so a new page is closed to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from assessments.models import GuestPass
from organisations import walls
from organisations.models import User

BACKEND = "assessments.guests.access.GuestBackend"
# Each of these pages asks for itself which questions are the guest's; anything else does not exist for them.
PAGES = frozenset(
    {
        "home",
        "health",
        "organisations:accept",  # an invitation to become a member
        "organisations:logo",
        "organisations:sheet",
        "assessments:evidence",
        "assessments:evidence_file",
        "assessments:evidence_remove",
        "assessments:guest",
        "assessments:guest_gone",
        "assessments:guest_stop",
        "assessments:hand_in",
        "assessments:life",
        "assessments:offline",
        "assessments:question",
        "assessments:questions",
        "assessments:read_back",
        "assessments:reply",
        "assessments:theme",
        "assessments:thread",
        "assessments:threads",
        "assessments:workbook",
        "reports:offline_pdf",
        # What is published is for everybody.
        "reports:catalogue",
        "reports:publication",
        "reports:publication_data",
        "reports:publication_pdf",
        "reports:publications",
        "reports:robots",
        "reports:sitemap",
        # A survey asks nobody who they are.
        # What a link by mail lets somebody read of themselves.
        "retention:asked",
        "surveys:answer",
        "surveys:answer_step",
        "surveys:code",
        "surveys:code_answer",
        "surveys:code_answer_step",
        "surveys:thanks",
    }
)


class GuestBackend(BaseBackend):
    """Knows a guest who came in by a link, as long as one of their links works; it lets nobody in itself."""

    def get_user(self, user_id: int) -> User | None:
        """One query, of each request anew: access ends at the moment that the pass does."""
        passes = GuestPass.objects.valid().filter(user=user_id, user__is_guest=True)
        with walls.everywhere():
            found = list(passes.select_related("user", "assessment"))
        for one in found:
            walls.enter(one.assessment.organisation_id)
        return found[0].user if found else None


class GuestPagesOnly:
    """Middleware: what is not on the list does not exist for a guest."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: Any, kwargs: Any) -> None:
        match = request.resolver_match
        if match and match.view_name in PAGES:
            return
        if isinstance(request.user, User) and request.user.is_guest:
            raise Http404
