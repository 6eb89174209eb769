"""Where an organisation closed the other ways in: a password or passkey that is right opens nothing there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from organisations import walls
from organisations.log.acts import Act, Result
from organisations.models import SignOn, User
from organisations.models.log import write


def turned_away(request: HttpRequest, user: User, told: Mapping[str, Any]) -> HttpResponse | None:
    """The page for who has to come in through their organisation, and did not; None for who may go on.

    Only the right password leads to it, so it tells nobody else who has an account. `told` is what allauth's
    `pre_login` gets. At most one query.
    """
    if "sign_on" in (told.get("signal_kwargs") or {}):
        return None
    sign_on = SignOn.objects.only_way_for(user)
    if sign_on is None:
        return None
    organisation = sign_on.organisation
    with walls.only(organisation.pk):
        what = "niet via de organisatie"
        write(Act.SIGN_IN, what, organisation=organisation, who=user, result=Result.REFUSED)
    context = {"organisation": organisation, "onward": told.get("redirect_url") or ""}
    return render(request, "account/sign_on_only.html", context, status=403)


def provider_of(request: HttpRequest, user: User) -> SignOn | None:
    """The one that the user's session began by, as long as it is on. At most one query."""
    records = get_authentication_records(request, user)
    began = [record["organisation"] for record in records if record["method"] == "sign_on"]
    if not began:
        return None
    return SignOn.objects.open().filter(organisation=began[-1], organisation__memberships__user=user).first()
