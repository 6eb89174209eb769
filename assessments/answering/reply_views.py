"""What the validator asks back, for who gave the answer: read it, put the answer right, and reply."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from assessments import letters
from assessments.models import Assessment, JudgementRefused, SentBack
from assessments.validating.forms import ReplyForm
from organisations.models import User
from organisations.requests import signed_in


def _sent(user: User, pk: int, link: str, theme: str, question: str) -> SentBack:
    """What was asked of the user last at this question, settled or not; one query."""
    sent = (
        SentBack.objects.filter(assessment__in=Assessment.objects.asking(user).filter(pk=pk))
        .filter(contributor=user, question=question)
        .select_related("assessment__organisation", "by")
        .last()
    )
    content = sent.assessment.content if sent else None
    if sent is None or content is None or not content.has(question):
        raise Http404
    if (content.link_of(question).slug, content.theme_of(question).slug) != (link, theme):
        raise Http404
    return sent


def reply(request: HttpRequest, pk: int, link: str, theme: str, question: str) -> HttpResponse:
    """The validator's question beside one's answer; sending a reply settles it."""
    user = signed_in(request)
    sent = _sent(user, pk, link, theme, question)
    round_ = sent.assessment
    form = ReplyForm(request.POST or None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                sent.settle(user, form.cleaned_data["text"])
                letters.forget(sent)
        except JudgementRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, f"Uw antwoord op {question} is terug bij de validator.")
            return redirect("assessments:questions", round_.pk)
    context = {
        "round": round_,
        "question": round_.content.question(question),
        "link": link,
        "theme": theme,
        "sent": sent,
        "answer": round_.answers.filter(question=question, contributor=user).first(),
        "evidence": round_.evidence.counted([question])[question],
        "is_open": sent.settled_at is None and round_.takes_judgements,
        "form": form,
        "refused": refused,
    }
    status = 409 if refused else 422 if form.errors else 200
    return render(request, "assessments/reply.html", context, status=status)
