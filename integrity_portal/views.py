"""The front door: what each person comes for, first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from assessments.asked import Key
from assessments.models import Adoption, Answer, Assessment, Assignment
from assessments.status import FROZEN, Status
from assessments.worklist import Worklist, worklist
from organisations.models import User
from organisations.requests import signed_in


@dataclass(frozen=True, slots=True)
class Asked:
    """A round that asks something of the user now."""

    round: Assessment
    worklist: Worklist


def home(request: HttpRequest) -> HttpResponse:
    """One's own questions first, then the rounds one leads or checks, then the adopted reports."""
    user = signed_in(request)
    followed = Assessment.objects.followed_by(user).exclude(status__in=[*FROZEN, Status.WITHDRAWN]).for_list()
    reports = Adoption.objects.filter(assessment__in=Assessment.objects.report_visible_to(user))
    newest = (
        reports.select_related("assessment__organisation").defer("document").order_by("-adopted_at", "-pk")
    )
    return render(
        request,
        "home.html",
        {"asked": _asked(user), "followed": _followed(followed[:10]), "reports": newest[:3]},
    )


@dataclass(frozen=True, slots=True)
class Followed:
    """A running round with how many of its questions have an answer by anyone."""

    round: Assessment
    answered: int

    @property
    def total(self) -> int:
        return len(self.round.content.questions)


def _followed(rounds: Iterable[Assessment]) -> list[Followed]:
    """Two queries, whatever the number of rounds."""
    found = list(rounds)
    answers = Answer.objects.given().filter(assessment__in=found)
    counts = Counter(round_ for round_, _ in answers.values_list("assessment_id", "question").distinct())
    return [Followed(round_, counts[round_.pk]) for round_ in found]


def _asked(user: User) -> list[Asked]:
    """Two queries, whatever the number of rounds."""
    rounds = Assessment.objects.asking(user).filter(status=Status.OPEN)
    given: dict[Assessment, list[Key]] = {}
    for one in Assignment.objects.filter(user=user, assessment__in=rounds).select_related(
        "assessment__organisation"
    ):
        given.setdefault(one.assessment, []).append(one.key)
    answered: dict[int, set[str]] = {}
    for round_, question in (
        Answer.objects.given()
        .filter(contributor=user, assessment__in=given)
        .values_list("assessment_id", "question")
    ):
        answered.setdefault(round_, set()).add(question)
    return [
        Asked(round_, worklist(round_.content, keys, answered.get(round_.pk, set())))
        for round_, keys in given.items()
    ]


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """For whoever watches the installation: the web process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("gezond\n", content_type="text/plain; charset=utf-8")


def closed(request: HttpRequest) -> HttpResponse:
    """In place of a page that a package brings and the portal does not have."""
    raise Http404
