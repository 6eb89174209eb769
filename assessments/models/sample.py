"""What the validator goes through: the legal minimums, and a sample that is drawn and kept."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from assessments.models.judgement import JudgementRefused, hold, own_questions
from assessments.models.round import Assessment
from assessments.validating import sampling
from assessments.validating.checking import Checklist, checklist

if TYPE_CHECKING:
    from organisations.models import User


class SampleQuerySet(models.QuerySet["Sample"]):
    def told(self) -> dict[str, Any] | None:
        """What the account says of the newest draw of a round, and how many draws there were; two queries."""
        newest = self.last()
        if newest is None:
            return None
        drawn = {"seed": newest.seed, "size": newest.size, "questions": newest.questions}
        return {**drawn, "draws": self.count()}


class Sample(models.Model):
    """A draw of questions for the validator to check beside the legal minimums; the newest one counts.

    Who has the seed, the size and the rule (assessments/validating/sampling.py) can draw it again.
    """

    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="samples", verbose_name="ronde"
    )
    seed = models.CharField("startwaarde", max_length=32)
    size = models.PositiveSmallIntegerField("vragen per schakel")
    questions = models.JSONField("getrokken vragen")
    reason = models.TextField("waarom opnieuw getrokken", blank=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="getrokken door"
    )
    drawn_at = models.DateTimeField("getrokken op", default=timezone.now)

    objects = SampleQuerySet.as_manager()

    class Meta:
        verbose_name = "steekproef"
        verbose_name_plural = "steekproeven"
        ordering = ["drawn_at", "pk"]

    def __str__(self) -> str:
        return f"{len(self.questions)} vragen, startwaarde {self.seed}"

    @classmethod
    def draw(cls, round_: Assessment, size: int, by: User, reason: str = "") -> Sample:
        """Draws with a seed of now, and keeps the draw.

        Raises `JudgementRefused` when a second draw has no reason, when there is nothing to draw from, and
        when the round is not in validation.
        """
        with transaction.atomic():
            held = hold(round_)
            if held.samples.exists() and not reason.strip():
                raise JudgementRefused("Er is al een steekproef. Schrijf op waarom u opnieuw trekt.")
            seed = secrets.token_hex(8)
            drawn = sampling.draw(drawable(held), seed, size)
            if not drawn:
                raise JudgementRefused("Geen enkele vraag zonder wettelijk minimum heeft een niveau.")
            return cls.objects.create(
                assessment=held, seed=seed, size=size, questions=drawn, reason=reason.strip(), drawn_by=by
            )


def drawable(round_: Assessment) -> dict[str, list[str]]:
    """Per link the questions that a draw takes part from now; three queries."""
    questions = round_.gather().results["questions"]
    return sampling.drawable(round_.content, {one["id"] for one in questions if one["claimed"] is not None})


def checklist_of(round_: Assessment, validator: User | None = None) -> Checklist:
    """The round's questions as a validator goes through them; at most seven queries, and one for whom."""
    newest = round_.samples.last()
    back = list(round_.sent_back.values_list("question", "settled_at", "settled_by", "contributor"))
    return checklist(
        round_.content,
        round_.results(),
        sample=set(newest.questions if newest else ()),
        agreed=set(round_.agreedlevels.values_list("question", flat=True)),
        sent_back={question for question, settled_at, *_ in back if settled_at is None},
        asked_back={question for question, _, by, contributor in back if by == contributor},
        own=own_questions(round_, validator) if validator else set(),
    )
