"""The act: rounds, who is asked what, their answers, what was agreed and evidenced, and the account."""

from assessments.models.answer import Answer, AnswerConflict, AnswerRevision, Content, RoundIsClosed
from assessments.models.assignment import Assignment, HandInRefused
from assessments.models.evidence import Evidence
from assessments.models.guest import GuestPass, GuestRefused
from assessments.models.judgement import (
    Adoption,
    AgreedLevel,
    EvidencedLevel,
    JudgementRefused,
    JudgementRevision,
)
from assessments.models.meeting import Meeting
from assessments.models.remark import Remark, Thread
from assessments.models.round import Assessment, StatusChange
from assessments.models.sample import Sample
from assessments.models.sending_back import SentBack
from assessments.status import StepRefused

__all__ = [
    "Adoption",
    "AgreedLevel",
    "Answer",
    "AnswerConflict",
    "AnswerRevision",
    "Assessment",
    "Assignment",
    "Content",
    "Evidence",
    "EvidencedLevel",
    "GuestPass",
    "GuestRefused",
    "HandInRefused",
    "JudgementRefused",
    "JudgementRevision",
    "Meeting",
    "Remark",
    "RoundIsClosed",
    "Sample",
    "SentBack",
    "StatusChange",
    "StepRefused",
    "Thread",
]
