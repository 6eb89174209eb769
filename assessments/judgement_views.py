"""Beside the answers: what the evidence carries, and what was agreed where answers differ."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assessments.forms import JudgementForm
from assessments.models import AgreedLevel, Assessment, EvidencedLevel, JudgementRefused
from chain.questionnaire import Question
from chain.results import QuestionDocument
from organisations.models import Organisation, User
from organisations.requests import signed_in
from organisations.roles import Role


@dataclass(frozen=True, slots=True)
class Row:
    """A question in the list: what it is, and what is known of it."""

    question: Question
    result: QuestionDocument
    agreed: bool


def _round(user: User, pk: int) -> Assessment:
    round_ = get_object_or_404(Assessment.objects.followed_by(user).select_related("organisation"), pk=pk)
    if not (round_.takes_judgements or round_.is_frozen):
        raise Http404
    return round_


def judgements(request: HttpRequest, pk: int) -> HttpResponse:
    """All questions, those with a legal minimum first, then where answers differ, then the rest."""
    round_ = _round(signed_in(request), pk)
    gathered = round_.gather()
    results = {one["id"]: one for one in gathered.results["questions"]}
    rows = [
        Row(question, results[question.id], question.id in gathered.agreed)
        for question in round_.content.questions
    ]
    groups = [
        ("Vragen met een wettelijk minimum", [row for row in rows if row.question.legal_minimum is not None]),
        (
            "Vragen waarover de antwoorden uiteenlopen",
            [row for row in rows if row.result["discuss"] or row.agreed],
        ),
        ("Alle andere vragen", [row for row in rows if _is_other(row)]),
    ]
    return render(request, "assessments/judgements.html", {"round": round_, "groups": groups})


def _is_other(row: Row) -> bool:
    return row.question.legal_minimum is None and not row.result["discuss"] and not row.agreed


def judgement(request: HttpRequest, pk: int, question: str) -> HttpResponse:
    """Everyone's answer on one question; the validator and the coordinator each write down theirs."""
    user = signed_in(request)
    round_ = _round(user, pk)
    asked = next((one for one in round_.content.questions if one.id == question), None)
    if asked is None:
        raise Http404
    gathered = round_.gather()
    result = next(one for one in gathered.results["questions"] if one["id"] == question)
    forms = _forms(request, round_, asked, user)
    which = request.POST.get("which", "")
    form = forms.get(which)
    if (
        request.method == "POST"
        and form
        and form.is_valid()
        and _record(which, form, round_, asked, user, result)
    ):
        messages.success(request, f"Opgeslagen bij vraag {asked.id}.")
        return redirect("assessments:judgements", round_.pk)
    context = {
        "round": round_,
        "question": asked,
        "result": result,
        "answers": round_.answers.filter(question=question).given().select_related("contributor"),
        "agreed": round_.agreedlevels.filter(question=question).first(),
        "evidenced": round_.evidencedlevels.filter(question=question).first(),
        "forms": forms,
    }
    return render(request, "assessments/judgement.html", context, status=422 if which else 200)


def _forms(
    request: HttpRequest, round_: Assessment, question: Question, user: User
) -> dict[str, JudgementForm]:
    """The forms that this user may fill in now."""
    if not round_.takes_judgements:
        return {}
    mine = Organisation.objects.filter(pk=round_.organisation_id)
    offers = [("evidenced", Role.VALIDATOR, "Opmerking"), ("agreed", Role.COORDINATOR, "Waarom dit niveau?")]
    return {
        which: JudgementForm(
            question,
            round_.content,
            request.POST if request.POST.get("which") == which else None,
            words=words,
            prefix=which,
        )
        for which, role, words in offers
        if mine.with_role(user, role).exists()
    }


def _record(
    which: str,
    form: JudgementForm,
    round_: Assessment,
    question: Question,
    user: User,
    result: QuestionDocument,
) -> bool:
    level, words = form.cleaned_data["level"], form.cleaned_data["words"]
    try:
        if which == "agreed":
            AgreedLevel.record(round_, question.id, level, words, user)
        else:
            EvidencedLevel.record(round_, question.id, level, words, user, claimed=result["claimed"])
    except JudgementRefused as refused:
        form.add_error("words" if which == "agreed" and not words.strip() else "level", str(refused))
        return False
    return True
