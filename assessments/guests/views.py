"""Guests of a round, for whoever leads it: adding them, a new link, another end, and ending it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assessments.asked import Key
from assessments.guests import letters as guest_letters
from assessments.guests.forms import GuestForm, UntilForm, suggested_end
from assessments.models import Assessment, GuestPass, GuestRefused
from organisations.models import Message, User
from organisations.requests import signed_in


@dataclass(frozen=True)
class Row:
    """A guest on the page: what they were given, and the last mail with a link."""

    guest: GuestPass
    asked: list[str]
    mail: Message | None


def _round(request: HttpRequest, pk: int) -> tuple[User, Assessment]:
    user = signed_in(request)
    rounds = Assessment.objects.editable_by(user).select_related("organisation")
    return user, get_object_or_404(rounds, pk=pk)


def _rows(round_: Assessment) -> list[Row]:
    """Three queries."""
    given: dict[int, list[Key]] = {}
    columns = ("user_id", "link", "theme", "question")
    for user, *key in round_.assignments.order_by("pk").values_list(*columns):
        given.setdefault(user, []).append((key[0], key[1], key[2]))
    mails: dict[int, Message] = {}
    for mail in guest_letters.mails(round_).order_by("created_at", "pk"):
        mails[mail.user_id or 0] = mail
    return [
        Row(guest, _titles(round_, given.get(guest.user_id, [])), mails.get(guest.user_id))
        for guest in round_.guest_passes.select_related("user")
    ]


def _titles(round_: Assessment, keys: list[Key]) -> list[str]:
    """What was given, in words, in the order of the questionnaire."""
    return [
        title
        for link in round_.content.links
        for theme in link.themes
        for key, title in [
            ("", str(theme.title)),
            *((question.id, f"{question.id} {question.title}") for question in theme.questions),
        ]
        if (link.slug, theme.slug, key) in keys
    ]


def guests(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody from outside who answers in this round, and the form for one more."""
    user, round_ = _round(request, pk)
    form = GuestForm(round_, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("email", "name", "until", "note")}
        try:
            with transaction.atomic():
                guest = GuestPass.give(round_, keys=form.keys, by=user, **given)
                guest_letters.invite(guest, user)
        except GuestRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _told(guest))
            return redirect("assessments:guests", round_.pk)
    context = {"round": round_, "rows": _rows(round_), "form": form if round_.takes_delegation else None}
    late = form.is_bound and not round_.takes_delegation
    context["refused"] = form.non_field_errors() if late else []
    return render(request, "assessments/guests.html", context, status=_status(form, late=late))


def _status(form: UntilForm, *, late: bool = False) -> int:
    if late or form.non_field_errors():
        return 409
    return 422 if form.is_bound else 200


def _told(guest: GuestPass) -> str:
    if guest.assessment.has_begun:
        return f"De persoonlijke link gaat per e-mail naar {guest.name}."
    return f"{guest.name} krijgt de persoonlijke link per e-mail zodra de ronde opengaat."


def _guest(round_: Assessment, pk: int) -> GuestPass:
    guest = get_object_or_404(round_.guest_passes.select_related("user"), pk=pk)
    guest.assessment = round_
    return guest


def guest_edit(request: HttpRequest, pk: int, guest: int) -> HttpResponse:
    """Another end, and with "new" a new link too: the old one then works no more."""
    user, round_ = _round(request, pk)
    found = _guest(round_, guest)
    end = found.last_day if found.is_valid else suggested_end(round_)
    form = UntilForm(request.POST if request.method == "POST" else None, initial={"until": end})
    if form.is_bound and form.is_valid():
        try:
            _change(found, form, user, new=not found.is_valid or "new" in request.POST)
        except GuestRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            message = (
                _told(found) if "new" in request.POST else f"De link van {found.name} heeft een nieuw einde."
            )
            messages.success(request, message)
            return redirect("assessments:guests", round_.pk)
    context = {"round": round_, "guest": found, "form": form}
    return render(request, "assessments/guest_edit.html", context, status=_status(form))


def _change(guest: GuestPass, form: UntilForm, by: User, *, new: bool) -> None:
    until = form.cleaned_data["until"]
    with transaction.atomic():
        if new:
            guest_letters.invite(guest, by, until)
        else:
            guest.extend(until)


def guest_revoke(request: HttpRequest, pk: int, guest: int) -> HttpResponse:
    """Asks, and then ends the link."""
    _, round_ = _round(request, pk)
    found = _guest(round_, guest)
    if request.method == "POST":
        with transaction.atomic():
            found.revoke()
            guest_letters.withdraw(found)
        messages.success(
            request, f"De link van {found.name} werkt niet meer. Gegeven antwoorden blijven staan."
        )
        return redirect("assessments:guests", round_.pk)
    return render(request, "assessments/guest_revoke.html", {"round": round_, "guest": found})
