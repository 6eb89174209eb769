"""The coordinator gives themes and questions to people, and passes a turn on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from assessments import letters
from assessments.delegating import division
from assessments.delegating.forms import DelegationForm, ThemeForm
from assessments.models import Assessment, Assignment, StepRefused
from assessments.models.delegation import contributors, divide, pass_on
from chain.questionnaire import Link, Theme
from organisations.requests import signed_in


@dataclass(frozen=True)
class Told:
    """How a theme is divided, in words."""

    theme: Theme
    rows: Sequence[Assignment]
    present: frozenset[int]  # pks of those whose person can still answer

    @property
    def ids(self) -> list[str]:
        return [question.id for question in self.theme.questions]

    @property
    def words(self) -> str:
        """Empty when everybody has the whole theme at once: then names alone say it."""
        rows = [(one.question, one.turn, one.user.label) for one in self.rows]
        return "" if division.is_simple(rows) else division.words(rows, self.ids)

    @property
    def waits(self) -> list[str]:
        return division.waits(
            (one.question, one.turn, one.user.label, one.handed_in_at is not None)
            for one in self.rows
            if one.pk in self.present
        )

    @property
    def handed_over(self) -> list[tuple[str, str]]:
        """Who gave what to whom, as a sentence, and the note that went with it."""
        found: dict[tuple[str, str, str], list[str]] = {}
        for one in self.rows:
            if one.handed_over_by:
                key = (one.handed_over_by.name, one.user.label, one.note)
                found.setdefault(key, []).append(one.question)
        return [
            (f"{giver} gaf {', '.join(sorted(questions)) or 'het hele thema'} aan {receiver}", note)
            for (giver, receiver, note), questions in found.items()
        ]


def _round(request: HttpRequest, pk: int) -> Assessment:
    rounds = Assessment.objects.editable_by(signed_in(request)).select_related("organisation")
    return get_object_or_404(rounds, pk=pk)


def _theme(round_: Assessment, link: str, theme: str) -> Theme:
    """Raises Http404 for a theme that this round does not have."""
    found = (one for at in round_.content.links for one in at.themes if (at.slug, one.slug) == (link, theme))
    if here := next(found, None):
        return here
    raise Http404


def _rows(round_: Assessment) -> tuple[list[Assignment], frozenset[int]]:
    """Who has what, and whose people can still answer; two queries."""
    rows = round_.assignments.select_related("user", "handed_over_by").order_by("pk")
    return list(rows), frozenset(round_.assignments.present().values_list("pk", flat=True))


def _links(
    form: DelegationForm, rows: list[Assignment], present: frozenset[int]
) -> list[tuple[Link, list[tuple[BoundField, list[str], Told]]]]:
    """Per link its themes: the field, for whom it is, and how it is divided now."""
    by_theme: dict[tuple[str, str], list[Assignment]] = {}
    for one in rows:
        by_theme.setdefault((one.link, one.theme), []).append(one)
    return [
        (
            link,
            [
                (field, who, Told(theme, by_theme.get((link.slug, theme.slug), []), present))
                for theme, field, who in fields
            ],
        )
        for link, fields in form.by_link()
    ]


def delegation(request: HttpRequest, pk: int) -> HttpResponse:
    """All themes at a glance; `?voorstel=1` fills the form in by what people do, without saving it."""
    round_ = _round(request, pk)
    if not round_.takes_delegation:
        return render(request, "assessments/fixed.html", {"round": round_}, status=409)
    members, (rows, present) = contributors(round_), _rows(round_)
    form = DelegationForm(round_, members, rows, request.POST or None)
    if "voorstel" in request.GET and not form.is_bound:
        form.propose()
    if request.method == "POST" and form.is_valid():
        user = signed_in(request)
        try:
            with transaction.atomic():
                with letters.turns(round_), letters.more(round_, user):
                    round_.delegate(form.people(), request.POST.get("shown"))
                letters.tell(round_, user)
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "De verdeling is opgeslagen.")
            return redirect("assessments:detail", round_.pk)
    context = {
        "round": round_,
        "form": form,
        "links": _links(form, rows, present),
        "members": members,
        "proposed": "voorstel" in request.GET,
        "shown": request.POST.get("shown") or round_.delegation(),
    }
    return render(request, "assessments/delegation.html", context)


def delegation_theme(request: HttpRequest, pk: int, link: str, theme: str) -> HttpResponse:
    """One theme, question by question and at once or one after the other; `?voorstel=1` as for all."""
    round_ = _round(request, pk)
    here = _theme(round_, link, theme)
    if not round_.takes_delegation:
        return render(request, "assessments/fixed.html", {"round": round_}, status=409)
    members, (rows, present) = contributors(round_), _rows(round_)
    mine = [one for one in rows if (one.link, one.theme) == (link, theme)]
    form = ThemeForm(round_, here, members, mine, request.POST if request.method == "POST" else None)
    if "voorstel" in request.GET and not form.is_bound:
        form.propose()
    if form.is_bound and form.is_valid():
        user = signed_in(request)
        try:
            with transaction.atomic():
                with letters.turns(round_), letters.more(round_, user):
                    divide(round_, link, theme, form.parts(), request.POST.get("shown"))
                letters.tell(round_, user)
        except StepRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"De verdeling van {here.title} is opgeslagen.")
            return redirect(f"{reverse('assessments:delegation', args=[pk])}#{link}-{theme}")
    context = {
        "round": round_,
        "link": round_.content.link(link),
        "theme": here,
        "form": form,
        "told": Told(here, mine, present),
        "members": members,
        "proposed": "voorstel" in request.GET,
        "shown": request.POST.get("shown") or round_.assignments.of_theme(link, theme).mark(),
    }
    status = 409 if form.non_field_errors() else 422 if form.errors else 200
    return render(request, "assessments/delegation_theme.html", context, status=status)


def turn(request: HttpRequest, pk: int, link: str, theme: str) -> HttpResponse:
    """Asks whether those who wait may go on without waiting for the others, and sees to it."""
    round_ = _round(request, pk)
    here = _theme(round_, link, theme)
    if not round_.takes_answers:
        return render(request, "assessments/fixed.html", {"round": round_}, status=409)
    refused = ""
    if request.method == "POST":
        try:
            with letters.turns(round_):
                pass_on(round_, link, theme, request.POST.get("shown"))
        except StepRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, "De beurt is doorgegeven. Wie wachtte, krijgt een bericht.")
            return redirect("assessments:delegation_theme", pk, link, theme)
    rows, present = _rows(round_)
    context = {
        "round": round_,
        "link": round_.content.link(link),
        "theme": here,
        "told": Told(here, [one for one in rows if (one.link, one.theme) == (link, theme)], present),
        "refused": refused,
        "shown": round_.assignments.of_theme(link, theme).mark(),
    }
    return render(request, "assessments/turn.html", context, status=409 if refused else 200)
