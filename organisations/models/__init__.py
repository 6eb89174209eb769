"""The people: users, organisations with teams and memberships, invitations, and mail to them."""

from organisations.models.departure import Departure, DepartureRefused
from organisations.models.failed import FailedSignIn
from organisations.models.invitation import INVITATION_DAYS, Invitation, InvitationGone
from organisations.models.log import LogEntry, LogHead
from organisations.models.organisation import (
    Membership,
    Organisation,
    Team,
    by_name,
    known_theme,
    themes,
)
from organisations.models.review import RightsReview, rights_held
from organisations.models.right import MembershipRole, RightRefused
from organisations.models.sign_on import SignOn
from organisations.models.sign_on_people import EmergencyAccount, SignOnAccount, SignOnDomain
from organisations.models.style import HouseStyle, Logo, sheet_address
from organisations.models.user import User
from organisations.outbox import Message, Muted

__all__ = [
    "INVITATION_DAYS",
    "Departure",
    "DepartureRefused",
    "EmergencyAccount",
    "FailedSignIn",
    "HouseStyle",
    "Invitation",
    "InvitationGone",
    "LogEntry",
    "LogHead",
    "Logo",
    "Membership",
    "MembershipRole",
    "Message",
    "Muted",
    "Organisation",
    "RightRefused",
    "RightsReview",
    "SignOn",
    "SignOnAccount",
    "SignOnDomain",
    "Team",
    "User",
    "by_name",
    "known_theme",
    "rights_held",
    "sheet_address",
    "themes",
]
