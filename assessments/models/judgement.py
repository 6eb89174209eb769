"""What stands beside the answers: the level agreed on, the level that is evidenced, and the account."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from chain.results import ResultsDocument
from organisations.log.acts import Act
from organisations.models.log import write

if TYPE_CHECKING:
    from assessments.models.round import Assessment
    from organisations.models import User


NOT_NOW = "Dit kan alleen zolang de ronde in validatie is."
SENT_BACK = (
    "Deze vraag is teruggegeven. Leg een niveau vast als er antwoord is, of haal de vraag eerst terug."
)
OWN = (
    "U beantwoordde deze vraag zelf of gaf er bewijs bij. Daarom legt een andere validator vast wat het "
    "bewijs laat zien."
)


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

    @classmethod
    def _write(cls, round_: Assessment, question: str, level: int, by: User, **words: str) -> None:
        """Puts this in place of an earlier judgement, and keeps both in the history."""
        now = timezone.now()
        cls._default_manager.update_or_create(
            assessment=round_, question=question, defaults={"level": level, "by": by, "at": now, **words}
        )
        JudgementRevision.objects.create(
            assessment=round_,
            question=question,
            kind=cls._meta.model_name or "",
            level=level,
            words=words.get("reason") or words.get("remark", ""),
            minority=words.get("minority", ""),
            by=by,
            at=now,
        )
        what = f"{cls._meta.verbose_name} van {question}, {round_}"
        write(Act.JUDGE, what, organisation=round_.organisation_id, who=by)


def hold(round_: Assessment) -> Assessment:
    """The round as it is now, held until the transaction ends: nobody judges or adopts it meanwhile.

    Raises `JudgementRefused` when it is not in validation.
    """
    held = type(round_)._default_manager.select_for_update().get(pk=round_.pk)
    if not held.takes_judgements:
        raise JudgementRefused(NOT_NOW)
    return held


def own_questions(round_: Assessment, user: User) -> set[str]:
    """The questions of which the user answered or gave evidence: those they do not judge. One query."""
    answered = round_.answers.given().filter(contributor=user).values_list("question", flat=True)
    shown = round_.evidence.present().filter(added_by=user).order_by().values_list("question", flat=True)
    return set(answered.union(shown))


class AgreedLevel(Judgement):
    """The level that the contributors agreed on together; it goes before the median of their answers."""

    reason = models.TextField("reden")
    minority = models.TextField("wat een minderheid ervan vindt", blank=True)

    class Meta(Judgement.Meta):
        abstract = False
        verbose_name = "afgesproken niveau"
        verbose_name_plural = "afgesproken niveaus"

    @classmethod
    def record(
        cls, round_: Assessment, question: str, level: int, reason: str, by: User, minority: str = ""
    ) -> None:
        """Writes down what was agreed, in place of an earlier agreement. Raises `JudgementRefused`."""
        if not reason.strip():
            raise JudgementRefused("Schrijf op waarom u dit niveau afspreekt.")
        with transaction.atomic():
            held = hold(round_)
            evidenced = held.evidencedlevels.filter(question=question).first()
            if evidenced and evidenced.level > level:
                raise JudgementRefused(
                    f"De validator vond bewijs voor niveau {evidenced.level}. Een lager niveau afspreken kan "
                    "pas als de validator dat aanpast."
                )
            cls._write(held, question, level, by, reason=reason, minority=minority.strip())


class EvidencedLevel(Judgement):
    """The level that the validator found the evidence to carry; never above the claimed level."""

    remark = models.TextField("opmerking", blank=True)

    class Meta(Judgement.Meta):
        abstract = False
        verbose_name = "onderbouwd niveau"
        verbose_name_plural = "onderbouwde niveaus"

    @classmethod
    def record(cls, round_: Assessment, question: str, level: int, remark: str, by: User) -> None:
        """Writes down what the evidence carries, at most the claimed level, and never of one's own answer.

        Raises `JudgementRefused`.
        """
        with transaction.atomic():
            held = hold(round_)
            if question in own_questions(held, by):
                raise JudgementRefused(OWN)
            if held.sent_back.open().filter(question=question).exists():
                raise JudgementRefused(SENT_BACK)
            claimed = held.claimed(question)
            if claimed is None:
                raise JudgementRefused(
                    "Deze vraag heeft geen niveau, dus er is niets om met bewijs te vergelijken."
                )
            if level > claimed:
                raise JudgementRefused(f"Het bewijs kan niet meer laten zien dan het niveau zelf: {claimed}.")
            cls._write(held, question, level, by, remark=remark)

    @classmethod
    def withdraw(cls, held: Assessment, question: str, why: str, by: User) -> None:
        """Takes back what was recorded, if anything; the history says that and `why`. Within `hold`."""
        found = held.evidencedlevels.filter(question=question).first()
        if found:
            found.delete()
            JudgementRevision.objects.create(
                assessment=held,
                question=question,
                kind=JudgementRevision.WITHDRAWN,
                level=found.level,
                words=why,
                by=by,
            )
            what = f"{cls._meta.verbose_name} van {question} teruggenomen, {held}"
            write(Act.JUDGE, what, organisation=held.organisation_id, who=by)


class JudgementRevision(models.Model):
    """Every judgement that was ever written down: a later one takes its place, but not its row.

    Also that an evidenced level was taken back; `level` is then what it was.
    """

    WITHDRAWN = "withdrawn"
    KINDS = [
        ("agreedlevel", "afgesproken"),
        ("evidencedlevel", "onderbouwd"),
        (WITHDRAWN, "onderbouwd niveau ingetrokken"),
    ]

    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="judgement_history", verbose_name="ronde"
    )
    question = models.CharField("vraag", max_length=20)
    kind = models.CharField("soort", max_length=20, choices=KINDS)
    level = models.PositiveSmallIntegerField("niveau")
    words = models.TextField("reden of opmerking", blank=True)
    minority = models.TextField("wat een minderheid ervan vindt", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)

    class Meta:
        verbose_name = "oordeel"
        verbose_name_plural = "oordelen"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.question}: {self.level} ({self.get_kind_display()})"


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
