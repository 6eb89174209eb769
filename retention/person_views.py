"""What is kept of one person: for themselves, and for the administrator who has to answer when they ask."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache

from organisations import walls
from organisations.log.acts import Act
from organisations.models import Organisation, User
from organisations.models.log import write
from organisations.policy import May
from organisations.requests import signed_in
from organisations.signing.proof import signed_in_recently
from retention import letters
from retention.forms import PersonForm
from retention.subject.contents import LEFT_OUT
from retention.subject.file import pack
from retention.subject.gathering import Person, told

NAME: Final = "gegevens.zip"


def own(request: HttpRequest) -> HttpResponse:
    """Says what the portal keeps of whoever is signed in, and gives it: of all organisations together."""
    user = signed_in(request)
    if request.method != "POST":
        return render(request, "retention/subject/own.html", {"left": LEFT_OUT})
    if asks := _asks_who(request, request.path):
        return asks
    # Also of organisations that they left: it is theirs wherever it is, and only what bears their key.
    with walls.everywhere():
        packed = pack(told(Person(user.email, user)))
    write(Act.EXPORT, "de eigen gegevens")
    return _zip(packed)


def person(request: HttpRequest, slug: str) -> HttpResponse:
    """Finds somebody by address and mails them a link, or gives what an administrator may read of them."""
    mine = Organisation.objects.where_may(signed_in(request), May.TELL_PERSON)
    organisation = get_object_or_404(mine, slug=slug)
    form = PersonForm(
        organisation,
        request.POST if request.method == "POST" else None,
        initial={"email": request.GET.get("adres", "")},
    )
    context = {"organisation": organisation, "form": form, "days": letters.DAYS}
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "retention/subject/person.html", context, status=status)
    back = reverse("retention:person", args=[slug])
    if asks := _asks_who(request, f"{back}?adres={quote(form.found.email)}"):
        return asks
    if request.POST.get("how") == "download":
        write(Act.EXPORT, f"gegevens van {form.found.email}, zonder antwoorden", organisation=organisation)
        return _zip(pack(told(form.found)))
    letters.send(form.found, organisation)
    messages.success(request, f"{form.found.email} krijgt een e-mail met een persoonlijke link.")
    return redirect(back)


@never_cache
@login_not_required
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in the mail: for whoever has it, and for nothing else."""
    found = letters.asked_by(token)
    if found is None:
        raise Http404
    walls.enter(found.organisation)
    organisation = get_object_or_404(Organisation, pk=found.organisation)
    if request.method != "POST":
        context = {"organisation": organisation, "left": LEFT_OUT}
        return render(request, "retention/subject/asked.html", context)
    user = User.objects.filter(email=found.email.lower()).first()
    packed = pack(told(Person(found.email, user, organisation)))
    write(Act.EXPORT, f"de eigen gegevens van {found.email}, met een link", organisation=organisation, who="")
    return _zip(packed)


def _asks_who(request: HttpRequest, back: str) -> HttpResponse | None:
    """The way to prove anew who one is, when that was long ago."""
    if signed_in_recently(request):
        return None
    return redirect(f"{reverse('account_reauthenticate')}?next={quote(back)}")


def _zip(packed: bytes) -> HttpResponse:
    response = HttpResponse(packed, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, NAME) or "attachment"
    return response
