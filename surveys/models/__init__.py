"""The anonymous voice: surveys with their groups, and invitations and answers that nothing joins."""

from surveys.models.ballot import Box, Invite, Remark
from surveys.models.survey import Clearance, Group, Survey

__all__ = ["Box", "Clearance", "Group", "Invite", "Remark", "Survey"]
