"""Beside the answers: what the evidence carries, and what was agreed where answers differ."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from assessments.forms import AGREED, EVIDENCED, JudgementForm
from assessments.models import AgreedLevel, Assessment, EvidencedLevel, JudgementRefused, Thread
from chain.questionnaire import Question
from chain.results import QuestionDocument
from organisations.models import User
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
    agreed = set(round_.agreedlevels.values_list("question", flat=True))
    results = {one["id"]: one for one in round_.results()["questions"]}
    rows = [
        Row(question, results[question.id], question.id in agreed) for question in round_.content.questions
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
    if not round_.content.has(question):
        raise Http404
    result = next(one for one in round_.results()["questions"] if one["id"] == question)
    which = request.POST.get("which", "")
    forms = _forms(request, round_, question, result["claimed"])
    if which in forms and forms[which].is_valid() and _record(forms[which], which, round_, result, user):
        messages.success(request, f"Opgeslagen bij vraag {question}.")
        return redirect(request.path)
    ids = [one.id for one in round_.content.questions]
    agreed = round_.agreedlevels.filter(question=question).first()
    if AGREED in forms:
        forms[AGREED].start_from(agreed)
    context = {
        "round": round_,
        "question": round_.content.question(question),
        "result": result,
        "answers": round_.answers.filter(question=question).given().select_related("contributor"),
        "agreed": agreed,
        "evidenced": round_.evidencedlevels.filter(question=question).first(),
        "forms": forms,
        "evidence": [(one, False) for one in round_.evidence.at(question)],
        "evidence_url": _beside(round_, question, "evidence"),
        "thread_url": _beside(round_, question, "thread"),
        "remarks": Thread.objects.counted(round_, [question])[question],
        "following": next(iter(ids[ids.index(question) + 1 :]), None),
    }
    return render(request, "assessments/judgement.html", context, status=422 if which else 200)


def _beside(round_: Assessment, question: str, page: str) -> str:
    """Where this page about the question is."""
    link, theme = round_.content.link_of(question), round_.content.theme_of(question)
    return reverse(f"assessments:{page}", args=[round_.pk, link.slug, theme.slug, question])


def _forms(
    request: HttpRequest, round_: Assessment, question: str, claimed: int | None
) -> dict[str, JudgementForm]:
    """The forms that this user may fill in now; evidence carries at most what is claimed."""
    if not round_.takes_judgements:
        return {}
    roles = round_.roles_of(signed_in(request))
    highest = {AGREED: 4 if Role.COORDINATOR in roles else None}
    highest[EVIDENCED] = claimed if Role.VALIDATOR in roles else None
    return {
        kind: JudgementForm(
            round_.content.question(question),
            round_.content,
            request.POST if request.POST.get("which") == kind else None,
            kind,
            level,
        )
        for kind, level in highest.items()
        if level is not None
    }


def _record(form: JudgementForm, kind: str, round_: Assessment, result: QuestionDocument, user: User) -> bool:
    level, words = form.cleaned_data["level"], form.cleaned_data["words"]
    try:
        if kind == AGREED:
            AgreedLevel.record(round_, result["id"], level, words, user, form.cleaned_data["minority"])
        else:
            EvidencedLevel.record(round_, result["id"], level, words, user)
    except JudgementRefused as refused:
        form.add_error("level", str(refused))
        return False
    return True
