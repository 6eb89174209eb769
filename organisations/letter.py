"""A letter as the portal means it: what it says to whom and why, put into text and HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

if TYPE_CHECKING:
    from organisations.models import Organisation, User

SUBJECT_LIMIT = 200


class Kind(models.TextChoices):
    """What a mail is about. Each person may do without any of them, but for what lets one in."""

    INVITATION = "invitation", "uitnodiging"
    ASKED = "asked", "er zijn vragen voor u"
    DEADLINE = "deadline", "de laatste dag komt dichtbij"
    SENT_BACK = "sent_back", "de validator vraagt u iets"
    MENTIONED = "mentioned", "iemand noemt u in een gesprek"
    DIGEST = "digest", "weekoverzicht"
    GUEST = "guest", "persoonlijke link"
    SURVEY = "survey", "anonieme peiling"
    ACTION = "action", "een verbeteractie loopt af"
    COUNCIL = "council", "de griffie wacht ergens op"
    ACCOUNT = "account", "uw account"
    REVIEW = "review", "rechten nakijken"
    OWN_DATA = "own_data", "uw eigen gegevens"


OPTIONAL = (
    *(Kind.ASKED, Kind.DEADLINE, Kind.SENT_BACK, Kind.MENTIONED, Kind.DIGEST),
    *(Kind.ACTION, Kind.COUNCIL),
)
# Of these nothing stays once they are sent: who got which would say who had not answered yet.
TRACELESS = (Kind.SURVEY,)

# Where a link would stand in a mail to a guest: theirs is known to nobody, and a new one would end the one
# that they work by. A reminder must not do that.
OWN_LINK = "open de persoonlijke link uit onze eerdere mail, met het onderwerp “Uw persoonlijke link”"


def one_line(text: str) -> str:
    """The text without line ends and other control characters, so that it can be a subject or a name."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def address(name: str, *args: object) -> str:
    """The whole address of a page, for in a mail; it does not depend on who asks."""
    return settings.PORTAL_URL + reverse(name, args=args)


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail to one person. `template` is the path of its .txt and .html without that ending.

    `key` names the occasion: whatever happens, each occasion has one mail. `rendered` is its text and HTML
    when that was made already.
    """

    kind: Kind
    key: str
    organisation: Organisation
    to: str
    name: str
    subject: str
    template: str
    user: User | None = None
    words: Mapping[str, Any] = field(default_factory=dict)
    rendered: tuple[str, str] | None = None

    def render(self) -> tuple[str, str]:
        """The letter as plain text and as HTML."""
        if self.rendered:
            return self.rendered
        context = {
            **self.words,
            "name": one_line(self.name),
            "organisation": one_line(str(self.organisation)),
            "tints": self.organisation.tints,
            "address_lines": self.organisation.style.lines if self.organisation.style else [],
            "portal": settings.PORTAL_URL,
            "preferences": address("organisations:preferences") if self.kind in OPTIONAL else "",
            "subject": self.line,
        }
        if self.user and self.user.is_guest and self.kind != Kind.GUEST:
            context |= {"link": OWN_LINK, "own_link": OWN_LINK, "preferences": ""}
        with override(settings.LANGUAGE_CODE):  # also when an English page caused it
            text = render_to_string(f"{self.template}.txt", context).strip() + "\n"
            return text, render_to_string(f"{self.template}.html", context)

    @property
    def line(self) -> str:
        """The subject, as one line that fits."""
        return one_line(self.subject)[:SUBJECT_LIMIT]
