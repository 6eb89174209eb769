"""The life of a survey: opened when all is settled, closed with its result, its loose answers destroyed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import date

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from chain.documents import canonical_json
from chain.documents import digest as checksum
from organisations.log.acts import Act
from organisations.models import Message, User
from organisations.models.log import write
from surveys import answers
from surveys.clearing import titles
from surveys.models.ballot import Box, Invite
from surveys.models.inviting import occasions
from surveys.models.remark import Remark
from surveys.models.survey import Group, Survey, SurveyRefused
from surveys.protection import SurveyDocument, Tally, named_with_text, publish

MONTHS_WITHOUT_ADOPTION = 18  # after closing, when the round was never adopted


def objections(survey: Survey) -> list[str]:
    """Why the survey cannot open now, in Dutch; empty when it can. Three queries."""
    standing = [one for one in survey.groups.all() if one.joined_id is None]
    found = []
    if not standing:
        found.append("Er zijn nog geen groepen.")
    small = too_small(survey)
    if small and len(standing) > 1:
        names = ", ".join(one.name for one in small)
        found.append(f"Te klein om apart te staan: {names}. Voeg ze samen met een andere groep.")
    elif small:
        found.append(
            f"Alles bij elkaar zijn er minder dan {survey.least_population} mensen. Dan is niemand anoniem."
        )
    settled = set(survey.clearances.values_list("kind", flat=True))
    if missing := [title for kind, title in titles(survey.audience).items() if kind not in settled]:
        found.append(f"Nog niet afgestemd: {', '.join(missing)}.")
    if survey.closes_on < timezone.localdate():
        found.append("De laatste dag is al voorbij.")
    return found


def too_small(survey: Survey) -> list[Group]:
    """The groups that would not be told apart because too few people are in them; two queries."""
    groups = list(survey.groups.all())
    people = {one.pk: one.population for one in groups}
    for one in groups:
        if one.joined_id is not None:
            people[one.joined_id] += one.population
    return [one for one in groups if one.joined_id is None and people[one.pk] < survey.least_population]


def open_now(survey: Survey) -> None:
    """Opens the survey; from now on nothing that protects people can change. Raises `SurveyRefused`."""
    with transaction.atomic():
        held = _held(survey, Survey.Status.PREPARING)
        if found := objections(held):
            raise SurveyRefused(*found)
        Box.objects.bulk_create(Box(group=group) for group in held.groups.filter(joined=None))
        _change(survey, status=Survey.Status.OPEN, opened_on=timezone.localdate())
        _told(Act.STATUS, survey, "geopend")


def close(survey: Survey) -> None:
    """Closes the survey: computes what may be told, takes the remarks out of the boxes, ends all links.

    The invitations go: who used a link and who did not is of no use any more. Raises `SurveyRefused`.
    """
    with transaction.atomic():
        held = _held(survey, Survey.Status.OPEN)
        # Who is answering has its group; so this waits for them, and who comes later finds the survey closed.
        list(held.groups.select_for_update().order_by("pk"))
        told = result(held)
        document = canonical_json(told)
        _take_remarks_out(held, {one["slug"] for one in told["groups"]})
        Invite.objects.filter(group__survey=held).delete()
        Message.objects.withdraw(occasions(held))
        held.groups.update(used=b"", code=None)
        _change(
            survey,
            status=Survey.Status.CLOSED,
            closed_on=timezone.localdate(),
            document=document,
            digest=checksum(document),
        )
        _told(Act.STATUS, survey, "gesloten")


def close_due(today: date) -> int:
    """Closes the surveys whose last day is past; how many. Repeatable, also at the same moment."""
    closed = 0
    for survey in Survey.objects.filter(status=Survey.Status.OPEN, closes_on__lt=today):
        with suppress(SurveyRefused):  # closed by hand just now
            close(survey)
            closed += 1
    return closed


def result(survey: Survey) -> SurveyDocument:
    """What may be told of the answers that are in the boxes."""
    return publish(survey.content.ids, _tallies(survey), survey.least)


def _tallies(survey: Survey) -> Iterator[Tally]:
    ids = survey.content.ids
    for box in Box.objects.filter(group__survey=survey).select_related("group"):
        counts = answers.counted(box.contents, ids)
        yield Tally(box.group.slug, box.group.all_people, answers.size(box.contents), counts)


def _take_remarks_out(survey: Survey, visible: AbstractSet[str]) -> None:
    """The group goes with a remark only where its name may stand beside it; of others it is forgotten."""
    boxes = list(Box.objects.filter(group__survey=survey).select_related("group"))
    named = named_with_text({box.group.slug: box.group.all_people for box in boxes}, visible)
    found = []
    for box in boxes:
        group = box.group if box.group.slug in named else None
        found += [
            Remark(survey=survey, group=group, link=link, text=text)
            for link, text in answers.remarks(box.contents)
        ]
        Box.objects.filter(pk=box.pk).update(contents=answers.without_remarks(box.contents))
    random.SystemRandom().shuffle(found)
    Remark.objects.bulk_create(found)


def release(survey: Survey) -> None:
    """The griffier lets others read the council's result. Raises `SurveyRefused` before it closed."""
    with transaction.atomic():
        held = _held(survey, Survey.Status.CLOSED)
        _change(survey, released_on=held.released_on or timezone.localdate())
        _told(Act.STATUS, survey, "uitkomst vrijgegeven")


def destroyed_from(survey: Survey) -> date | None:
    """The day on which the loose answers go; none while the survey is not closed. One query."""
    if survey.closed_on is None:
        return None
    adoption = survey.assessment.adoptions.first()
    if adoption is None:
        return _months_after(survey.closed_on, MONTHS_WITHOUT_ADOPTION)
    return _months_after(max(survey.closed_on, timezone.localdate(adoption.adopted_at)), survey.months_kept)


def _months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(f"{months} months after {day} is no day")


class Destruction(models.Model):
    """The statement that a survey's loose answers and remarks were destroyed; what was told stays."""

    survey = models.OneToOneField(Survey, models.PROTECT, related_name="destruction", verbose_name="peiling")
    on = models.DateField("op", default=timezone.localdate)
    answers = models.PositiveIntegerField("mensen van wie antwoorden vernietigd zijn")
    remarks = models.PositiveIntegerField("opmerkingen vernietigd")
    # Who leads the survey may do it before the day; nobody when the day came.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="door"
    )

    class Meta:
        verbose_name = "verklaring van vernietiging"
        verbose_name_plural = "verklaringen van vernietiging"

    def __str__(self) -> str:
        return f"vernietigd op {self.on:%d-%m-%Y}"


def destroy_due(today: date) -> int:
    """Destroys the loose answers and remarks whose day came, and states it; how many surveys. Repeatable."""
    closed = Survey.objects.filter(status=Survey.Status.CLOSED, destruction=None)
    due = [one for one in closed if (day := destroyed_from(one)) and day <= today]
    for survey in due:
        destroy(survey)
    return len(due)


def destroy(survey: Survey, by: User | None = None) -> None:
    """Destroys the loose answers and remarks of a closed survey and states it, once.

    Raises `SurveyRefused` when it is not closed.
    """
    with transaction.atomic():
        held = _held(survey, Survey.Status.CLOSED)
        if Destruction.objects.filter(survey=held).exists():
            return
        boxes = Box.objects.filter(group__survey=held)
        Destruction.objects.create(
            survey=held,
            on=timezone.localdate(),
            answers=sum(answers.size(box.contents) for box in boxes),
            remarks=held.remarks.count(),
            by=by,
        )
        boxes.delete()
        held.remarks.all().delete()
        _told(Act.DELETE, survey, "losse antwoorden en opmerkingen vernietigd")


def _told(act: Act, survey: Survey, what: str) -> None:
    """Writes in the log what was done with a survey: never who answered, nor how many did."""
    words = f"peiling onder {survey.get_audience_display()}, {survey.assessment}: {what}"
    write(act, words, organisation=survey.organisation_id)


def _held(survey: Survey, status: Survey.Status) -> Survey:
    """The survey as it is now, held until the transaction ends. Raises `SurveyRefused` in another status."""
    held = Survey.objects.select_for_update().get(pk=survey.pk)
    if held.status != status:
        raise SurveyRefused(f"De peiling is {held.get_status_display()}.")
    return held


def _change(survey: Survey, **fields: object) -> None:
    for name, value in fields.items():
        setattr(survey, name, value)
    survey.save(update_fields=list(fields))
