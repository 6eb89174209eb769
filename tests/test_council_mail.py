"""Mail about the council: a report to check, a question or promise whose day comes; each occasion once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from assessments.models import CouncilPromise, CouncilQuestion
from assessments.reminders import remind
from assessments.status import Status
from organisations.letter import Kind
from organisations.models import Muted, User
from tests.cast import check, make_adopted, react

DAY = timedelta(days=1)


def noon(days: int = 0) -> datetime:
    """The middle of a Tuesday, so many days on: no digest goes out then."""
    return timezone.make_aware(datetime(2026, 11, 24, 12)) + days * DAY


def sent() -> list[str]:
    return sorted(f"{one.to[0].split('@')[0]}: {one.subject}" for one in mail.outbox)


CHECK = "greet: Wilt u het verslag controleren? Jaarronde 2026"


def test_the_griffier_hears_once_that_a_report_waits_for_the_check(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    remind(noon())
    assert sent() == []  # the college did not react yet
    react(round_, cast["guus"])
    remind(noon())
    remind(noon())
    assert sent() == [CHECK]
    assert f"/rondes/{round_.pk}/controle/" in str(mail.outbox[0].body)
    react(round_, cast["guus"], "Toch anders.")
    remind(noon())
    assert sent() == [CHECK] * 2


def test_who_agreed_hears_nothing(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, Status.EXECUTIVE)
    react(round_, cast["guus"])
    check(round_, cast["greet"])
    remind(noon())
    assert sent() == []


@pytest.mark.parametrize(
    "days, subject",
    [
        (8, None),
        (7, "De raad krijgt binnenkort een antwoord"),
        (0, "De raad krijgt binnenkort een antwoord"),
        (-1, "De raad wacht op een antwoord"),
    ],
)
def test_an_unanswered_question_is_told_before_and_after_its_day(
    days: int, subject: str | None, cast: dict[str, User]
) -> None:
    round_ = make_adopted(cast, Status.SUBMITTED)
    due = noon().date() + days * DAY
    asked = CouncilQuestion.ask(
        round_, cast["greet"], asked_by="Fractie Groen", text="Geheim", asked_on=due - 9 * DAY, due=due
    )
    remind(noon())
    remind(noon())
    assert sent() == ([f"anna: {subject}", f"greet: {subject}"] if subject else [])
    assert all("Geheim" not in str(one.body) for one in mail.outbox)
    asked.reply("Ja.", due)
    remind(noon(9))
    assert len(mail.outbox) == (2 if subject else 0)


def test_a_promise_is_told_to_the_griffier_and_again_for_another_day(cast: dict[str, User]) -> None:
    round_ = make_adopted(cast, Status.SUBMITTED)
    due = noon().date() + 5 * DAY
    words = {"text": "Een register", "owner": "Secretaris", "made_on": due - 9 * DAY, "due": due}
    made = CouncilPromise.record(round_, cast["greet"], **words)
    remind(noon())
    remind(noon(6))
    before, late = (
        "greet: Een toezegging aan de raad loopt af",
        "greet: Een toezegging aan de raad is te laat",
    )
    assert sent() == [late, before]
    made.settle("moved", due + 30 * DAY, "Ziekte.")
    remind(noon(7))
    assert len(mail.outbox) == 2
    remind(noon(30))
    assert sent() == [late, before, before]


def test_who_does_not_want_this_mail_does_not_get_it(cast: dict[str, User]) -> None:
    Muted.only(cast["greet"], [Kind.COUNCIL])
    react(make_adopted(cast, Status.EXECUTIVE), cast["guus"])
    remind(noon())
    assert sent() == []
