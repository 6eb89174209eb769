"""The results of a round: the dashboard, a link, and how any figure of them comes about."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from organisations.requests import signed_in
from reports import words
from reports.beside import beside
from reports.dashboard import Dashboard, bars_of, parts_of, themes_of
from reports.figures import figure, questions_of, result_of
from reports.outcome import outcome_of
from reports.results import results_for
from surveys.models import Survey


def dashboard(request: HttpRequest, pk: int) -> HttpResponse:
    """The chain and what stands behind it; ten queries at most, whatever the number of answers or rounds."""
    shown = results_for(signed_in(request), pk)
    round_ = shown.assessment
    page = Dashboard(round_.content, shown.results, shown.answers["answers"], shown.frozen)
    surveys = Survey.objects.results_visible_to(signed_in(request)).filter(assessment=round_)
    context = {"shown": shown, "round": round_, "page": page, "people": shown.progress(), "surveys": surveys}
    return render(request, "reports/dashboard.html", context)


def link(request: HttpRequest, pk: int, link: str) -> HttpResponse:
    """One link: its themes and cross-sections, and how its figure comes about."""
    shown = results_for(signed_in(request), pk)
    content = shown.assessment.content
    document = next((one for one in shown.results["links"] if one["slug"] == link), None)
    if document is None:
        raise Http404
    of_link, frozen = content.link(link), shown.frozen
    themes = themes_of(document, of_link, content.ladder, frozen=frozen)
    parts = parts_of(document, content.ladder, frozen=frozen)
    surveys = Survey.objects.reported().filter(assessment=shown.assessment).order_by("-audience")
    outcomes = [outcome_of(one.content, one.results(), content) for one in surveys]
    questions = {one["id"]: one for one in shown.results["questions"]}
    context = {
        "shown": shown,
        "round": shown.assessment,
        "link": of_link,
        "title": of_link.title,
        "about": of_link.summary,
        "themes": themes,
        "themes_picture": bars_of("themas", f"De thema’s van {of_link.title}, van 0 tot en met 4.", themes),
        "parts": parts,
        "beside": beside(of_link, questions, content.ladder, outcomes),
        "people": words.joined([one.people for one in outcomes]),
        "several": len(outcomes) > 1,
        "parts_picture": bars_of(
            "soorten", f"Soorten vragen van {of_link.title}, van 0 tot en met 4.", parts
        ),
        "figure": figure(
            content, shown.results, shown.given, document, of_link.questions, shown.names, frozen=frozen
        ),
    }
    return render(request, "reports/link.html", context)


def group(request: HttpRequest, pk: int, link: str, group: str) -> HttpResponse:
    """How the figure of a theme, or of a cross-section such as hard, comes about."""
    shown = results_for(signed_in(request), pk)
    content = shown.assessment.content
    document = next((one for one in shown.results["links"] if one["slug"] == link), None)
    result = result_of(document, group) if document else None
    if result is None:
        raise Http404
    of_link = content.link(link)
    title, about, questions = questions_of(of_link, group)
    context = {
        "shown": shown,
        "round": shown.assessment,
        "link": of_link,
        "title": title,
        "about": about,
        "figure": figure(
            content,
            shown.results,
            shown.given,
            result,
            questions,
            shown.names,
            frozen=shown.frozen,
        ),
    }
    return render(request, "reports/figure.html", context)
