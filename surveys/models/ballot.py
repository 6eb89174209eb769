"""Invitations and answers, kept so that nothing joins the one to the other (docs/anonimiteit.md).

An invitation is never touched when its link is used: that is one bit in its group. Answers lie in one box per
group, one row in the order of random ids; putting one in writes the whole box anew. So there is no row, key,
number, order or time of one person's answers.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models

from surveys.models.survey import Group, Survey


class Invite(models.Model):
    """A personal link by mail. `place` is its bit in the group's `used`; it is drawn at random."""

    group = models.ForeignKey(Group, models.CASCADE, related_name="invites", verbose_name="groep")
    email = models.EmailField("e-mailadres")
    token_digest = models.CharField("SHA-256 van de link", max_length=64, unique=True)
    place = models.PositiveIntegerField("plaats")

    class Meta:
        verbose_name = "uitnodiging"
        verbose_name_plural = "uitnodigingen"
        constraints = [
            models.UniqueConstraint(fields=["group", "place"], name="invite_place_once"),
            models.UniqueConstraint(fields=["group", "email"], name="invite_address_once_a_group"),
        ]

    def __str__(self) -> str:
        return self.email


class Box(models.Model):
    """All answers of one group: JSON, from a random id to what was answered, in the order of the ids."""

    group = models.OneToOneField(
        Group, models.CASCADE, primary_key=True, related_name="box", verbose_name="groep"
    )
    contents = models.TextField("antwoorden", default="{}")

    class Meta:
        verbose_name = "bus"
        verbose_name_plural = "bussen"

    def __str__(self) -> str:
        return f"antwoorden van {self.group_id}"


class Remark(models.Model):
    """A free remark on one link, taken out of the boxes when the survey closed, in random order.

    Nothing says which answers came with it. Only the coordinator reads `text`; others read `masked`.
    """

    class State(models.TextChoices):
        NEW = "new", "nog niet bekeken"
        SHOWN = "shown", "mag in het verslag"
        WITHHELD = "withheld", "niet tonen"
        REPORT = "report", "is een melding"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="remarks", verbose_name="peiling")
    group = models.ForeignKey(
        Group, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="groep"
    )
    link = models.SlugField("schakel", blank=True)
    text = models.TextField("opmerking")
    masked = models.TextField("opmerking zonder namen", blank=True)
    state = models.CharField("stand", max_length=10, choices=State, default=State.NEW)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="gelezen door",
    )

    class Meta:
        verbose_name = "opmerking"
        verbose_name_plural = "opmerkingen"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"opmerking bij {self.link or 'de hele keten'}"
