"""Codes of groups, and posters to print with them."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from organisations.letter import address
from organisations.requests import signed_in
from surveys.lead_views import fixed, may_prepare
from surveys.leading import Led, led_survey
from surveys.links import spaced
from surveys.models import Group, Survey, SurveyRefused, inviting


def posters(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """Which groups have a code; makes codes, and ends one."""
    led, survey = led_survey(signed_in(request), pk, audience)
    if not (survey.is_open or may_prepare(led, survey)):
        return fixed(request, led, survey)
    if not survey.groups.exists():
        return fixed(request, led, survey, "Er zijn nog geen groepen.")
    if request.method == "POST":
        try:
            _change(request, survey)
        except SurveyRefused as refused:
            return fixed(request, led, survey, str(refused))
        return redirect("surveys:posters", pk, audience)
    rows = [(group, spaced(group.code) if group.code else "") for group in survey.groups.all()]
    return render(
        request,
        "surveys/posters.html",
        _context(led, survey) | {"rows": rows, "coded": any(code for _, code in rows)},
    )


def _context(led: Led, survey: Survey) -> dict[str, object]:
    return {"led": led, "round": led.round, "survey": survey}


def _change(request: HttpRequest, survey: Survey) -> None:
    """Makes the codes of all groups without one, or of one group; or ends one."""
    wanted = request.POST.get("make") or request.POST.get("end") or ""
    if wanted == "all":
        inviting.make_codes(survey)
        messages.success(request, "Elke groep heeft nu een code.")
        return
    group = next((one for one in survey.groups.all() if str(one.pk) == wanted), None)
    if group is None:
        raise Http404
    if "make" in request.POST:
        inviting.make_codes(survey, group)
        messages.success(request, f"{group.name} heeft nu een code.")
    else:
        inviting.end_code(group)
        messages.success(request, f"De code van {group.name} werkt niet meer.")


@require_safe
def sheets(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """A page to print for each group with a code, or for one (`?groep=`)."""
    led, survey = led_survey(signed_in(request), pk, audience)
    groups = survey.groups.exclude(code=None)
    if "groep" in request.GET:
        groups = groups.filter(slug=request.GET["groep"])
    found = [(group, spaced(str(group.code)), _picture(group)) for group in groups]
    if not found:
        return fixed(request, led, survey, "Er is geen groep met een code.")
    context = _context(led, survey) | {"sheets": found, "address": _short(address("surveys:code"))}
    return render(request, "surveys/sheets.html", context)


def _picture(group: Group) -> str:
    """The address of the code as a QR code: an SVG without styles, dark on light as scanners want it."""
    code = segno.make(address("surveys:code_answer", group.code), error="m", micro=False)
    return mark_safe(code.svg_inline(scale=4, border=4, omitsize=True, light="#fff", svgclass="qr"))


def _short(url: str) -> str:
    """As one types it."""
    return url.partition("://")[2].rstrip("/")
