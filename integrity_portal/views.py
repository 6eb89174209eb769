"""The front door: what each person comes for, first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from assessments.answering.keeping import key_of
from assessments.models import Adoption, Answer, Assessment, Assignment, SentBack
from assessments.models.sample import checklist_of
from assessments.status import FROZEN, Status
from assessments.validating.checking import Checklist
from assessments.worklist import Known, Worklist, worklist
from organisations.models import Organisation, User
from organisations.policy import May
from organisations.requests import signed_in
from surveys.models import Survey
from surveys.models.rounds import SETTING_UP, rounds_led_by


@dataclass(frozen=True, slots=True)
class Asked:
    """A round that asks something of the user now."""

    round: Assessment
    worklist: Worklist


def home(request: HttpRequest) -> HttpResponse:
    """One's own questions first, then the rounds one leads or checks, then the adopted reports."""
    user = signed_in(request)
    running = Assessment.objects.followed_by(user).exclude(status__in=[*FROZEN, Status.WITHDRAWN])
    followed = list(running.for_list()[:10])
    reports = Adoption.objects.filter(assessment__in=Assessment.objects.report_visible_to(user))
    newest = (
        reports.select_related("assessment__organisation").defer("document").order_by("-adopted_at", "-pk")
    )
    return render(
        request,
        "home.html",
        {
            "asked": _asked(user),
            "validated": _validated(user, followed),
            "followed": _followed(followed),
            "reports": newest[:3],
            "polled": _polled(user)[:10],
            "reacting": _reacting(user),
            # For a validator and the college, who have no other way there before the round has results.
            "told": Survey.objects.results_visible_to(user)
            .select_related("assessment", "organisation")
            .order_by("-closed_on", "-pk")[:4],
            "keep_key": key_of(user.pk),
        },
    )


def _reacting(user: User) -> QuerySet[Assessment]:
    """Reports that lie with the user as the college. One query, that the page only asks for an executive."""
    theirs = Organisation.objects.where_may(user, May.HEAR_OF_REPORT)
    rounds = Assessment.objects.filter(status=Status.EXECUTIVE, organisation__in=theirs)
    return rounds.for_list()


def _polled(user: User) -> QuerySet[Assessment]:
    """Rounds with a survey that the griffier leads, who sees no round itself: to set up, or to read.

    `council` is the status of that survey, or none. One query, that the page only asks for a griffier.
    """
    led: QuerySet[Assessment] = rounds_led_by(user, May.LEAD_COUNCIL_SURVEY).select_related("organisation")
    of_council = Survey.objects.filter(assessment=OuterRef("pk"), audience="council").values("status")
    rounds = led.annotate(council=Subquery(of_council))
    return rounds.filter(Q(status__in=SETTING_UP) | ~Q(council=None)).order_by("-year", "-pk")


@dataclass(frozen=True, slots=True)
class Followed:
    """A running round with how many of its questions have an answer by anyone."""

    round: Assessment
    answered: int

    @property
    def total(self) -> int:
        return len(self.round.content.questions)


def _followed(rounds: list[Assessment]) -> list[Followed]:
    """One query, whatever the number of rounds."""
    answers = Answer.objects.given().filter(assessment__in=rounds)
    counts = Counter(round_ for round_, _ in answers.values_list("assessment_id", "question").distinct())
    return [Followed(round_, counts[round_.pk]) for round_ in rounds]


def _validated(user: User, rounds: list[Assessment]) -> list[tuple[Assessment, Checklist]]:
    """Those in validation that the user checks, and how far that is.

    No query without a round in validation; else one, and seven for each round that is the user's to check: an
    organisation seldom has more than one.
    """
    found = [round_ for round_ in rounds if round_.takes_judgements]
    if not found:
        return []
    theirs = set(Organisation.objects.where_may(user, May.CHECK).values_list("pk", flat=True))
    return [(round_, checklist_of(round_, user)) for round_ in found if round_.organisation_id in theirs]


def _asked(user: User) -> list[Asked]:
    """Two queries, whatever the number of rounds; one more when an answer was sent back."""
    back = SentBack.objects.waiting_for(user)
    rounds = Assessment.objects.asking(user).filter(
        Q(status=Status.OPEN) | Q(pk__in=back.values("assessment"))
    )
    given: dict[Assessment, list[Assignment]] = {}
    mine = Assignment.objects.filter(user=user, assessment__in=rounds).with_waits()
    for one in mine.select_related("assessment__organisation"):
        given.setdefault(one.assessment, []).append(one)
    said = Answer.objects.given().filter(contributor=user, assessment__in=given)
    answered = _by_round(said.values_list("assessment_id", "question"))
    waits = any(not round_.takes_answers for round_ in given)
    sent_back = _by_round(back.values_list("assessment_id", "question")) if waits else {}
    return [
        Asked(
            round_, _worklist(round_, rows, answered.get(round_.pk, set()), sent_back.get(round_.pk, set()))
        )
        for round_, rows in given.items()
    ]


def _by_round(rows: Iterable[tuple[int, str]]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for round_, question in rows:
        found.setdefault(round_, set()).add(question)
    return found


def _worklist(round_: Assessment, rows: list[Assignment], answered: set[str], back: set[str]) -> Worklist:
    known = Known(
        # The stubs lose what an own queryset annotates.
        waiting={one.key for one in rows if cast(Any, one).waits and round_.takes_answers},
        handed_in={one.key for one in rows if one.handed_in_at},
        sent_back=back,
        is_closed=not round_.takes_answers,
    )
    return worklist(round_.content, [one.key for one in rows], answered, known)


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """For whoever watches the installation: the web process answers and reaches its database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("gezond\n", content_type="text/plain; charset=utf-8")


@login_not_required
def security_txt(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116). It is said anew at each visit, so it expires in half a year."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (timezone.now() + timedelta(days=183)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.PORTAL_URL}{request.path}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def closed(request: HttpRequest) -> HttpResponse:
    """In place of a page that a package brings and the portal does not have."""
    raise Http404
