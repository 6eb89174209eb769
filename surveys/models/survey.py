"""A survey in a round: for whom, in which groups, when, and by which rules of anonymity."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from chain.models import PublishedStatements, load_statements
from chain.statements import StatementList
from organisations.models import Organisation, User
from organisations.policy import May
from surveys.protection import Least, SurveyDocument

# The lowest that the method allows (scoring, stream B, protection). An organisation may raise them.
LEAST_POPULATION = {"staff": 10, "council": 9}
LEAST_ANSWERS = 5


class SurveyRefused(Exception):
    """A step of a survey that cannot be taken now; `objections` says why, in Dutch."""

    def __init__(self, *objections: str) -> None:
        super().__init__(" ".join(objections))
        self.objections = objections


class SurveyQuerySet(models.QuerySet["Survey"]):
    def _of(self, user: User | AnonymousUser, audience: str, act: May) -> SurveyQuerySet:
        return self.filter(audience=audience, organisation__in=Organisation.objects.where_may(user, act))

    def editable_by(self, user: User | AnonymousUser) -> SurveyQuerySet:
        """Who leads a survey: the coordinator that among staff, the griffier the council's."""
        return self._of(user, "staff", May.LEAD_STAFF_SURVEY) | self._of(
            user, "council", May.LEAD_COUNCIL_SURVEY
        )

    def results_visible_to(self, user: User | AnonymousUser) -> SurveyQuerySet:
        """Closed surveys; the council's result is the griffier's alone until they release it."""
        released = self._of(user, "council", May.READ_COUNCIL_SURVEY).exclude(released_on=None)
        own = self._of(user, "council", May.LEAD_COUNCIL_SURVEY)
        shown = self._of(user, "staff", May.READ_STAFF_SURVEY) | own | released
        return shown.filter(status=Survey.Status.CLOSED)

    def reported(self) -> SurveyQuerySet:
        """Surveys whose result belongs with the round's: closed, and the council's only when released."""
        return self.filter(status=Survey.Status.CLOSED).exclude(audience="council", released_on=None)

    def told(self) -> list[dict[str, Any]]:
        """What a round's account keeps of these surveys, staff first; one query."""
        return [one.told() for one in self.reported().order_by("-audience")]

    def visible_to(self, user: User | AnonymousUser) -> SurveyQuerySet:
        """Surveys that the user leads, knows to be held in a round they lead, or may read the result of."""
        led = self.filter(organisation__in=Organisation.objects.where_may(user, May.LEAD_ROUND))
        return led | self.editable_by(user) | self.results_visible_to(user)


class Survey(models.Model):
    """The anonymous voice of one audience in one round. What protects people lies fixed once it opened."""

    class Audience(models.TextChoices):
        STAFF = "staff", "medewerkers"
        COUNCIL = "council", "raadsleden"

    class Status(models.TextChoices):
        PREPARING = "preparing", "in voorbereiding"
        OPEN = "open", "open"
        CLOSED = "closed", "gesloten"

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="surveys", verbose_name="organisatie"
    )
    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="surveys", verbose_name="ronde"
    )
    audience = models.CharField("voor wie", max_length=10, choices=Audience)
    statements = models.ForeignKey(
        PublishedStatements, models.PROTECT, related_name="+", verbose_name="stellingen"
    )
    status = models.CharField(
        "status", max_length=10, choices=Status, default=Status.PREPARING, editable=False
    )
    closes_on = models.DateField("laatste dag")
    least_population = models.PositiveSmallIntegerField("kleinste groep in het verslag", default=10)
    least_answers = models.PositiveSmallIntegerField("minste antwoorden per groep", default=LEAST_ANSWERS)
    months_kept = models.PositiveSmallIntegerField("maanden dat losse antwoorden blijven", default=6)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_on = models.DateField("geopend op", null=True, blank=True, editable=False)
    closed_on = models.DateField("gesloten op", null=True, blank=True, editable=False)
    # The two reminders: of the whole survey, since with a link one would tell who had not answered by then.
    reminded_on = models.DateField("herinnerd op", null=True, blank=True, editable=False)
    reminded_again_on = models.DateField("nog eens herinnerd op", null=True, blank=True, editable=False)
    # Results as they were computed when it closed: one canonical JSON document, protected already.
    document = models.TextField("uitkomst", blank=True, editable=False)
    digest = models.CharField("controlegetal", max_length=64, blank=True, editable=False)
    # The griffier sees the council's result first, and releases it.
    released_on = models.DateField("vrijgegeven op", null=True, blank=True, editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = "peiling"
        verbose_name_plural = "peilingen"
        ordering = ["assessment", "audience"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "audience"], name="one_survey_an_audience"),
            models.CheckConstraint(
                condition=models.Q(audience="staff", least_population__gte=LEAST_POPULATION["staff"])
                | models.Q(audience="council", least_population__gte=LEAST_POPULATION["council"]),
                name="survey_least_population",
            ),
            models.CheckConstraint(
                condition=models.Q(least_answers__gte=LEAST_ANSWERS), name="survey_least_answers"
            ),
            models.CheckConstraint(
                condition=models.Q(status="closed") | models.Q(document="", digest=""),
                name="survey_result_only_when_closed",
            ),
        ]

    def __str__(self) -> str:
        return f"peiling onder {self.get_audience_display()}"

    @cached_property
    def content(self) -> StatementList:
        """The statements that it asks; no query once the process knows them."""
        return load_statements(self.statements_id)

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    @property
    def is_closed(self) -> bool:
        return self.status == self.Status.CLOSED

    @property
    def least(self) -> Least:
        return Least(self.least_population, self.least_answers)

    def results(self) -> SurveyDocument:
        """What may be told, as it was computed when the survey closed. Raises ValueError before that."""
        result: SurveyDocument = json.loads(self.document)
        return result

    def told(self) -> dict[str, Any]:
        """For the account, which the council and anyone may read: the whole, without the groups.

        `digest` is that of the result as it was made at closing, with the groups. Raises ValueError before.
        """
        return {
            "audience": self.audience,
            "opened": self.opened_on.isoformat() if self.opened_on else None,
            "closed": self.closed_on.isoformat() if self.closed_on else None,
            "statements": {
                "slug": self.content.slug,
                "version": self.content.version,
                "digest": self.statements_id,
            },
            "digest": self.digest,
            "document": {**self.results(), "groups": [], "hidden": []},
        }


class Group(models.Model):
    """Some people of the audience, such as a team; the council is one group.

    `used` is one row of bits for all its personal links: which of them were used. It is written as a whole,
    so no row tells when, or in which order.
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="groups", verbose_name="peiling")
    slug = models.SlugField("kenmerk")
    name = models.CharField("naam", max_length=120)
    population = models.PositiveIntegerField("aantal mensen")
    # A group that is too small counts as part of another; who answers is told so before.
    joined = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="parts", verbose_name="telt mee bij"
    )
    # For on a poster: whoever has it can answer. Weaker than personal links, and the pages say so.
    code = models.CharField("code", max_length=20, null=True, blank=True, unique=True)
    used = models.BinaryField("gebruikte links", default=bytes)

    class Meta:
        verbose_name = "groep"
        verbose_name_plural = "groepen"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "slug"], name="group_slug_once"),
            models.UniqueConstraint(fields=["survey", "name"], name="group_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reported(self) -> Group:
        """The group that this one counts as part of; itself when it stands alone."""
        return self.joined or self

    @property
    def all_people(self) -> int:
        """Its population with that of the groups that joined it; one query."""
        return self.population + sum(self.parts.values_list("population", flat=True))


class Clearance(models.Model):
    """What must be settled with others before a survey opens: by whom, on which day."""

    class Kind(models.TextChoices):
        WORKS_COUNCIL = "works_council", "ondernemingsraad"
        DPIA = "dpia", "functionaris gegevensbescherming (FG) en DPIA"
        PRIVACY_NOTICE = "privacy_notice", "privacyverklaring"

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="clearances", verbose_name="peiling")
    kind = models.CharField("wat", max_length=20, choices=Kind)
    name = models.CharField("met wie", max_length=120)
    on = models.DateField("op")
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="genoteerd door"
    )

    class Meta:
        verbose_name = "afstemming"
        verbose_name_plural = "afstemmingen"
        constraints = [models.UniqueConstraint(fields=["survey", "kind"], name="one_clearance_a_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"
