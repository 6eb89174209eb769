"""The sample: what takes part, what was drawn with which seed, and drawing it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from assessments.models import Assessment, JudgementRefused, Sample
from assessments.models.sample import drawable
from assessments.validating import sampling
from assessments.validating.forms import SampleForm
from chain.questionnaire import Link, Question
from organisations.models import User
from organisations.policy import May, may
from organisations.requests import signed_in


@dataclass(frozen=True, slots=True)
class Drawn:
    """A question that was drawn, with the number by which it was."""

    question: Question
    mark: str


def sample(request: HttpRequest, pk: int) -> HttpResponse:
    """Which questions the validator checks beside the legal minimums, and how to draw them again."""
    user = signed_in(request)
    round_ = get_object_or_404(Assessment.objects.followed_by(user).select_related("organisation"), pk=pk)
    if not (round_.takes_judgements or round_.is_frozen):
        raise Http404
    draws = list(round_.samples.select_related("drawn_by"))
    form = _form(request, round_, user, again=bool(draws))
    if request.method == "POST" and form is None and round_.takes_judgements:
        raise Http404
    if form and form.is_valid() and _draw(form, round_, user):
        messages.success(request, "De steekproef is getrokken.")
        return redirect(request.path)
    newest = draws[-1] if draws else None
    context = {
        "round": round_,
        "newest": newest,
        "drawn": _drawn(round_, newest) if newest else [],
        "earlier": draws[-2::-1],
        "drawable": _counted(round_) if round_.takes_judgements else [],
        "form": form,
        "is_late": request.method == "POST" and form is None,
        "late": request.POST.get("reason", ""),
    }
    status = 409 if context["is_late"] else 422 if form and form.is_bound else 200
    return render(request, "assessments/sample.html", context, status=status)


def _form(request: HttpRequest, round_: Assessment, user: User, *, again: bool) -> SampleForm | None:
    if not round_.takes_judgements or not may(round_.roles_of(user), May.CHECK):
        return None
    return SampleForm(request.POST if request.method == "POST" else None, again=again)


def _draw(form: SampleForm, round_: Assessment, user: User) -> bool:
    given = form.cleaned_data
    try:
        Sample.draw(round_, given["size"], user, given.get("reason", ""))
    except JudgementRefused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def _drawn(round_: Assessment, sample: Sample) -> list[tuple[Link, list[Drawn]]]:
    """Per link what was drawn, in the order of the draw."""
    chosen = set(sample.questions)
    return [
        (
            link,
            sorted(
                (
                    Drawn(one, sampling.mark(sample.seed, one.id))
                    for one in link.questions
                    if one.id in chosen
                ),
                key=lambda drawn: drawn.mark,
            ),
        )
        for link in round_.content.links
    ]


def _counted(round_: Assessment) -> list[tuple[Link, int]]:
    """Per link how many questions take part in a draw now."""
    found = drawable(round_)
    return [(link, len(found[link.slug])) for link in round_.content.links]
