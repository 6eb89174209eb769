"""Which tables an archive of an organisation holds, and which it does not, with the reason. Pure.

A test holds these two against the models: who adds a table says here whether it is of an organisation.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
PEOPLE: Final = "organisations.User"
NAMED: Final = ""  # of what belongs to no organisation: the rows that the tables before it name


class Table(NamedTuple):
    """One table in the archive.

    `belongs` is the look-up from a row to its organisation, or NAMED.
    `left_out` are columns that stay behind, each with what a restored row has there. `files` are columns of
    bytes, which become files; each with the ending of their names, or the column that has it ("@kind").
    `only` narrows down which rows go along.
    """

    model: str
    belongs: str
    left_out: Mapping[str, Any] = NOTHING
    files: Mapping[str, str] = NOTHING
    only: Mapping[str, Any] = NOTHING


ROUND: Final = "assessment__organisation"
SURVEY: Final = "survey__organisation"
# Groups come before their survey: the database takes no group for a survey that opened already.
TABLES: Final = (
    Table("organisations.Organisation", "pk"),
    Table("organisations.Team", "organisation"),
    Table("organisations.Membership", "organisation"),
    Table("organisations.MembershipRole", "membership__organisation"),
    Table("organisations.RightsReview", "organisation"),
    Table("organisations.Invitation", "organisation"),
    Table("organisations.HouseStyle", "organisation"),
    # The provider has to learn the new address of the portal, and the secret stays behind: it is set up anew.
    Table(
        "organisations.SignOn",
        "organisation",
        {"sealed_secret": "", "is_open": False, "closes_passwords": False, "tested_at": None},
    ),
    Table("organisations.SignOnDomain", "sign_on__organisation"),
    Table("organisations.SignOnAccount", "sign_on__organisation"),
    Table("organisations.EmergencyAccount", "sign_on__organisation"),
    # What waits holds links that let people in, to this installation. What is sent has no words any more.
    Table("organisations.Message", "organisation", only={"sent_at__isnull": False}),
    Table("organisations.Muted", "user__memberships__organisation"),
    Table("organisations.LogEntry", "organisation"),
    Table("assessments.Assessment", "organisation"),
    Table("assessments.StatusChange", ROUND),
    Table("assessments.Assignment", ROUND),
    Table("assessments.GuestPass", ROUND),
    Table("assessments.Answer", ROUND),
    Table("assessments.AnswerRevision", "answer__assessment__organisation"),
    Table("assessments.Evidence", ROUND),
    Table("assessments.Thread", ROUND),
    Table("assessments.Remark", "thread__assessment__organisation"),
    Table("assessments.Remark_mentioned", "remark__thread__assessment__organisation"),
    Table("assessments.SentBack", ROUND),
    Table("assessments.Sample", ROUND),
    Table("assessments.EvidencedLevel", ROUND),
    Table("assessments.AgreedLevel", ROUND),
    Table("assessments.JudgementRevision", ROUND),
    Table("assessments.Meeting", ROUND),
    Table("assessments.Meeting_present", "meeting__assessment__organisation"),
    Table("assessments.YearlyFigures", ROUND),
    Table("assessments.VulnerabilityScores", ROUND),
    Table("assessments.Action", "organisation"),
    Table("assessments.ActionStep", "action__organisation"),
    Table("assessments.Brief", ROUND),
    Table("assessments.Reaction", ROUND),
    Table("assessments.ClerkCheck", ROUND),
    Table("assessments.Adoption", ROUND),
    Table("assessments.Annex", "adoption__assessment__organisation"),
    Table("assessments.Edition", "adoption__assessment__organisation"),
    Table("assessments.Handling", ROUND),
    Table("assessments.CouncilQuestion", ROUND),
    Table("assessments.CouncilPromise", "organisation"),
    Table("reports.ReportFile", "adoption__assessment__organisation", files={"pdf": "pdf"}),
    # Which links were used, and the code that lets people in: only of a survey that is open, and none is.
    Table("surveys.Group", SURVEY, {"used": "", "code": None}),
    Table("surveys.Survey", "organisation"),
    Table("surveys.Clearance", SURVEY),
    Table("surveys.Destruction", SURVEY),
    Table("retention.Period", "organisation"),
    Table("retention.Hold", "organisation"),
    Table("retention.Statement", "organisation"),
    Table("chain.PublishedQuestionnaire", NAMED),
    Table("chain.PublishedStatements", NAMED),
    Table("organisations.Logo", NAMED, files={"content": "@kind"}),
    # A new password comes by mail; who runs the installation does so here only.
    Table(PEOPLE, NAMED, {"password": "!", "last_login": None, "is_superuser": False, "is_staff": False}),
)

ANONYMOUS: Final = "losse antwoorden van een anonieme peiling: alleen de uitkomst, die beschermd is, gaat mee"
SECRET: Final = "een geheim van één persoon, dat alleen op deze installatie werkt"
PASSING: Final = "werk in uitvoering van deze installatie"
TECHNICAL: Final = "technisch beheer van deze installatie, voor alle organisaties samen"
# What is of an organisation and does not go along; it does go when the organisation goes.
LEFT: Final = (
    Table("surveys.Box", "group__survey__organisation"),
    Table("surveys.Remark", SURVEY),
    Table("surveys.Invite", "group__survey__organisation"),
)
# Why a table is not in the archive, in the words of docs/archief.md.
EXEMPT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "surveys.Box": ANONYMOUS,
        "surveys.Remark": ANONYMOUS,
        "surveys.Invite": "wie nog een link heeft: bij het sluiten van de peiling zijn ze vernietigd",
        "organisations.LogHead": "volgt uit de regels van het logboek, en staat in manifest.json",
        "organisations.FailedSignIn": PASSING,
        "organisations.Departure": "het vertrek zelf, met waar dit archief ligt",
        "organisations.User_groups": TECHNICAL,
        "organisations.User_user_permissions": TECHNICAL,
        "account.EmailAddress": "volgt uit het e-mailadres van de persoon",
        "account.EmailConfirmation": SECRET,
        "mfa.Authenticator": SECRET,
        "socialaccount.SocialApp": TECHNICAL,
        "socialaccount.SocialAccount": SECRET,
        "socialaccount.SocialToken": SECRET,
        "usersessions.UserSession": SECRET,
        "sessions.Session": SECRET,
        "django_tasks_database.DBTaskResult": PASSING,
        "admin.LogEntry": TECHNICAL,
        "auth.Permission": TECHNICAL,
        "auth.Group": TECHNICAL,
        "auth.Group_permissions": TECHNICAL,
        "contenttypes.ContentType": TECHNICAL,
    }
)
