"""What is kept of one person: for themselves, and for the administrator who has to answer when they ask."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from organisations import walls
from organisations.log.acts import Act
from organisations.models import Organisation, User
from organisations.models.log import write
from organisations.policy import May
from organisations.requests import signed_in
from organisations.signing.again import sign_in_again
from retention import letters, links
from retention.forms import PersonForm
from retention.subject.contents import LEFT_OUT
from retention.subject.file import pack
from retention.subject.gathering import Person, told

NAME: Final = "gegevens.zip"


@sign_in_again()
def own(request: HttpRequest) -> HttpResponse:
    """Says what the portal keeps of whoever is signed in, and gives it: of all organisations together."""
    user = signed_in(request)
    if request.method != "POST":
        return render(request, "retention/subject/own.html", {"left": LEFT_OUT})
    # Also of organisations that they left: it is theirs wherever it is, and only what bears their key.
    with walls.everywhere(), override(settings.LANGUAGE_CODE):  # the file is Dutch, whatever its page is
        packed = pack(told(Person(user.email, user)))
    write(Act.EXPORT, "de eigen gegevens")
    return _zip(packed)


@sign_in_again()
def person(request: HttpRequest, slug: str) -> HttpResponse:
    """Finds somebody by address and mails them a link, or gives what an administrator may read of them."""
    mine = Organisation.objects.where_may(signed_in(request), May.TELL_PERSON)
    organisation = get_object_or_404(mine, slug=slug)
    form = PersonForm(organisation, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = {"organisation": organisation, "form": form, "days": links.DAYS}
        context["links"] = links.still_open(organisation)
        return render(request, "retention/subject/person.html", context, status=422 if form.errors else 200)
    if request.POST.get("how") == "download":
        write(Act.EXPORT, f"gegevens van {form.found.email}, zonder antwoorden", organisation=organisation)
        return _zip(pack(told(form.found)))
    letters.send(form.found, organisation)
    messages.success(request, f"{form.found.email} krijgt een e-mail met een persoonlijke link.")
    return redirect("retention:person", slug)


@require_POST
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Ends a link that was sent to somebody and not used yet."""
    mine = Organisation.objects.where_may(signed_in(request), May.TELL_PERSON)
    organisation = get_object_or_404(mine, slug=slug)
    try:
        links.withdraw(organisation, request.POST.get("email", ""))
        messages.success(request, "De link is ingetrokken en werkt niet meer.")
    except links.LinkRefused:
        messages.info(request, "Deze link werkte al niet meer.")
    return redirect("retention:person", slug)


@never_cache
@login_not_required
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in the mail: for whoever has it, once, and for nothing else."""
    link = links.read(token)
    if link is None:
        return _gone(request)
    walls.enter(link.organisation)
    organisation = Organisation.objects.filter(pk=link.organisation).first()
    if organisation is None or not links.counts(link):
        return _gone(request)
    if request.method != "POST":
        context = {"organisation": organisation, "left": LEFT_OUT}
        return render(request, "retention/subject/asked.html", context)
    user = User.objects.filter(email=link.email.lower()).first()
    try:
        with transaction.atomic():
            links.use(link)
            return _zip(pack(told(Person(link.email, user, organisation))))
    except links.LinkRefused:
        return _gone(request)


def _gone(request: HttpRequest) -> HttpResponse:
    return render(request, "retention/subject/gone.html", {"days": links.DAYS}, status=404)


def _zip(packed: bytes) -> HttpResponse:
    response = HttpResponse(packed, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, NAME) or "attachment"
    return response
