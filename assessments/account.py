"""From what a round holds to its answers file, its results, and the frozen account. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from chain import scoring
from chain.documents import canonical_json
from chain.questionnaire import Questionnaire
from chain.results import ResultsDocument

SCHEMA = "integriteitsketen/account/1"


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it counts: a level or a state, by a contributor (user id)."""

    question: str
    contributor: int
    level: int | None
    state: str
    reason: str
    helps: str


@dataclass(frozen=True)
class Gathered:
    """Everything that the results of one round follow from."""

    content: Questionnaire
    track: str
    weights: Mapping[str, float]
    answers: list[Given]
    agreed: dict[str, dict[str, Any]]  # question: level and reason
    evidenced: dict[str, int]  # question: level

    @cached_property
    def contributors(self) -> dict[int, str]:
        """A name per contributor that says nothing of the person: c1, c2 …"""
        users = sorted({answer.contributor for answer in self.answers})
        return {user: f"c{number}" for number, user in enumerate(users, 1)}

    def answers_file(self) -> dict[str, Any]:
        """The round as an answers file (chain/README.md): levels and states, no names, no explanations."""
        return {
            "questionnaire": {"slug": self.content.slug, "version": self.content.version},
            "track": self.track,
            "weights": {id_: weight for id_, weight in self.weights.items() if self.content.has(id_)},
            "answers": [self._entry(answer) for answer in self.answers],
            "agreed": self.agreed,
            "evidenced": self.evidenced,
        }

    def _entry(self, answer: Given) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "question": answer.question,
            "contributor": self.contributors[answer.contributor],
        }
        if answer.level is None:
            entry["state"] = answer.state
        else:
            entry["level"] = answer.level
        if answer.state == "not_applicable":
            entry["reason"] = answer.reason
        if answer.helps:
            entry["helps"] = answer.helps
        return entry

    @cached_property
    def results(self) -> ResultsDocument:
        parsed = scoring.parse(self.content, self.answers_file())
        return scoring.score(self.content, parsed).as_document()

    def freeze(
        self,
        organisation: dict[str, Any],
        round_: dict[str, Any],
        questionnaire: str,
        sample: dict[str, Any] | None = None,
        surveys: Sequence[dict[str, Any]] = (),
    ) -> str:
        """The canonical JSON of a round that is adopted; `questionnaire` is the digest of what was asked.

        It is an answers file with its results, so that anyone can compute it again. `sample` is what was
        drawn for the validator, so that anyone can draw that again; without a draw it is left out. `surveys`
        are the results of anonymous surveys, as far as they may be told; without any they are left out.
        """
        return canonical_json(
            {
                "schema": SCHEMA,
                "organisation": organisation,
                "round": {**round_, "contributors": len(self.contributors)},
                **self.answers_file(),
                "questionnaire": {
                    "slug": self.content.slug,
                    "version": self.content.version,
                    "digest": questionnaire,
                },
                "results": self.results,
                **({"sample": sample} if sample else {}),
                **({"surveys": list(surveys)} if surveys else {}),
            }
        )
