"""The griffier's desk, and how one report goes before the council."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from assessments.models import Assessment, CouncilPromise, CouncilQuestion, Edition, Handling
from assessments.models.council import CouncilRefused
from organisations.models import Organisation
from organisations.policy import May
from organisations.requests import signed_in
from reports.council.desk import waiting_for
from reports.council.forms import (
    AnswerForm,
    CouncilForm,
    HandlingForm,
    PromiseForm,
    QuestionForm,
    SettleForm,
)
from reports.tasks import ask_for


def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the griffier, and the reports that went before."""
    user = signed_in(request)
    if not Organisation.objects.where_may(user, May.BRING_TO_COUNCIL).exists():
        raise Http404
    rounds = Assessment.objects.handled_by(user).for_list()
    context = {"waiting": waiting_for(user), "rounds": rounds, "today": timezone.localdate()}
    return render(request, "reports/council/desk.html", context)


def handling(request: HttpRequest, pk: int) -> HttpResponse:
    """One report before the council: the griffier registers, the coordinator reads along."""
    user = signed_in(request)
    rounds = Assessment.objects.handling_visible_to(user).select_related("organisation")
    round_ = get_object_or_404(rounds, pk=pk)
    is_clerk = Assessment.objects.handled_by(user).filter(pk=pk).exists()
    which = request.POST.get("which", "") if request.method == "POST" else ""
    if request.method == "POST" and not is_clerk:
        raise Http404
    now = Handling.objects.filter(assessment=round_).first()
    forms = _forms(request, which, now)
    form = forms.get(which)
    refused = ""
    if form is not None and form.is_valid():
        refused = _registered(which, round_, request, form, now)
        if not refused:
            return redirect("reports:handling", pk)
    editions = Edition.objects.filter(adoption__assessment=round_).select_related("adoption__assessment")
    context = {
        "round": round_,
        "forms": forms if is_clerk else {},
        "handling": now,
        # Who comes here has the PDF made: without it the report cannot be published.
        "file": ask_for(round_.adoption) if round_.adoption else None,
        "editions": list(editions.defer("document", "adoption__document").reverse()),
        "questions": round_.council_questions.all(),
        "promises": round_.council_promises.all(),
        "refused": refused,
        "step": round_.next_step(user) if is_clerk else None,
        "is_clerk": is_clerk,
    }
    status = 409 if refused else 422 if form is not None and form.errors else 200
    return render(request, "reports/council/handling.html", context, status=status)


def _forms(request: HttpRequest, which: str, now: Handling | None) -> dict[str, CouncilForm]:
    """The three forms of the page; what was sent is in the one that it was sent with."""
    today = {"initial": {"asked_on": timezone.localdate()}}
    made = {"initial": {"made_on": timezone.localdate()}}

    def sent(name: str) -> Any:
        return request.POST if which == name else None

    return {
        "handling": HandlingForm(sent("handling"), now),
        "question": QuestionForm(sent("question"), prefix="vraag", **today),
        "promise": PromiseForm(sent("promise"), prefix="toezegging", **made),
    }


def _registered(
    which: str, round_: Assessment, request: HttpRequest, form: CouncilForm, now: Handling | None
) -> str:
    """Writes it down and says so; why that could not be, in Dutch, else nothing."""
    user, data = signed_in(request), form.cleaned_data
    try:
        if which == "handling":
            Handling.register(round_, user, data.pop("shown"), **data)
        elif which == "question":
            CouncilQuestion.ask(round_, user, **data)
        else:
            CouncilPromise.record(round_, user, **data)
    except CouncilRefused as refusal:
        if now:
            form.data = form.data.copy()  # type: ignore[attr-defined]  # what was posted is a QueryDict
            form.data["shown"] = now.mark  # type: ignore[index]
        return str(refusal)
    said = {"handling": "De behandeling is", "question": "De vraag is", "promise": "De toezegging is"}
    messages.success(request, f"{said[which]} opgeslagen.")
    return ""


def question(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """A question of the council, and its answer by griffier or coordinator."""
    asked = get_object_or_404(
        CouncilQuestion.objects.editable_by(signed_in(request)).select_related("assessment__organisation"),
        pk=question,
        assessment=pk,
    )
    form = AnswerForm(_sent(request), initial={"answered_on": timezone.localdate()})

    def keep(data: Mapping[str, Any]) -> None:
        asked.reply(data["answer"], data["answered_on"])

    context = {"round": asked.assessment, "question": asked, "form": form}
    return _answer(
        request, form, keep, "reports/council/question.html", context, "Het antwoord is opgeslagen."
    )


def promise(request: HttpRequest, pk: int, promise: int) -> HttpResponse:
    """A promise to the council, and what became of it."""
    made = get_object_or_404(
        CouncilPromise.objects.editable_by(signed_in(request)).select_related("assessment__organisation"),
        pk=promise,
        assessment=pk,
    )
    form = SettleForm(_sent(request))

    def keep(data: Mapping[str, Any]) -> None:
        made.settle(data["outcome"], data["day"], data["reason"])

    context = {"round": made.assessment, "promise": made, "form": form}
    return _answer(
        request, form, keep, "reports/council/promise.html", context, "De toezegging is bijgewerkt."
    )


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _answer(
    request: HttpRequest,
    form: CouncilForm,
    keep: Callable[[Mapping[str, Any]], None],
    template: str,
    context: dict[str, Any],
    said: str,
) -> HttpResponse:
    """Keeps what was sent, or shows the page with what stood in its way."""
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            keep(form.cleaned_data)
        except CouncilRefused as refusal:
            refused = str(refusal)
        else:
            messages.success(request, said)
            return redirect("reports:handling", context["round"].pk)
    status = 409 if refused else 422 if form.errors else 200
    return render(request, template, {**context, "refused": refused}, status=status)
