"""The act: rounds, who is asked what, their answers, what was agreed and evidenced, and the account."""

from assessments.models.answer import Answer, AnswerConflict, AnswerRevision, Content, RoundIsClosed
from assessments.models.assignment import Assignment
from assessments.models.evidence import Evidence
from assessments.models.judgement import (
    Adoption,
    AgreedLevel,
    EvidencedLevel,
    JudgementRefused,
    JudgementRevision,
)
from assessments.models.round import Assessment, StatusChange, StepRefused

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
    "JudgementRefused",
    "JudgementRevision",
    "RoundIsClosed",
    "StatusChange",
    "StepRefused",
]
