"""The act: rounds, who is asked what, their answers, what was agreed and evidenced, and the account."""

from assessments.models.accounting import Brief, ClerkCheck, Reaction
from assessments.models.action import Action, ActionChanged, ActionRefused, ActionStep
from assessments.models.annex import Annex
from assessments.models.answer import Answer, AnswerConflict, AnswerRevision, Content, RoundIsClosed
from assessments.models.assignment import Assignment, HandInRefused
from assessments.models.council import CouncilPromise, CouncilQuestion, CouncilRefused, Handling
from assessments.models.edition import Edition
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
from assessments.models.numbers import VulnerabilityScores, YearlyFigures
from assessments.models.remark import Remark, Thread
from assessments.models.round import Assessment, StatusChange
from assessments.models.sample import Sample
from assessments.models.sending_back import SentBack
from assessments.models.writing import ChangedMeanwhile, WritingRefused
from assessments.status import StepRefused

__all__ = [
    "Action",
    "ActionChanged",
    "ActionRefused",
    "ActionStep",
    "Adoption",
    "AgreedLevel",
    "Annex",
    "Answer",
    "AnswerConflict",
    "AnswerRevision",
    "Assessment",
    "Assignment",
    "Brief",
    "ChangedMeanwhile",
    "ClerkCheck",
    "Content",
    "CouncilPromise",
    "CouncilQuestion",
    "CouncilRefused",
    "Edition",
    "Evidence",
    "EvidencedLevel",
    "GuestPass",
    "GuestRefused",
    "HandInRefused",
    "Handling",
    "JudgementRefused",
    "JudgementRevision",
    "Meeting",
    "Reaction",
    "Remark",
    "RoundIsClosed",
    "Sample",
    "SentBack",
    "StatusChange",
    "StepRefused",
    "Thread",
    "VulnerabilityScores",
    "WritingRefused",
    "YearlyFigures",
]
