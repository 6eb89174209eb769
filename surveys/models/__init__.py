"""The anonymous voice: surveys with their groups, and invitations and answers that nothing joins."""

from surveys.models.ballot import Box, GroupFull, Invite, LinkUsed, SurveyNotOpen, cast_by_code
from surveys.models.life import Destruction
from surveys.models.remark import Remark, RemarkChanged, Told
from surveys.models.survey import Clearance, Group, Survey, SurveyRefused

__all__ = [
    "Box",
    "Clearance",
    "Destruction",
    "Group",
    "GroupFull",
    "Invite",
    "LinkUsed",
    "Remark",
    "RemarkChanged",
    "Survey",
    "SurveyNotOpen",
    "SurveyRefused",
    "Told",
    "cast_by_code",
]
