"""What stands beside the answers: the level agreed on, the level that is evidenced, and the account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from chain.results import ResultsDocument

if TYPE_CHECKING:
    from assessments.models.round import Assessment
    from organisations.models import User


NOT_NOW = "Dit kan alleen als de ronde gesloten is en nog niet vastgesteld."


class JudgementRefused(Exception):
    """A judgement that cannot be written down; its text says why, in Dutch."""


class Judgement(models.Model):
    """A level for one question of a round, by one person."""

    assessment = models.ForeignKey("assessments.Assessment", models.PROTECT, verbose_name="ronde")
    question = models.CharField("vraag", max_length=20)
    level = models.PositiveSmallIntegerField("niveau")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)

    class Meta:
        abstract = True
        default_related_name = "%(class)ss"
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="one_%(class)s_a_question"),
            models.CheckConstraint(condition=models.Q(level__lte=4), name="%(class)s_level_0_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.level}"


class AgreedLevel(Judgement):
    """The level that the contributors agreed on together; it goes before the median of their answers."""

    reason = models.TextField("reden")

    class Meta(Judgement.Meta):
        abstract = False
        verbose_name = "afgesproken niveau"
        verbose_name_plural = "afgesproken niveaus"

    @classmethod
    def record(cls, round_: Assessment, question: str, level: int, reason: str, by: User) -> None:
        """Writes down what was agreed, in place of an earlier agreement. Raises `JudgementRefused`."""
        if not round_.takes_judgements:
            raise JudgementRefused(NOT_NOW)
        if not reason.strip():
            raise JudgementRefused("Schrijf op waarom u dit niveau afspreekt.")
        evidenced = round_.evidencedlevels.filter(question=question).first()
        if evidenced and evidenced.level > level:
            raise JudgementRefused(
                f"De validator vond bewijs voor niveau {evidenced.level}. Een lager niveau afspreken kan pas "
                "als de validator dat aanpast."
            )
        cls.objects.update_or_create(
            assessment=round_,
            question=question,
            defaults={"level": level, "reason": reason, "by": by, "at": timezone.now()},
        )


class EvidencedLevel(Judgement):
    """The level that the validator found the evidence to carry; never above the claimed level."""

    remark = models.TextField("opmerking", blank=True)

    class Meta(Judgement.Meta):
        abstract = False
        verbose_name = "onderbouwd niveau"
        verbose_name_plural = "onderbouwde niveaus"

    @classmethod
    def record(
        cls, round_: Assessment, question: str, level: int, remark: str, by: User, *, claimed: int | None
    ) -> None:
        """Writes down what the evidence carries, at most the claimed level. Raises `JudgementRefused`."""
        if not round_.takes_judgements:
            raise JudgementRefused(NOT_NOW)
        if claimed is None:
            raise JudgementRefused(
                "Deze vraag heeft geen niveau, dus er is niets om met bewijs te vergelijken."
            )
        if level > claimed:
            raise JudgementRefused(f"Het bewijs kan niet meer laten zien dan het niveau zelf: {claimed}.")
        cls.objects.update_or_create(
            assessment=round_,
            question=question,
            defaults={"level": level, "remark": remark, "by": by, "at": timezone.now()},
        )


class Adoption(models.Model):
    """A round's results as they were frozen: one canonical JSON document. A correction is a next one."""

    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="adoptions", verbose_name="ronde"
    )
    number = models.PositiveSmallIntegerField("versie")
    document = models.TextField("document")
    digest = models.CharField("controlegetal", max_length=64)
    adopted_at = models.DateTimeField("vastgesteld op", default=timezone.now)
    adopted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="vastgesteld door"
    )

    class Meta:
        verbose_name = "vaststelling"
        verbose_name_plural = "vaststellingen"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="one_adoption_a_number"),
        ]

    def __str__(self) -> str:
        return f"versie {self.number}, {self.digest[:12]}"

    def frozen(self) -> dict[str, Any]:
        """The document as data; also a valid answers file for `python -m chain.score`."""
        document: dict[str, Any] = json.loads(self.document)
        return document

    def results(self) -> ResultsDocument:
        results: ResultsDocument = self.frozen()["results"]
        return results
