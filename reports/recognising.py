"""Which report a code, a checksum or a file is of, and what is true of that report today."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final

from django.db.models import Q, QuerySet

from assessments.models import Edition
from assessments.models.edition import SIGNS, Standing
from chain.models import PublishedQuestionnaire, PublishedStatements, load, load_statements
from chain.questionnaire import Questionnaire
from chain.statements import StatementList
from organisations import walls
from reports import words
from reports.models import ReportFile, Variant
from reports.publishing import publications
from reports.verifying.findings import Verdict
from reports.verifying.verdict import Library

# Signs that people take for one another, some of which no code has.
ALIKE: Final = ("8B", "5S", "2Z", "6G", "0ODQ", "UV", "1IL7T")
MOST_READINGS: Final = 300  # of one code; more than any real code with every look-alike misread


@dataclass(frozen=True)
class Known:
    """An edition as the check page tells it: to anybody, so nothing of what is in it."""

    edition: Edition

    @cached_property
    def standing(self) -> Standing:
        return self.edition.standing

    @cached_property
    def files(self) -> list[ReportFile]:
        """The files that were made of it, without their bytes; one query."""
        made = ReportFile.objects.brief().filter(edition=self.edition, made_at__isnull=False)
        return list(made.order_by("variant"))

    @property
    def sums(self) -> dict[str, str]:
        """What each known checksum is of, in words."""
        found = {file.sha256: f"de PDF ({Variant(file.variant).label})" for file in self.files}
        data = {self.edition.adoption.digest: "de gegevens", self.edition.digest: "de aanvulling"}
        return found | data

    @property
    def title(self) -> str:
        return f"Verantwoording integriteit {self.edition.adoption.assessment.year}"

    @cached_property
    def address(self) -> str:
        """Of the page where anybody reads it; empty while it is not public. One query for what is."""
        if not self.edition.published_at:
            return ""
        public = publications(self.edition.adoption.assessment.organisation)
        return next((one.address for one in public if one.edition == self.edition), "")

    @cached_property
    def reason(self) -> str:
        """Why it was withdrawn; empty when it was not."""
        withdrawal = self.edition.adoption.assessment.withdrawal
        return withdrawal.reason if withdrawal else ""

    @cached_property
    def told(self) -> str:
        """Its standing in a sentence."""
        if self.standing == Standing.WITHDRAWN:
            return f"Dit verslag is ingetrokken. De reden: {self.reason}"
        if self.edition.superseded_by:
            number = self.edition.superseded_by.adoption.number
            return (
                f"Dit verslag is vervangen door versie {number}, met code {self.edition.superseded_by.code}."
            )
        if self.standing == Standing.PUBLISHED:
            return "Dit verslag geldt: het is niet vervangen en niet ingetrokken."
        return "Dit verslag is aangeboden aan de raad. Het is nog niet openbaar."


def _editions() -> QuerySet[Edition]:
    return Edition.objects.select_related("adoption__assessment__organisation").defer(
        "document", "adoption__document"
    )


def by_code(typed: str) -> Known | None:
    """The edition of a code, however it was typed: with spaces, or 0 for Q; one or two queries.

    A misread code counts only when it can be no other's.
    """
    plain = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(plain) != 8 or not plain.isascii():
        return None
    with walls.everywhere():
        found = _editions().filter(code=f"{plain[:4]}-{plain[4:]}").first()
        if found is None:
            alike = list(_editions().filter(code__in=_readings(plain))[:2])
            found = alike[0] if len(alike) == 1 else None
    return _known(found)


def _readings(plain: str) -> list[str]:
    """The codes that these eight signs may stand for; none when there are too many to tell."""
    choices = [_meant(sign) for sign in plain]
    number = 1
    for choice in choices:
        number *= len(choice)
    if not 0 < number <= MOST_READINGS:
        return []
    return [f"{''.join(signs[:4])}-{''.join(signs[4:])}" for signs in product(*choices)]


def _meant(sign: str) -> list[str]:
    alike = next((group for group in ALIKE if sign in group), sign)
    return [one for one in alike if one in SIGNS]


def by_sum(*sums: str) -> Known | None:
    """The newest edition of which one of these SHA-256 is a file, the supplement or the data; one query."""
    wanted = [one for one in sums if one]
    of_file = Q(files__sha256__in=wanted, files__made_at__isnull=False)
    of_data = Q(digest__in=wanted) | Q(adoption__digest__in=wanted)
    with walls.everywhere():
        found = _editions().filter(of_file | of_data).order_by("-made_at").first() if wanted else None
    return _known(found)


def _known(edition: Edition | None) -> Known | None:
    """What anybody may be told of it, whatever organisation it is of."""
    if edition is None:
        return None
    walls.enter(edition.adoption.assessment.organisation_id)
    return Known(edition)


def recognised(verdict: Verdict) -> tuple[Known | None, bool]:
    """The edition that a file is of, and whether it is that very file; a few queries."""
    known = by_sum(verdict.file) or by_sum(verdict.told.supplement) or by_sum(verdict.told.account)
    return known, bool(known and (verdict.file or verdict.told.account) in known.sums)


def standing_lines(verdict: Verdict) -> list[str]:
    """What the portal knows of a file, a Dutch sentence each."""
    known, same = recognised(verdict)
    if known is None:
        return ["Dit portaal kent dit verslag niet: het is niet van hier, of het is niet meer wat het was."]
    edition = known.edition
    of = f"uitgave {edition.code}, versie {edition.adoption.number} van {words.day(edition.made_at.date())}"
    if same:
        return [f"Dit is het ongewijzigde bestand van {of}.", known.told]
    return [f"De gegevens zijn van {of}. Het bestand zelf is hier niet bekend.", known.told]


def _questionnaire(digest: str) -> Questionnaire | None:
    try:
        return load(digest)
    except PublishedQuestionnaire.DoesNotExist:
        return None


def _statements(digest: str) -> StatementList | None:
    try:
        return load_statements(digest)
    except PublishedStatements.DoesNotExist:
        return None


LIBRARY: Final = Library(_questionnaire, _statements)
