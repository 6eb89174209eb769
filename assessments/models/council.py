"""What the council does with a report: when it was offered and treated, what it asked, what was promised."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format

from assessments.status import Status
from organisations.log.acts import Act
from organisations.models import Organisation
from organisations.models.log import write
from organisations.policy import May

if TYPE_CHECKING:
    from assessments.models.round import Assessment
    from organisations.models import User

NOT_OFFERED = "Dit kan pas als het verslag aan de raad is aangeboden."
WITHDRAWN = "De ronde is ingetrokken. Wat er staat blijft bewaard; er komt niets meer bij."
DONE, MOVED, DROPPED = "done", "moved", "dropped"


class CouncilRefused(Exception):
    """What cannot be written down now; its text says why, in Dutch."""


def hold(round_: Assessment) -> Assessment:
    """The round as it is now, held until the transaction ends. Raises `CouncilRefused` unless the council
    was offered a report of it, which may be looked at again for a correction.
    """
    held = type(round_)._default_manager.select_for_update().get(pk=round_.pk)
    if held.status == Status.WITHDRAWN:
        raise CouncilRefused(WITHDRAWN)
    if not held.adoptions.filter(edition__isnull=False).exists():
        raise CouncilRefused(NOT_OFFERED)
    return held


def _note(round_: Assessment, what: str, by: User | None = None) -> None:
    """An entry in the log: that it was written down and about which round, nothing of its words."""
    write(Act.STATUS, f"{what}, {round_.title} {round_.year}", organisation=round_.organisation_id, who=by)


class Handling(models.Model):
    """How the griffier puts one round's report before the council."""

    assessment = models.OneToOneField(
        "assessments.Assessment", models.PROTECT, related_name="handling", verbose_name="ronde"
    )
    number = models.CharField("zaak- of stuknummer", max_length=60, blank=True)
    offered_on = models.DateField("aangeboden op", null=True, blank=True)
    meeting_on = models.DateField("op de agenda van", null=True, blank=True)
    treated_on = models.DateField("behandeld op", null=True, blank=True)
    outcome = models.TextField("uitkomst", max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)

    class Meta:
        verbose_name = "behandeling in de raad"
        verbose_name_plural = "behandelingen in de raad"

    def __str__(self) -> str:
        return self.number or str(self.assessment)

    @property
    def mark(self) -> str:
        """Tells this state from a later one."""
        return self.at.isoformat()

    @classmethod
    def register(cls, round_: Assessment, by: User, shown: str, **fields: object) -> Handling:
        """Writes down how it goes, in place of what stood there; `shown` is the mark that the writer saw.

        Raises `CouncilRefused` when nothing was offered yet, and when somebody else wrote since.
        """
        with transaction.atomic():
            held = hold(round_)
            before = cls.objects.filter(assessment=held).select_related("by").first()
            if before and before.mark != shown:
                raise CouncilRefused(
                    f"{before.by.name} veranderde dit intussen. Uw tekst staat er nog. Slaat u nog eens op, "
                    "dan geldt wat u invulde."
                )
            now = {**fields, "by": by, "at": timezone.now()}
            _note(held, "behandeling in de raad", by)
            return cls.objects.update_or_create(assessment=held, defaults=now)[0]


class CouncilQuestionQuerySet(models.QuerySet["CouncilQuestion"]):
    def editable_by(self, user: User | AnonymousUser) -> CouncilQuestionQuerySet:
        """Those that the user may answer: as griffier, or as the coordinator who knows the answer."""
        return self.filter(
            assessment__organisation__in=Organisation.objects.where_may(user, May.ANSWER_COUNCIL)
        )

    def open(self) -> CouncilQuestionQuerySet:
        return self.filter(answered_on=None).exclude(assessment__status=Status.WITHDRAWN)


class CouncilQuestion(models.Model):
    """A question of the council about a report, and its answer."""

    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="council_questions", verbose_name="ronde"
    )
    asked_by = models.CharField("gevraagd door", max_length=120, help_text="Een fractie of de hele raad.")
    text = models.TextField("vraag", max_length=4000)
    asked_on = models.DateField("gevraagd op", default=timezone.localdate)
    due = models.DateField("antwoord uiterlijk op", null=True, blank=True)
    answer = models.TextField("antwoord", max_length=8000, blank=True)
    answered_on = models.DateField("beantwoord op", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)

    objects = CouncilQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "vraag van de raad"
        verbose_name_plural = "vragen van de raad"
        ordering = ["asked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer="", answered_on=None)
                | (~models.Q(answer="") & models.Q(answered_on__isnull=False)),
                name="council_answer_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @classmethod
    def ask(cls, round_: Assessment, by: User, **fields: object) -> CouncilQuestion:
        """Writes down a question. Raises `CouncilRefused` when nothing was offered yet."""
        with transaction.atomic():
            held = hold(round_)
            _note(held, "vraag van de raad genoteerd", by)
            return cls.objects.create(assessment=held, by=by, **fields)

    def reply(self, answer: str, answered_on: date) -> None:
        """Writes down the answer. Raises `CouncilRefused` when there is one, and when it was withdrawn."""
        with transaction.atomic():
            held = hold(self.assessment)
            given = CouncilQuestion.objects.filter(pk=self.pk, answered_on=None)
            if not given.update(answer=answer.strip(), answered_on=answered_on):
                raise CouncilRefused("Deze vraag is intussen al beantwoord.")
            _note(held, f"vraag {self.pk} van de raad beantwoord")


class CouncilPromiseQuerySet(models.QuerySet["CouncilPromise"]):
    def editable_by(self, user: User | AnonymousUser) -> CouncilPromiseQuerySet:
        """Those that the user may settle: as griffier, or as the coordinator."""
        return self.filter(organisation__in=Organisation.objects.where_may(user, May.ANSWER_COUNCIL))

    def open(self) -> CouncilPromiseQuerySet:
        """What is still to be done."""
        return self.filter(outcome__in=["open", MOVED]).exclude(assessment__status=Status.WITHDRAWN)

    def due_by(self, day: date) -> CouncilPromiseQuerySet:
        """What is still to be done by this day, or had to be before it, as promised last."""
        return self.open().alias(until=Coalesce("moved_to", "due")).filter(until__lte=day)


class CouncilPromise(models.Model):
    """What the college promised the council (a toezegging); it comes back in the next report."""

    class Outcome(models.TextChoices):
        OPEN = "open", "open"
        DONE = "done", "nagekomen"
        MOVED = "moved", "verschoven"
        DROPPED = "dropped", "vervallen"

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="council_promises", verbose_name="organisatie"
    )
    # The round of whose report it was made.
    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="council_promises", verbose_name="ronde"
    )
    text = models.TextField("toezegging", max_length=1000)
    owner = models.CharField("wie", max_length=120, help_text="Een functie of portefeuille, geen naam.")
    made_on = models.DateField("toegezegd op")
    due = models.DateField("klaar op")
    outcome = models.CharField("uitkomst", max_length=10, choices=Outcome, default=Outcome.OPEN)
    moved_to = models.DateField("verschoven naar", null=True, blank=True)
    reason = models.TextField("waarom verschoven of vervallen", max_length=1000, blank=True)
    settled_on = models.DateField("nagekomen of vervallen op", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")
    at = models.DateTimeField("op", default=timezone.now)

    objects = CouncilPromiseQuerySet.as_manager()

    class Meta:
        verbose_name = "toezegging"
        verbose_name_plural = "toezeggingen"
        ordering = ["made_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["open", "done"]) | ~models.Q(reason=""),
                name="promise_changed_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="moved", moved_to__isnull=False)
                | (~models.Q(outcome="moved") & models.Q(moved_to=None)),
                name="promise_moved_to_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_open(self) -> bool:
        return self.settled_on is None

    @property
    def today_due(self) -> date:
        """The day by which it is to be done, as promised last."""
        return self.moved_to or self.due

    @classmethod
    def record(cls, round_: Assessment, by: User, **fields: object) -> CouncilPromise:
        """Writes down a promise. Raises `CouncilRefused` when nothing was offered yet."""
        with transaction.atomic():
            held = hold(round_)
            _note(held, "toezegging genoteerd", by)
            return cls.objects.create(assessment=held, organisation_id=held.organisation_id, by=by, **fields)

    def settle(self, outcome: str, day: date, reason: str = "") -> None:
        """Kept or dropped on `day`, or moved to it; the last two with a reason.

        Raises `CouncilRefused` without one, when it was settled meanwhile, and when it moves to no later day.
        """
        if outcome in (MOVED, DROPPED) and not reason.strip():
            raise CouncilRefused("Schrijf op waarom.")
        with transaction.atomic():
            mine = CouncilPromise.objects.select_for_update().get(pk=self.pk)
            if not mine.is_open:
                raise CouncilRefused("Deze toezegging is intussen al afgehandeld.")
            if outcome == MOVED and day <= mine.today_due:
                until = date_format(mine.today_due, "j F Y")
                raise CouncilRefused(f"Verschuiven kan alleen naar een dag na {until}.")
            moved = outcome == MOVED
            settled = {"moved_to": day if moved else None, "settled_on": None if moved else day}
            CouncilPromise.objects.filter(pk=self.pk).update(
                outcome=outcome, reason=reason.strip(), **settled
            )
            label = CouncilPromise.Outcome(outcome).label
            _note(mine.assessment, f"toezegging {self.pk} {label}")
