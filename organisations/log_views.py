"""The log of one organisation, for its administrator and whoever audits: as a page and as a sheet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from organisations.log.acts import Act, Result
from organisations.log.sheet import sheet
from organisations.log_forms import LogForm
from organisations.models import LogEntry, Organisation
from organisations.models.log import LogQuerySet
from organisations.policy import May
from organisations.requests import signed_in
from organisations.signing.again import sign_in_again

PAGE = 50


@require_safe
def log(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest entries first, narrowed down to what is asked for."""
    organisation, form, entries = _asked(request, slug)
    page = Paginator(entries, PAGE).get_page(request.GET.get("pagina"))
    asked = {key: value for key, value in request.GET.items() if key != "pagina" and value}
    context = {
        "organisation": organisation,
        "form": form,
        "pages": page,
        "rows": [(entry, Act(entry.act).label, Result(entry.result).label) for entry in page],
        "asked": urlencode(asked),
    }
    return render(request, "organisations/log.html", context, status=200 if form.is_valid() else 422)


@require_safe
@sign_in_again(reading=True)
def log_csv(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The same entries as a sheet, the oldest first, with what the chain needs to be checked."""
    organisation, _, entries = _asked(request, slug)
    rows = _rows(entries.by_number())
    response = StreamingHttpResponse(sheet(rows), content_type="text/csv; charset=utf-8")
    name = f"logboek-{organisation.slug}-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


def _asked(request: HttpRequest, slug: str) -> tuple[Organisation, LogForm, LogQuerySet]:
    organisation = get_object_or_404(
        Organisation.objects.where_may(signed_in(request), May.READ_LOG), slug=slug
    )
    form = LogForm(request.GET)
    entries = LogEntry.objects.filter(organisation=organisation)
    return organisation, form, form.narrow(entries) if form.is_valid() else entries.none()


def _rows(entries: Iterator[LogEntry]) -> Iterator[list[str]]:
    for one in entries:
        detail = json.dumps(one.detail, ensure_ascii=False) if one.detail else ""
        words = [str(one.number), one.line.at, one.who, Act(one.act).label, one.what]
        words += [Result(one.result).label, one.whence, detail, one.previous, one.digest]
        yield words
