"""One of everything that the addresses of the portal speak of, with a round in the wanted state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from assessments.models import (
    Assessment,
    CouncilPromise,
    CouncilQuestion,
    Edition,
    GuestPass,
    Meeting,
    SentBack,
)
from assessments.status import LIFE, Status
from integrity_portal.mailbox import mails
from organisations.models import Invitation, Membership, Organisation, RightsReview, SignOn, User
from organisations.tokens import digest
from retention.kinds import Kind
from retention.links import issue
from retention.models import Hold, Statement
from tests.actions import make_action
from tests.cast import THEME, bring_to, make_answers, make_message, make_round
from tests.evidence import make_evidence
from tests.styles import make_style
from tests.surveys import make_open_survey, make_survey, make_told

QUESTION = "PA-01"
SURVEYED = ("polled", "told", "council", "released")  # a survey is open, or closed, or the council's is
NEXT: dict[Status, Status] = dict(pairwise(LIFE))


def addresses(resolver: URLResolver, space: str = "", prefix: str = "") -> Iterator[tuple[str, str]]:
    """The name and the pattern of every address below this one."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from addresses(one, inner, prefix + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield f"{space}{one.name}", prefix + str(one.pattern)


class World(NamedTuple):
    """What the addresses speak of."""

    round: Assessment | None
    member: int
    invitation: int
    token: str
    message: int
    evidence: int
    mail: str
    guest: int
    audience: str = "staff"
    action: int = 0
    style: int = 0
    logo: str = ""
    hold: int = 0
    account: int = 0
    review: int = 0
    vera: int = 0
    own_link: str = ""

    def address(self, name: str) -> str:
        values = {
            "pk": self._pk(name),
            "link": THEME[0],
            "theme": THEME[1],
            "question": QUESTION,
            "group": "hard",
        }
        values |= {"slug": "waterrijk", "mail": self.mail, "token": self.token, "evidence": self.evidence}
        values |= {"guest": self.guest, "action": self.action}
        values |= {"key": "onbekende-link", "step": 1, "audience": self.audience}
        values |= {"colour": "0e616c", "accent": "83630a", "digest": self.logo, "kind": "svg"}
        values |= {"account": self.account, "session": 1_000_000}
        values["code"] = self._code()
        values["organisation"] = "waterrijk"
        if self.round:
            values["edition"] = f"{self.round.year}-{self.round.title.lower()}"
        if name == "reports:publication_data":
            values["kind"] = "gegevens.json"
        values["form"] = "docx"
        if name == "reports:council_question" and self.round:
            values["question"] = self.round.council_questions.get().pk
        if name == "reports:council_promise" and self.round:
            values["promise"] = self.round.council_promises.get().pk
        if name == "reports:survey_group":
            values["group"] = "groep-1"
        if self.round:
            values["target"] = NEXT.get(Status(self.round.status), Status.WITHDRAWN)
        if name == "assessments:action_step":
            values["target"] = "dropped"
        values["role"] = "validator" if name == "organisations:substitute" else "contributor"
        if name == "retention:lift":
            values["pk"] = self.hold
        values["number"] = 1
        if name == "retention:asked":
            values["token"] = self.own_link
        wanted = re.findall(r"<(?:\w+:)?(\w+)>", self._pattern(name))
        return reverse(name, kwargs={key: values[key] for key in wanted})

    @staticmethod
    def _pattern(name: str) -> str:
        return next(pattern for found, pattern in addresses(get_resolver()) if found == name)

    def _code(self) -> str:
        edition = Edition.objects.filter(adoption__assessment=self.round).first() if self.round else None
        return edition.code if edition else "B7KM-2XQP"

    def _pk(self, name: str) -> int:
        if self._pattern(name).startswith("verslagen/<int:pk>"):
            assert self.round and self.round.adoption
            return self.round.adoption.pk
        if name == "organisations:substitute":
            return self.vera
        if name == "organisations:review_done":
            return self.review
        if name == "organisations:send_again":
            return self.message
        if name == "organisations:house_style_version":
            return self.style
        if name.startswith("organisations:"):
            return self.invitation if name.endswith(("resend", "revoke")) else self.member
        return self.round.pk if self.round else 0


def make_world(cast: dict[str, User], state: str) -> World:
    invitation = Invitation(
        organisation=Organisation.objects.get(slug="waterrijk"),
        email="nieuw@waterrijk.example",
        name="Nieuw",
        roles=["contributor"],
        invited_by=cast["bea"],
    )
    token = invitation.renew()
    member = Membership.objects.get(user=cast["fatima"])
    message = make_message(cast["fatima"], gave_up_at=timezone.now()).pk
    round_ = _round(cast, state) if state != "-" else None
    if round_ and state not in SURVEYED:
        make_survey(round_, cast["anna"])
    evidence = make_evidence(round_, cast["bram"]).pk if round_ else 0
    if round_:
        Meeting.objects.create(
            assessment=round_, link=THEME[0], chair=cast["anna"], ended_at=timezone.now() + timedelta(hours=1)
        )
        make_council(round_, cast["greet"])
    mail = make_mail("fatima@waterrijk.example")
    guest = make_guest_of(round_, token) if round_ else 0
    action = make_action(round_, cast["anna"]).pk if round_ else 0
    audience = "council" if state in ("council", "released") else "staff"
    style = make_style(cast["bea"])
    review = RightsReview.record(member.organisation, cast["bea"], [], {})
    rest = (evidence, mail, guest, audience, action, style.pk, style.logo_id or "", make_kept(cast))
    keys = (make_unreachable(cast["fatima"]), review.pk, cast["vera"].memberships.get().pk)
    own_link = issue(member.organisation, "bram@waterrijk.example")
    return World(round_, member.pk, invitation.pk, token, message, *rest, *keys, own_link)


def make_kept(cast: dict[str, User]) -> int:
    """Something that is held because of a procedure, and a statement of destruction; the key of the first."""
    organisation = Organisation.objects.get(slug="waterrijk")
    Statement.make(organisation, Kind.MAIL, "berichten", counts={"berichten": 3}, months=12)
    return Hold.place(organisation, None, "Woo-verzoek", cast["bea"]).pk


def make_unreachable(user: User) -> int:
    """Waterrijk's single sign-on, by a provider that cannot be reached; the user's account there."""
    organisation = Organisation.objects.get(slug="waterrijk")
    sign_on = SignOn(organisation=organisation, issuer="https://127.0.0.1:1", client_id="portaal")
    sign_on.configure("geheim", ["waterrijk.example"], [])
    sign_on.tested()
    sign_on.switch(True)
    return sign_on.accounts.create(user=user, subject="1", used_at=timezone.now()).pk


def make_council(round_: Assessment, by: User) -> tuple[CouncilQuestion, CouncilPromise]:
    """A question of the council and a promise to it, of a round in whatever state."""
    soon = timezone.localdate() + timedelta(days=30)
    asked = {"asked_by": "Fractie Groen", "text": "Wanneer is het klaar?", "due": soon}
    made = {"text": "Een register", "owner": "Secretaris", "made_on": timezone.localdate(), "due": soon}
    return (
        CouncilQuestion.objects.create(assessment=round_, by=by, **asked),
        CouncilPromise.objects.create(assessment=round_, organisation=round_.organisation, by=by, **made),
    )


def make_guest_of(round_: Assessment, token: str) -> int:
    """A guest of the round, of whatever state it is, with this token, no question and no answer."""
    user = User.objects.guest("gast@buiten.example", "Gerda Gast")
    end = timezone.now() + timedelta(days=30)
    fields = {"user": user, "name": user.name, "made_by": round_.created_by}
    return GuestPass.objects.create(
        assessment=round_, token_digest=digest(token), expires_at=end, **fields
    ).pk


def make_mail(to: str, subject: str = "Er staan vragen voor u klaar", **bodies: str) -> str:
    """A mail in the demo's mailbox; its name there."""
    mail = EmailMultiAlternatives(subject, bodies.get("text", "Dag."), None, [to])
    mail.attach_alternative(bodies.get("html", "<p>Dag.</p>"), "text/html")
    backend = "django.core.mail.backends.filebased.EmailBackend"
    get_connection(backend, file_path=settings.EMAIL_FILE_PATH).send_messages([mail])
    return mails()[0].name


def _round(cast: dict[str, User], state: str) -> Assessment:
    if state in ("draft", "prepared"):
        return make_round(cast, Status(state))
    if state in SURVEYED:
        return _surveyed(cast, state)
    round_ = make_round(cast, Status.OPEN)
    make_answers(round_, cast["bram"])
    if state == "withdrawn":
        round_.status = Status.WITHDRAWN
        round_.save()
    else:
        bring_to(round_, Status(state), cast["anna"])
    if state == "validation":
        SentBack.send(round_, QUESTION, cast["bram"], "Waar blijkt dit uit?", cast["vera"])
    return round_


def _surveyed(cast: dict[str, User], state: str) -> Assessment:
    """An open round with a survey: of staff and still open, of staff and closed, or of the council."""
    round_ = make_round(cast, Status.OPEN)
    if state == "polled":
        make_open_survey(round_, cast["anna"])
    elif state == "told":
        make_told(round_, cast["anna"], {"Burgerzaken": (30, 20), "Ruimte": (40, 25)})
    else:
        survey = make_told(round_, cast["greet"], {"Raad": (27, 19)}, audience="council")
        survey.released_on = timezone.localdate() if state == "released" else None
        survey.save()
    return round_
