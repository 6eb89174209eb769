"""Input about a meeting: who leads it and who is there, and what is said at its end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from assessments.forms import LongText
from assessments.models import Assessment, Meeting
from chain.questionnaire import Link
from organisations.forms import OneLineMixin
from organisations.models import User
from organisations.policy import May
from reports.voices import known_as

MINUTES = 5


class MeetingForm(OneLineMixin, forms.Form):
    """Who leads, who is there, and how long a question takes."""

    use_required_attribute = False
    chair = forms.ChoiceField(label="Gespreksleider")
    present = forms.MultipleChoiceField(
        label="Wie is erbij?", required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(
        label="Ook aanwezig",
        required=False,
        max_length=300,
        help_text="Namen van anderen, zoals de notulist. Ze komen in het gespreksverslag.",
    )
    minutes_a_question = forms.IntegerField(
        label="Minuten per vraag",
        min_value=1,
        max_value=60,
        initial=MINUTES,
        error_messages={
            "required": "Vul een aantal minuten in.",
            "invalid": "Vul een heel getal in.",
            "min_value": "Neem minstens 1 minuut.",
            "max_value": "Neem hooguit 60 minuten.",
        },
    )

    def __init__(
        self, round_: Assessment, link: Link, meeting: Meeting | None, user: User, data: QueryDict | None
    ) -> None:
        """Two queries, and one more for a meeting that began."""
        super().__init__(data)
        asked = list(asked_about(round_, link))
        there = list(meeting.present.all()) if meeting else []
        self.people = {one.pk: one for one in [*asked, *there]}
        leaders = round_.organisation.who_may(May.AGREE).order_by("name", "pk")
        self.chairs = {one.pk: one for one in [*leaders, *asked] if not one.is_guest}
        self.chairs |= {meeting.chair_id: meeting.chair} if meeting else {}
        self._offer()
        self.initial = {"chair": user.pk, "present": [str(user.pk)]}
        if meeting:
            columns = ("others", "minutes_a_question")
            self.initial = {"chair": meeting.chair_id, **{name: getattr(meeting, name) for name in columns}}
            self.initial["present"] = [str(one.pk) for one in there]

    def _offer(self) -> None:
        chair, present = self.fields["chair"], self.fields["present"]
        assert isinstance(chair, forms.ChoiceField) and isinstance(present, forms.MultipleChoiceField)
        chair.choices = [(str(pk), one.name) for pk, one in self.chairs.items()]
        present.choices = [(str(pk), known_as(one)) for pk, one in self.people.items()]

    @property
    def facts(self) -> dict[str, Any]:
        """The cleaned columns of a meeting, but for who is there."""
        given = self.cleaned_data
        return {
            "chair": self.chairs[int(given["chair"])],
            "others": given["others"],
            "minutes_a_question": given["minutes_a_question"],
        }

    @property
    def those_present(self) -> list[User]:
        return [self.people[int(pk)] for pk in self.cleaned_data["present"]]


class ClosingForm(forms.Form):
    """What is to be remembered at the end of a meeting."""

    use_required_attribute = False
    closing = LongText(
        label="Slotopmerking", help_text="Bijvoorbeeld wat u nog gaat uitzoeken, en wie dat doet."
    )


def asked_about(round_: Assessment, link: Link) -> QuerySet[User]:
    """Everyone who was given something of this link or answered it, by name; one query."""
    questions = [question.id for question in link.questions]
    given = round_.assignments.filter(link=link.slug).values("user")
    answered = round_.answers.given().filter(question__in=questions).values("contributor")
    return User.objects.filter(Q(pk__in=given) | Q(pk__in=answered)).order_by("name", "pk")
