"""The people of the tests: Anna coordinates in Waterrijk, Bram answers there, Chris lives elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.utils import timezone

from assessments.models import (
    Answer,
    Assessment,
    Assignment,
    ClerkCheck,
    Content,
    GuestPass,
    Reaction,
    StatusChange,
)
from assessments.models.edition import seen
from assessments.status import LIFE, Status
from chain.models import PublishedQuestionnaire
from chain.questionnaire import Questionnaire
from chain.reading import read_folder
from organisations.letter import Kind
from organisations.models import Message, Organisation, User
from organisations.roles import Role

PASSWORD = "een ketting van vijf"
FOLDER = Path(__file__).parent.parent / "fixtures" / "questionnaire"
THEME = ("pro-actie", "richting-en-voorbeeld")
CAST = {
    "waterrijk": {
        "anna": [Role.COORDINATOR],
        "bram": [Role.CONTRIBUTOR],
        "fatima": [Role.CONTRIBUTOR],
        "vera": [Role.VALIDATOR],
        "guus": [Role.EXECUTIVE],
        "greet": [Role.CLERK],
        "bea": [Role.ADMINISTRATOR],
    },
    "hoogezand": {
        "chris": [Role.COORDINATOR, Role.CONTRIBUTOR, Role.VALIDATOR, Role.CLERK, Role.ADMINISTRATOR]
    },
}


@cache
def questionnaire() -> Questionnaire:
    return read_folder(FOLDER)


def published() -> PublishedQuestionnaire:
    return PublishedQuestionnaire.objects.publish(questionnaire())[0]


def make_cast() -> dict[str, User]:
    """Everyone by first name, each a member of their own municipality."""
    people = {}
    for slug, members in CAST.items():
        organisation = Organisation.objects.create(
            slug=slug, name=f"Gemeente {slug.capitalize()}", inhabitants=24000
        )
        for name, roles in members.items():
            people[name] = User.objects.create_user(
                f"{name}@{slug}.example", PASSWORD, name=name.capitalize()
            )
            organisation.admit(people[name], roles, job="functie")
    return people


def make_round(
    cast: dict[str, User],
    status: Status = Status.OPEN,
    *,
    people: Iterable[str] = ("bram",),
    year: int = 2026,
    title: str = "Jaarronde",
    track: str = "full",
    organisation: str = "waterrijk",
    leader: str = "anna",
) -> Assessment:
    """A round in this status, all themes given to these people; frozen where the status asks for it."""
    round_ = Assessment.objects.create(
        organisation=Organisation.objects.get(slug=organisation),
        questionnaire=published(),
        year=year,
        title=title,
        track=track,
        created_by=cast[leader],
    )
    Assignment.objects.bulk_create(
        Assignment(assessment=round_, link=link.slug, theme=theme.slug, user=cast[name])
        for link in round_.content.links
        for theme in link.themes
        for name in people
    )
    bring_to(round_, status, cast[leader])
    return round_


def bring_to(round_: Assessment, status: Status, by: User) -> None:
    """Walks the round's life to this status without asking what must hold; give answers before it freezes."""
    here = LIFE.index(Status(round_.status))
    for source, target in zip(LIFE[here:], LIFE[here + 1 :], strict=False):
        if round_.status == status:
            break
        StatusChange.objects.create(assessment=round_, source=source, target=target, by=by, at=timezone.now())
        round_.status = target
        round_.follow(target, by)
    round_.save()


def react(round_: Assessment, by: User, text: str = "Wij nemen de resultaten over.") -> Reaction:
    """The college's reaction on a round that lies with it."""
    newest = Reaction.newest(round_)
    shown = newest.pk if newest else 0
    return Reaction.write(round_, by, shown, text=text, decided_on=timezone.localdate())


def check(round_: Assessment, by: User, *, approved: bool = True) -> ClerkCheck:
    """The griffier's check of what would go to the council now, with nothing in it but whether they agree."""
    newest = ClerkCheck.newest(round_)
    digest, parts = seen(round_.adoptions.latest("number"))
    fields = {"supplement": digest, "parts": parts, "items": {}, "approved": approved}
    return ClerkCheck.write(round_, by, newest.pk if newest else 0, **fields)


def make_guest(
    round_: Assessment,
    keys: Iterable[tuple[str, str, str]] = (("pro-actie", "richting-en-voorbeeld", "PA-01"),),
    email: str = "gast@buiten.example",
    name: str = "Gerda Gast",
    days: int = 30,
) -> tuple[GuestPass, str]:
    """Somebody from outside with these questions, and the token of their link; no mail goes out."""
    until = timezone.localdate() + timedelta(days=days)
    guest = GuestPass.give(round_, email, name, list(keys), until, round_.created_by)
    return guest, guest.renew(until)


def make_answers(
    round_: Assessment, user: User, level: int = 2, questions: Iterable[str] | None = None
) -> None:
    """Answers of one person: this level on each of these questions, or on all."""
    Answer.objects.bulk_create(
        Answer(
            assessment=round_,
            question=question,
            contributor=user,
            level=level,
            explanation=f"Zo is {question}.",
        )
        for question in questions or [question.id for question in round_.content.questions]
    )


def make_message(to: User, **changes: object) -> Message:
    """A mail to this person in the outbox of their municipality, waiting unless `changes` say otherwise."""
    number = Message.objects.count() + 1
    membership = to.memberships.select_related("organisation").get()
    fields: dict[str, object] = {"kind": Kind.ASKED, "subject": "Er zijn vragen voor u", "text": "Dag."}
    fields |= {"html": "<p>Dag.</p>", "key": f"test/{number}", **changes}
    return Message.objects.create(organisation=membership.organisation, user=to, to=to.email, **fields)


def make_adopted(cast: dict[str, User], status: Status = Status.ADOPTED, **details: object) -> Assessment:
    """A round with all answers on level 2 by Bram, brought to this (frozen) status."""
    round_ = make_round(cast, Status.OPEN, **details)  # type: ignore[arg-type]  # passed on as they are
    make_answers(round_, cast["bram"])
    bring_to(round_, status, cast["anna"])
    return round_


def say(round_: Assessment, user: User, question: str, shown: int = 0, **content: object) -> None:
    """Saves one answer as the page would."""
    Answer.save_content(round_.pk, question, user.pk, Content(**content), shown)  # type: ignore[arg-type]
