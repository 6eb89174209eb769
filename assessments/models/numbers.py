"""What a round counts and weighs beside its questions: the yearly figures, and where work is vulnerable."""

from __future__ import annotations

from django.db import models

from assessments.models.accounting import BEFORE_THE_COUNCIL
from assessments.models.writing import Writing
from assessments.status import RUNNING, Status


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
