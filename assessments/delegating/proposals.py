"""What a workbook would change: against what is stored now, and what was stored when it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.http import QueryDict

from assessments.forms import AnswerForm
from assessments.models import Answer, AnswerConflict, AnswerRevision, Content, RoundIsClosed
from assessments.offline.pack import NOT_ASKED, Pack
from assessments.offline.workbook import Filled, Row
from assessments.offline.workbook.layout import FIELDS, answers, found, helps
from chain.questionnaire import Question

UNKNOWN = "Het antwoord “{}” kennen wij niet. Kies een antwoord uit de lijst."
UNKNOWN_HELPS = "Bij Helpt dit? staat “{}”. Kies een antwoord uit de lijst."
MAX_SENT = 600_000  # bytes of text in one form; the settings allow a megabyte, its names included


class Fate(StrEnum):
    """What becomes of a question; the value is the heading on the page."""

    CONFLICT = "Intussen ook in het portaal veranderd"
    NEW = "Nieuw"
    CHANGED = "Veranderd"
    REFUSED = "Dit kan niet worden overgenomen"


@dataclass
class Proposal:
    """A question of which the workbook says something else than what is stored."""

    question: Question
    stored: Answer | None
    typed: Mapping[str, str]  # the fields of its form
    fate: Fate
    content: Content | None = None  # None when the input has a fault
    reason: str = ""  # why it is refused

    @property
    def before(self) -> Content:
        return self.stored.content if self.stored else Content()

    @property
    def version(self) -> int:
        """The version that the page shows, and that saving goes by."""
        return self.stored.version if self.stored else 0

    @property
    def is_offered(self) -> bool:
        return self.fate is not Fate.REFUSED

    @property
    def dropped(self) -> list[str]:
        """What was filled in and belongs to another choice, in Dutch."""
        if self.content is None:
            return []
        reason = "de reden (hoort bij niet van toepassing)" if self.typed["reason"].strip() else ""
        helping = "of het helpt (hoort bij niveau 2 en hoger)" if self.typed["helps"] else ""
        return [
            said
            for said, kept in ((reason, self.content.reason), (helping, self.content.helps))
            if said and not kept
        ]

    @property
    def size(self) -> int:
        return sum(len(text.encode(errors="replace")) for text in self.typed.values())


def proposals(filled: Filled, pack: Pack) -> list[Proposal]:
    """The questions that would change or are refused, in the order of the questionnaire; one query.

    A question that nobody touched in the workbook is not among them, whatever is stored by now.
    """
    made_from = _made_from(filled, pack)
    known = [one for one in pack.round.content.questions if one.id in filled.rows]
    made = [_proposal(one, filled, pack, made_from.get(one.id, Content())) for one in known]
    return [one for one in made if one is not None]


def _made_from(filled: Filled, pack: Pack) -> dict[str, Content]:
    """Per question what was stored when the workbook was made."""
    revisions = AnswerRevision.objects.filter(answer__in=[one.pk for one in pack.stored.values()])
    return {
        one.answer.question: one.content
        for one in revisions.select_related("answer")
        if filled.versions.get(one.answer.question) == one.version
    }


def _proposal(question: Question, filled: Filled, pack: Pack, made_from: Content) -> Proposal | None:
    row, stored = filled.rows[question.id], pack.stored.get(question.id)
    typed, faults = _typed(row, question, pack)
    form = AnswerForm(question, stored, pack.round.content, as_input(question, typed, 0))
    fault = " ".join(faults) or form.first_error
    if not fault:
        content = form.content
        if content in (made_from, stored.content if stored else Content()):
            return None
        if reason := pack.refusal(question.id):
            return Proposal(question, stored, typed, Fate.REFUSED, content, reason)
        return Proposal(question, stored, typed, _fate(stored, made_from), content)
    if pack.refusal(question.id) == NOT_ASKED:
        return None
    return Proposal(question, stored, row.values, Fate.REFUSED, reason=fault)


def _fate(stored: Answer | None, made_from: Content) -> Fate:
    before = stored.content if stored else Content()
    if before != made_from:
        return Fate.CONFLICT
    return Fate.NEW if before == Content() else Fate.CHANGED


def _typed(row: Row, question: Question, pack: Pack) -> tuple[dict[str, str], list[str]]:
    """The fields of the form for what was filled in, and what is the matter with it."""
    choice = found(row.values["choice"], answers(question, pack.round.content))
    helping = found(row.values["helps"], helps())
    faults = list(row.faults)
    if choice is None:
        faults.append(UNKNOWN.format(row.values["choice"][:60]))
    if helping is None:
        faults.append(UNKNOWN_HELPS.format(row.values["helps"][:60]))
    return {**row.values, "choice": choice or "", "helps": helping or ""}, faults


def as_input(question: Question, typed: Mapping[str, str], version: int) -> QueryDict:
    """These fields as if they came from the question's own form."""
    data = QueryDict(mutable=True)
    for name, value in {**typed, "version": str(version)}.items():
        data[f"{question.id}-{name}"] = value
    return data


def that_fit(offered: list[Proposal]) -> list[Proposal]:
    """The first of these, as many as one form can send."""
    total, fitting = 0, []
    for one in offered:
        total += one.size
        if total > MAX_SENT:
            break
        fitting.append(one)
    return fitting


def accepted(data: QueryDict, pack: Pack) -> Iterator[tuple[str, Proposal | None]]:
    """Saves what was confirmed in the form of the preview: per question its id, and what could not be saved.

    What changed since that page came is a conflict again. Two statements for each that is saved.
    """
    for question in pack.round.content.questions:
        if f"{question.id}-version" in data and not _keeps_stored(question, data):
            yield question.id, _save(question, data, pack)


def kept(data: QueryDict, pack: Pack) -> int:
    """In how many conflicts the stored answer was chosen in the form of the preview."""
    return sum(_keeps_stored(question, data) for question in pack.round.content.questions)


def _keeps_stored(question: Question, data: QueryDict) -> bool:
    return data.get(f"{question.id}-keep", "mine") != "mine"


def _save(question: Question, data: QueryDict, pack: Pack) -> Proposal | None:
    form = AnswerForm(question, pack.stored.get(question.id), pack.round.content, data)
    typed = {name: data.get(f"{question.id}-{name}", "") for name in FIELDS.values()}
    left = Proposal(question, form.stored, typed, Fate.REFUSED)
    if not form.is_valid():
        left.reason = form.first_error
        return left
    left.content, left.reason = form.content, pack.refusal(question.id)
    if left.reason:
        return left
    try:
        Answer.save_content(pack.round.pk, question.id, pack.person, form.content, form.shown_version)
    except AnswerConflict as conflict:
        left.fate, left.stored = Fate.CONFLICT, conflict.stored
    except RoundIsClosed:
        left.reason = "De ronde is intussen gesloten. Dit antwoord is niet opgeslagen."
    else:
        return None
    return left
