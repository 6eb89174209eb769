"""The confidential annex of an adoption: gathered and frozen in the same moment, for few to read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from assessments import annex
from assessments.annex import AnnexDocument
from assessments.models.judgement import Adoption
from chain.documents import canonical_json
from chain.documents import digest as checksum
from organisations.models import Membership, Organisation, User
from organisations.policy import May

if TYPE_CHECKING:
    from assessments.models.round import Assessment


class AnnexQuerySet(models.QuerySet["Annex"]):
    def visible_to(self, user: User | AnonymousUser) -> AnnexQuerySet:
        """Of the organisations in which the user may read everyone's named answers anyway."""
        followed = Organisation.objects.where_may(user, May.READ_ANNEX)
        return self.filter(adoption__assessment__organisation__in=followed)


class Annex(models.Model):
    """What of an adoption is not public: who answered, what they explained, what the validator noted.

    Frozen in the same moment. Only who may read named answers may read it.
    """

    adoption = models.OneToOneField(
        Adoption, models.PROTECT, related_name="annex", verbose_name="vaststelling"
    )
    document = models.TextField("document")
    digest = models.CharField("controlegetal", max_length=64)

    objects = AnnexQuerySet.as_manager()

    class Meta:
        verbose_name = "vertrouwelijke bijlage"
        verbose_name_plural = "vertrouwelijke bijlagen"

    def __str__(self) -> str:
        return self.digest[:12]

    @classmethod
    def freeze(cls, adoption: Adoption) -> Annex:
        """Freezes what the round holds now beside these results; at most ten queries."""
        document = canonical_json(_document(adoption))
        return cls.objects.create(adoption=adoption, document=document, digest=checksum(document))

    def frozen(self) -> AnnexDocument:
        """The annex as data."""
        return cast(AnnexDocument, json.loads(self.document))


def _document(adoption: Adoption) -> AnnexDocument:
    round_ = adoption.assessment
    answers = list(
        round_.answers.given().select_related("contributor").order_by("question", "contributor_id")
    )
    # The same codes as in the account (assessments.account.Gathered.contributors).
    users = sorted({answer.contributor_id for answer in answers})
    codes = {user: f"c{number}" for number, user in enumerate(users, 1)}
    people = {answer.contributor_id: answer.contributor for answer in answers}
    members = Membership.objects.filter(organisation=round_.organisation_id, user__in=users)
    memberships = {member.user_id: member for member in members}
    guests = dict(round_.guest_passes.filter(user__in=users).values_list("user_id", "name"))
    return {
        "schema": annex.SCHEMA,
        "account": {"digest": adoption.digest, "version": adoption.number},
        "grounds": annex.grounds(round_.organisation.kind),
        "people": [
            _person(codes[user], guests.get(user) or people[user].name, memberships.get(user), user in guests)
            for user in users
        ],
        "answers": [
            {
                "question": one.question,
                "contributor": codes[one.contributor_id],
                "level": one.level,
                "state": one.state,
                "reason": one.reason,
                "explanation": one.explanation,
            }
            for one in answers
        ],
        **_judged(round_),
    }


def _person(code: str, name: str, member: Membership | None, guest: bool) -> annex.PersonDocument:
    """Who has left the organisation meanwhile, and a guest, has no job there."""
    return {
        "code": code,
        "name": name,
        "job": member.job if member else "",
        "functions": list(member.functions) if member else [],
        "guest": guest,
    }


def _judged(round_: Assessment) -> annex.JudgedDocument:
    """What the validator and the meetings came to; six queries at most."""
    checked = round_.evidencedlevels.select_related("by").order_by("question")
    agreed = round_.agreedlevels.select_related("by").order_by("question")
    meetings = round_.meetings.select_related("chair").prefetch_related("present")
    return {
        "checked": [
            {"question": one.question, "level": one.level, "remark": one.remark, "by": one.by.name}
            for one in checked
        ],
        "agreed": [
            {
                "question": one.question,
                "level": one.level,
                "reason": one.reason,
                "minority": one.minority,
                "by": one.by.name,
            }
            for one in agreed
        ],
        "meetings": [
            {
                "link": one.link,
                "on": timezone.localdate(one.started_at).isoformat(),
                "chair": one.chair.name,
                "present": sorted(person.name for person in one.present.all()),
                "others": one.others,
                "closing": one.closing,
            }
            for one in meetings
        ],
        "draws": [
            {
                "on": timezone.localdate(one.drawn_at).isoformat(),
                "by": one.drawn_by.name,
                "size": one.size,
                "seed": one.seed,
                "questions": list(one.questions),
                "reason": one.reason,
            }
            for one in round_.samples.select_related("drawn_by")
        ],
    }
