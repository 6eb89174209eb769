"""Pages about mail: which of it a person wants, and for the administrator what went out and what did not."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organisations.forms import PreferencesForm
from organisations.letter import TRACELESS
from organisations.models import Message, Muted, Organisation
from organisations.requests import signed_in
from organisations.tasks import deliver

SHOWN = 50


def preferences(request: HttpRequest) -> HttpResponse:
    """Which mails the user gets."""
    user = signed_in(request)
    muted = Muted.objects.filter(user=user).values_list("kind", flat=True)
    # An empty form is an answer too: none of it.
    form = PreferencesForm(request.POST if request.method == "POST" else None, muted=set(muted))
    if form.is_valid():
        with transaction.atomic():
            Muted.only(user, form.unwanted)
        messages.success(request, _("Uw keuze is opgeslagen."))
        return redirect("organisations:preferences")
    status = 422 if form.errors else 200
    return render(request, "organisations/preferences.html", {"form": form}, status=status)


def outbox(request: HttpRequest, slug: str) -> HttpResponse:
    """What the portal mailed for one organisation: first what needs a person, then the newest of the rest."""
    user = signed_in(request)
    organisation = get_object_or_404(Organisation.objects.editable_by(user), slug=slug)
    mine = Message.objects.filter(organisation=organisation)
    stuck = mine.stuck()
    return render(
        request,
        "organisations/outbox.html",
        {
            "organisation": organisation,
            "stuck": stuck[:SHOWN],
            # Who is being reminded of a survey is not even for the administrator to see.
            "others": mine.exclude(pk__in=stuck.values("pk")).exclude(kind__in=TRACELESS)[:SHOWN],
        },
    )


@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Sends a message that failed, or of which nobody knows whether it went."""
    message = get_object_or_404(
        Message.objects.editable_by(signed_in(request)).select_related("organisation"), pk=pk
    )
    with transaction.atomic():
        if message.go_again():
            deliver.enqueue()
            messages.success(request, f"Het bericht aan {message.to} gaat opnieuw weg.")
        else:
            messages.info(request, f"Het bericht aan {message.to} kan niet nog een keer weg.")
    return redirect("organisations:outbox", message.organisation.slug)
