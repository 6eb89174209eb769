"""The two ways in to answer: a personal link, or a code of a group from a poster."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404
from django.urls import reverse

from organisations import walls
from surveys.answers import Entry
from surveys.models import Group, Invite, Survey, cast_by_code


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody came in. `key` is the token or the code; it stands in the addresses of the pages."""

    group: Group
    key: str
    invite: Invite | None = None

    @property
    def survey(self) -> Survey:
        return self.group.survey

    @property
    def is_used(self) -> bool:
        return self.invite is not None and self.invite.is_used

    @property
    def by_code(self) -> bool:
        return self.invite is None

    def url(self, step: int | None = None) -> str:
        """The address of a step, or of the first page."""
        name = "surveys:code_answer" if self.by_code else "surveys:answer"
        if step is None:
            return reverse(name, args=[self.key])
        return reverse(f"{name}_step", args=[self.key, step])

    def cast(self, entry: Entry) -> None:
        """Raises `LinkUsed`, `GroupFull` and `SurveyNotOpen`."""
        if self.invite is None:
            cast_by_code(self.group.pk, entry)
        else:
            self.invite.cast(entry)


def by_token(token: str) -> Door:
    """Raises Http404 for a link that is no one's, or whose survey is over: its invitations are gone then."""
    with walls.everywhere():
        invite = Invite.objects.with_token(token).first()
    if invite is None:
        raise Http404
    walls.enter(invite.group.survey.organisation_id)
    return Door(invite.group, token, invite)


def by_code(code: str) -> Door:
    """Raises Http404 for a code that is no group's."""
    with walls.everywhere():
        group = Group.objects.filter(code=plain(code)).select_related("survey__organisation").first()
    if group is None:
        raise Http404
    walls.enter(group.survey.organisation_id)
    return Door(group, plain(code))


def plain(code: str) -> str:
    """The code as it is stored, however it was typed."""
    return "".join(sign for sign in code.upper() if sign.isalnum())[:20]
