"""How an organisation's people sign in by SAML: its administrator sets it up and tests it."""

from __future__ import annotations

from django.conf import settings as portal_settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organisations.models import Organisation, SignOn
from organisations.requests import signed_in
from organisations.sign_on.saml.door import begin, portal, recipient
from organisations.sign_on.saml.forms import SamlForm
from organisations.sign_on.saml.metadata import certificate
from organisations.sign_on.saml.metadata import own as own_metadata
from organisations.sign_on.settings_views import around, own
from organisations.signing.again import sign_in_again


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_again(reading=True)  # before there is a file in the form, which no page can keep
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """The settings, how it stands, and what the provider has to know of the portal."""
    sign_on = _of(request, slug)
    filled = (request.POST, request.FILES) if request.method == "POST" else ()
    form = SamlForm(*filled, instance=sign_on, organisation=sign_on.organisation)
    if request.method == "POST" and form.is_valid():
        sign_on.configure("", form.cleaned_data["domain_lines"], form.changes)
        words = "opgeslagen" if sign_on.tested_at else "opgeslagen. Test nu de verbinding"
        messages.success(request, f"De instellingen zijn {words}.")
        return redirect("organisations:saml_settings", slug)
    if form.errors and sign_on.pk:
        sign_on.refresh_from_db()  # what stands beside the form is how it is
    context = {**around(sign_on), "form": form, "portal": portal(sign_on), "recipient": recipient(sign_on)}
    if sign_on.is_saml:
        context["ends"] = [certificate(one).not_valid_after_utc for one in sign_on.certificates]
    return render(request, "organisations/saml.html", context, status=422 if form.errors else 200)


@require_safe
def test(request: HttpRequest, slug: str) -> HttpResponse:
    """Sends the administrator to the provider; what it says comes back as the outcome of the test.

    What comes of it is kept and logged, so no link on another site begins one.
    """
    sign_on = own(request, slug)
    if not (sign_on.is_saml and portal_settings.SAML):
        raise Http404
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        return redirect("organisations:saml_settings", slug)
    return redirect(begin(request, sign_on, "", testing=True))


@require_safe
def metadata(request: HttpRequest, slug: str) -> HttpResponse:
    """The portal's own metadata, for whoever runs the provider."""
    sign_on = _of(request, slug)
    document = own_metadata(portal(sign_on), recipient(sign_on))
    headers = {"Content-Disposition": 'attachment; filename="portaal-metadata.xml"'}
    return HttpResponse(document, content_type="application/samlmetadata+xml", headers=headers)


def _of(request: HttpRequest, slug: str) -> SignOn:
    """The sign-on of an organisation that the user manages, SAML or not yet; a new one when there is none."""
    if not portal_settings.SAML:
        raise Http404
    organisation = get_object_or_404(Organisation.objects.editable_by(signed_in(request)), slug=slug)
    found = SignOn.objects.filter(organisation=organisation).select_related("organisation").first()
    return found or SignOn(organisation=organisation)
