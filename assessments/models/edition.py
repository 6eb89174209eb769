"""What goes to the council: the supplement as it stands, and as it was frozen when it was offered."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, cast

from django.conf import settings
from django.db import models
from django.utils import timezone

from assessments.counting import content
from assessments.counting.terms import told_terms
from assessments.models import comparing, promised
from assessments.models.accounting import Brief, ClerkCheck, Reaction
from assessments.models.action import Action
from assessments.models.judgement import Adoption
from assessments.models.numbers import VulnerabilityScores, YearlyFigures
from assessments.status import Status
from assessments.supplement import CONCEPT, EditionDocument, SupplementDocument, bare
from chain.documents import canonical_json
from chain.documents import digest as checksum
from organisations.log.acts import Act
from organisations.models.log import write

if TYPE_CHECKING:
    from assessments.models.round import Assessment
    from organisations.models import User

SIGNS: Final = "23456789BCDFGHJKMNPQRSTVWXZ"  # no letters or figures that look alike, no vowels: no words
# What the supplement holds, by its key: each asks the round and says nothing (None) when there is nothing.
PARTS: Final[Mapping[str, Callable[[Any], object | None]]] = MappingProxyType(
    {
        "brief": Brief.told,
        "actions": Action.told,
        "promises": promised.told,
        "figures": YearlyFigures.told,
        "vulnerabilities": VulnerabilityScores.told,
        "change": comparing.told,
        "reaction": Reaction.told,
        "style": lambda round_: round_.organisation.style_told(),
    }
)


def supplement(adoption: Adoption, edition: EditionDocument | None = None) -> SupplementDocument:
    """What goes with these results as everything stands now; a concept unless it is given its edition.

    The griffier's check is in it while it is valid: once they agreed, and as long as nothing changed since.
    """
    document = _unchecked(adoption)
    check = ClerkCheck.newest(adoption.assessment)
    if check and check.approved and check.supplement == checksum(canonical_json(document)):
        document["check"] = {"on": timezone.localdate(check.at).isoformat()}
    return {**document, "edition": edition} if edition else document


def _unchecked(adoption: Adoption) -> SupplementDocument:
    """The supplement of the concept as it stands now, without the griffier's check."""
    round_ = adoption.assessment
    found = {key: part for key, told in PARTS.items() if (part := told(round_)) is not None}
    edition = {**CONCEPT, "corrects": round_.why_corrected(adoption.number)}
    found["terms"] = told_terms(content.glossary(), round_.content, found)
    document = {**bare(adoption.digest, adoption.number), "edition": edition, **found}
    return cast(SupplementDocument, document)


def seen(adoption: Adoption) -> tuple[str, dict[str, str]]:
    """What the griffier's check is of: the digest of the supplement as it stands now without that check, and
    that of each of its parts, by which can be told what changed.
    """
    document = _unchecked(adoption)
    parts = {key: checksum(canonical_json(part)) for key, part in document.items()}
    return checksum(canonical_json(document)), parts


class Standing(StrEnum):
    """What is true today of an edition that itself never changes; `label` is the word on the page."""

    OFFERED = "offered"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        return STANDINGS[self]


STANDINGS = {
    Standing.OFFERED: "aangeboden aan de raad, nog niet openbaar",
    Standing.PUBLISHED: "ongewijzigd",
    Standing.SUPERSEDED: "vervangen door een nieuwe versie",
    Standing.WITHDRAWN: "ingetrokken",
}


class EditionQuerySet(models.QuerySet["Edition"]):
    def published(self) -> EditionQuerySet:
        """Everything that was made public once, also what was superseded or withdrawn since."""
        return self.filter(published_at__isnull=False)

    def current(self) -> EditionQuerySet:
        """Without what a later edition superseded, and without what was withdrawn."""
        later = Edition.objects.filter(
            adoption__assessment=models.OuterRef("adoption__assessment"),
            adoption__number__gt=models.OuterRef("adoption__number"),
        )
        gone = models.Q(adoption__assessment__status=Status.WITHDRAWN)
        return self.exclude(gone).exclude(models.Exists(later))


class Edition(models.Model):
    """The report of one adoption as it was offered to the council. It never changes.

    A later one, of a corrected adoption of the same round, supersedes it.
    """

    adoption = models.OneToOneField(
        Adoption, models.PROTECT, related_name="edition", verbose_name="vaststelling"
    )
    document = models.TextField("aanvulling")
    digest = models.CharField("controlegetal van de aanvulling", max_length=64)
    code = models.CharField("code", max_length=9, unique=True)
    made_at = models.DateTimeField("aangeboden op", default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="aangeboden door"
    )
    published_at = models.DateTimeField("gepubliceerd op", null=True, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = "uitgave"
        verbose_name_plural = "uitgaven"
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.code}, {self.digest[:12]}"

    @classmethod
    def freeze(cls, round_: Assessment, by: User) -> Edition:
        """Freezes the supplement of the round's newest adoption, with a code of its own."""
        adoption = round_.adoptions.latest("number")
        code, when = new_code(), round_.reached(Status.SUBMITTED)
        document = canonical_json(
            supplement(
                adoption,
                {
                    "date": timezone.localdate(when).isoformat(),
                    "code": code,
                    "address": f"{settings.PORTAL_URL}/controle/{code}/",
                    "corrects": round_.why_corrected(adoption.number),
                },
            )
        )
        edition = cls.objects.create(
            adoption=adoption,
            document=document,
            digest=checksum(document),
            code=code,
            made_at=when,
            made_by=by,
        )
        edition._told("aangeboden", round_, by)
        return edition

    def _told(self, what: str, round_: Assessment, by: User) -> None:
        words = f"verslag {self.code} van {round_}, versie {self.adoption.number}: {what}"
        write(Act.STATUS, words, organisation=round_.organisation_id, who=by)

    @classmethod
    def publish(cls, round_: Assessment, by: User) -> None:
        """Makes the round's newest edition public; an earlier one that never was stays unpublished."""
        newest = cls.objects.filter(adoption__assessment=round_).order_by("-adoption__number").first()
        when = round_.reached(Status.PUBLISHED)
        if newest and cls.objects.filter(pk=newest.pk, published_at=None).update(published_at=when):
            newest._told("gepubliceerd", round_, by)

    def frozen(self) -> SupplementDocument:
        """The supplement as data."""
        return cast(SupplementDocument, json.loads(self.document))

    # What is true of it today

    @cached_property
    def superseded_by(self) -> Edition | None:
        """The newest edition of the same round, when that is a later one; one query."""
        return (
            Edition.objects.filter(
                adoption__assessment=self.adoption.assessment_id, adoption__number__gt=self.adoption.number
            )
            .select_related("adoption__assessment")
            .defer("document", "adoption__document")
            .order_by("adoption__number")
            .last()
        )

    @property
    def is_withdrawn(self) -> bool:
        return self.adoption.assessment.is_withdrawn

    @property
    def standing(self) -> Standing:
        """One word for it; withdrawing goes before superseding. One query."""
        if self.is_withdrawn:
            return Standing.WITHDRAWN
        if self.superseded_by:
            return Standing.SUPERSEDED
        return Standing.PUBLISHED if self.published_at else Standing.OFFERED


def new_code() -> str:
    """Eight signs in two groups, such as "B7KM-2XQP": easy to type; 27^8 are too many to guess."""
    signs = [secrets.choice(SIGNS) for _ in range(8)]
    return f"{''.join(signs[:4])}-{''.join(signs[4:])}"
