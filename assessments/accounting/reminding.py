"""The mail about the council: a report to check, a question or promise whose day comes. Repeatable."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from assessments.models import Assessment, ClerkCheck, CouncilPromise, CouncilQuestion, Reaction
from assessments.status import Status
from organisations.letter import Kind, Letter, address, one_line
from organisations.models import Message, User
from organisations.policy import May

NEAR = timedelta(days=7)


def warn(now: datetime) -> bool:
    """Writes to griffiers, and of questions to coordinators too; whether to anyone.

    Each reaction of the college has one occasion, each day of a question or promise two: once before it, once
    after it.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        return Message.objects.post([*_checks(), *_questions(today), *_promises(today)])


def _checks() -> Iterator[Letter]:
    """The college reacted and no griffier agreed since."""
    rounds = Assessment.objects.filter(status=Status.EXECUTIVE).select_related("organisation")
    for round_ in rounds:
        reaction, check = Reaction.counting(round_), ClerkCheck.newest(round_)
        if reaction and not (check and check.approved and check.at > reaction.at):
            words: dict[str, object] = {"link": address("reports:clerk_check", round_.pk), "what": "check"}
            subject = f"Wilt u het verslag controleren? {round_}"
            for user in round_.organisation.who_may(May.BRING_TO_COUNCIL):
                yield _letter(round_, user, f"check/{reaction.pk}", subject, words)


def _questions(today: date) -> Iterator[Letter]:
    due = CouncilQuestion.objects.open().filter(due__lte=today + NEAR)
    for one in due.select_related("assessment__organisation"):
        assert one.due
        late = one.due < today
        subject = "De raad wacht op een antwoord" if late else "De raad krijgt binnenkort een antwoord"
        words: dict[str, object] = {
            "link": address("reports:council_question", one.assessment_id, one.pk),
            "what": "question",
            "asked_by": one_line(one.asked_by),
            "due": one.due,
            "late": late,
        }
        for user in one.assessment.organisation.who_may(May.ANSWER_COUNCIL):
            yield _letter(one.assessment, user, f"question/{one.pk}/{one.due}/{late:d}", subject, words)


def _promises(today: date) -> Iterator[Letter]:
    for one in CouncilPromise.objects.due_by(today + NEAR).select_related("assessment__organisation"):
        late = one.today_due < today
        subject = "Een toezegging aan de raad is te laat" if late else "Een toezegging aan de raad loopt af"
        words: dict[str, object] = {
            "link": address("reports:council_promise", one.assessment_id, one.pk),
            "what": "promise",
            "due": one.today_due,
            "late": late,
        }
        for user in one.assessment.organisation.who_may(May.BRING_TO_COUNCIL):
            yield _letter(one.assessment, user, f"promise/{one.pk}/{one.today_due}/{late:d}", subject, words)


def _letter(round_: Assessment, user: User, occasion: str, subject: str, words: dict[str, object]) -> Letter:
    """What is asked or promised stands on the page only: mail goes by too many hands."""
    return Letter(
        kind=Kind.COUNCIL,
        key=f"council/{round_.pk}/{occasion}/{user.pk}",
        organisation=round_.organisation,
        to=user.email,
        name=user.name,
        subject=subject,
        template="assessments/mail/council",
        user=user,
        words={"round": one_line(str(round_)), **words},
    )
