"""Evidence beside a question: a file or a link, with a title and dates. Deleting it leaves a tombstone."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.utils import timezone

from assessments.evidence.uploads import Kind, kind_of
from assessments.models.answer import RoundIsClosed
from assessments.models.round import Assessment
from assessments.models.sending_back import SentBack
from organisations.log.acts import Act
from organisations.models.log import write

if TYPE_CHECKING:
    from organisations.models import User


def evidence_storage() -> Storage:
    """Outside everything that is served: a file leaves only through a view that checks who asks."""
    return storages["evidence"]


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of a piece of evidence, whether file or link."""

    title: str
    dated: date
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was found sound: its content, the name it came with, and what was found."""

    file: File[bytes]
    name: str
    content_type: str
    sha256: str
    scanned: bool


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def present(self) -> EvidenceQuerySet:
        return self.filter(deleted_at=None)

    def deleted(self) -> EvidenceQuerySet:
        return self.exclude(deleted_at=None)

    def at(self, question: str) -> EvidenceQuerySet:
        """What is there at this question, ready to be listed; one query."""
        return self.present().filter(question=question).select_related("added_by", "reused_from__assessment")

    def counted(self, questions: Iterable[str]) -> Counter[str]:
        """How many pieces of evidence each of these questions has; one query."""
        found = self.present().filter(question__in=questions).order_by()
        return Counter(
            dict(found.values("question").annotate(n=models.Count("pk")).values_list("question", "n"))
        )

    def reusable_in(self, round_: Assessment, question: str) -> EvidenceQuerySet:
        """Evidence of earlier rounds of the organisation at this question that this round does not have."""
        here = Evidence.objects.present().filter(assessment=round_).exclude(reused_from=None)
        earlier = self.present().filter(
            question=question,
            assessment__organisation=round_.organisation_id,
            assessment__created_at__lt=round_.created_at,
        )
        return (
            earlier.exclude(pk__in=here.values("reused_from"))
            .select_related("assessment")
            .order_by("-dated", "pk")
        )


class Evidence(models.Model):
    """One piece of evidence for one question of a round: either a file or a link; a tombstone is neither."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="evidence", verbose_name="ronde")
    question = models.CharField("vraag", max_length=20)
    title = models.CharField("titel", max_length=200)
    dated = models.DateField("datum van het stuk")
    valid_until = models.DateField("geldig tot en met", null=True, blank=True)
    url = models.CharField("link", max_length=500, blank=True)
    file = models.FileField("bestand", storage=evidence_storage, max_length=60, blank=True)
    name = models.CharField("bestandsnaam", max_length=150, blank=True)
    content_type = models.CharField("soort bestand", max_length=100, blank=True)
    size = models.PositiveIntegerField("bytes", default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    scanned = models.BooleanField("gecontroleerd op virussen", default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="toegevoegd door"
    )
    added_at = models.DateTimeField("toegevoegd op", default=timezone.now)
    reused_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="overgenomen van"
    )
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="verwijderd door",
    )
    deleted_at = models.DateTimeField("verwijderd op", null=True, blank=True)
    reason = models.CharField("reden van verwijderen", max_length=200, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = "bewijs"
        verbose_name_plural = "bewijzen"
        ordering = ["-dated", "pk"]
        indexes = [models.Index(fields=["assessment", "question"], name="evidence_by_question")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(deleted_at=None, url="") & ~models.Q(file="")
                | models.Q(deleted_at=None, file="") & ~models.Q(url="")
                | models.Q(deleted_at__isnull=False, deleted_by__isnull=False, url="", file=""),
                name="evidence_file_or_link_or_tombstone",
            ),
            models.UniqueConstraint(
                fields=["assessment", "reused_from"],
                condition=models.Q(deleted_at=None),
                name="evidence_reused_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind(self) -> Kind | None:
        """What the file is; none for a link."""
        return kind_of(self.content_type) if self.content_type else None

    @property
    def host(self) -> str:
        """Where the link leads to, as much of it as people can judge."""
        return urlsplit(self.url).hostname or ""

    @property
    def has_expired(self) -> bool:
        return self.valid_until is not None and self.valid_until < timezone.localdate()

    def may_be_removed_by(self, user: User, *, leads: bool) -> bool:
        """Who added it may take it back while the round is open.

        Who leads the round may always: a name of a person in a file cannot wait for somebody who left.
        """
        return self.deleted_at is None and (
            leads or (self.added_by_id == user.pk and self.assessment.takes_answers)
        )

    # What happens to it

    @classmethod
    def add_link(cls, round_: Assessment, question: str, facts: Facts, url: str, by: User) -> Evidence:
        """Raises `RoundIsClosed`."""
        with transaction.atomic():
            _hold_open(round_, question, by)
            return cls.objects.create(
                assessment=round_, question=question, url=url, added_by=by, **asdict(facts)
            )

    @classmethod
    def add_file(cls, round_: Assessment, question: str, facts: Facts, upload: Upload, by: User) -> Evidence:
        """Keeps the file under a name nobody can guess. Raises `RoundIsClosed`, and keeps nothing then."""
        if not takes_evidence(round_, question, by):
            raise RoundIsClosed
        storage = evidence_storage()
        secret = secrets.token_hex(20)
        kept = storage.save(f"{secret[:2]}/{secret}", upload.file)
        try:
            with transaction.atomic():
                _hold_open(round_, question, by)
                return cls.objects.create(
                    assessment=round_,
                    question=question,
                    file=kept,
                    name=upload.name,
                    content_type=upload.content_type,
                    size=upload.file.size,
                    sha256=upload.sha256,
                    scanned=upload.scanned,
                    added_by=by,
                    **asdict(facts),
                )
        except BaseException:
            storage.delete(kept)
            raise

    def reuse(self, round_: Assessment, by: User) -> Evidence:
        """The same evidence in a later round; both point to the same bytes. Asked twice it is there once.

        Raises `RoundIsClosed`, and `DoesNotExist` when it was deleted meanwhile.
        """
        with transaction.atomic():
            _hold_open(round_, self.question, by)
            source = Evidence.objects.present().select_for_update().get(pk=self.pk)
            copied = ("title", "dated", "valid_until", "url", "file", "name", "content_type", "size")
            same = {name: getattr(source, name) for name in (*copied, "sha256", "scanned")}
            again, _ = Evidence.objects.present().get_or_create(
                assessment=round_,
                reused_from=source,
                defaults={**same, "question": source.question, "added_by": by},
            )
            return again

    def remove(self, by: User, reason: str) -> None:
        """Leaves the row as a tombstone. The bytes go once no other round uses them."""
        with transaction.atomic():
            name = self.file.name or ""
            # Held together, in one order: a reuse of the same bytes waits for this, or is seen by it.
            same = models.Q(pk=self.pk) | models.Q(file=name) if name else models.Q(pk=self.pk)
            held = {one.pk: one for one in Evidence.objects.select_for_update().filter(same).order_by("pk")}
            if held[self.pk].deleted_at:
                return
            Evidence.objects.filter(pk=self.pk).update(
                file="", url="", name="", deleted_by=by, deleted_at=timezone.now(), reason=reason
            )
            what = f"bewijs bij {self.question}, {self.assessment}"
            write(Act.DELETE, what, organisation=self.assessment.organisation_id, who=by)
            if name and not Evidence.objects.filter(file=name).exists():
                transaction.on_commit(partial(evidence_storage().delete, name))


def takes_evidence(round_: Assessment, question: str, by: User) -> bool:
    """Whether this person may add to the question now: while the round is open, and in validation when their
    answer was sent back. One query in validation, else none.
    """
    back = SentBack.objects.open().filter(assessment=round_, question=question, contributor=by)
    return round_.takes_answers or (round_.takes_judgements and back.exists())


def _hold_open(round_: Assessment, question: str, by: User) -> None:
    """Keeps the round from closing until this transaction is done. Raises `RoundIsClosed`."""
    if not takes_evidence(Assessment.objects.select_for_update().get(pk=round_.pk), question, by):
        raise RoundIsClosed
