"""What the portal writes to people about a round: when it asks them something, and to remind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assessments.asked import Key
from assessments.models import Assessment
from assessments.progress import PersonProgress
from assessments.status import Status
from assessments.worklist import worklist
from organisations.letter import Kind, Letter, address, one_line
from organisations.models import Message, User
from organisations.tasks import deliver


def occasions(round_: Assessment) -> str:
    """How the keys of all mail about the round begin."""
    return f"round/{round_.pk}/"


def tell(round_: Assessment, by: User) -> None:
    """After a step, or another delegation: asks who is new, or takes back what has no sense any more.

    In the transaction of that step, which holds the round; the page may have an older look at it. `by` knows
    already.
    """
    if not Assessment.objects.filter(pk=round_.pk, status=Status.OPEN).exists():
        Message.objects.withdraw(occasions(round_))
    elif Message.objects.post(_asking(round_, by)):
        deliver.enqueue()


def _asking(round_: Assessment, by: User) -> list[Letter]:
    """One letter for everyone with a question; the outbox keeps those who got it from getting another."""
    given: dict[User, list[Key]] = {}
    for one in round_.present_assignments().filter(user__is_active=True).select_related("user"):
        given.setdefault(one.user, []).append(one.key)
    letters = []
    for user, keys in given.items():
        tasks = worklist(round_.content, keys, frozenset())
        words = {"asked": tasks.total, "minutes": tasks.minutes, "asker": one_line(by.name)}
        if user != by:
            subject = f"Er staan vragen voor u klaar: {round_}"
            letters.append(_letter(Kind.ASKED, f"asked/{user.pk}", round_, user, subject, words))
    return letters


def near_deadline(round_: Assessment, user: User, progress: PersonProgress, days: int, mark: int) -> Letter:
    """To somebody who is not done, `days` before the last day; one for each mark of each last day."""
    when = {0: "vandaag", 1: "morgen"}.get(days, f"over {days} dagen")
    key = f"deadline/{round_.deadline}/{mark}/{user.pk}"
    words = {"days": days, "asked": progress.asked, "left": progress.left}
    subject = f"{round_}: {when} is de laatste dag"
    return _letter(Kind.DEADLINE, key, round_, user, subject[:1].upper() + subject[1:], words)


def _letter(
    kind: Kind, key: str, round_: Assessment, user: User, subject: str, words: Mapping[str, Any]
) -> Letter:
    return Letter(
        kind=kind,
        key=occasions(round_) + key,
        organisation=round_.organisation,
        to=user.email,
        name=user.name,
        subject=subject,
        template=f"assessments/mail/{kind}",
        user=user,
        words={
            **words,
            "round": one_line(str(round_)),
            "deadline": round_.deadline,
            "link": address("assessments:questions", round_.pk),
        },
    )
