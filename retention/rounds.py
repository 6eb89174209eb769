"""What of a round goes when, table by table, and how it goes: one list to read, from the leaves to the root.

The rows are removed by these lists alone, so that nothing goes along unseen: a table that is in none of them
keeps its rows, and then the database refuses to remove what they hang on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import models
from django.utils import timezone

from assessments.models import (
    Action,
    ActionStep,
    Adoption,
    AgreedLevel,
    Annex,
    Answer,
    AnswerRevision,
    Assessment,
    Assignment,
    Brief,
    ClerkCheck,
    CouncilPromise,
    CouncilQuestion,
    Edition,
    Evidence,
    EvidencedLevel,
    GuestPass,
    Handling,
    JudgementRevision,
    Meeting,
    Reaction,
    Remark,
    Sample,
    SentBack,
    StatusChange,
    Thread,
    VulnerabilityScores,
    YearlyFigures,
)
from assessments.models.evidence import evidence_storage
from assessments.status import Status
from organisations.models import Organisation
from reports.models import ReportFile
from retention.files import remove_file
from retention.models import Hold, Statement
from surveys import models as surveys
from surveys.models import Destruction

ENDED: Final = (Status.ARCHIVED, Status.WITHDRAWN)
Table = tuple[type[models.Model], str]  # a model, and how its rows lead to the round

WORKING: Final[tuple[Table, ...]] = (
    (Remark.mentioned.through, "remark__thread__assessment"),
    (Remark, "thread__assessment"),
    (Thread, "assessment"),
    (SentBack, "assessment"),
    (AnswerRevision, "answer__assessment"),
    (Answer, "assessment"),
    (Meeting.present.through, "meeting__assessment"),
    (Meeting, "assessment"),
    (AgreedLevel, "assessment"),
    (EvidencedLevel, "assessment"),
    (JudgementRevision, "assessment"),
    (Sample, "assessment"),
    (Assignment, "assessment"),
    (Annex, "adoption__assessment"),
)
EVIDENCE: Final[tuple[Table, ...]] = ((Evidence, "assessment"),)
GUESTS: Final[tuple[Table, ...]] = ((GuestPass, "assessment"),)
RECORD: Final[tuple[Table, ...]] = (
    (ActionStep, "action__assessment"),
    (Action, "assessment"),
    (CouncilQuestion, "assessment"),
    (CouncilPromise, "assessment"),
    (Handling, "assessment"),
    (Brief, "assessment"),
    (Reaction, "assessment"),
    (ClerkCheck, "assessment"),
    (YearlyFigures, "assessment"),
    (VulnerabilityScores, "assessment"),
    (surveys.Invite, "group__survey__assessment"),
    (surveys.Box, "group__survey__assessment"),
    (surveys.Remark, "survey__assessment"),
    (surveys.Clearance, "survey__assessment"),
    (Destruction, "survey__assessment"),
    (surveys.Group, "survey__assessment"),
    (surveys.Survey, "assessment"),
    (ReportFile, "adoption__assessment"),
    (Edition, "adoption__assessment"),
    (Adoption, "assessment"),
    (StatusChange, "assessment"),
    (Hold, "assessment"),
    (Assessment, "pk"),
)
WHOLE: Final = (*WORKING, *EVIDENCE, *GUESTS, *RECORD)


class Ended(NamedTuple):
    """A round whose life is over, since when, and whether results of it were ever adopted."""

    round: Assessment
    on: date
    told: bool


def ended(organisation: Organisation) -> list[Ended]:
    """The rounds of an organisation that are over, the longest first; one query. No other is ever touched."""
    when = StatusChange.objects.filter(assessment=models.OuterRef("pk"), target=models.OuterRef("status"))
    told = Adoption.objects.filter(assessment=models.OuterRef("pk"))
    plain: models.QuerySet[Assessment] = Assessment.objects.filter(
        organisation=organisation, status__in=ENDED
    )
    ended_at = models.Subquery(when.order_by("-at").values("at")[:1])
    rounds = plain.annotate(ended_at=ended_at, told=models.Exists(told)).order_by("ended_at", "pk")
    # Without a step that says when, it never is over: then nobody can say how long it lay there.
    return [Ended(one, timezone.localdate(one.ended_at), one.told) for one in rounds if one.ended_at]


def rows(table: Table, round_: Assessment) -> models.QuerySet[Any]:
    model, path = table
    return model._default_manager.filter(**{path: round_.pk}).order_by()


def counts(tables: Iterable[Table], round_: Assessment) -> dict[str, int]:
    """How many of each there are, by the word for them, without what there is none of. A query a table."""
    found: dict[str, int] = {}
    for table in tables:
        options = table[0]._meta
        if not options.auto_created and (number := rows(table, round_).count()):
            word = str(options.verbose_name_plural)
            found[word] = found.get(word, 0) + number
    return found


def remove(tables: Iterable[Table], round_: Assessment) -> None:
    """Removes the rows of these tables, in their order; files go when the transaction succeeded."""
    for table in tables:
        found = rows(table, round_)
        if table[0] is Evidence:
            _loosen_files(round_)
        if table[0] is Destruction:
            Statement.objects.filter(survey__in=found).update(survey=None)
        # Straight from the table: Django's own way would take along what only hangs on it, unseen.
        found._raw_delete(found.db)


def _loosen_files(round_: Assessment) -> None:
    """Later rounds that use the same evidence keep it; bytes that nobody uses any more go."""
    mine = Evidence.objects.filter(assessment=round_)
    Evidence.objects.filter(reused_from__in=mine).update(reused_from=None)
    names = set(mine.exclude(file="").values_list("file", flat=True))
    kept = Evidence.objects.filter(file__in=names).exclude(assessment=round_).values_list("file", flat=True)
    for name in sorted(names - set(kept)):
        remove_file(evidence_storage(), name)


def objections(round_: Assessment) -> Iterator[str]:
    """Why a whole round cannot go yet although its day came, in Dutch; two queries."""
    going_on = Action.objects.open().filter(assessment=round_)
    if round_.is_withdrawn:
        going_on = going_on.exclude(status=Action.Status.PROPOSED)  # these are in nobody's plan
    if going_on.exists():
        yield "Een verbeteractie uit deze ronde loopt nog."
    if CouncilPromise.objects.open().filter(assessment=round_).exists():
        yield "Een toezegging aan de raad uit deze ronde staat nog open."
