"""What anyone may read without an account: an organisation's published reports, and nothing else of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe

from assessments.models import Edition
from organisations import walls
from organisations.models import Organisation
from organisations.requests import signed_in
from reports.catalogue import FILES, catalogue_of
from reports.models import ReportFile, report_from
from reports.norms import COUNCIL
from reports.open_data import csv_of
from reports.publishing import Publication, publication_at, publications
from reports.report import Report
from reports.report_views import download, file_name, visible_to
from reports.style import style_of
from reports.tasks import ask_for

FRESH = "public, max-age=300"  # soon enough for a report that is withdrawn


@login_not_required
@require_safe
def publication_list(request: HttpRequest, organisation: str) -> HttpResponseBase:
    """The published reports of one organisation, earlier years too. Without any the page is not there."""
    found = _all_of(organisation)
    owner = found[0].organisation
    context = {"found": found, "organisation": owner, "style": style_of(owner.style_told())}
    return _public(request, render(request, "reports/public/list.html", context), _newest(found))


@login_not_required
@require_safe
def publication(request: HttpRequest, organisation: str, edition: str) -> HttpResponseBase:
    """A published report as a web page: the current one of a round, or a version under its own address."""
    shown = _published(organisation, edition)
    file = _file(shown.edition)
    response = _page(request, shown, file)
    if not shown.is_current:
        response["X-Robots-Tag"] = "noindex"
    return _public(request, response, max(shown.changed_at, file.made_at or shown.changed_at))


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page before it is public, for who may read the report."""
    adoption = get_object_or_404(visible_to(signed_in(request)), pk=pk)
    file = ask_for(adoption)
    report = report_from(adoption, file.beside())
    context = {"report": report, "file": file, "organisation": adoption.assessment.organisation}
    response = render(request, "reports/public/report.html", context | {"style": _style(report)})
    response["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_safe
def publication_pdf(request: HttpRequest, organisation: str, edition: str) -> HttpResponseBase:
    """The one file of the edition. While it is being made there is none: the page says so."""
    shown = _published(organisation, edition)
    file = ReportFile.objects.brief().of_edition(shown.edition)
    if not file or not file.is_made:
        raise Http404
    name = f"{file_name(shown.edition.adoption)}.pdf"
    return _public(request, download(bytes(file.pdf or b""), "application/pdf", name), file.made_at)


@login_not_required
@require_safe
def publication_data(request: HttpRequest, organisation: str, edition: str, kind: str) -> HttpResponseBase:
    """The data behind the report, byte for byte as it was frozen; or its figures as a table."""
    shown = _published(organisation, edition)
    name = file_name(shown.edition.adoption)
    if kind == "gegevens.csv":
        content, name = csv_of(_report(shown)), f"{name}.csv"
    elif kind == "gegevens.json":
        content, name = shown.edition.adoption.document, f"{name}.json"
    else:
        content, name = shown.edition.document, f"{name}-aanvulling.json"
    media = "text/csv; charset=utf-8" if kind == "gegevens.csv" else "application/json"
    return _public(request, download(content.encode(), media, name), shown.published_at)


@login_not_required
@require_safe
def catalogue(request: HttpRequest, organisation: str) -> HttpResponseBase:
    """The published reports as data sets, described by DCAT-AP-NL, for whoever collects open data."""
    found = _all_of(organisation)
    files = ReportFile.objects.brief().filter(
        edition__in=[one.edition.pk for one in found], variant=COUNCIL, made_at__isnull=False
    )
    described = catalogue_of(found, {file.edition_id or 0: file for file in files})
    text = json.dumps(described, ensure_ascii=False, indent=1)
    return _public(request, HttpResponse(text, content_type="application/ld+json"), _newest(found))


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponseBase:
    """Search engines may have what is published, and need the styles of it."""
    lines = ["User-agent: *", "Allow: /openbaar/", "Allow: /huisstijl/", "Allow: /static/", "Disallow: /"]
    text = "\n".join([*lines, f"Sitemap: {settings.PORTAL_URL}{reverse('reports:sitemap')}", ""])
    return _public(request, HttpResponse(text, content_type="text/plain; charset=utf-8"))


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Every report that is public and still holds; one query."""
    with walls.everywhere():
        current = [one for one in publications() if one.is_current]
    slugs = dict.fromkeys(one.organisation.slug for one in current)
    lists = [settings.PORTAL_URL + reverse("reports:publications", args=[slug]) for slug in slugs]
    context = {"lists": lists, "current": current, "portal": settings.PORTAL_URL}
    page = render(request, "reports/public/sitemap.xml", context, content_type="application/xml")
    return _public(request, page, _newest(current))


def _all_of(slug: str) -> list[Publication]:
    """What an organisation published. Raises Http404 without any, whether the organisation exists or not."""
    found = publications(_entered(slug))
    if not found:
        raise Http404
    return found


def _published(organisation: str, slug: str) -> Publication:
    found = publication_at(_entered(organisation), slug)
    if found is None:
        raise Http404
    return found


def _entered(slug: str) -> Organisation:
    """The organisation, whoever asks; what is shown of it is only what it published. Raises Http404."""
    with walls.everywhere():
        found = get_object_or_404(Organisation, slug=slug)
    walls.enter(found.pk)
    return found


def _file(edition: Edition) -> ReportFile:
    return ReportFile.objects.brief().of_edition(edition) or ask_for(edition.adoption)


def _report(shown: Publication) -> Report:
    return report_from(shown.edition.adoption, shown.edition.frozen())


def _style(report: Report) -> Any:
    return style_of(report.account.supplement.get("style"))


def _page(request: HttpRequest, shown: Publication, file: ReportFile) -> HttpResponse:
    report = _report(shown)
    slugs = shown.organisation.slug, shown.slug
    context = {
        "report": report,
        "style": _style(report),
        "file": file,
        "shown": shown,
        "organisation": shown.organisation,
        "canonical": settings.PORTAL_URL + shown.address,
        "pdf": shown.page("publication_pdf"),
        "data": [
            (f"{title} ({name})", reverse("reports:publication_data", args=[*slugs, name]))
            for name, title, *_ in FILES
        ],
    }
    return render(request, "reports/public/report.html", context)


def _newest(found: Iterable[Publication]) -> datetime | None:
    return max((one.changed_at for one in found), default=None)


def _public(
    request: HttpRequest, response: HttpResponse, changed: datetime | None = None
) -> HttpResponseBase:
    """The answer for anyone to keep for a short while, or that nothing changed since they fetched it.

    Only the ETag decides on that: a new release of the portal changes a page too, and has no such moment.
    """
    if changed:
        response["Last-Modified"] = http_date(changed.timestamp())
    response["ETag"] = f'"{sha256(response.content).hexdigest()}"'
    response["Cache-Control"] = FRESH
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
