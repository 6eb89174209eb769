"""Answers: one row per contributor and question, saved by one statement, each value kept as a revision."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from organisations.models import User

TEXT_LIMIT = 4000
STATES = [
    ("unknown", "weet ik niet"),
    ("not_applicable", "niet van toepassing"),
    ("not_occurred", "niet voorgekomen"),
]
HELPS = [("yes", "ja"), ("partly", "deels"), ("no", "nee"), ("unknown", "weet ik niet")]


class RoundIsClosed(Exception):
    """The round takes no answers now."""


class AnswerConflict(Exception):
    """The answer was changed elsewhere since it was shown; `stored` is what the database has."""

    def __init__(self, stored: Answer) -> None:
        super().__init__(f"version {stored.version} is stored")
        self.stored = stored


@dataclass(frozen=True, slots=True)
class Content:
    """What a contributor says on one question; neither level nor state means: not answered yet."""

    level: int | None = None
    state: str = ""
    reason: str = ""
    explanation: str = ""
    helps: str = ""

    @property
    def is_answer(self) -> bool:
        return self.level is not None or bool(self.state)

    @property
    def choice(self) -> str:
        """The one thing chosen: "0" to "4", a state, or nothing."""
        return self.state if self.level is None else str(self.level)


class AnswerContent(models.Model):
    """The columns of `Content`, and what must never be broken in them."""

    level = models.PositiveSmallIntegerField("niveau", null=True, blank=True)
    state = models.CharField("geen niveau", max_length=20, choices=STATES, blank=True)
    reason = models.TextField("reden", blank=True)
    explanation = models.TextField("toelichting", blank=True)
    helps = models.CharField("helpt dit?", max_length=10, choices=HELPS, blank=True)
    version = models.PositiveIntegerField("versie", default=1)
    saved_at = models.DateTimeField("opgeslagen", default=timezone.now)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(level=None) | models.Q(level__lte=4, state=""),
                name="%(class)s_level_or_state",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["", *(state for state, _ in STATES)]),
                name="%(class)s_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="not_applicable") | ~models.Q(reason=""),
                name="%(class)s_not_applicable_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(helps="")
                | models.Q(level__gte=2, helps__in=[helps for helps, _ in HELPS], level__isnull=False),
                name="%(class)s_helps_from_level_2",
            ),
        ]

    @property
    def content(self) -> Content:
        return Content(self.level, self.state, self.reason, self.explanation, self.helps)

    @property
    def choice(self) -> str:
        return self.content.choice


class AnswerQuerySet(models.QuerySet["Answer"]):
    def given(self) -> AnswerQuerySet:
        """Those that answer: a level or a state, not only a note."""
        return self.exclude(level=None, state="")


# One statement decides all at once: does the round take this answer, is this the version that was shown,
# insert or update. In validation it takes what the validator sent back to this person and is not settled yet.
# FOR SHARE holds a closing of the round, and a settling of what was sent back, until this save is done, and
# looks again after it waited for one of them. SQLite has one writer anyway.
_SAVE = """
INSERT INTO assessments_answer
  (assessment_id, question, contributor_id, level, state, reason, explanation, helps, version, saved_at)
SELECT id, %s, %s, %s, %s, %s, %s, %s, 1, %s
  FROM assessments_assessment AS round
 WHERE id = %s AND (status = 'open' OR status = 'validation' AND EXISTS (
   SELECT 1 FROM assessments_sentback
    WHERE assessment_id = round.id AND question = %s AND contributor_id = %s AND settled_at IS NULL
    {lock})) {lock_round}
ON CONFLICT (assessment_id, question, contributor_id) DO UPDATE SET
  level = excluded.level, state = excluded.state, reason = excluded.reason,
  explanation = excluded.explanation, helps = excluded.helps,
  version = assessments_answer.version + 1, saved_at = excluded.saved_at
WHERE assessments_answer.version = %s
RETURNING id, version
"""


class Answer(AnswerContent):
    """What one contributor says now on one question of one round."""

    assessment = models.ForeignKey(
        "assessments.Assessment", models.PROTECT, related_name="answers", verbose_name="ronde"
    )
    question = models.CharField("vraag", max_length=20)
    contributor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="answers", verbose_name="deelnemer"
    )

    objects = AnswerQuerySet.as_manager()

    class Meta(AnswerContent.Meta):
        abstract = False
        verbose_name = "antwoord"
        verbose_name_plural = "antwoorden"
        constraints = [
            *AnswerContent.Meta.constraints,
            models.UniqueConstraint(fields=["assessment", "question", "contributor"], name="one_answer_each"),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.choice or 'nog geen antwoord'}"

    @property
    def can_change(self) -> bool:
        """Whether the round takes it now: open, or sent back in validation; at most two queries."""
        round_ = self.assessment
        back = round_.sent_back.open().filter(question=self.question, contributor=self.contributor_id)
        return round_.takes_answers or (round_.takes_judgements and back.exists())

    @property
    def last_actor(self) -> User:
        """Who gave the value that is stored; one query."""
        last = self.revisions.select_related("actor").last()
        return last.actor if last else self.contributor

    @classmethod
    def save_content(
        cls, assessment: int, question: str, contributor: int, content: Content, shown: int
    ) -> Saved:
        """Stores the content over version `shown` (0: there was none) and leaves a revision; two statements.

        A request that comes twice is stored once: the second finds its own content and is acknowledged with
        the version that is there, whatever it names. For that the sender repeats a request of which it heard
        nothing as it was, before anything newer (static/src/draft.js); so requests need no key.
        Raises `RoundIsClosed`, and `AnswerConflict` when other content is stored and not as version `shown`.
        """
        now = timezone.now()
        with transaction.atomic():
            saved = cls._upsert(assessment, question, contributor, content, shown, now)
            if saved:
                answer_id, version = saved
                AnswerRevision.objects.create(
                    answer_id=answer_id,
                    actor_id=contributor,
                    version=version,
                    saved_at=now,
                    **asdict(content),
                )
                return Saved(version, now)
        stored = cls.objects.filter(assessment=assessment, question=question, contributor=contributor).first()
        if stored is None or not stored.can_change:
            raise RoundIsClosed
        if stored.content == content:
            return Saved(stored.version, stored.saved_at)
        raise AnswerConflict(stored)

    @staticmethod
    def _upsert(
        assessment: int, question: str, contributor: int, content: Content, shown: int, now: datetime
    ) -> tuple[int, int] | None:
        lock = "FOR SHARE" if connection.vendor == "postgresql" else ""
        moment = connection.ops.adapt_datetimefield_value(now)
        values = [content.level, content.state, content.reason, content.explanation, content.helps]
        with connection.cursor() as cursor:
            cursor.execute(
                _SAVE.format(lock=lock, lock_round=lock and f"{lock} OF round"),
                [question, contributor, *values, moment, assessment, question, contributor, shown],
            )
            return cursor.fetchone()  # type: ignore[no-any-return]  # a cursor's rows are untyped


@dataclass(frozen=True, slots=True)
class Saved:
    """The acknowledgement of a save: the version that the database has, and since when."""

    version: int
    at: datetime


class AnswerRevision(AnswerContent):
    """A value that an answer had or has: who gave it, when. The one before it is the old value."""

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="revisions", verbose_name="antwoord")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="door")

    class Meta(AnswerContent.Meta):
        abstract = False
        verbose_name = "versie van een antwoord"
        verbose_name_plural = "versies van antwoorden"
        ordering = ["version"]
        constraints = [
            *AnswerContent.Meta.constraints,
            models.UniqueConstraint(fields=["answer", "version"], name="one_revision_a_version"),
        ]

    def __str__(self) -> str:
        return f"versie {self.version}"
