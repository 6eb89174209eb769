"""The demo: two municipalities that do not exist, with rounds that are believable, from fixtures/demo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple

import yaml
from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from assessments.evidence.uploads.kinds import TEXT
from assessments.guests import letters as guest_letters
from assessments.models import (
    AgreedLevel,
    Answer,
    AnswerRevision,
    Assessment,
    Assignment,
    EvidencedLevel,
    GuestPass,
    Sample,
    SentBack,
    StatusChange,
    Thread,
    VulnerabilityScores,
    YearlyFigures,
)
from assessments.models.evidence import Evidence, evidence_storage
from assessments.models.sample import drawable
from assessments.status import FROZEN, LIFE, TRANSITIONS, Status
from assessments.validating import sampling
from chain.models import PublishedQuestionnaire
from integrity_portal import demo_council, demo_plan
from organisations.logos import read_logo
from organisations.models import HouseStyle, Logo, MembershipRole, Organisation, Team, User
from organisations.roles import Role

AFTER_THE_COUNCIL = LIFE[LIFE.index(Status.DISCUSSED) :]
PASSWORD = "integriteit-is-een-ketting"
FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"


class Account(NamedTuple):
    email: str
    name: str
    roles: list[str]
    organisation: str


@cache
def read(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def accounts() -> list[Account]:
    """Everyone who can sign in to the demo, per organisation, in the order of the file."""
    return [
        Account(
            person["email"],
            person["name"],
            [Role(role).label for role in person["roles"]],
            organisation["name"],
        )
        for organisation in read("cast")["organisations"]
        for person in organisation["people"]
    ]


def load_organisation(data: dict[str, Any]) -> None:
    fields = {key: data[key] for key in ("name", "kind", "cbs_code", "inhabitants", "staff", "theme")}
    organisation, _ = Organisation.objects.update_or_create(slug=data["slug"], defaults=fields)
    teams = {
        name: Team.objects.get_or_create(organisation=organisation, name=name)[0] for name in data["teams"]
    }
    for person in data["people"]:
        user = User.objects.filter(email=person["email"]).first() or User.objects.create_user(
            person["email"], PASSWORD, name=person["name"]
        )
        if organisation.memberships.filter(user=user).exists():
            continue
        organisation.admit(
            user,
            person["roles"],
            job=person["job"],
            team=teams[person["team"]],
            functions=person["functions"],
        )
    if "style" in data and not organisation.style:
        _style(organisation, data["style"])


def holders(organisation: Organisation) -> dict[str, User]:
    """Somebody for each role, of those who have it for good: who stands in for a while did none of it."""
    lasting = MembershipRole.objects.lasting().filter(membership__organisation=organisation)
    found = lasting.select_related("membership__user").order_by("-pk")
    return {held.role: held.membership.user for held in found}


def _style(organisation: Organisation, data: dict[str, str]) -> None:
    """The house style in use, set up by the administrator."""
    administrator = holders(organisation)[Role.ADMINISTRATOR]
    logo = Logo.keep(read_logo((FOLDER / data["logo"]).read_bytes()))
    HouseStyle.propose(organisation, administrator, **{**data, "logo": logo}).use()


def load_round(
    data: dict[str, Any], questionnaire: PublishedQuestionnaire, surveys: Callable[[Assessment], None]
) -> Assessment | None:
    """Makes the round as it would have grown by hand, dates included; nothing when it is there already.

    `surveys` makes its surveys: before it is adopted, for their results stand in its account.
    """
    organisation = Organisation.objects.get(slug=data["organisation"])
    if organisation.assessments.filter(year=data["year"], title=data["title"]).exists():
        return None
    people = {
        user.email.split("@")[0]: user for user in User.objects.filter(memberships__organisation=organisation)
    }
    members = holders(organisation)
    coordinator = members[Role.COORDINATOR]
    round_ = Assessment.objects.create(
        organisation=organisation,
        questionnaire=questionnaire,
        created_by=coordinator,
        created_at=_noon(data["opened"] - timedelta(days=14)),
        **{key: data[key] for key in ("year", "title", "track", "deadline")},
    )
    _assignments(round_, data["assignments"], people)
    for one in data.get("handed_in", []):
        round_.assignments.filter(user=people[one["by"]]).update(handed_in_at=_noon(one["day"]))
    _answers(round_, data["answers"], people, _noon(data["opened"]))
    _evidence(round_, data.get("evidence", []), people)
    _remarks(round_, data.get("remarks", []), people)
    _judgements(round_, data, members)
    _checking(round_, data, people, members[Role.VALIDATOR])
    surveys(round_)
    _numbers(round_, data, coordinator)
    demo_plan.propose(round_, data.get("actions", []), people)
    _history(round_, data, members)
    demo_plan.carry_on(round_, data.get("actions", []), people)
    _guests(round_, data.get("guests", []), coordinator)
    return round_


def _guests(round_: Assessment, guests: list[dict[str, Any]], coordinator: User) -> None:
    """Somebody from outside, with a link that works for two months from today; the mail is in the mailbox."""
    for one in guests:
        keys = [(link, theme, question) for link, theme, question in (key.split("/") for key in one["asked"])]
        until = timezone.localdate() + timedelta(days=60)
        guest = GuestPass.give(
            round_, one["email"], one["name"], keys, until, coordinator, note=one["note"].strip()
        )
        guest_letters.invite(guest, coordinator)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def _assignments(round_: Assessment, assignments: list[dict[str, Any]], people: dict[str, User]) -> None:
    Assignment.objects.bulk_create(
        Assignment(
            assessment=round_,
            link=link,
            theme=theme,
            question=question,
            user=people[name],
            turn=one.get("turn", 1),
        )
        for one in assignments
        for link, theme in [one["theme"].split("/")]
        for question in one.get("questions", [""])
        for name in one["people"]
    )


def _answers(
    round_: Assessment, answers: list[dict[str, Any]], people: dict[str, User], at: datetime
) -> None:
    """One after the other, with time between them to read and to look something up."""
    keys = ("level", "state", "reason", "explanation", "helps")
    given: Counter[str] = Counter()
    rows = []
    for answer in answers:
        rows.append(
            Answer(
                assessment=round_,
                question=answer["question"],
                contributor=people[answer["by"]],
                saved_at=at + given[answer["by"]] * timedelta(minutes=3),
                **{key: answer[key] for key in keys if key in answer},
            )
        )
        given[answer["by"]] += 1
    Answer.objects.bulk_create(rows)
    AnswerRevision.objects.bulk_create(
        AnswerRevision(
            answer=row,
            actor=row.contributor,
            saved_at=row.saved_at,
            **{key: getattr(row, key) for key in keys},
        )
        for row in rows
    )


def _evidence(round_: Assessment, evidence: list[dict[str, Any]], people: dict[str, User]) -> None:
    """A link where the file has a url, a text file where it has a text."""
    said = ("question", "title", "dated", "valid_until", "url", "name")
    for one in evidence:
        Evidence.objects.create(
            assessment=round_,
            added_by=people[one["by"]],
            added_at=_noon(one["added"]),
            **{key: one[key] for key in said if key in one},
            **(_text_file(one["text"].encode()) if "text" in one else {}),
        )


def _remarks(round_: Assessment, remarks: list[dict[str, Any]], people: dict[str, User]) -> None:
    for one in remarks:
        thread, _ = Thread.objects.get_or_create(assessment=round_, question=one["question"])
        said = thread.remarks.create(author=people[one["by"]], text=one["text"], at=_noon(one["day"]))
        said.mentioned.set([people[name] for name in one.get("mentioned", [])])


def _text_file(content: bytes) -> dict[str, Any]:
    return {
        "file": evidence_storage().save(token_hex(20), ContentFile(content)),
        "content_type": TEXT.content_type,
        "size": len(content),
        "sha256": sha256(content).hexdigest(),
    }


def _judgements(round_: Assessment, data: dict[str, Any], members: dict[str, User]) -> None:
    """What was agreed, and what the validator found the evidence to carry."""
    AgreedLevel.objects.bulk_create(
        AgreedLevel(assessment=round_, question=question, by=members[Role.COORDINATOR], **one)
        for question, one in data.get("agreed", {}).items()
    )
    EvidencedLevel.objects.bulk_create(
        EvidencedLevel(assessment=round_, question=question, by=members[Role.VALIDATOR], **one)
        for question, one in data.get("evidenced", {}).items()
    )


def _checking(round_: Assessment, data: dict[str, Any], people: dict[str, User], validator: User) -> None:
    """The sample that was drawn, and what was asked back; `settled` is when it was replied to."""
    if drawn := data.get("sample"):
        Sample.objects.create(
            assessment=round_,
            seed=drawn["seed"],
            size=drawn["size"],
            questions=sampling.draw(drawable(round_), drawn["seed"], drawn["size"]),
            drawn_by=validator,
            drawn_at=_noon(drawn["drawn"]),
        )
    for one in data.get("sent_back", []):
        reply: dict[str, Any] = {}
        if "settled" in one:
            reply = {
                "settled_at": _noon(one["settled"]),
                "settled_by": people[one["to"]],
                "reply": one["reply"],
            }
        SentBack.objects.create(
            assessment=round_,
            question=one["question"],
            contributor=people[one["to"]],
            text=one["text"],
            by=validator,
            at=_noon(one["at"]),
            **reply,
        )


def _numbers(round_: Assessment, data: dict[str, Any], coordinator: User) -> None:
    """The yearly figures and the vulnerabilities, each as it was saved once."""
    for key, kind in (("figures", YearlyFigures), ("vulnerabilities", VulnerabilityScores)):
        if written := data.get(key):
            fields = {name: value for name, value in written.items() if name != "day"}
            kind.objects.create(assessment=round_, by=coordinator, at=_noon(written["day"]), **fields)


def _history(round_: Assessment, data: dict[str, Any], members: dict[str, User]) -> None:
    """Every step up to the round's status, on the days that the file gives; freezes where it was adopted."""
    target = Status(data["status"])
    day = data["opened"]
    for source, status in pairwise(LIFE):
        day = data.get(status.value) or day
        step = next(step for step in TRANSITIONS if (step.source, step.target) == (source, status))
        by = members[step.roles[-1]]
        StatusChange.objects.create(assessment=round_, source=source, target=status, by=by, at=_noon(day))
        round_.status = status
        if status == Status.SUBMITTED:
            demo_council.account(round_, data["council"], members)
        round_.follow(status, by)
        if status == Status.ADOPTED:
            round_.adoptions.update(adopted_at=_noon(day))
        if status == target:
            break
    round_.save(update_fields=["status"])
    if status in AFTER_THE_COUNCIL:
        demo_council.handle(round_, data["council"], members[Role.CLERK])
    assert round_.is_frozen == (target in FROZEN)
