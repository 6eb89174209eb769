"""Invitations and answers, kept so that nothing joins the one to the other (docs/anonimiteit.md).

An invitation is never touched when its link is used: that is one bit in its group. Answers lie in one box per
group, one row in the order of random ids; putting one in writes the whole box anew. So there is no row, key,
number, order or time of one person's answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from django.db import models, transaction

from surveys import answers, bits
from surveys.answers import Entry
from surveys.models.survey import Group


class LinkUsed(Exception):
    """Somebody answered by this link already."""


class SurveyNotOpen(Exception):
    """The survey takes no answers now."""


class GroupFull(Exception):
    """As many people answered by the code as there are in the group."""


class InviteQuerySet(models.QuerySet["Invite"]):
    def with_token(self, token: str) -> InviteQuerySet:
        """The invitation that this link belongs to, used or not, or none."""
        return self.filter(token_digest=digest(token)).select_related("group__survey__organisation")


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class Invite(models.Model):
    """A personal link by mail. `place` is its bit in the group's `used`; it is drawn at random."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="invites", verbose_name="groep")
    email = models.EmailField("e-mailadres")
    token_digest = models.CharField("SHA-256 van de link", max_length=64, unique=True)
    place = models.PositiveIntegerField("plaats")

    objects = InviteQuerySet.as_manager()

    class Meta:
        verbose_name = "uitnodiging"
        verbose_name_plural = "uitnodigingen"
        constraints = [
            models.UniqueConstraint(fields=["group", "place"], name="invite_place_once"),
            models.UniqueConstraint(fields=["group", "email"], name="invite_address_once_a_group"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_used(self) -> bool:
        return bits.is_set(bytes(self.group.used), self.place)

    def cast(self, entry: Entry) -> None:
        """Puts the answers in the box and marks the link as used: both or neither, once.

        Raises `LinkUsed` and `SurveyNotOpen`; nothing is stored then.
        """
        with transaction.atomic():
            group = _hold(self.group_id)
            used = bytes(group.used)
            if bits.is_set(used, self.place):
                raise LinkUsed
            Box.put(group, entry)
            Group.objects.filter(pk=group.pk).update(used=bits.with_set(used, self.place))


def cast_by_code(group_id: int, entry: Entry) -> None:
    """Puts the answers of somebody with the group's code in the box. Raises `SurveyNotOpen`, `GroupFull`."""
    with transaction.atomic():
        group = _hold(group_id)
        if answers.size(Box.of(group).contents) >= group.reported.all_people:
            raise GroupFull
        Box.put(group, entry)


def _hold(group_id: int) -> Group:
    """The group, held until the transaction ends: one at a time answers in it, and closing waits.

    The survey is asked only then. In the same query PostgreSQL would tell what it was before the wait.
    """
    group = Group.objects.select_for_update(of=("self",)).select_related("joined").get(pk=group_id)
    if not group.survey.is_open:
        raise SurveyNotOpen
    return group


class Box(models.Model):
    """All answers of one group: JSON, from a random id to what was answered, in the order of the ids."""

    group = models.OneToOneField(
        Group, models.CASCADE, primary_key=True, related_name="box", verbose_name="groep"
    )
    contents = models.TextField("antwoorden", default=answers.empty)

    class Meta:
        verbose_name = "bus"
        verbose_name_plural = "bussen"

    def __str__(self) -> str:
        return f"antwoorden van {self.group_id}"

    @staticmethod
    def of(group: Group) -> Box:
        """The box that answers of this group go into, held until the transaction ends."""
        return Box.objects.select_for_update().get(group=group.reported)

    @staticmethod
    def put(group: Group, entry: Entry) -> None:
        box = Box.of(group)
        box.contents = answers.with_entry(box.contents, entry, group.survey.content.ids)
        box.save(update_fields=["contents"])

    @staticmethod
    def fill(group: Group, entries: Iterable[Entry]) -> None:
        """Puts the answers of many in at once, without links: for made-up data. Raises `SurveyNotOpen`."""
        with transaction.atomic():
            held = _hold(group.pk)
            box = Box.of(held)
            box.contents = answers.with_entries(box.contents, entries, held.survey.content.ids)
            box.save(update_fields=["contents"])
