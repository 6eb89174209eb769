"""The yearly review of rights: done by the administrator, read by whoever audits."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from organisations.models import Organisation, RightRefused, RightsReview, rights_held
from organisations.policy import May
from organisations.requests import signed_in
from organisations.rights_forms import ReviewForm
from organisations.signing.again import sign_in_again


@sign_in_again()
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has what, since when and last used when; keeps or ends each right."""
    user = signed_in(request)
    organisation = get_object_or_404(Organisation.objects.editable_by(user), slug=slug)
    held = rights_held(organisation)
    form = ReviewForm(request.POST if request.method == "POST" else None, held=held)
    if request.method == "POST" and form.is_valid():
        try:
            done = RightsReview.record(organisation, user, held, form.decisions)
        except RightRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "De herziening is vastgelegd.")
            return redirect("organisations:review_done", slug, done.pk)
    context = {"organisation": organisation, "form": form}
    return render(request, "organisations/review.html", context, status=422 if form.errors else 200)


@require_safe
def review_done(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A review as it was done."""
    audited = Organisation.objects.where_may(signed_in(request), May.READ_RIGHTS)
    found = get_object_or_404(RightsReview, organisation__in=audited, organisation__slug=slug, pk=pk)
    return render(request, "organisations/review_done.html", {"review": found})
