"""The house style of an organisation: setting it up, looking at it, using it; its style sheet and logos."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organisations.colours import LINES, TEXT, passes, sheet
from organisations.models import HouseStyle, Logo, Organisation
from organisations.requests import signed_in
from organisations.style_forms import StyleForm, ratio

FOR_EVER = "public, max-age=31536000, immutable"
SHOWN = 12


@require_http_methods(["GET", "HEAD", "POST"])
def house_style(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, beginning from what is used now or from `?van=`; and the versions that were used before.

    What is sent is kept as a version to look at; nothing looks different yet.
    """
    user = signed_in(request)
    organisation = get_object_or_404(
        Organisation.objects.editable_by(user).select_related("style"), slug=slug
    )
    begin = organisation.style
    if request.GET.get("van", "").isdecimal():
        begin = organisation.styles.filter(pk=request.GET["van"]).first() or begin
    sent = _sent(request) if request.method == "POST" else None
    form = StyleForm(sent, request.FILES or None, style=begin)
    if sent is not None:
        valid = form.is_valid()
        logo = Logo.keep(form.picture) if form.picture else None
        if valid:
            proposed = HouseStyle.propose(organisation, user, **form.version(logo))
            for name in form.picture.left_out if form.picture else ():
                messages.warning(request, f"Uit het logo is weggelaten wat niet getekend wordt: {name}.")
            return redirect("organisations:house_style_version", slug, proposed.pk)
        if logo:  # a file cannot be put back into a form: it stays here until the rest is right
            sent["kept"] = logo.pk
    used = organisation.styles.exclude(used_at=None).select_related("by", "logo").defer("logo__content")
    context = {"form": form, "organisation": organisation, "used": used[:SHOWN]}
    return render(request, "organisations/house_style.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest) -> QueryDict:
    """The form as it was sent, with the colour in it that was offered and taken, if any."""
    sent = request.POST.copy()
    name, _, colour = sent.get("take", "").partition(":")
    if name in ("colour", "accent"):
        sent[name] = colour
    return sent


@require_http_methods(["GET", "HEAD", "POST"])
def house_style_version(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One version as pages, mails and the report would show it. A POST takes it into use."""
    organisation = get_object_or_404(Organisation.objects.editable_by(signed_in(request)), slug=slug)
    versions = organisation.styles.select_related("organisation", "logo").defer("logo__content")
    style = get_object_or_404(versions, pk=pk)
    if request.method == "POST":
        style.use()
        messages.success(
            request, f"De huisstijl van {organisation} is nu zo. U kunt een eerdere terugzetten."
        )
        return redirect("organisations:house_style", slug)
    checks = [
        (label, colour, ratio(colour), passes(colour, needed))
        for label, colour, needed in (
            ("Witte tekst op de kleur", style.colour, TEXT),
            ("De tweede kleur op wit", style.accent, LINES),
        )
        if colour
    ]
    is_used = organisation.style_id == style.pk
    context = {"organisation": organisation, "style": style, "checks": checks, "is_used": is_used}
    return render(request, "organisations/house_style_version.html", context)


@login_not_required
@require_safe
def style_sheet(request: HttpRequest, colour: str, accent: str) -> HttpResponse:
    """The style sheet of two colours. Its address says all that is in it, so it never changes; no query."""
    if not passes(f"#{colour}", TEXT) or not passes(f"#{accent}", LINES):
        raise Http404
    return _for_ever(sheet(f"#{colour}", f"#{accent}").encode(), "text/css; charset=utf-8")


@login_not_required
@require_safe
def logo(request: HttpRequest, digest: str, kind: str) -> HttpResponse:
    """A logo that is in a version of some house style. On its own it can do nothing, whatever is in it."""
    found = get_object_or_404(Logo, pk=digest, kind=kind)
    return _for_ever(bytes(found.content), found.content_type)


def _for_ever(content: bytes, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Cache-Control"] = FOR_EVER
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
