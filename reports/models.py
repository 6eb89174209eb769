"""The PDF of an adopted round's report, made once and kept."""

from __future__ import annotations

from datetime import timedelta
from importlib.metadata import version
from typing import cast

from django.db import models
from django.utils import timezone

from assessments.models import Adoption, Edition
from assessments.models.edition import supplement
from chain.documents import digest as checksum
from chain.models import load, load_statements
from reports import words
from reports.account import AccountDocument
from reports.report import Report

# What made the file. The first number goes up when the report's text or look changes: then every report is
# made anew at its next visit, and the earlier file stays.
RENDERER = f"6-weasyprint-{version('weasyprint')}"
PATIENCE = timedelta(minutes=10)  # after which a file that was asked for may be asked for again


def report_of(adoption: Adoption) -> Report:
    """The report of an adoption: as it was offered to the council, or as its supplement stands now.

    Raises ValueError when the document is not what was adopted.
    """
    if checksum(adoption.document) != adoption.digest:
        raise ValueError(f"adoption {adoption.pk} no longer has the digest {adoption.digest}")
    document = cast(AccountDocument, adoption.frozen())
    lists = {told["statements"]["digest"] for told in document.get("surveys", [])}
    statements = {digest: load_statements(digest) for digest in lists}
    edition = Edition.objects.filter(adoption=adoption).first()
    beside = edition.frozen() if edition else supplement(adoption)
    return Report.of(document, load(document["questionnaire"]["digest"]), statements, beside)


class ReportFileQuerySet(models.QuerySet["ReportFile"]):
    def current(self) -> ReportFileQuerySet:
        """The files of today's renderer, without their bytes."""
        return self.filter(renderer=RENDERER).defer("pdf")


class ReportFile(models.Model):
    """One PDF: asked for, and then made or failed."""

    adoption = models.ForeignKey(
        Adoption, models.CASCADE, related_name="report_files", verbose_name="vaststelling"
    )
    renderer = models.CharField("gemaakt met", max_length=60)
    requested_at = models.DateTimeField("gevraagd op", default=timezone.now)
    made_at = models.DateTimeField("gemaakt op", null=True, blank=True)
    pdf = models.BinaryField("bestand", null=True, blank=True)
    sha256 = models.CharField("SHA-256 van het bestand", max_length=64, blank=True)
    pages = models.PositiveSmallIntegerField("pagina's", null=True, blank=True)
    size = models.PositiveIntegerField("bytes", null=True, blank=True)
    failure = models.TextField("wat er misging", blank=True)

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        verbose_name = "verslag als PDF"
        verbose_name_plural = "verslagen als PDF"
        constraints = [
            models.UniqueConstraint(fields=["adoption", "renderer"], name="one_file_a_renderer"),
            models.CheckConstraint(
                condition=models.Q(made_at=None, pdf=None, sha256="", pages=None, size=None)
                | models.Q(
                    made_at__isnull=False,
                    pdf__isnull=False,
                    pages__isnull=False,
                    size__isnull=False,
                    failure="",
                ),
                name="file_made_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.adoption_id}, {self.renderer}"

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
