"""Handing in: what is ready, what is worth a second look, and taking it back while the round is open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.db import transaction
from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assessments import letters
from assessments.answering.hand_in_forms import HandInForm
from assessments.delegating.portions import Portion, Unit, portions
from assessments.models import Answer, Assessment, Assignment, Evidence, HandInRefused, RoundIsClosed
from chain.questionnaire import Place
from chain.xray import Finding, Given, look
from organisations.models import User
from organisations.requests import signed_in

CLOSED = "De ronde is intussen gesloten. Indienen en terughalen kan niet meer. Uw antwoorden zijn bewaard."


@dataclass(frozen=True)
class Share:
    """One person's answers in a round, on their way to being handed in."""

    user: User
    round: Assessment

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """By question, each with the moment of its first save (`began`); one query."""
        mine = self.round.answers.filter(contributor=self.user).annotate(began=Min("revisions__saved_at"))
        return {answer.question: answer for answer in mine}

    @cached_property
    def portions(self) -> list[Portion]:
        """Two queries, one of them for the answers."""
        rows = self.round.assignments.filter(user=self.user).with_waits().order_by("pk")
        units = [Unit(one.pk, one.key, one.handed_in_at, one.waits) for one in rows]
        answered = {question for question, answer in self.answers.items() if answer.content.is_answer}
        return portions(self.round.content, units, answered)

    def findings(self) -> list[tuple[Finding, list[Place]]]:
        """What is worth a second look, unless all of it is handed in; one query."""
        asked = {
            one.id: unit for part in self.portions for unit in part.units for one in part.questions([unit])
        }
        open_ = {question for question, unit in asked.items() if unit.handed_in_at is None}
        evidence = Evidence.objects.filter(assessment=self.round).counted(asked)
        given = {
            question: _given(self.answers[question], evidence[question])
            for question in asked
            if question in self.answers
        }
        content = self.round.content
        return [
            (finding, [content.place(question) for question in finding.questions])
            for finding in look(content, given)
            if open_.intersection(finding.questions)
        ]


def _given(answer: Answer, evidence: int) -> Given:
    began = answer.began or answer.saved_at  # type: ignore[attr-defined]  # annotated
    return Given(answer.level, answer.state, answer.explanation, evidence, began, answer.saved_at)


def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """What of this round is one's own to hand in, theme by theme; nothing that is said here stops anybody."""
    user = signed_in(request)
    round_ = get_object_or_404(Assessment.objects.asking(user).select_related("organisation"), pk=pk)
    share = Share(user, round_)
    if request.method == "POST" and "back" in request.POST:
        return _take_back(request, share)
    form = HandInForm(share.portions, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _hand_in(request, share, form)
    return _page(request, share, form, status=422 if form.errors else 200)


def _hand_in(request: HttpRequest, share: Share, form: HandInForm) -> HttpResponse:
    chosen = form.chosen()
    units = [unit.pk for portion in chosen for unit in (*portion.open, *portion.handed_in)]
    try:
        with letters.turns(share.round):
            Assignment.hand_in(share.round, share.user, units)
    except (RoundIsClosed, HandInRefused) as refusal:
        return _refused(request, share, refusal)
    themes = ", ".join(str(portion.theme.title) for portion in chosen)
    empty = sum(len(portion.missing) for portion in chosen)
    left = f" Zonder antwoord: {empty} {'vraag' if empty == 1 else 'vragen'}." if empty else ""
    messages.success(request, f"Ingediend: {themes}.{left}")
    return redirect(request.path)


def _take_back(request: HttpRequest, share: Share) -> HttpResponse:
    portion = next((one for one in share.portions if one.name == request.POST["back"]), None)
    units = [unit.pk for unit in portion.handed_in] if portion else []
    try:
        with transaction.atomic():
            for assignment in share.round.assignments.filter(pk__in=units).select_related("assessment"):
                assignment.take_back()
    except (RoundIsClosed, HandInRefused) as refusal:
        return _refused(request, share, refusal)
    if portion and units:
        messages.success(
            request, f"U kunt {portion.theme.title} weer veranderen. Dien het daarna opnieuw in."
        )
    return redirect(request.path)


def _refused(request: HttpRequest, share: Share, refusal: Exception) -> HttpResponse:
    """The page as things are now, with what stood in the way."""
    share = Share(share.user, Assessment.objects.select_related("organisation").get(pk=share.round.pk))
    said = CLOSED if isinstance(refusal, RoundIsClosed) else str(refusal)
    return _page(request, share, HandInForm(share.portions), refused=said, status=409)


def _page(
    request: HttpRequest, share: Share, form: HandInForm, *, refused: str = "", status: int = 200
) -> HttpResponse:
    found = share.portions
    to_hand_in = [portion for portion in found if portion.open] if share.round.takes_answers else []
    context = {
        "round": share.round,
        "form": form,
        "refused": refused,
        "findings": share.findings() if to_hand_in else [],
        "open": to_hand_in,
        "waiting": [portion for portion in found if portion.waiting],
        "handed_in": [portion for portion in found if portion.handed_in],
        "missing": sum(len(portion.missing) for portion in to_hand_in),
        "checked": form.shown(),
    }
    return render(request, "assessments/hand_in.html", context, status=status)
