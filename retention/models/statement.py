"""A statement of destruction: what is not there any more, how much of it, on what ground and since when."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils import timezone

from chain.documents import canonical_json, digest
from organisations.log.acts import Act
from organisations.models import Organisation, User
from organisations.models.log import write
from retention.kinds import Kind
from retention.periods import in_words

if TYPE_CHECKING:
    from surveys.models import Destruction

NIGHTLY = "het portaal, volgens de ingestelde termijn"
# What a survey itself promised has no period that anybody sets, so it is no `Kind`.
SURVEY, SURVEY_TITLE = "survey", "Losse antwoorden van een peiling"
SURVEY_GROUND = "De termijn die aan wie antwoordde is beloofd, vastgelegd voordat de peiling openging."
CHOICES = [*((kind.value, kind.rule.title) for kind in Kind), (SURVEY, SURVEY_TITLE)]


class StatementQuerySet(models.QuerySet["Statement"]):
    def visible_to(self, user: User | AnonymousUser) -> StatementQuerySet:
        return self.filter(organisation__in=Organisation.objects.editable_by(user))


class Statement(models.Model):
    """One destruction, stated (Archiefbesluit 1995, article 8). It names nobody and is kept for good."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="statements", verbose_name="organisatie"
    )
    number = models.PositiveIntegerField("nummer")
    kind = models.CharField("soort", max_length=20, choices=CHOICES)
    what = models.CharField("wat", max_length=200)
    counts = models.JSONField("hoeveel", default=dict)  # by name, in Dutch
    began_on = models.DateField("periode vanaf", null=True)
    ended_on = models.DateField("periode tot en met", null=True)
    months = models.PositiveSmallIntegerField("termijn in maanden")
    ground = models.CharField("grond", max_length=300)
    at = models.DateTimeField("vernietigd op", default=timezone.now)
    by = models.CharField("door", max_length=100, default=NIGHTLY)
    # The survey whose own statement this repeats, so that it is still there when the round is gone.
    survey = models.OneToOneField(
        "surveys.Destruction", models.SET_NULL, null=True, related_name="+", verbose_name="van de peiling"
    )

    objects = StatementQuerySet.as_manager()

    class Meta:
        verbose_name = "verklaring van vernietiging"
        verbose_name_plural = "verklaringen van vernietiging"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "number"], name="one_statement_a_number"),
        ]

    def __str__(self) -> str:
        return f"verklaring {self.number}: {self.what}"

    @classmethod
    def make(cls, organisation: Organisation, kind: Kind, what: str, **fields: Any) -> Statement:
        """States a destruction, in its transaction; the log holds the statement's digest."""
        with transaction.atomic():
            Organisation.objects.select_for_update().get(pk=organisation.pk)
            ground = kind.rule.ground(fields["months"])
            statement = cls._next(organisation, kind=kind, what=what[:200], ground=ground, **fields)
            told = {"verklaring": statement.number, "controlegetal": statement.digest}
            write(Act.DELETE, f"vernietigd: {what}", organisation=organisation, who="", detail=told)
        return statement

    @classmethod
    def repeat(cls, gone: Destruction) -> Statement:
        """Repeats what a survey stated; in the log it stood already. In a transaction."""
        survey = gone.survey
        early = "wie de peiling leidt, voor de uiterste dag"
        return cls._next(
            survey.organisation,
            kind=SURVEY,
            what=f"{survey}, {survey.assessment}",
            counts={"mensen van wie antwoorden": gone.answers, "opmerkingen": gone.remarks},
            began_on=survey.opened_on,
            ended_on=survey.closed_on,
            months=survey.months_kept,
            ground=SURVEY_GROUND,
            at=timezone.make_aware(datetime.combine(gone.on, time(12))),
            by=early if gone.by_id else NIGHTLY,
            survey=gone,
        )

    @classmethod
    def _next(cls, organisation: Organisation, **fields: Any) -> Statement:
        last = cls.objects.filter(organisation=organisation).aggregate(last=models.Max("number"))["last"]
        return cls.objects.create(organisation=organisation, number=(last or 0) + 1, **fields)

    @property
    def period(self) -> str:
        return in_words(self.months)

    @property
    def title(self) -> str:
        return self.get_kind_display()

    def told(self) -> dict[str, Any]:
        """The whole statement as data, as its digest is made of it."""
        return {
            "nummer": self.number,
            "soort": self.title,
            "wat": self.what,
            "hoeveel": self.counts,
            "periode": [day.isoformat() if day else None for day in (self.began_on, self.ended_on)],
            "termijn in maanden": self.months,
            "grond": self.ground,
            "op": timezone.localdate(self.at).isoformat(),
            "door": self.by,
        }

    @property
    def digest(self) -> str:
        """The SHA-256 of the statement; the entry in the log that tells of it has the same."""
        return digest(canonical_json(self.told()))
