"""The life of an improvement as one table: from, to, who, and what must be said. Pure; the model obeys it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assessments.status import FROZEN, RUNNING, Status
from organisations.policy import May, holders, may


class Stage(StrEnum):
    """How far an improvement is, as it is stored; `label` is the word on the page."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    RUNNING = "running"
    REPORTED = "reported"
    VERIFIED = "verified"
    DROPPED = "dropped"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def tag(self) -> str:
        """The class of the tag that bears the word (static/src/parts.css); none for a plain one."""
        return {Stage.DECIDED: "tag--open", Stage.RUNNING: "tag--open", Stage.PROPOSED: "tag--attention"}.get(
            self, "" if self == Stage.DROPPED else "tag--done"
        )


LABELS = {
    Stage.PROPOSED: "voorgesteld",
    Stage.DECIDED: "besloten",
    Stage.RUNNING: "in uitvoering",
    Stage.REPORTED: "gereed gemeld",
    Stage.VERIFIED: "geverifieerd",
    Stage.DROPPED: "vervallen",
}
CLOSED = (Stage.VERIFIED, Stage.DROPPED)
PROMISED = (Stage.DECIDED, Stage.RUNNING, Stage.REPORTED)  # decided, and not closed
DUE = (Stage.DECIDED, Stage.RUNNING)  # somebody still has to do it

# When and by whom something can be put in the plan of a round, and when the plan can be decided on.
PROPOSING = (*RUNNING, Status.ADOPTED, Status.EXECUTIVE)
DECIDING = FROZEN[FROZEN.index(Status.EXECUTIVE) :]


@dataclass(frozen=True, slots=True)
class Step:
    """One change of an improvement's stage: who may ask for it, and in which words."""

    source: Stage
    target: Stage
    may: May
    verb: str
    consequence: str
    responsible: bool = False  # whether the person who looks after it may too
    asks: str = ""  # the label of a note that must be written; empty when none is asked
    is_final: bool = False  # whether it cannot be undone

    @property
    def roles(self) -> tuple[str, ...]:
        return holders(self.may)


_DROP = (
    "De actie telt daarna niet meer mee. Was zij besloten, dan staat zij met de reden in het volgende "
    "verslag aan de raad. Dit kunt u niet terugdraaien."
)
_WHY_DROPPED = "Waarom vervalt deze actie?"
STEPS = (
    Step(
        Stage.PROPOSED,
        Stage.DECIDED,
        May.LEAD_PLAN,
        "Besluit tot deze actie",
        "De actie komt als besloten in het verslag aan de raad, met de eigenaar en de datum. In het "
        "volgende verslag staat wat ervan is geworden. Dit kunt u niet terugdraaien.",
        is_final=True,
    ),
    Step(
        Stage.DECIDED,
        Stage.RUNNING,
        May.DO_ACTION,
        "Begin met de uitvoering",
        "De actie staat daarna als in uitvoering in het plan.",
        responsible=True,
    ),
    Step(
        Stage.RUNNING,
        Stage.REPORTED,
        May.DO_ACTION,
        "Meld gereed",
        "De validator kan daarna nagaan of het klopt. Een vergissing kunt u terugdraaien.",
        responsible=True,
        asks="Waaraan ziet u dat het klaar is?",
    ),
    Step(
        Stage.REPORTED,
        Stage.VERIFIED,
        May.VERIFY_ACTION,
        "Verifieer",
        "U legt vast dat u hebt gezien dat deze actie is uitgevoerd. De actie is daarna afgerond. "
        "Dit kunt u niet terugdraaien.",
        asks="Wat hebt u gezien?",
        is_final=True,
    ),
    Step(
        Stage.REPORTED,
        Stage.RUNNING,
        May.RETURN_ACTION,
        "Zet terug naar in uitvoering",
        "De actie is dan niet meer gereed gemeld.",
        responsible=True,
    ),
    *(
        Step(source, Stage.DROPPED, May.LEAD_PLAN, "Laat vervallen", _DROP, asks=_WHY_DROPPED, is_final=True)
        for source in (Stage.PROPOSED, *PROMISED)
    ),
)


def may_propose(status: str, roles: Iterable[str]) -> bool:
    """Whether someone with these roles can put something in the plan of a round of this status."""
    return status in PROPOSING and may(roles, May.PROPOSE_ACTION)


def may_lead(roles: Iterable[str]) -> bool:
    """Whether someone with these roles can change, decide on and move what is in the plan."""
    return may(roles, May.LEAD_PLAN)


def steps_from(stage: str, roles: Iterable[str], *, responsible: bool, deciding: bool) -> list[Step]:
    """The steps that a reader may ask for, the natural one first.

    `responsible`: the reader looks after this improvement. `deciding`: the round lies before the executive,
    or did; before that nothing can be decided.
    """
    held = set(roles)
    return [
        step
        for step in STEPS
        if step.source == stage
        and (held & set(step.roles) or (responsible and step.responsible))
        and (deciding or step.target != Stage.DECIDED)
    ]


def can_edit(stage: str, status: str) -> bool:
    """Whether the words can change still: what was decided and offered to the council lies fixed."""
    offered = status not in (*PROPOSING, Status.DRAFT, Status.PREPARED)
    return stage == Stage.PROPOSED or (stage == Stage.DECIDED and not offered)


def can_move(stage: str, status: str) -> bool:
    """Whether only the date can change, with a reason: it was promised to the council."""
    return stage in DUE and not can_edit(stage, status)
