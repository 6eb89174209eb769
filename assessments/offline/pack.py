"""What somebody takes along to work without a connection: their questions in a round, and what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.http import Http404
from django.utils.text import slugify

from assessments.asked import questions
from assessments.models import Answer, Assessment, Assignment, SentBack
from assessments.offline.workbook import Pages, Stamp
from assessments.standing import Shut, shut
from assessments.status import RUNNING, Status
from chain.questionnaire import Question
from organisations.models import User

NOT_ASKED = "Deze vraag is niet of niet meer aan u gesteld."
HANDED_IN = "U hebt deze vraag al ingediend. Haal haar eerst terug; lees daarna het werkblad nog eens in."
NOT_YOUR_TURN = "U bent bij deze vraag nog niet aan de beurt."
CLOSED = "Deze ronde is {}. U kunt dit antwoord niet meer veranderen."
NOT_SENT_BACK = "Deze ronde is in validatie. U kunt alleen veranderen wat de validator aan u teruggaf."
WORDS = {Shut.HANDED_IN: HANDED_IN, Shut.WAITING: NOT_YOUR_TURN, Shut.VALIDATION: NOT_SENT_BACK}


@dataclass(frozen=True)
class Pack:
    """The questions of one person in a round, in the order of the questionnaire, and their answers."""

    person: int
    round: Assessment
    assignments: list[Assignment]
    stored: Mapping[str, Answer]
    sent_back: frozenset[str]  # questions of which the validator waits for an answer
    link: str = ""  # of this link only

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        content = self.round.content
        asked = questions(content, [one.key for one in self.assignments])
        return tuple(one for one in asked if self.link in ("", content.link_of(one.id).slug))

    @property
    def is_open(self) -> bool:
        """Whether anything of it can still be changed."""
        return any(not self.refusal(question.id) for question in self.questions)

    def refusal(self, question: str) -> str:
        """Why this question takes no input now, in Dutch; empty when it does."""
        if not any(one.id == question for one in self.questions):
            return NOT_ASKED
        content = self.round.content
        place = (content.link_of(question).slug, content.theme_of(question).slug)
        units = [one for one in self.assignments if one.key in ((*place, ""), (*place, question))]
        why = shut(
            status=self.round.status,
            sent_back=question in self.sent_back,
            handed_in=all(one.handed_in_at for one in units),
            waiting=all(one.waits for one in units),
        )
        return WORDS.get(why, CLOSED.format(Status(self.round.status).label)) if why else ""

    @property
    def pages(self) -> Pages:
        """What goes into the workbook."""
        round_ = self.round
        title = f"{round_} van {round_.organisation.name}"
        version = round_.content.version
        stamp = Stamp(round_.pk, self.person, round_.questionnaire_id, round_.track, title, version)
        stored = {id: (answer.version, answer.content) for id, answer in self.stored.items()}
        return Pages(stamp, round_.content, self.questions, stored, round_.deadline)

    @property
    def file_name(self) -> str:
        """Without an ending, and without a name of a person."""
        return "-".join(["vragen", slugify(str(self.round)), self.link]).rstrip("-")


def own_pack(user: User, pk: int, link: str = "") -> Pack:
    """What the round asks of the user; two queries, three in validation. Raises Http404 for nothing."""
    return _pack(Assessment.objects.asking(user).filter(pk=pk), user.pk, link)


def pack_of(user: User, pk: int, person: str, link: str = "") -> Pack:
    """The user's own, or for a coordinator while the round runs that of this person (an id).

    As many queries as `own_pack`. Raises Http404 for what is not there or not the user's to have.
    """
    if not person:
        return own_pack(user, pk, link)
    if not person.isdecimal() or len(person) > 9:
        raise Http404
    rounds = Assessment.objects.editable_by(user).filter(pk=pk, status__in=RUNNING)
    return _pack(rounds, int(person), link)


def _pack(rounds: QuerySet[Assessment], person: int, link: str) -> Pack:
    assignments = list(
        Assignment.objects.with_waits()
        .filter(assessment__in=rounds, user=person)
        .select_related("assessment__organisation")
        .order_by("pk")
    )
    if not assignments:
        raise Http404
    round_ = assignments[0].assessment
    stored = {one.question: one for one in Answer.objects.filter(assessment=round_, contributor=person)}
    sent_back = SentBack.objects.filter(assessment=round_, contributor=person, settled_at=None)
    waited_for = frozenset(
        sent_back.values_list("question", flat=True) if round_.status == Status.VALIDATION else []
    )
    pack = Pack(person, round_, assignments, stored, waited_for, link)
    if not pack.questions:
        raise Http404
    return pack
