"""What goes to the council with the results: the covering page, the reaction, the griffier's check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from assessments.models.writing import Writing
from assessments.status import Status
from assessments.supplement import BriefDocument, ReactionDocument

if TYPE_CHECKING:
    from assessments.models.round import Assessment

BEFORE_THE_COUNCIL = (Status.CLOSED, Status.VALIDATION, Status.ADOPTED, Status.EXECUTIVE)


class Brief(Writing):
    """What the coordinator says on the one page for the council; the rest of it follows from figures."""

    WHEN = BEFORE_THE_COUNCIL
    NOT_NOW = "De oplegger ligt vast sinds het verslag aan de raad is aangeboden."

    asked = models.TextField("wat u de raad vraagt", max_length=600)
    council = models.TextField("wat de raad kan doen", max_length=600, blank=True)
    next_on = models.DateField("volgend moment", null=True, blank=True)
    next = models.CharField("wat er dan is", max_length=200, blank=True)
    contact = models.CharField("contact: functie of afdeling", max_length=120)
    contact_mail = models.EmailField("e-mailadres", blank=True)
    contact_phone = models.CharField("telefoon", max_length=20, blank=True)

    class Meta(Writing.Meta):
        abstract = False
        verbose_name = "oplegger"
        verbose_name_plural = "opleggers"

    def __str__(self) -> str:
        return self.asked

    @classmethod
    def told(cls, round_: Assessment) -> BriefDocument | None:
        """What the supplement says of it; nothing when nothing was written. One query."""
        if not (brief := cls.newest(round_)):
            return None
        return {
            "asked": brief.asked,
            "council": brief.council,
            "next_on": brief.next_on.isoformat() if brief.next_on else None,
            "next": brief.next,
            "contact": [line for line in (brief.contact, brief.contact_mail, brief.contact_phone) if line],
        }


class Reaction(Writing):
    """What the college says of the results. It changes no score."""

    WHEN = (Status.EXECUTIVE,)
    NOT_NOW = "De reactie kan alleen worden geschreven zolang het verslag bij het college ligt."

    text = models.TextField("reactie van het college", max_length=8000)
    decided_on = models.DateField("besluit van")

    class Meta(Writing.Meta):
        abstract = False
        verbose_name = "reactie van het college"
        verbose_name_plural = "reacties van het college"

    def __str__(self) -> str:
        return self.text[:60]

    @classmethod
    def counting(cls, round_: Assessment) -> Reaction | None:
        """The reaction on the newest results; one of before a correction counts no more. Two queries."""
        reaction, adoption = cls.newest(round_), round_.adoptions.last()
        return reaction if reaction and adoption and reaction.at >= adoption.adopted_at else None

    @classmethod
    def told(cls, round_: Assessment) -> ReactionDocument | None:
        """What the supplement says of it; nothing without a reaction. Two queries."""
        if not (reaction := cls.counting(round_)):
            return None
        return {"text": reaction.text, "decided_on": reaction.decided_on.isoformat()}


class ClerkCheck(Writing):
    """What the griffier found of form, language, secrecy and accessibility, of one state of the report.

    `supplement` is the digest of what was looked at: what changes after it asks for a new look.
    """

    WHEN = (Status.EXECUTIVE,)
    NOT_NOW = "De controle kan alleen zolang het verslag bij het college ligt."

    supplement = models.CharField("controlegetal van wat bekeken is", max_length=64)
    # Digest by part of the supplement, so that the page can say what changed since.
    parts = models.JSONField("controlegetal per onderdeel", default=dict)
    items = models.JSONField("punten")  # slug of the item: {"ok": bool, "note": str}
    approved = models.BooleanField("akkoord")

    class Meta(Writing.Meta):
        abstract = False
        verbose_name = "controle door de griffier"
        verbose_name_plural = "controles door de griffier"

    def __str__(self) -> str:
        return "akkoord" if self.approved else "nog niet akkoord"

    @property
    def outcome(self) -> dict[str, str]:
        return {"uitkomst": str(self)}
