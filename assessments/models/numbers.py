"""What a round counts and weighs beside its questions: the yearly figures, and where work is vulnerable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from assessments.counting import content
from assessments.counting.told import Counts, told_figures, told_vulnerabilities
from assessments.models.accounting import BEFORE_THE_COUNCIL
from assessments.models.writing import Writing
from assessments.status import RUNNING, Status
from assessments.supplement import FiguresDocument, VulnerabilitiesDocument
from chain.small_numbers import PERIOD, closes_period

if TYPE_CHECKING:
    from assessments.models.round import Assessment


COLUMNS = ("assessment__year", "assessment", "counts")


class YearlyFigures(Writing):
    """The yearly counts as they were filled in, exact: what of them may be public is decided elsewhere."""

    WHEN = (Status.OPEN, *BEFORE_THE_COUNCIL)
    NOT_NOW = "De jaarcijfers liggen vast sinds het verslag aan de raad is aangeboden."

    counts = models.JSONField("aantallen", default=dict)  # "meldingen" or "meldingen/meldpunt": number
    note = models.TextField("wat de cijfers wel en niet zeggen", max_length=2000, blank=True)

    class Meta(Writing.Meta):
        abstract = False
        verbose_name = "jaarcijfers"
        verbose_name_plural = "jaarcijfers"

    def __str__(self) -> str:
        return f"jaarcijfers van {self.assessment_id}"

    @classmethod
    def told(cls, round_: Assessment) -> FiguresDocument | None:
        """What the supplement says of them; nothing when nothing was written. One query, at most two."""
        if not (figures := cls.newest(round_)):
            return None
        return cls.preview(round_, figures.counts, figures.note)

    @classmethod
    def preview(cls, round_: Assessment, counts: Counts, note: str) -> FiguresDocument:
        """What the supplement would say of these counts; one query in a year that closes a period."""
        return told_figures(content.figure_list(), counts, round_.year, note, cls._before(round_))

    @classmethod
    def _before(cls, round_: Assessment) -> list[Counts]:
        """The counts of the years before that belong to the same period, as they were offered to the council.

        Nothing when they are not all there, or when a year has more than one round that tells them.
        """
        if not closes_period(round_.year):
            return []
        years = range(round_.year - PERIOD + 1, round_.year)
        rows = cls._default_manager.filter(
            assessment__organisation=round_.organisation_id,
            assessment__year__in=years,
            assessment__adoptions__edition__isnull=False,
        ).order_by("pk")
        newest = {(year, pk): counts for year, pk, counts in rows.values_list(*COLUMNS)}
        complete = sorted(year for year, _ in newest) == list(years)
        return [newest[one] for one in sorted(newest)] if complete else []


class VulnerabilityScores(Writing):
    """Per area how vulnerable work is of itself and how well it is controlled; five factors beside it."""

    WHEN = RUNNING
    NOT_NOW = (
        "De kwetsbaarheden liggen vast sinds de resultaten zijn vastgesteld, of de ronde is nog niet open."
    )

    areas = models.JSONField("gebieden", default=dict)  # slug: {"inherent": 0-3, "control": 0-3}
    factors = models.JSONField("factoren", default=dict)  # slug: 0-3
    note = models.TextField("toelichting", max_length=2000, blank=True)

    class Meta(Writing.Meta):
        abstract = False
        verbose_name = "kwetsbaarheden"
        verbose_name_plural = "kwetsbaarheden"

    def __str__(self) -> str:
        return f"kwetsbaarheden van {self.assessment_id}"

    @classmethod
    def told(cls, round_: Assessment) -> VulnerabilitiesDocument | None:
        """What the supplement says of them; nothing when nothing was scored. One query."""
        scores = cls.newest(round_)
        return scores.as_told() if scores and (scores.areas or scores.factors) else None

    def as_told(self) -> VulnerabilitiesDocument:
        """What the supplement says of this version."""
        return told_vulnerabilities(content.vulnerabilities(), self.areas, self.factors, self.note)
