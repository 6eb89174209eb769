"""What an organisation has made public: its reports, each with an address that stays."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef
from django.urls import reverse
from django.utils.text import slugify

from assessments.models import Assessment, Edition, StatusChange
from assessments.status import Status
from organisations.models import Organisation

VERSION = re.compile(r"-versie-\d+$")


@dataclass(frozen=True)
class Publication:
    """One published edition. `round_slug` leads to the newest of its round, `slug` always to this one."""

    edition: Edition
    round_slug: str
    newer: Publication | None  # the newest published edition of the round, when that is a later one

    @property
    def round(self) -> Assessment:
        return self.edition.adoption.assessment

    @property
    def organisation(self) -> Organisation:
        return self.round.organisation

    @property
    def number(self) -> int:
        return self.edition.adoption.number

    @property
    def slug(self) -> str:
        return f"{self.round_slug}-versie-{self.number}"

    @property
    def is_withdrawn(self) -> bool:
        return self.round.is_withdrawn

    @property
    def is_current(self) -> bool:
        """Whether it still holds: neither withdrawn nor followed by a later one."""
        return self.newer is None and not self.is_withdrawn

    @property
    def published_at(self) -> datetime:
        assert self.edition.published_at  # only published editions get here
        return self.edition.published_at

    @property
    def changed_at(self) -> datetime:
        """When what is said of it last changed: published, followed by a later one, withdrawn."""
        newer = self.newer.published_at if self.newer else None
        withdrawn: datetime | None = getattr(self.edition, "withdrawn_at", None)  # of `publications`
        return max(moment for moment in (self.published_at, newer, withdrawn) if moment)

    @property
    def address(self) -> str:
        return self.page("publication")

    def page(self, name: str) -> str:
        """The address of the report, or of one of its files, for ever."""
        return reverse(f"reports:{name}", args=[self.organisation.slug, self.slug])


def publications(organisation: Organisation | None = None) -> list[Publication]:
    """All that is public, of one organisation or of all, the newest year first; one query, no documents."""
    withdrawn = StatusChange.objects.filter(
        assessment=OuterRef("adoption__assessment"), target=Status.WITHDRAWN
    )
    editions = (
        Edition.objects.published()
        .select_related("adoption__assessment__organisation__style__logo")
        .defer("document", "adoption__document", "adoption__assessment__organisation__style__logo__content")
        .annotate(withdrawn_at=withdrawn.values("at")[:1])
        .order_by("published_at", "pk")
    )
    if organisation:
        editions = editions.filter(adoption__assessment__organisation=organisation)
    found = list(named(editions))
    return sorted(found, key=lambda one: (-one.round.year, -one.published_at.timestamp(), -one.number))


def named(editions: Iterable[Edition]) -> Iterable[Publication]:
    """The editions with their addresses; in the order of publication, so that no later one takes a name."""
    rounds: dict[int, list[Edition]] = {}
    taken: set[tuple[int, str]] = set()
    for edition in editions:
        rounds.setdefault(edition.adoption.assessment_id, []).append(edition)
    for of_round in rounds.values():
        round_ = of_round[0].adoption.assessment
        slug, number = plain_slug(round_), 1
        while (round_.organisation_id, slug) in taken:
            number += 1
            slug = f"{plain_slug(round_)}-{number}"
        taken.add((round_.organisation_id, slug))
        newest = Publication(max(of_round, key=lambda one: one.adoption.number), slug, None)
        for edition in of_round:
            yield newest if edition == newest.edition else Publication(edition, slug, newest)


def plain_slug(round_: Assessment) -> str:
    """The year and the name: 2025-jaarronde. A name that ends like a version gets a word after it."""
    slug = f"{round_.year}-{slugify(round_.title) or 'ronde'}"
    return f"{slug}-ronde" if VERSION.search(slug) else slug


def publication_at(organisation: Organisation, slug: str) -> Publication | None:
    """What is at this address, if anything public is: an edition, or the newest of a round. One query."""
    found = publications(organisation)
    exact = [one for one in found if one.slug == slug]
    return next(iter(exact or [one for one in found if one.round_slug == slug and not one.newer]), None)
