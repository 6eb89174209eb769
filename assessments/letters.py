"""What the portal writes to people about a round: when it asks them something, and to remind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from assessments.asked import Key, in_theme, questions
from assessments.models import Assessment, Assignment, SentBack
from assessments.progress import PersonProgress
from assessments.status import Status
from assessments.worklist import worklist
from organisations.letter import Kind, Letter, address, one_line
from organisations.models import Message, User
from organisations.tasks import deliver


def occasions(round_: Assessment) -> str:
    """How the keys of all mail about the round begin."""
    return f"round/{round_.pk}/"


def tell(round_: Assessment, by: User) -> None:
    """After a step, or another delegation: asks who is new, or takes back what has no sense any more.

    In the transaction of that step, which holds the round; the page may have an older look at it. `by` knows
    already.
    """
    if not Assessment.objects.filter(pk=round_.pk, status=Status.OPEN).exists():
        Message.objects.withdraw(occasions(round_))
    elif Message.objects.post(_asking(round_, by)):
        deliver.enqueue()


def _asking(round_: Assessment, by: User) -> list[Letter]:
    """One letter for everyone who has something to do now, and was never asked anything in this round."""
    asked = Message.objects.filter(kind=Kind.ASKED, key__startswith=occasions(round_))
    heard = set(asked.values_list("user_id", flat=True))
    given: dict[User, list[Key]] = {}
    now = round_.assignments.present().ready().filter(user__is_active=True)
    for one in now.select_related("user"):
        given.setdefault(one.user, []).append(one.key)
    letters = []
    for user, keys in given.items():
        tasks = worklist(round_.content, keys, frozenset())
        words = {"asked": tasks.total, "minutes": tasks.minutes, "asker": one_line(by.name)}
        if user != by and user.pk not in heard:
            subject = f"Er staan vragen voor u klaar: {round_}"
            letters.append(_letter(Kind.ASKED, f"asked/{user.pk}", round_, user, subject, words))
    return letters


@contextmanager
def more(round_: Assessment, by: User) -> Iterator[None]:
    """Around another delegation: who was asked before and now has more to do hears so, once for all of it.

    Who was never asked anything hears of it all from `tell`, and who waits for a colleague when it is their
    turn. In one transaction; one query before, at most three after, and those of the outbox.
    """
    with transaction.atomic():
        had = {(row.user_id, one) for row in round_.assignments.all() for one in _ids(round_, row)}
        yield
        if Message.objects.post(_more(round_, by, had)):
            deliver.enqueue()


def _more(round_: Assessment, by: User, had: Set[tuple[int, str]]) -> list[Letter]:
    """One letter for each person with questions beside those that they `had` (user id, question)."""
    now = round_.assignments.present().ready().filter(assessment__status=Status.OPEN, handed_in_at=None)
    new: dict[User, list[Assignment]] = {}
    for one in now.reachable().exclude(user=by).select_related("user").order_by("pk"):
        if any((one.user_id, question) not in had for question in _ids(round_, one)):
            new.setdefault(one.user, []).append(one)
    earlier = Message.objects.filter(kind__in=[Kind.ASKED, Kind.GUEST], key__startswith=occasions(round_))
    heard = set(earlier.values_list("user_id", flat=True)) if new else set()
    letters = []
    for user, rows in new.items():
        added = {question for row in rows for question in _ids(round_, row) if (user.pk, question) not in had}
        words = {
            "asker": one_line(by.name),
            "count": len(added),
            "themes": sorted({str(round_.content.theme(row.link, row.theme).title) for row in rows}),
        }
        if user.pk in heard:
            subject, key = f"Er zijn vragen bij gekomen voor u: {round_}", f"more/{rows[0].pk}"
            letters.append(_letter(Kind.ASKED, key, round_, user, subject, words, template="more"))
    return letters


def _ids(round_: Assessment, row: Assignment) -> list[str]:
    """The questions that an assignment is about."""
    return [one.id for one in in_theme(row.link, round_.content.theme(row.link, row.theme), [row.key])]


@contextmanager
def turns(round_: Assessment) -> Iterator[None]:
    """Around whatever may end somebody's waiting: they hear that it is their turn. In one transaction.

    Handing in does, and so does another order. Three queries, and those of the outbox.
    """
    with transaction.atomic():
        waited = set(round_.assignments.waiting().values_list("user", "link", "theme", "question"))
        yield
        if waited and Message.objects.post(_turns(round_, waited)):
            deliver.enqueue()


def _turns(round_: Assessment, waited: Set[tuple[int, str, str, str]]) -> list[Letter]:
    """One letter for each person and theme: `waited` (user, link, theme, question) until now, and not now."""
    rows = round_.assignments.present().ready().filter(handed_in_at=None)
    letters: dict[tuple[int, str, str], Letter] = {}
    for one in rows.reachable().filter(assessment__status=Status.OPEN).select_related("user"):
        whose = (one.user_id, one.link, one.theme)
        if whose not in letters and waited & {(*whose, one.question), (*whose, "")}:
            theme = round_.content.theme(one.link, one.theme)
            words = {
                "theme": theme.title,
                "link": address("assessments:theme", round_.pk, one.link, one.theme),
            }
            subject = f"U bent aan de beurt: {theme.title}"
            letters[whose] = _letter(
                Kind.ASKED, f"turn/{one.pk}", round_, one.user, subject, words, template="turn"
            )
    return list(letters.values())


def handed_over(round_: Assessment, given: Sequence[Assignment], giver: User) -> None:
    """Tells who got these assignments of one theme from a colleague. In the transaction of handing over."""
    first, receiver = given[0], given[0].user
    keys = [one.key for one in given]
    theme = round_.content.theme(first.link, first.theme)
    mine = round_.assignments.of_theme(first.link, first.theme).filter(user=receiver)
    words = {
        "giver": one_line(giver.name),
        "note": first.note,
        "theme": theme.title,
        "count": len(questions(round_.content, keys)),
        "waits": not mine.ready().exists(),
        "link": address("assessments:theme", round_.pk, first.link, first.theme),
    }
    subject = f"{giver.name} draagt vragen aan u over: {theme.title}"
    key = f"handed_over/{first.pk}"
    letter = _letter(Kind.ASKED, key, round_, receiver, subject, words, template="handed_over")
    if Message.objects.post([letter]):
        deliver.enqueue()


def near_deadline(round_: Assessment, user: User, progress: PersonProgress, days: int, mark: int) -> Letter:
    """To somebody with something to hand in, `days` before the last day; one for each mark of each last day.

    Who answered all of it is asked to hand it in.
    """
    when = {0: "vandaag", 1: "morgen"}.get(days, f"over {days} dagen")
    key = f"deadline/{round_.deadline}/{mark}/{user.pk}"
    page = "assessments:questions" if progress.left else "assessments:hand_in"
    link = address(page, round_.pk)
    words = {"days": days, "left": progress.left, "link": link}
    subject = f"{round_}: {when} is de laatste dag"
    return _letter(Kind.DEADLINE, key, round_, user, subject[:1].upper() + subject[1:], words)


def send_back(sent: SentBack) -> None:
    """Tells the person that the validator asks something; in the transaction of the sending back.

    What is asked stands on the page only: mail goes by too many hands for what may be said of an answer.
    """
    round_, question = sent.assessment, sent.assessment.content.question(sent.question)
    link, theme = round_.content.link_of(question.id), round_.content.theme_of(question.id)
    words = {
        "asker": one_line(sent.by.name),
        "question": one_line(f"{question.id} {question.title}"),
        "link": address("assessments:reply", round_.pk, link.slug, theme.slug, question.id),
    }
    subject = f"De validator vraagt u iets over {question.id}: {round_}"
    letter = _letter(Kind.SENT_BACK, _sent_back(sent), round_, sent.contributor, subject, words)
    reachable = sent.contributor.is_active or sent.contributor.is_guest
    if reachable and Message.objects.post([letter]):
        deliver.enqueue()


def forget(sent: SentBack) -> None:
    """Takes that mail back if it did not go out yet: there is nothing left to reply to."""
    Message.objects.withdraw(occasions(sent.assessment) + _sent_back(sent))


def _sent_back(sent: SentBack) -> str:
    """Each sending back is an occasion of its own; the slash keeps 12 apart from 123."""
    return f"sent_back/{sent.pk}/"


def _letter(
    kind: Kind,
    key: str,
    round_: Assessment,
    user: User,
    subject: str,
    words: Mapping[str, Any],
    template: str = "",
) -> Letter:
    """About the round; its link is that of all the person's questions, unless the words have their own."""
    return Letter(
        kind=kind,
        key=occasions(round_) + key,
        organisation=round_.organisation,
        to=user.email,
        name=user.name,
        subject=subject,
        template=f"assessments/mail/{template or kind}",
        user=user,
        words={
            "round": one_line(str(round_)),
            "deadline": round_.deadline,
            "link": address("assessments:questions", round_.pk),
            **words,
        },
    )
