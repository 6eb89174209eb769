"""A contributor hands a theme, or some questions of it, over to a colleague."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assessments import asked, letters
from assessments.delegating.forms import HandOverForm
from assessments.models import Assessment, RoundIsClosed
from assessments.models.delegation import HandOverRefused, contributors, hand_over
from chain.questionnaire import Question, Theme
from organisations.models import User
from organisations.policy import May, may
from organisations.requests import signed_in

CLOSED = "De ronde is niet open. U kunt nu niets overdragen. Kopieer uw briefje als u het wilt bewaren."
DONE = "Wat u in dit thema hebt, is al ingediend. Haal het eerst terug als u het wilt overdragen."


def hand_over_page(request: HttpRequest, pk: int, link: str, theme: str) -> HttpResponse:
    """What goes to whom, and once more what that means before it happens."""
    user = signed_in(request)
    round_ = get_object_or_404(Assessment.objects.asking(user).select_related("organisation"), pk=pk)
    here, mine = _mine(round_, user, link, theme)
    colleagues = [one for one in contributors(round_) if one.user_id != user.pk]
    form = HandOverForm(mine, colleagues, request.POST if request.method == "POST" else None)
    context = {
        "round": round_,
        "link": round_.content.link(link),
        "theme": here,
        "form": form,
        "colleagues": colleagues,
        "refused": "" if round_.takes_answers and mine else DONE if round_.takes_answers else CLOSED,
    }
    if context["refused"]:
        return render(request, "assessments/hand_over.html", context, status=409)
    if form.is_bound and form.is_valid() and "change" not in request.POST:
        if "sure" not in request.POST:
            return render(request, "assessments/hand_over_sure.html", context | _sure(round_, user, form))
        if _handed_over(round_, user, link, theme, form):
            messages.success(
                request, f"Overgedragen aan {form.receiver.user}. Uw collega krijgt een bericht."
            )
            left = Assessment.objects.asking(user).filter(pk=pk).exists()
            return redirect("assessments:questions", pk) if left else redirect("home")
    status = 409 if form.non_field_errors() else 422 if form.errors else 200
    return render(request, "assessments/hand_over.html", context, status=status)


def _mine(round_: Assessment, user: User, link: str, theme: str) -> tuple[Theme, list[Question]]:
    """The theme, and what the user has of it that is not handed in. Raises Http404 when it never was theirs.

    A guest has nobody to hand over to: for a guest this does not exist. Two queries.
    """
    rows = list(round_.assignments.of_theme(link, theme).filter(user=user))
    if not rows or not may(round_.roles_of(user), May.ANSWER):
        raise Http404
    here = round_.content.theme(link, theme)
    left = [one.key for one in rows if one.handed_in_at is None]
    return here, list(asked.in_theme(link, here, left))


def _sure(round_: Assessment, user: User, form: HandOverForm) -> dict[str, object]:
    """What the question before the last step says; one query."""
    chosen = form.cleaned_data["questions"]
    given = round_.answers.given().filter(contributor=user, question__in=chosen)
    whole = len(chosen) == len(form["questions"])
    return {
        "chosen": [question for question in round_.content.questions if question.id in chosen],
        "whole": whole,
        "answered": given.count(),
        "receiver": form.receiver.user,
    }


def _handed_over(round_: Assessment, user: User, link: str, theme: str, form: HandOverForm) -> bool:
    """Whether it happened; otherwise the form says why not."""
    data, receiver = form.cleaned_data, form.receiver.user
    try:
        with transaction.atomic():
            new = hand_over(round_, link, theme, set(data["questions"]), user, receiver, data["note"])
            letters.handed_over(round_, new, user)
    except (HandOverRefused, RoundIsClosed) as refusal:
        form.add_error(None, CLOSED if isinstance(refusal, RoundIsClosed) else str(refusal))
        return False
    return True
