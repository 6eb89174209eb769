"""How an organisation's people sign in: its administrator sets it up, tests it, and puts it on or off."""

from __future__ import annotations

from typing import Any

from django.conf import settings as portal_settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from organisations.models import Organisation, SignOn, SignOnAccount
from organisations.models.sign_on import NotNow
from organisations.requests import signed_in
from organisations.sign_on.claims import Refused
from organisations.sign_on.door import back
from organisations.sign_on.forms import PasswordsForm, SignOnForm
from organisations.sign_on.provider import fault_of
from organisations.signing.again import sign_in_again


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_again()
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """The settings, how it stands, and whose accounts were seen."""
    organisation = get_object_or_404(Organisation.objects.editable_by(signed_in(request)), slug=slug)
    sign_on = SignOn.objects.filter(organisation=organisation).first() or SignOn(organisation=organisation)
    if sign_on.is_saml and portal_settings.SAML and request.method != "POST" and "openid" not in request.GET:
        return redirect("organisations:saml_settings", slug)
    form = SignOnForm(
        request.POST if request.method == "POST" else None, instance=sign_on, organisation=organisation
    )
    if request.method == "POST" and form.is_valid():
        sign_on.configure(form.cleaned_data["secret"], form.cleaned_data["domain_lines"], form.changes)
        words = "opgeslagen" if sign_on.tested_at else "opgeslagen. Test nu de verbinding"
        messages.success(request, f"De instellingen zijn {words}.")
        return redirect("organisations:sign_on_settings", slug)
    if form.errors and sign_on.pk:
        sign_on.refresh_from_db()  # what stands beside the form is how it is
    context = {**around(sign_on), "form": form, "back": back(sign_on), "saml": portal_settings.SAML}
    return render(request, "organisations/sign_on.html", context, status=422 if form.errors else 200)


def around(sign_on: SignOn) -> dict[str, Any]:
    """What the page of the settings shows beside its form. Two queries."""
    context: dict[str, Any] = {"organisation": sign_on.organisation, "sign_on": sign_on}
    if sign_on.pk:
        context["accounts"] = sign_on.accounts.select_related("user").order_by("user__name")
        context["emergencies"] = sign_on.emergencies.select_related("membership__user")
    return context


@require_POST
def test(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks the provider who it is, and whether it knows the portal. With SAML a person has to go and ask."""
    sign_on = own(request, slug)
    if sign_on.is_saml:
        raise Http404
    try:
        fault = fault_of(sign_on.client(), back(sign_on))
    except Refused:
        fault = "Het bewaarde geheim is niet meer te lezen. Vul het opnieuw in."
    told(request, sign_on, fault, "de inlogdienst kent het portaal en het geheim klopt")
    return redirect("organisations:sign_on_settings", slug)


def told(request: HttpRequest, sign_on: SignOn, fault: str, proven: str) -> None:
    """Keeps how the test went, and says it."""
    sign_on.tested(fault)
    if not fault:
        messages.success(request, f"De verbinding werkt: {proven}.")
    elif sign_on.is_open:
        stays = "Inloggen via uw organisatie blijft aanstaan. Werkt het voor niemand, zet het dan hier uit."
        messages.error(request, f"De test is niet gelukt. {fault} {stays}")
    else:
        messages.error(request, f"De verbinding werkt niet. {fault}")


@require_POST
@sign_in_again()
def switch(request: HttpRequest, slug: str) -> HttpResponse:
    """Puts it on or off."""
    sign_on = own(request, slug)
    on = request.POST.get("on") == "1"
    try:
        sign_on.switch(on)
    except NotNow as why:
        messages.error(request, str(why))
    else:
        messages.success(request, f"Inloggen via uw organisatie staat nu {'aan' if on else 'uit'}.")
    return redirect("organisations:sign_on_settings", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_again()
def passwords(request: HttpRequest, slug: str) -> HttpResponse:
    """Whether it is the only way in, and which accounts are there for an emergency."""
    sign_on = own(request, slug)
    form = PasswordsForm(request.POST if request.method == "POST" else None, sign_on=sign_on)
    if request.method == "POST" and form.is_valid():
        try:
            sign_on.close_passwords(form.cleaned_data["closed"], form.cleaned_data["emergencies"])
        except NotNow as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, "Opgeslagen wie nog met een wachtwoord kan inloggen.")
            return redirect("organisations:sign_on_settings", slug)
    context = {"organisation": sign_on.organisation, "sign_on": sign_on, "form": form}
    return render(
        request, "organisations/sign_on_passwords.html", context, status=422 if form.errors else 200
    )


@require_POST
@sign_in_again()
def loosen(request: HttpRequest, slug: str, account: int) -> HttpResponse:
    """Forgets which account at the provider is somebody's."""
    accounts = SignOnAccount.objects.select_related("user", "sign_on")
    found = get_object_or_404(accounts, pk=account, sign_on=own(request, slug))
    found.loosen()
    messages.success(request, f"Het account van {found.user} is losgemaakt.")
    return redirect("organisations:sign_on_settings", slug)


def own(request: HttpRequest, slug: str) -> SignOn:
    """What there is to test or to switch, of an organisation that the user manages; otherwise 404."""
    organisations = Organisation.objects.editable_by(signed_in(request))
    found: SignOn = get_object_or_404(
        SignOn.objects.select_related("organisation"), organisation__in=organisations, organisation__slug=slug
    )
    return found
