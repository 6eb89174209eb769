"""From what the database holds to the answers file, the results, and the frozen account of a round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from assessments.status import Status
from chain import scoring
from chain.documents import canonical_json, digest

if TYPE_CHECKING:  # the models call this module
    from assessments.models import AgreedLevel, Answer, Assessment, EvidencedLevel, StatusChange

SCHEMA = "integriteitsketen/account/1"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Rows of one round: all answers that answer something, and the judgements beside them."""

    answers: list[Answer]
    agreed: list[AgreedLevel]
    evidenced: list[EvidencedLevel]

    @property
    def contributors(self) -> dict[int, str]:
        """A name per contributor that says nothing of the person: c1, c2 …"""
        return {
            user: f"c{number}"
            for number, user in enumerate(sorted({answer.contributor_id for answer in self.answers}), 1)
        }


def answers_file(round_: Assessment, gathered: Gathered) -> dict[str, Any]:
    """The round as an answers file (chain/README.md): levels and states, no names and no explanations."""
    names = gathered.contributors
    asked = {question.id for question in round_.content.questions}
    return {
        "questionnaire": {"slug": round_.content.slug, "version": round_.content.version},
        "track": round_.track,
        "weights": {question: weight for question, weight in round_.weights.items() if question in asked},
        "answers": [_entry(answer, names) for answer in gathered.answers],
        "agreed": {one.question: {"level": one.level, "reason": one.reason} for one in gathered.agreed},
        "evidenced": {one.question: one.level for one in gathered.evidenced},
    }


def _entry(answer: Answer, names: dict[int, str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"question": answer.question, "contributor": names[answer.contributor_id]}
    if answer.level is None:
        entry["state"] = answer.state
    else:
        entry["level"] = answer.level
    if answer.state == "not_applicable":
        entry["reason"] = answer.reason
    if answer.helps:
        entry["helps"] = answer.helps
    return entry


def results(round_: Assessment, gathered: Gathered) -> scoring.ResultsDocument:
    parsed = scoring.parse(round_.content, answers_file(round_, gathered))
    return scoring.score(round_.content, parsed).as_document()


def freeze(round_: Assessment, gathered: Gathered, history: list[StatusChange], number: int) -> str:
    """The canonical JSON of a round that is being adopted (shared rules: scoring, "Freezing")."""
    days = {change.target: change.day.isoformat() for change in history}
    return canonical_json(
        {
            "schema": SCHEMA,
            "organisation": round_.organisation.public_facts(),
            "round": {
                "title": round_.title,
                "year": round_.year,
                "track": round_.track,
                "version": number,
                "opened": days.get(Status.OPEN),
                "closed": days.get(Status.CLOSED),
                "adopted": days.get(Status.ADOPTED, timezone.localdate().isoformat()),
                "contributors": len(gathered.contributors),
                "validators": len({one.by_id for one in gathered.evidenced}),
            },
            **answers_file(round_, gathered),
            "questionnaire": {
                "slug": round_.content.slug,
                "version": round_.content.version,
                "digest": round_.questionnaire_id,
            },
            "results": results(round_, gathered),
        }
    )


def checksum(document: str) -> str:
    """SHA-256 of the document, in hexadecimal: what the report prints on every page."""
    return digest(document)
