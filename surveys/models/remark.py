"""Free remarks, once the survey closed: read by who leads it, and told to others by hand and by the rules."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models

from chain.links import NAMES
from organisations.models import User
from surveys.models.survey import Group, Survey
from surveys.protection import text_is_told

WHOLE_CHAIN = "De hele keten"


class RemarkChanged(Exception):
    """Somebody else decided on the remark meanwhile, or it is gone."""


class Told(NamedTuple):
    """A remark as others may read it. `link` is "" for the whole chain, `group` "" when it bears no name."""

    link: str
    group: str
    text: str

    @property
    def about(self) -> str:
        """The name of its link."""
        return NAMES.get(self.link, WHOLE_CHAIN)


class RemarkQuerySet(models.QuerySet["Remark"]):
    def for_reading(self, link: str | None, *, new: bool) -> RemarkQuerySet:
        """Those on this link, or of all; with `new` only those that nobody decided on. With their group."""
        found = self.select_related("group")
        if link is not None:
            found = found.filter(link=link)
        return found.filter(state=Remark.State.NEW) if new else found

    def tellable(self, survey: Survey) -> list[Told]:
        """What others than its leaders may read of a survey, in an order that says nothing; one query."""
        if not survey.is_closed or not text_is_told(survey.results()):
            return []
        shown = self.filter(survey=survey, state=Remark.State.SHOWN).order_by("pk")
        told = shown.values_list("link", "group__name", "masked")
        return [Told(link, group or "", text) for link, group, text in told]


class Remark(models.Model):
    """A free remark on one link, taken out of the boxes when the survey closed, in random order.

    Nothing says which answers came with it. Only who leads the survey reads `text`; others read `masked`.
    """

    class State(models.TextChoices):
        NEW = "new", "nog niet bekeken"
        SHOWN = "shown", "mag bij de uitkomst"
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
    # Of a report of wrongdoing: a function and no name, so that the portal does not know who has the case.
    passed_to = models.CharField("doorgegeven aan", max_length=120, blank=True)
    passed_on = models.DateField("doorgegeven op", null=True, blank=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = "opmerking"
        verbose_name_plural = "opmerkingen"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="shown") | ~models.Q(masked=""), name="remark_shown_has_text"
            ),
            models.CheckConstraint(
                condition=models.Q(state="report") | models.Q(passed_to="", passed_on=None),
                name="remark_passed_on_is_report",
            ),
        ]

    def __str__(self) -> str:
        return f"opmerking bij {self.link or 'de hele keten'}"

    def decide(self, by: User, was: str, state: str, masked: str) -> None:
        """Says whether others may read it, and in which words; `was` is the state that `by` saw.

        Another state than "is een melding" also takes away that it was passed on. Raises `RemarkChanged` when
        it is in another state now: what one reader wants to show, another may have found a report.
        """
        fields: dict[str, Any] = {
            "masked": masked,
            "read_by": None if state == self.State.NEW else by,
            "state": state,
        }
        if state != self.State.REPORT:
            fields |= {"passed_to": "", "passed_on": None}
        self._change(was, fields)

    def pass_on(self, to: str, on: date) -> None:
        """Writes down that a report of wrongdoing was passed on. Raises `RemarkChanged`."""
        self._change(self.State.REPORT, {"passed_to": to, "passed_on": on})

    def _change(self, was: str, fields: dict[str, Any]) -> None:
        if not Remark.objects.filter(pk=self.pk, state=was).update(**fields):
            raise RemarkChanged
        for name, value in fields.items():
            setattr(self, name, value)
