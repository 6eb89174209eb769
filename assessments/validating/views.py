"""Beside the answers: what the evidence carries, and what was agreed where answers differ."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from assessments import letters
from assessments.forms import AGREED, EVIDENCED, JudgementForm
from assessments.models import AgreedLevel, Assessment, EvidencedLevel, JudgementRefused, SentBack, Thread
from assessments.models.judgement import OWN
from assessments.models.sample import checklist_of
from assessments.validating import dossier
from assessments.validating.checking import Check, Checklist
from chain.results import QuestionDocument
from organisations.models import User
from organisations.policy import May, may
from organisations.requests import signed_in

BACK, TAKE_BACK = "back", "take_back"
SHOWN = {"doen": "Nog te doen", "terug": "Teruggegeven"}


def _round(user: User, pk: int) -> Assessment:
    round_ = get_object_or_404(Assessment.objects.followed_by(user).select_related("organisation"), pk=pk)
    if not (round_.takes_judgements or round_.is_frozen):
        raise Http404
    return round_


def judgements(request: HttpRequest, pk: int) -> HttpResponse:
    """The validator's work list: legal minimums, the sample, where answers differ, and the rest."""
    user = signed_in(request)
    round_ = _round(user, pk)
    may_check = round_.takes_judgements and may(round_.roles_of(user), May.CHECK)
    checks = checklist_of(round_, user if may_check else None)
    shown = request.GET.get("toon", "") if round_.takes_judgements else ""
    chosen = {
        "doen": {check.question.id for check in checks.checks if check.to_do},
        "terug": {check.question.id for check in checks.checks if check.sent_back or check.came_back},
    }
    context = {
        "round": round_,
        "checks": checks,
        "groups": checks.groups(chosen.get(shown)),
        "shown": shown if shown in SHOWN else "",
        "any_shown": bool(chosen.get(shown)),
        "may_check": may_check,
        "choices": [(value, word, len(chosen[value])) for value, word in SHOWN.items()],
        "sample": round_.samples.last(),
        "begin": checks.begin if round_.takes_judgements else None,
    }
    return render(request, "assessments/judgements.html", context)


def judgement(request: HttpRequest, pk: int, question: str) -> HttpResponse:
    """Everyone's answer on one question; the validator and the coordinator each write down theirs."""
    user = signed_in(request)
    round_ = _round(user, pk)
    if not round_.content.has(question):
        raise Http404
    roles = round_.roles_of(user) if round_.takes_judgements else set[str]()
    may_check = may(roles, May.CHECK)
    checks = checklist_of(round_, user if may_check else None)
    check = checks.of(question)
    result = check.result
    which = request.POST.get("which", "")
    forms = _forms(request, round_, check, roles)
    asked = request.POST if which == BACK else None
    may_ask = may_check and not check.is_own
    cards = dossier.cards(round_, question, user, may_ask=may_ask, data=asked)
    if which in forms and forms[which].is_valid() and _record(forms[which], which, round_, result, user):
        messages.success(request, f"Opgeslagen bij vraag {question}.")
        return redirect(_onwards(request, round_, checks, question))
    if may_check and which in (BACK, TAKE_BACK) and _hand_over(request, round_, cards, user):
        return redirect(request.path)
    bound = [form for form in (*forms.values(), *(card.form for card in cards)) if form and form.is_bound]
    context = {
        **_page(round_, check, forms),
        "cards": cards,
        "may_check": may_check,
        "may_lead": may(roles, May.AGREE),
        "following": checks.following(question, waiting=may_check),
        "late": _typed(request) if which and not bound else [],
        "why_not": OWN if check.is_own else "",
    }
    status = 200 if not which else 422 if round_.takes_judgements else 409
    return render(request, "assessments/judgement.html", context, status=status)


def _page(round_: Assessment, check: Check, forms: dict[str, JudgementForm]) -> dict[str, object]:
    question = check.question.id
    agreed = round_.agreedlevels.filter(question=question).first()
    if AGREED in forms:
        forms[AGREED].start_from(agreed)
    return {
        "round": round_,
        "question": check.question,
        "result": check.result,
        "check": check,
        "agreed": agreed,
        "evidenced": round_.evidencedlevels.filter(question=question).select_related("by").first(),
        "history": round_.judgement_history.filter(question=question).select_related("by"),
        "forms": forms,
        "evidence": [(one, False) for one in round_.evidence.at(question)],
        "evidence_url": _beside(round_, question, "evidence"),
        "thread_url": _beside(round_, question, "thread"),
        "remarks": Thread.objects.counted(round_, [question])[question],
    }


def _onwards(request: HttpRequest, round_: Assessment, checks: Checklist, question: str) -> str:
    """After a judgement: the next question that waits, or the same one when that was asked for."""
    if "next" not in request.POST:
        return request.path
    following = checks.after(question)
    if following is None:
        messages.info(request, "Er wacht nu geen vraag meer op u.")
        return reverse("assessments:judgements", args=[round_.pk])
    return reverse("assessments:judgement", args=[round_.pk, following])


def _typed(request: HttpRequest) -> list[str]:
    """The words of a form that has no place on the page any more, to be copied."""
    return [str(text) for name, text in request.POST.items() if name.endswith(("-words", "-text")) and text]


def _hand_over(request: HttpRequest, round_: Assessment, cards: list[dossier.Card], user: User) -> bool:
    """Sends an answer back or takes it back, with its mail; whether there is nothing to put right."""
    if request.POST["which"] == TAKE_BACK:
        return _take_back(request, cards, user)
    card = next((one for one in cards if one.form and one.form.is_bound), None)
    if card is None or card.form is None or not card.form.is_valid():
        return False
    who, text = card.answer.contributor, card.form.cleaned_data["text"]
    try:
        with transaction.atomic():
            letters.send_back(SentBack.send(round_, card.answer.question, who, text, user))
    except JudgementRefused as refused:
        card.form.add_error("text", str(refused))
        return False
    messages.success(request, f"Teruggegeven aan {who.label}. U ziet het hier als er een reactie is.")
    return True


def _take_back(request: HttpRequest, cards: list[dossier.Card], user: User) -> bool:
    sent = next((one.waiting for one in cards if one.waits_for(request.POST.get("sent", ""))), None)
    try:
        if sent is None:
            raise JudgementRefused("Deze vraag is intussen afgehandeld.")
        with transaction.atomic():
            sent.settle(user)
            letters.forget(sent)
    except JudgementRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "U haalde de vraag terug.")
    return True


def _beside(round_: Assessment, question: str, page: str) -> str:
    """Where this page about the question is."""
    link, theme = round_.content.link_of(question), round_.content.theme_of(question)
    return reverse(f"assessments:{page}", args=[round_.pk, link.slug, theme.slug, question])


def _forms(
    request: HttpRequest, round_: Assessment, check: Check, roles: set[str]
) -> dict[str, JudgementForm]:
    """The forms that this user may fill in now; evidence carries at most what is claimed."""
    highest = {AGREED: 4 if may(roles, May.AGREE) else None}
    judges = may(roles, May.CHECK) and not check.is_own
    highest[EVIDENCED] = check.result["claimed"] if judges else None
    return {
        kind: JudgementForm(
            check.question,
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
