"""What the shell around every page knows: where one can go, of which organisation, and how the demo works."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

import integrity_portal
from assessments.models import GuestPass
from integrity_portal import demo
from organisations.language import language_of
from organisations.models import Membership, Organisation
from organisations.policy import May, may

PLACES = (
    ("Rondes", "assessments:list", May.READ_RESULTS),
    ("Verslagen", "reports:list", May.READ_REPORT),
    ("Griffie", "reports:desk", May.BRING_TO_COUNCIL),
    ("Leden", "organisations:members", May.SEE_MEMBERS),
)


@dataclass(frozen=True, slots=True)
class Item:
    label: str
    url: str
    current: bool


class Shell:
    """Lazy, so that a fragment or a page of someone unknown costs no query; with navigation it is one."""

    version = integrity_portal.__version__
    is_demo = settings.DEMO
    demo_password = demo.PASSWORD

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def is_guest(self) -> bool:
        """Whether somebody is here by a personal link, without an account."""
        return getattr(getattr(self.request, "user", None), "is_guest", False)

    @property
    def language(self) -> str:
        """Of the menu about one's own account, on pages that are Dutch as well."""
        return language_of(self.request)

    @property
    def home(self) -> str:
        """What the first page is called."""
        return "Mijn vragen" if self.is_guest else "Mijn werk"

    @cached_property
    def memberships(self) -> list[Membership]:
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated or self.is_guest:
            return []
        return list(
            Membership.objects.filter(user=user)
            .select_related("organisation__style__logo")
            .defer("organisation__style__logo__content")
            .with_roles()
        )

    @cached_property
    def organisation(self) -> Organisation | None:
        """The user's organisation, when there is exactly one; it lends the pages its house style."""
        if self.is_guest:
            passes = GuestPass.objects.valid().filter(user=self.request.user.pk)
            found = list(Organisation.objects.filter(assessments__guest_passes__in=passes).distinct()[:2])
        else:
            found = [membership.organisation for membership in self.memberships]
        return found[0] if len(found) == 1 else None

    @cached_property
    def roles(self) -> set[str]:
        return {held.role for membership in self.memberships for held in membership.roles.all()}

    @cached_property
    def navigation(self) -> list[Item]:
        """The pages that have something for this user."""
        if self.is_guest:
            return [Item(self.home, reverse("home"), self.request.path == reverse("home"))]
        places = [(self.home, "home")] if self.roles else []
        places += [(label, name) for label, name, act in PLACES if may(self.roles, act)]
        return [
            Item(label, url, url == self.request.path) for label, name in places if (url := reverse(name))
        ]

    @cached_property
    def may(self) -> dict[str, bool]:
        """What the user may do in some organisation of theirs, by the names of `May`."""
        return {act.value: may(self.roles, act) for act in May}

    @property
    def demo_accounts(self) -> list[demo.Account]:
        """The demo's cast, for the sign-in page; empty outside the demo."""
        return demo.accounts() if self.is_demo else []


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The context processor."""
    return {"shell": Shell(request)}
