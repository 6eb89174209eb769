"""Input about who answers what: all themes at a glance, one theme in detail, and handing over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from assessments.delegating.division import Part, enumeration, part
from assessments.forms import LongText
from assessments.models import Assessment, Assignment
from chain.questionnaire import Link, Question, Theme
from organisations.models import Membership

NOTE_LIMIT = 500
WHY = "Schrijf op waarom u dit overdraagt, of wat uw collega moet weten."
AT_ONCE, IN_TURNS = "at_once", "in_turns"
LAST = 99  # the highest turn that a form takes


class People(forms.MultipleChoiceField):
    """Some of these people (user id as text: label), as checkboxes."""

    def __init__(self, people: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(
            choices=list(people.items()),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "Deze persoon is geen functionaris van uw organisatie (meer)."},
            **kwargs,
        )


def _labels(members: Iterable[Membership], rows: Iterable[Assignment]) -> dict[str, str]:
    """Who can be chosen: the contributors, and whoever has something already."""
    people = {str(member.user_id): member.user.name for member in members}
    for one in rows:
        who = one.user.label if one.user.is_guest else f"{one.user.name} (geen functionaris meer)"
        people.setdefault(str(one.user_id), who)
    return people


def _functions(round_: Assessment, questions: Iterable[Question]) -> list[str]:
    """The names of the functions that the questions ask for."""
    asked = {code for question in questions for code in question.answered_by}
    return [str(role.name) for role in round_.content.roles if role.code in asked]


def _fitting(members: Iterable[Membership], questions: Iterable[Question]) -> list[str]:
    """The members (user ids as text) with a function that the questions ask for."""
    asked = {code for question in questions for code in question.answered_by}
    return [str(member.user_id) for member in members if asked & set(member.functions)]


class DelegationForm(forms.Form):
    """For each theme the people who have something of it: one group of checkboxes a theme."""

    def __init__(
        self,
        round_: Assessment,
        members: Sequence[Membership],
        rows: Sequence[Assignment],
        data: QueryDict | None = None,
    ) -> None:
        super().__init__(data)
        self.round, self.members = round_, members
        people = _labels(members, rows)
        given: dict[str, list[str]] = {}
        for one in rows:
            given.setdefault(f"{one.link}/{one.theme}", []).append(str(one.user_id))
        for link in round_.content.links:
            for theme in link.themes:
                name = f"{link.slug}/{theme.slug}"
                self.fields[name] = People(people, label=str(theme.title), initial=given.get(name, []))

    def by_link(self) -> Iterator[tuple[Link, list[tuple[Theme, forms.BoundField, list[str]]]]]:
        """Per link its themes, each with its field and the functions that its questions ask for."""
        for link in self.round.content.links:
            yield (
                link,
                [
                    (theme, self[f"{link.slug}/{theme.slug}"], _functions(self.round, theme.questions))
                    for theme in link.themes
                ],
            )

    def propose(self) -> None:
        """Fills in, where nobody was chosen yet, those whose function the theme's questions name."""
        for link in self.round.content.links:
            for theme in link.themes:
                field = self.fields[f"{link.slug}/{theme.slug}"]
                field.initial = field.initial or _fitting(self.members, theme.questions)

    def people(self) -> dict[tuple[str, str], set[int]]:
        """User ids per (link, theme)."""
        pairs = {
            tuple(name.split("/")): {int(user) for user in users} for name, users in self.cleaned_data.items()
        }
        return {(link, theme): users for (link, theme), users in pairs.items()}


class ThemeForm(forms.Form):
    """One theme: who has all of it, who has which question, and who comes after whom."""

    use_required_attribute = False
    order = forms.ChoiceField(
        label="Volgorde",
        choices=[(AT_ONCE, "Allemaal tegelijk"), (IN_TURNS, "Na elkaar")],
        widget=forms.RadioSelect,
        initial=AT_ONCE,
        error_messages={"required": "Kies een van de twee.", "invalid_choice": "Kies een van de twee."},
    )

    def __init__(
        self,
        round_: Assessment,
        theme: Theme,
        members: Sequence[Membership],
        rows: Sequence[Assignment],
        data: QueryDict | None = None,
    ) -> None:
        super().__init__(data)
        self.round, self.theme, self.members = round_, theme, members
        self.ids = [question.id for question in theme.questions]
        self.labels = _labels(members, rows)
        have = self._parts(rows)
        whole = [user for user, part in have.items() if not part.questions]
        self.fields["whole"] = People(self.labels, label="Het hele thema", initial=whole)
        for question in theme.questions:
            given = [user for user, part in have.items() if question.id in part.questions]
            self.fields[question.id] = People(
                self.labels, label=f"{question.id} {question.title}", initial=given
            )
        if any(part.turn > 1 for part in have.values()):
            self.fields["order"].initial = IN_TURNS
        for user, label in self.labels.items():
            self.fields[f"turn-{user}"] = forms.IntegerField(
                label=label,
                required=False,
                min_value=1,
                max_value=LAST,
                initial=have[user].turn if user in have else None,
            )

    def _parts(self, rows: Iterable[Assignment]) -> dict[str, Part]:
        units: dict[str, list[tuple[str, int]]] = {}
        for one in rows:
            units.setdefault(str(one.user_id), []).append((one.question, one.turn))
        return {user: part(given, self.ids) for user, given in units.items()}

    def propose(self) -> None:
        """Fills in, at each question that nobody has, those whose function it names."""
        if not self.fields["whole"].initial:
            for question in self.theme.questions:
                field = self.fields[question.id]
                field.initial = field.initial or _fitting(self.members, [question])

    # For the page

    @property
    def whole(self) -> forms.BoundField:
        return self["whole"]

    def by_question(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each question's field, and the functions that it asks for."""
        return [(self[question.id], _functions(self.round, [question])) for question in self.theme.questions]

    def turns(self) -> list[forms.BoundField]:
        return [self[f"turn-{user}"] for user in self.labels]

    # What was said

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        whole = set(data.get("whole", []))
        for question in self.ids:
            if both := sorted(self.labels[user] for user in whole & set(data.get(question, []))):
                verb = "krijgt" if len(both) == 1 else "krijgen"
                self.add_error(
                    question, f"{enumeration(both)} {verb} al het hele thema. Haal één van de vinkjes weg."
                )
        if data.get("order") == IN_TURNS and not self.errors:
            self._check_turns(data)
        return data

    def _check_turns(self, data: Mapping[str, Any]) -> None:
        whole = set(data["whole"])
        if all(len(whole | set(data[question])) < 2 for question in self.ids):
            self.add_error("order", "Niemand deelt een vraag met een ander. Dan is er geen volgorde.")
            return
        for user in self._chosen(data):
            if not data.get(f"turn-{user}"):
                self.add_error(f"turn-{user}", "Vul in als hoeveelste deze persoon aan de beurt is.")

    def _chosen(self, data: Mapping[str, Any]) -> list[str]:
        users = set(data["whole"]).union(*(data[question] for question in self.ids))
        return [user for user in self.labels if user in users]

    def parts(self) -> dict[int, Part]:
        """What each chosen person (user id) gets; the turns count on from 1 without gaps."""
        data = self.cleaned_data
        chosen = self._chosen(data)
        in_turns = data["order"] == IN_TURNS
        numbers = {user: data[f"turn-{user}"] if in_turns else 1 for user in chosen}
        ranks = {number: rank for rank, number in enumerate(sorted(set(numbers.values())), 1)}
        return {
            int(user): Part(
                frozenset(question for question in self.ids if user in data[question]), ranks[numbers[user]]
            )
            for user in chosen
        }


class HandOverForm(forms.Form):
    """What goes to which colleague, and the note that goes with it."""

    use_required_attribute = False
    questions = forms.MultipleChoiceField(
        label="Wat draagt u over?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Kies ten minste één vraag.",
            "invalid_choice": "Een van deze vragen hebt u niet meer, of die is al ingediend.",
        },
    )
    colleague = forms.ChoiceField(
        label="Aan welke collega?",
        error_messages={
            "required": "Kies een collega.",
            "invalid_choice": "Deze persoon is geen functionaris van uw organisatie (meer).",
        },
    )
    note = LongText(
        label="Briefje voor uw collega",
        help_text=(
            "Wat moet uw collega weten? Ten hoogste 500 tekens. Noem geen namen van personen en beschrijf "
            "geen zaken."
        ),
        limit=NOTE_LIMIT,
    )

    def __init__(
        self, mine: Sequence[Question], colleagues: Iterable[Membership], data: QueryDict | None = None
    ) -> None:
        super().__init__(data)
        questions, colleague = self.fields["questions"], self.fields["colleague"]
        assert isinstance(questions, forms.ChoiceField) and isinstance(colleague, forms.ChoiceField)
        questions.choices = [(question.id, f"{question.id} {question.title}") for question in mine]
        questions.initial = [question.id for question in mine]
        self.fields["note"].required, self.fields["note"].error_messages["required"] = True, WHY
        self.members = {str(member.user_id): member for member in colleagues}
        colleague.choices = [("", "Kies een collega"), *((pk, _who(one)) for pk, one in self.members.items())]

    def clean_note(self) -> str:
        note: str = self.cleaned_data["note"].strip()
        if not note:
            raise ValidationError(WHY)
        return note

    @property
    def receiver(self) -> Membership:
        return self.members[self.cleaned_data["colleague"]]


def _who(member: Membership) -> str:
    return f"{member.user.name}, {member.job}" if member.job else member.user.name
