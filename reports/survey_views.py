"""The result of a closed survey: as pages, as a sheet and as the document that was made at its closing."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from organisations.requests import signed_in
from reports.outcome import Outcome, outcome_of
from reports.report_views import download
from reports.survey_sheet import sheet
from surveys.models import Remark, Survey


def _shown(request: HttpRequest, pk: int, audience: str) -> Survey:
    """The closed survey, if this reader may see its result; raises Http404. One query."""
    surveys = Survey.objects.results_visible_to(signed_in(request)).select_related("assessment__organisation")
    return get_object_or_404(surveys, assessment=pk, audience=audience)


def _outcome(survey: Survey) -> Outcome:
    return outcome_of(survey.content, survey.results(), survey.assessment.content)


def _names(survey: Survey) -> dict[str, str]:
    """What each group is called, by its slug, with those that count as part of it; one query."""
    groups = list(survey.groups.all())
    parts = {one.pk: [part.name for part in groups if part.joined_id == one.pk] for one in groups}
    standing = [one for one in groups if one.joined_id is None]
    return {one.slug: " met ".join(filter(None, [one.name, ", ".join(parts[one.pk])])) for one in standing}


@require_safe
def survey(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """What everybody together answered, and the way to each group that is shown."""
    shown = _shown(request, pk, audience)
    outcome, names = _outcome(shown), _names(shown)
    context = {
        "survey": shown,
        "round": shown.assessment,
        "outcome": outcome,
        "told": outcome.whole,
        "remarks": Remark.objects.tellable(shown),
        "groups": sorted(
            ({"name": names[one["slug"]], **one} for one in outcome.document["groups"]),
            key=lambda one: str(one["name"]).lower(),
        ),
        "hidden": sorted((names[slug] for slug in outcome.document["hidden"]), key=str.lower),
    }
    return render(request, "reports/survey.html", context)


@require_safe
def survey_group(request: HttpRequest, pk: int, audience: str, group: str) -> HttpResponse:
    """What one group answered, beside the whole."""
    shown = _shown(request, pk, audience)
    outcome = _outcome(shown)
    told, document = outcome.group(group), outcome.group_document(group)
    if told is None:
        raise Http404
    context = {
        "survey": shown,
        "round": shown.assessment,
        "outcome": outcome,
        "told": told,
        "name": _names(shown)[group],
        "group": document,
    }
    return render(request, "reports/survey_group.html", context)


@require_safe
def survey_csv(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """The same as a sheet."""
    shown = _shown(request, pk, audience)
    content = sheet(_outcome(shown), _names(shown)).encode()
    return download(content, "text/csv; charset=utf-8", f"{_file_name(shown)}.csv")


@require_safe
def survey_json(request: HttpRequest, pk: int, audience: str) -> HttpResponse:
    """The document, byte for byte: its SHA-256 is the checksum on the page."""
    shown = _shown(request, pk, audience)
    return download(shown.document.encode(), "application/json", f"{_file_name(shown)}.json")


def _file_name(survey: Survey) -> str:
    return f"peiling-{survey.get_audience_display()}-{survey.assessment.year}"
