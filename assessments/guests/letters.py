"""The mail with the personal link of a guest. Its link is in no other mail, and nowhere else to be found."""

from __future__ import annotations

from datetime import date

from assessments.letters import occasions
from assessments.models import Assessment, GuestPass
from assessments.worklist import worklist
from organisations.letter import Kind, Letter, address, one_line
from organisations.models import Message, User
from organisations.outbox import MessageQuerySet
from organisations.tasks import deliver


def occasion(guest: GuestPass) -> str:
    """How the keys of all mail with this guest's link begin."""
    return f"{occasions(guest.assessment)}guest/{guest.pk}/"


def mails(round_: Assessment) -> MessageQuerySet:
    """All mail with links of guests of this round."""
    return Message.objects.filter(key__startswith=f"{occasions(round_)}guest/")


def invite(guest: GuestPass, by: User, until: date | None = None) -> None:
    """Gives the guest a new link and mails it; a mail with the old link that did not go yet never does.

    Before the round is open there is nothing to see yet: then `invite_waiting` does this when it opens.
    In the transaction of what made the guest. Raises `GuestRefused`.
    """
    Message.objects.withdraw(occasion(guest))
    token = guest.renew(until or guest.last_day)
    if guest.assessment.has_begun and Message.objects.post([_letter(guest, by, token)]):
        deliver.enqueue()


def invite_waiting(round_: Assessment, by: User) -> None:
    """Mails the link of whoever became a guest before the round opened. In the transaction that opens it."""
    if round_.takes_answers:
        told = set(mails(round_).values_list("user_id", flat=True))
        for guest in round_.guest_passes.valid().select_related("user", "assessment__organisation"):
            if guest.user_id not in told:
                invite(guest, by)


def withdraw(guest: GuestPass) -> None:
    """Takes the mail with the link back when it did not go yet."""
    Message.objects.withdraw(occasion(guest))


def _letter(guest: GuestPass, by: User, token: str) -> Letter:
    round_ = guest.assessment
    given = round_.assignments.filter(user=guest.user)
    tasks = worklist(round_.content, given.values_list("link", "theme", "question"), frozenset())
    return Letter(
        kind=Kind.GUEST,
        key=f"{occasion(guest)}{guest.token_digest[:16]}",
        organisation=round_.organisation,
        to=guest.user.email,
        name=guest.name,
        subject=f"Uw persoonlijke link: {round_} van {round_.organisation}",
        template="assessments/mail/guest",
        user=guest.user,
        words={
            "round": one_line(str(round_)),
            "asker": one_line(by.name),
            "asked": tasks.total,
            "minutes": tasks.minutes,
            "until": guest.last_day,
            "note": guest.note,
            "link": address("assessments:guest", token),
        },
    )
