"""What waits for the griffier, over all organisations where they are one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, ClerkCheck, CouncilPromise, CouncilQuestion, Handling
from assessments.models.facts import check_of
from assessments.status import Check, Status
from organisations.models import User

BEFORE_THE_COUNCIL = (Status.EXECUTIVE, Status.SUBMITTED, Status.DISCUSSED)
FAR = date.max  # what has no day comes after what has


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do. `due` is the day by which, or on which something is planned."""

    what: str
    detail: str
    round: Assessment
    url: str
    due: date | None = None
    late: bool = False


def waiting_for(user: User) -> list[Waiting]:
    """What the griffier has to do, what is late or comes first on top.

    Five queries; and those of one check more for each report that lies with the college and was agreed on.
    """
    found = [*_rounds(user), *_questions(user), *_promises(user)]
    return sorted(found, key=lambda one: (one.due or FAR, one.round.organisation.name, one.what))


def _rounds(user: User) -> Iterator[Waiting]:
    rounds = list(
        Assessment.objects.handled_by(user)
        .filter(status__in=BEFORE_THE_COUNCIL)
        .select_related("organisation")
        .order_by("organisation__name", "year", "pk")
    )
    handlings = {one.assessment_id: one for one in Handling.objects.filter(assessment__in=rounds)}
    checks = {one.assessment_id: one for one in ClerkCheck.objects.filter(assessment__in=rounds)}
    for round_ in rounds:
        if round_.status == Status.EXECUTIVE:
            yield from _check(round_, checks.get(round_.pk))
        else:
            yield _handling(round_, handlings.get(round_.pk))


def _check(round_: Assessment, check: ClerkCheck | None) -> Iterator[Waiting]:
    """Nothing when the griffier agreed with the report as it stands now."""
    url = reverse("reports:clerk_check", args=[round_.pk])
    if check is None or not check.approved:
        detail = "u sloeg al iets op" if check else "het verslag ligt bij het college"
        yield Waiting("Controleer het verslag", detail, round_, url)
    elif check_of(round_) != Check.VALID:
        yield Waiting("Controleer het verslag opnieuw", "er veranderde iets na uw controle", round_, url)


def _handling(round_: Assessment, handling: Handling | None) -> Waiting:
    url = reverse("reports:handling", args=[round_.pk])
    if round_.status == Status.DISCUSSED:
        return Waiting("Publiceer het verslag", "de raad heeft het behandeld", round_, url)
    if handling is None or handling.offered_on is None:
        return Waiting("Registreer het aanbieden", "het verslag is klaar voor de raad", round_, url)
    if handling.meeting_on is None:
        return Waiting("Zet het verslag op de agenda", "nog geen vergadering gekozen", round_, url)
    past = handling.meeting_on < timezone.localdate()
    detail = "de vergadering is geweest" if past else "staat op de agenda"
    return Waiting("Leg de behandeling vast", detail, round_, url, handling.meeting_on, late=past)


def _questions(user: User) -> Iterator[Waiting]:
    today = timezone.localdate()
    rounds = Assessment.objects.handled_by(user)
    questions = CouncilQuestion.objects.open().filter(assessment__in=rounds)
    for one in questions.select_related("assessment__organisation"):
        url = reverse("reports:council_question", args=[one.assessment_id, one.pk])
        late = one.due is not None and one.due < today
        yield Waiting("Vraag van de raad", one.text, one.assessment, url, one.due, late)


def _promises(user: User) -> Iterator[Waiting]:
    today = timezone.localdate()
    rounds = Assessment.objects.handled_by(user)
    promises = CouncilPromise.objects.open().filter(assessment__in=rounds)
    for one in promises.select_related("assessment__organisation"):
        url = reverse("reports:council_promise", args=[one.assessment_id, one.pk])
        yield Waiting(
            "Toezegging aan de raad", one.text, one.assessment, url, one.today_due, one.today_due < today
        )
