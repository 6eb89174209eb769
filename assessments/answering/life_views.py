"""The life of an answer: for who gave it, and for who judges it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from assessments.answering.life import Kept, Step, steps
from assessments.models import Answer, AnswerRevision, Assessment, Assignment, Content
from chain.questionnaire import Question
from organisations.models import User
from organisations.requests import signed_in


def _asked(round_: Assessment, question: str) -> Question:
    found = next((one for one in round_.content.questions if one.id == question), None)
    if found is None:
        raise Http404
    return found


def _lives(answers: QuerySet[Answer]) -> list[tuple[User, list[Step[Content]]]]:
    """Per contributor the steps of their answer, the newest first; one query."""
    revisions = AnswerRevision.objects.filter(answer__in=answers).select_related(
        "actor", "answer__contributor"
    )
    kept: dict[User, list[Kept[Content]]] = {}
    for one in revisions.order_by("answer__contributor__name", "answer_id", "version"):
        story = kept.setdefault(one.answer.contributor, [])
        story.append(Kept(one.actor_id, one.actor.label, one.saved_at, one.content))
    return [(contributor, steps(story)[::-1]) for contributor, story in kept.items()]


def mine(request: HttpRequest, pk: int, link: str, theme: str, question: str) -> HttpResponse:
    """How one's own answer came to be what it is."""
    user = signed_in(request)
    mine = Assignment.objects.filter(user=user, link=link, theme=theme, question__in=["", question])
    rounds = Assessment.objects.asking(user).filter(pk__in=mine.values("assessment"))
    round_ = get_object_or_404(rounds, pk=pk)
    asked = _asked(round_, question)
    if round_.content.theme_of(question).slug != theme:
        raise Http404
    lives = _lives(round_.answers.filter(question=question, contributor=user))
    context = {"round": round_, "question": asked, "lives": lives, "link": link, "theme": theme}
    return render(request, "assessments/life.html", context)


def everyones(request: HttpRequest, pk: int, question: str) -> HttpResponse:
    """The same of everyone's answer and of what was judged, for who may read those by name, once closed."""
    round_ = get_object_or_404(Assessment.objects.followed_by(signed_in(request)), pk=pk)
    if not (round_.takes_judgements or round_.is_frozen):
        raise Http404
    asked = _asked(round_, question)
    context = {
        "round": round_,
        "question": asked,
        "lives": _lives(round_.answers.given().filter(question=question)),
        "judgements": round_.judgement_history.filter(question=question).select_related("by").reverse(),
    }
    return render(request, "assessments/life.html", context)
