"""Pages of the way out: the archive, the day on which all goes, and the statement for afterwards."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from integrity_portal.leaving.forms import ARCHIVE, GO, STAY, StepForm
from integrity_portal.leaving.gathering import barriers
from integrity_portal.leaving.removing import objections
from integrity_portal.leaving.tasks import ask_for, progress
from organisations import walls
from organisations.models import Departure, DepartureRefused, Organisation
from organisations.models.departure import WAIT_DAYS, archive_storage
from organisations.policy import May
from organisations.requests import signed_in
from organisations.signing.again import sign_in_again


@sign_in_again()
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the organisation is on its way out; the administrator takes the next step here."""
    user = signed_in(request)
    may_lead = Organisation.objects.where_may(user, May.LEAVE).filter(slug=slug).exists()
    acts = (May.LEAVE,) if request.method == "POST" else (May.LEAVE, May.TAKE_ARCHIVE)
    organisation = get_object_or_404(Organisation.objects.where_may(user, *acts), slug=slug)
    form = StepForm(request.POST if request.method == "POST" else None, wanted=organisation.name)
    if form.is_valid():
        try:
            messages.success(request, _take(form.cleaned_data["step"], organisation))
            return redirect("leaving", organisation.slug)
        except DepartureRefused as refused:
            form.add_error(None, str(refused))
    departure = Departure.objects.filter(organisation=organisation).first()
    context = {
        "organisation": organisation,
        "form": form,
        "departure": departure,
        "may_lead": may_lead,
        "may_take": Organisation.objects.where_may(user, May.TAKE_ARCHIVE)
        .filter(pk=organisation.pk)
        .exists(),
        "barriers": barriers(organisation),
        "objections": objections(organisation),
        "is_old": departure.is_old(timezone.localdate()) if departure else False,
        "progress": progress(departure) if departure and departure.is_awaited else "",
        "wait": WAIT_DAYS,
        "statement": request.build_absolute_uri(_statement(departure)) if departure else "",
    }
    return render(request, "leaving/overview.html", context, status=422 if form.errors else 200)


def _statement(departure: Departure) -> str:
    return reverse("leaving_statement", args=[departure.code])


def _take(step: str, organisation: Organisation) -> str:
    """Takes this step; what to tell. Raises DepartureRefused."""
    if step == ARCHIVE:
        if found := barriers(organisation):
            raise DepartureRefused(" ".join(found))
        ask_for(organisation)
        return "Het archief wordt gemaakt."
    departure = Departure.objects.filter(organisation=organisation).first()
    if departure is None:
        raise DepartureRefused("Laat eerst het archief maken.")
    if step == GO:
        departure.plan(timezone.localdate())
        return "De dag van vertrek staat vast."
    assert step == STAY
    departure.call_off()
    return "Het vertrek is ingetrokken. Er verdwijnt niets."


@require_safe
@sign_in_again(reading=True)
def archive(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The archive itself, for who may read all that is in it."""
    mine = Organisation.objects.where_may(signed_in(request), May.TAKE_ARCHIVE)
    departure = get_object_or_404(Departure, organisation=get_object_or_404(mine, slug=slug))
    if not departure.is_there:
        raise Http404
    if request.method == "GET":
        departure.fetch()
    name = f"{slug}-{departure.digest[:12]}.zip"
    return FileResponse(archive_storage().open(departure.file), as_attachment=True, filename=name)


@login_not_required
@require_safe
def statement(request: HttpRequest, code: str) -> HttpResponse:
    """What was destroyed, for who has this address; it names nobody."""
    with walls.everywhere():  # nobody of the organisation can sign in any more
        departure = get_object_or_404(Departure, code=code)
    return render(request, "leaving/statement.html", {"departure": departure})
