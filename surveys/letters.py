"""What the portal mails about a survey: everybody's link, and the same link again to remind.

Nothing of these letters stays once they are sent (organisations.letter.TRACELESS), no task knows of them, and
nobody's name is in them: all letters of one occasion are the same but for the link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from django.utils.formats import date_format
from django.utils.translation import override

from organisations.letter import Kind, Letter, address, one_line
from organisations.models import Message, User
from organisations.tasks import deliver
from surveys.models import Invite, Survey
from surveys.models.inviting import occasions, reminders, token_of

MARK = "LINK-OF-THIS-LETTER"  # where each letter gets its own link
AT_A_TIME = 500


def invite(survey: Survey, invites: Iterable[Invite], by: User) -> None:
    """Mails these invitations their link, in the transaction that made them or opened the survey.

    Not while it is prepared. Two queries for each 500.
    """
    if survey.is_open:
        _post(survey, invites, by, "invitation")


def opened(survey: Survey, by: User) -> None:
    """Mails everybody who was invited while the survey was prepared; in the transaction that opens it."""
    invite(survey, Invite.objects.filter(group__survey=survey).order_by("pk"), by)


def remind(survey: Survey, invites: Iterable[Invite], by: User) -> None:
    """Mails these invitations the same link again; in the transaction that noted the reminder."""
    _post(survey, invites, by, f"reminder-{len(reminders(survey))}")


def _post(survey: Survey, invites: Iterable[Invite], by: User, occasion: str) -> None:
    example = _letter(survey, by, occasion)
    posted = False
    copies = _copies(survey, example, invites)
    while some := list(islice(copies, AT_A_TIME)):
        posted |= Message.objects.post(some)
    if posted:
        deliver.enqueue()


def _copies(survey: Survey, example: Letter, invites: Iterable[Invite]) -> Iterator[Letter]:
    """Rendered once for all: thousands of times would take a minute."""
    text, html = example.render()
    for one in invites:
        link = address("surveys:answer", token_of(one))
        rendered = (text.replace(MARK, link), html.replace(MARK, link))
        yield replace(example, key=f"{example.key}/{one.pk}", to=one.email, rendered=rendered)


def _letter(survey: Survey, by: User, occasion: str) -> Letter:
    is_reminder = occasion != "invitation"
    with override("en"):
        last_day_en = date_format(survey.closes_on, "j F Y")
    return Letter(
        kind=Kind.SURVEY,
        key=occasions(survey) + occasion,
        organisation=survey.organisation,
        to="",
        name="",
        subject=("Herinnering: " if is_reminder else "")
        + f"Anonieme peiling over integriteit bij {survey.organisation} / Anonymous survey on integrity",
        template=f"surveys/mail/{survey.audience}",
        words={
            "link": MARK,
            "is_reminder": is_reminder,
            "is_council": survey.audience == Survey.Audience.COUNCIL,
            "number": len(survey.content.ids),
            "minutes": survey.content.minutes,
            "last_day": survey.closes_on,
            "last_day_en": last_day_en,
            "least": survey.least,
            "asker": one_line(by.name),
            "asker_email": by.email,
        },
    )
