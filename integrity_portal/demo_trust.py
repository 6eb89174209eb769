"""What the demo shows of looking after the portal: rights and their review, sign-on, what is kept.

All by the models' own methods, as its administrator would; so it is in the log, on the day of loading.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from integrity_portal.demo import holders
from organisations.log.context import visit
from organisations.models import Invitation, Membership, MembershipRole, Organisation, SignOn, User
from organisations.models.invitation import INVITATION_DAYS
from organisations.models.review import END, KEEP, Held, RightsReview, rights_held
from organisations.roles import Role
from retention.destroying import destroy_due
from retention.models import Hold


def look_after(data: Mapping[str, Any]) -> None:
    """All of it for the file's organisation; nothing when its rights were reviewed before."""
    organisation = Organisation.objects.get(slug=data["organisation"])
    if RightsReview.objects.filter(organisation=organisation).exists():
        return
    administrator = holders(organisation)[Role.ADMINISTRATOR]
    members = {one.user.email.split("@")[0]: one for one in organisation.memberships.select_related("user")}
    request = HttpRequest()
    request.user = administrator
    with visit(request, ""):
        _review(organisation, data, members, administrator)
        _for_a_while(data["for_a_while"], members, administrator)
        _substitute(data["substitute"], members, administrator)
        _sign_on(organisation, data["sign_on"])
        _invitations(organisation, data["invitations"], administrator)
        destroy_due(organisation, timezone.localdate())
        round_ = organisation.assessments.get(year=data["hold"]["year"])
        Hold.place(organisation, round_, data["hold"]["reason"], administrator)


def _review(
    organisation: Organisation, data: Mapping[str, Any], members: Mapping[str, Membership], by: User
) -> None:
    """The review of last year, with one right that was ended by it."""
    told = data["review"]
    _grant(members[told["ended"]["by"]], told["ended"]["role"])
    rights = MembershipRole.objects.filter(membership__organisation=organisation)
    rights.update(since=_noon(data["members_since"]))
    used = {members[name].user_id: _noon(day) for name, day in told["used"].items()}
    ended = members[told["ended"]["by"]].roles.get(role=told["ended"]["role"])
    held = [
        Held(one.right, None if one.right == ended else used[one.person.pk], used[one.person.pk])
        for one in rights_held(organisation)
    ]
    decisions = {one.right.pk: END if one.right == ended else KEEP for one in held}
    review = RightsReview.record(organisation, by, held, decisions)
    RightsReview.objects.filter(pk=review.pk).update(at=_noon(told["at"]))


def _grant(member: Membership, role: str) -> MembershipRole:
    """One role beside those that the member has."""
    member.set_roles({*member.roles.values_list("role", flat=True), role})
    return member.roles.get(role=role)


def _for_a_while(told: Mapping[str, Any], members: Mapping[str, Membership], by: User) -> None:
    _grant(members[told["who"]], told["role"]).limit(_in(told["days"]), by)


def _substitute(told: Mapping[str, Any], members: Mapping[str, Membership], by: User) -> None:
    role = members[told["for"]].roles.get(role=told["role"])
    role.lend(members[told["who"]], timezone.localdate(), _in(told["days"]), by)


def _sign_on(organisation: Organisation, told: Mapping[str, Any]) -> None:
    """Filled in, and neither tested nor put on."""
    fields = {name: value for name, value in told.items() if name != "domains"}
    sign_on = SignOn(organisation=organisation, **fields)
    sign_on.configure("verzonnen-geheim", told["domains"], ["adres", "rollen"])


def _invitations(organisation: Organisation, told: list[dict[str, Any]], by: User) -> None:
    """Invitations that nobody took up in time."""
    for one in told:
        sent = timezone.now() - timedelta(days=one["days_ago"])
        invitation = Invitation(
            organisation=organisation,
            roles=[Role.CONTRIBUTOR],
            invited_by=by,
            created_at=sent,
            **{name: one[name] for name in ("name", "job", "email")},
        )
        invitation.renew()
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=sent + timedelta(days=INVITATION_DAYS))


def _in(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
