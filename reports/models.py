"""The PDF of an adopted round's report, made once and kept."""

from __future__ import annotations

import json
from datetime import timedelta
from hashlib import sha256
from importlib.metadata import version
from typing import cast

from django.db import models
from django.utils import timezone

from assessments.models import Adoption, Edition
from assessments.models.edition import supplement
from assessments.supplement import SupplementDocument
from chain.documents import canonical_json
from chain.documents import digest as checksum
from chain.models import load, load_statements
from reports import words
from reports.account import AccountDocument
from reports.norms import ARCHIVE, CHECKER, COUNCIL
from reports.report import Report

# What made and checked the file. The first number goes up when the report's text or look changes: then every
# concept is made anew at its next visit. The file of an edition stays.
RENDERER = f"7-weasyprint-{version('weasyprint')}-{CHECKER.replace(' ', '-')}"
PATIENCE = timedelta(minutes=10)  # after which a file that was asked for may be asked for again


def report_of(adoption: Adoption) -> Report:
    """The report of an adoption: as it was offered to the council, or as its supplement stands now.

    Raises ValueError when the document is not what was adopted.
    """
    edition = Edition.objects.filter(adoption=adoption).first()
    return report_from(adoption, edition.frozen() if edition else supplement(adoption))


def report_from(adoption: Adoption, beside: SupplementDocument) -> Report:
    """The report of an adoption with this supplement. Raises ValueError as `report_of`."""
    if checksum(adoption.document) != adoption.digest:
        raise ValueError(f"adoption {adoption.pk} no longer has the digest {adoption.digest}")
    document = cast(AccountDocument, adoption.frozen())
    lists = {told["statements"]["digest"] for told in document.get("surveys", [])}
    statements = {digest: load_statements(digest) for digest in lists}
    return Report.of(document, load(document["questionnaire"]["digest"]), statements, beside)


class Variant(models.TextChoices):
    COUNCIL = COUNCIL, "PDF/A-3a en PDF/UA-1, met de gegevens erin"
    ARCHIVE = ARCHIVE, "PDF/A-2a en PDF/UA-1, zonder bijlagen"


class Stage(models.TextChoices):
    """How far the making is, in order."""

    WAITING = "waiting", "Wacht op zijn beurt"
    READING = "reading", "Gegevens lezen"
    DRAWING = "drawing", "Pagina’s opmaken"
    CHECKING = "checking", "Toegankelijkheid en archiefnorm controleren"
    KEEPING = "keeping", "Bewaren"


class ReportFileQuerySet(models.QuerySet["ReportFile"]):
    def brief(self) -> ReportFileQuerySet:
        """Without the bytes, which cost a query more when they are asked for after all."""
        return self.defer("pdf")

    def of(self, adoption: Adoption, variant: str = COUNCIL) -> ReportFile | None:
        """The file of an adoption, made or not: of its edition, else of the report as it stands now.

        None when nobody asked for it. One query for an edition with its file; for a concept a few more,
        since all that stands beside the results decides which file it is.
        """
        kept = self.filter(edition__adoption=adoption, variant=variant).first()
        if kept:
            return kept
        edition = Edition.objects.filter(adoption=adoption).first()
        return (
            None if edition else self.filter(order=order(adoption, _beside(adoption, None), variant)).first()
        )

    def of_edition(self, edition: Edition, variant: str = COUNCIL) -> ReportFile | None:
        """The one file that an edition has and keeps, made or not. One query."""
        return self.filter(edition=edition, variant=variant).first()

    def want(self, adoption: Adoption, variant: str) -> tuple[ReportFile, bool]:
        """Writes down that this file is wanted, and whether that is new. Within a transaction.

        What was made of the same report as it stood before is thrown away, unless it is an edition's.
        """
        edition = Edition.objects.filter(adoption=adoption).first()
        beside = _beside(adoption, edition)
        told = {"adoption": adoption, "edition": edition, "variant": variant, "supplement": beside}
        file, is_new = self.get_or_create(
            order=order(adoption, beside, variant), defaults={**told, "renderer": RENDERER}
        )
        if is_new:
            self.filter(adoption=adoption, variant=variant, edition=None).exclude(pk=file.pk).delete()
        return file, is_new


def _beside(adoption: Adoption, edition: Edition | None) -> str:
    """The supplement as canonical JSON: frozen, or as everything stands now."""
    return edition.document if edition else canonical_json(supplement(adoption))


def order(adoption: Adoption, beside: str, variant: str) -> str:
    """The SHA-256 of all that a file is made of: results, supplement, variant and what makes it."""
    parts = {"account": adoption.digest, "supplement": checksum(beside)}
    return checksum(canonical_json({**parts, "variant": variant, "renderer": RENDERER}))


class ReportFile(models.Model):
    """One PDF: asked for, and then made or failed. What is in it is known before: `order`."""

    adoption = models.ForeignKey(
        Adoption, models.CASCADE, related_name="report_files", verbose_name="vaststelling"
    )
    edition = models.ForeignKey(
        Edition, models.CASCADE, null=True, blank=True, related_name="files", verbose_name="uitgave"
    )
    variant = models.CharField("soort", max_length=10, choices=Variant)
    order = models.CharField("controlegetal van de opdracht", max_length=64, unique=True)
    supplement = models.TextField("aanvulling")  # the canonical JSON that it is made of
    renderer = models.CharField("gemaakt met", max_length=80)
    requested_at = models.DateTimeField("gevraagd op", default=timezone.now)
    stage = models.CharField("hoe ver", max_length=10, choices=Stage, default=Stage.WAITING)
    made_at = models.DateTimeField("gemaakt op", null=True, blank=True)
    pdf = models.BinaryField("bestand", null=True, blank=True)
    sha256 = models.CharField("SHA-256 van het bestand", max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField("pagina's", null=True, blank=True)
    size = models.PositiveIntegerField("bytes", null=True, blank=True)
    checked = models.CharField("gecontroleerd", max_length=200, blank=True)
    failure = models.TextField("wat er misging", blank=True)

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        verbose_name = "verslag als PDF"
        verbose_name_plural = "verslagen als PDF"
        constraints = [
            models.UniqueConstraint(fields=["edition", "variant"], name="one_file_an_edition"),
            models.CheckConstraint(
                condition=models.Q(made_at=None, pdf=None, sha256="", pages=None, size=None, checked="")
                | (
                    models.Q(
                        made_at__isnull=False, pdf__isnull=False, pages__isnull=False, size__isnull=False
                    )
                    & models.Q(failure="")
                    & ~models.Q(checked="")
                ),
                name="file_made_and_checked_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adoption_id}, {self.variant}, {self.renderer}"

    @property
    def size_in_words(self) -> str:
        return words.kilobytes(self.size or 0)

    @property
    def is_made(self) -> bool:
        return self.made_at is not None

    @property
    def has_failed(self) -> bool:
        """Whether making it failed, or takes so long that nothing seems to be making it."""
        return not self.is_made and (bool(self.failure) or self.requested_at < timezone.now() - PATIENCE)

    @property
    def is_awaited(self) -> bool:
        return not self.is_made and not self.has_failed

    @property
    def stages(self) -> list[tuple[str, str]]:
        """The steps of the making, each "done", "now" or "next"."""
        now = [stage.value for stage in Stage].index(self.stage)
        told = ["done" if place < now else "now" if place == now else "next" for place in range(len(Stage))]
        return list(zip((str(stage.label) for stage in Stage), told, strict=True))

    def beside(self) -> SupplementDocument:
        """The supplement that it is made of, as data."""
        return cast(SupplementDocument, json.loads(self.supplement))

    def again(self) -> bool:
        """Has a file that failed wanted once more, by what makes files now; whether there was need of it."""
        asked = type(self).objects.filter(pk=self.pk, made_at=None, requested_at=self.requested_at)
        fresh = {"order": order(self.adoption, self.supplement, self.variant), "renderer": RENDERER}
        wanted = {"requested_at": timezone.now(), "failure": "", "stage": Stage.WAITING}
        return self.has_failed and bool(asked.update(**fresh, **wanted))

    def reach(self, stage: str) -> None:
        """Says how far the making is, for who waits."""
        type(self).objects.filter(pk=self.pk, made_at=None).update(stage=stage)

    def fail(self, why: str) -> None:
        type(self).objects.filter(pk=self.pk, made_at=None).update(failure=why)

    def keep(self, content: bytes, pages: int, checked: str) -> None:
        """Keeps the bytes, unless another made the file meanwhile."""
        type(self).objects.filter(pk=self.pk, made_at=None).update(
            pdf=content,
            sha256=sha256(content).hexdigest(),
            pages=pages,
            size=len(content),
            checked=checked,
            made_at=timezone.now(),
            failure="",
        )
