"""What only time asks for: that the last day is near, and once a week how things stand. Repeatable.

The worker calls `remind` every few minutes (integrity_portal/tasks.py). Each occasion has one key, so that it
does not matter how often, or how many workers do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from assessments.accounting import reminding as council
from assessments.improving import reminding
from assessments.letters import near_deadline, occasions
from assessments.models import Assessment, SentBack
from assessments.models.assignment import AssignmentQuerySet
from assessments.progress import PersonProgress, per_person
from assessments.status import Status
from organisations.letter import Kind, Letter, address, one_line
from organisations.letters import review_due
from organisations.models import Message, Organisation, User
from organisations.policy import May
from organisations.tasks import deliver

DAYTIME = range(8, 18)  # hours in which a reminder may come; nobody is woken by one
MARKS = (2, 7)  # days before the last day
MONDAY = 0
# Whoever just had a mail about a round is left alone; in a week a digest says it again.
QUIET = timedelta(days=2)


def remind(now: datetime) -> None:
    """Puts in the outbox what is due at this moment."""
    local = timezone.localtime(now)
    if local.hour not in DAYTIME:
        return
    rounds = list(Assessment.objects.filter(status=Status.OPEN).values_list("pk", flat=True))
    new = [_warn(pk, now) for pk in rounds]
    new += [reminding.warn(now), council.warn(now), review_due(timezone.localdate(now))]
    if local.weekday() == MONDAY:
        new.append(_digest(now))
    if any(new):
        deliver.enqueue()


def _warn(pk: int, now: datetime) -> bool:
    """Warns who is not done that the last day is near. Holds the round, so that it cannot close meanwhile."""
    with transaction.atomic():
        rounds = Assessment.objects.select_for_update(of=("self",)).select_related("organisation")
        round_ = rounds.filter(pk=pk, status=Status.OPEN).first()
        if round_ is None or round_.deadline is None:
            return False
        days = (round_.deadline - timezone.localdate(now)).days
        mark = next((mark for mark in MARKS if 0 <= days <= mark), None)
        if mark is None:
            return False
        about = Message.objects.filter(key__startswith=occasions(round_))
        heard = set(about.filter(created_at__gt=now - QUIET).values_list("user_id", flat=True))
        return Message.objects.post(
            near_deadline(round_, user, progress, days, mark)
            for user, progress in busy(round_)
            if user.pk not in heard
        )


def busy(round_: Assessment) -> list[tuple[User, PersonProgress]]:
    """Who has something to do now, and how far they are with it: what is handed in or waits for a colleague
    does not count. By name; two queries.
    """
    return _people(round_, round_.assignments.ready().filter(handed_in_at=None))


def people(round_: Assessment) -> list[tuple[User, PersonProgress]]:
    """Everyone who is asked something in the round and how far they are, by name; two queries."""
    return _people(round_, round_.assignments.all())


def _people(round_: Assessment, asked: AssignmentQuerySet) -> list[tuple[User, PersonProgress]]:
    given = list(asked.present().reachable().select_related("user"))
    users = {one.user_id: one.user for one in given}
    answered = round_.answers.given().filter(contributor__in=users).values_list("contributor_id", "question")
    found = per_person(
        round_.content,
        [(one.user_id, one.key) for one in given],
        answered,
        {pk: user.name for pk, user in users.items()},
    )
    return [(users[one.user], one) for one in found]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing in a digest."""

    title: str
    sentence: str
    link: str


@dataclass(slots=True)
class Digest:
    """What one person hears this week, over all rounds; in the house style of the first."""

    organisation: Organisation
    items: list[Item] = field(default_factory=list)
    reasons: dict[str, None] = field(default_factory=dict)

    def add(self, reason: str, item: Item) -> None:
        self.items.append(item)
        self.reasons[reason] = None

    def letter(self, user: User, today: date) -> Letter:
        year, week, _ = today.isocalendar()
        return Letter(
            kind=Kind.DIGEST,
            key=f"digest/{year}-{week}/{user.pk}",
            organisation=self.organisation,
            to=user.email,
            name=user.name,
            subject="Uw weekoverzicht van het integriteitsportaal",
            template="assessments/mail/digest",
            user=user,
            words={"items": self.items, "because": " en ".join(self.reasons)},
        )


def _digest(now: datetime) -> bool:
    """Writes everyone's digest of this week, but to whom just had a mail."""
    digests: dict[User, Digest] = {}
    rounds = Assessment.objects.filter(status=Status.OPEN).select_related("organisation")
    for round_ in rounds.order_by("organisation__name", "year", "pk"):
        everyone = people(round_)
        for user, progress in busy(round_):
            if not user.is_guest:  # a guest cannot open what a digest links to
                digest = digests.setdefault(user, Digest(round_.organisation))
                reason = "er vragen voor u openstaan" if progress.left else "u nog niet alles indiende"
                digest.add(reason, _left(round_, progress))
        for leader in _leaders(round_) if everyone else []:
            digest = digests.setdefault(leader, Digest(round_.organisation))
            digest.add("u een ronde leidt", _standing(round_, [progress for _, progress in everyone]))
    _add_sent_back(digests)
    recent = Message.objects.filter(user__in=digests, created_at__gt=now - QUIET).exclude(kind=Kind.DIGEST)
    heard = set(recent.values_list("user_id", flat=True))
    today = timezone.localdate(now)
    return Message.objects.post(
        digest.letter(user, today) for user, digest in digests.items() if user.pk not in heard
    )


def _add_sent_back(digests: dict[User, Digest]) -> None:
    """What the validators of rounds in validation wait for, one item for each person and round."""
    waiting: dict[tuple[User, Assessment], list[SentBack]] = {}
    sent_back = SentBack.objects.open().select_related("contributor", "assessment__organisation")
    for sent in sent_back.filter(assessment__status=Status.VALIDATION, contributor__is_active=True):
        if SentBack.objects.waiting_for(sent.contributor).filter(pk=sent.pk).exists():
            waiting.setdefault((sent.contributor, sent.assessment), []).append(sent)
    for (user, round_), sent_to_user in waiting.items():
        digest = digests.setdefault(user, Digest(round_.organisation))
        digest.add("de validator iets van u wil weten", _asked_back(round_, sent_to_user))


def _leaders(round_: Assessment) -> list[User]:
    return list(round_.organisation.who_may(May.LEAD_ROUND).order_by("name", "pk"))


def _title(round_: Assessment) -> str:
    return one_line(f"{round_}, {round_.organisation}")


def _left(round_: Assessment, progress: PersonProgress) -> Item:
    until = f" Invullen kan tot en met {date_format(round_.deadline, 'j F Y')}." if round_.deadline else ""
    if not progress.left:
        words = f"U hebt alles beantwoord. Dien het in, dan weet de coördinator dat u klaar bent.{until}"
        return Item(_title(round_), words, address("assessments:hand_in", round_.pk))
    words = f"U hebt nog {progress.left} {'vraag' if progress.left == 1 else 'vragen'} te gaan.{until}"
    return Item(_title(round_), words, address("assessments:questions", round_.pk))


def _asked_back(round_: Assessment, sent: list[SentBack]) -> Item:
    questions = ", ".join(one.question for one in sent)
    words = f"De validator wacht op uw reactie bij {questions}."
    return Item(_title(round_), words, address("assessments:questions", round_.pk))


def _standing(round_: Assessment, everyone: list[PersonProgress]) -> Item:
    asked, done = round_.assignments.present().handed_in()
    idle = sum(not progress.answered for progress in everyone)
    if done == asked:
        words = "Iedereen heeft alles ingediend. U kunt de ronde sluiten."
    else:
        words = f"{done} van de {asked} deelnemers {'heeft' if done == 1 else 'hebben'} alles ingediend."
        if idle:
            words += f" {idle} {'is' if idle == 1 else 'zijn'} nog niet begonnen."
        if waiting := round_.assignments.present().people_waiting():
            words += f" {waiting} {'persoon wacht' if waiting == 1 else 'mensen wachten'} nog op een collega."
    return Item(_title(round_), words, address("assessments:detail", round_.pk))
