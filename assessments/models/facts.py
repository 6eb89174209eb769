"""What a round must know of itself to judge a step, gathered from its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assessments.delegating.division import without_people
from assessments.models.accounting import ClerkCheck, Reaction
from assessments.models.edition import Edition, seen
from assessments.status import Check, Facts, Status

if TYPE_CHECKING:
    from assessments.models.round import Assessment


def facts(round_: Assessment) -> Facts:
    """What decides whether the round may take a next step; eight queries.

    While the report lies with the college those of its supplement come with them.
    """
    with_college = round_.status == Status.EXECUTIVE
    gathered = round_.gather()
    given = round_.assignments.present().values_list("link", "theme", "question")
    themes, left = without_people(round_.content, given)
    questions = gathered.results["questions"]
    with_level = [question for question in questions if question["state"] == "level"]
    people, handed_in = round_.assignments.present().handed_in()
    return Facts(
        themes_without_people=themes,
        questions_without_people=left,
        answers=len(gathered.answers),
        levels=len(with_level),
        to_discuss=sum(question["discuss"] for question in questions),
        unanswered=sum(question["state"] == "unanswered" for question in questions),
        unchecked=sum(question["evidenced"] is None for question in with_level),
        sent_back=round_.sent_back.open().count(),
        people=people,
        handed_in=handed_in,
        open_surveys=round_.surveys.filter(status="open").count(),
        waiting=round_.assignments.present().people_waiting(),
        reaction=not with_college or Reaction.counting(round_) is not None,
        check=check_of(round_) if with_college else Check.VALID,
        file=round_.status != Status.DISCUSSED or has_file(round_),
    )


def has_file(round_: Assessment) -> bool:
    """Whether the council's file of what was offered is made and kept; so it passed its check.

    What was offered before there were editions has no public page, and needs none.
    """
    edition = Edition.objects.filter(adoption__assessment=round_).last()
    return edition is None or edition.files.filter(variant="council", made_at__isnull=False).exists()


def check_of(round_: Assessment) -> Check:
    """How far the griffier's check is of what would go to the council now."""
    check, adoption = ClerkCheck.newest(round_), round_.adoptions.last()
    if check is None or adoption is None:
        return Check.MISSING
    if check.supplement != seen(adoption)[0]:
        return Check.VOID
    return Check.VALID if check.approved else Check.OPEN
