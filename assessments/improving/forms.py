"""Input about improvements: what will be done, why, by whom and when."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from assessments.forms import LongText
from assessments.improving.barriers import barriers
from assessments.models import Action
from assessments.widgets import LevelSelect
from organisations.forms import one_line
from organisations.models import Organisation, User
from organisations.policy import May

FORMAT = "%Y-%m-%d"
NO_BARRIER = "Niets van dit alles, of nog niet bekend"


def _day(**details: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format=FORMAT),
        error_messages={
            "invalid": "Vul een datum in, bijvoorbeeld 2027-03-31.",
            "required": "Vul een datum in.",
        },
        **details,
    )


class _Person(forms.ModelChoiceField[User]):
    """A colleague who may see the plan."""

    def label_from_instance(self, obj: User) -> str:
        return obj.label


def _responsible() -> _Person:
    return _Person(
        label="Wie bewaakt deze actie?",
        help_text="Deze collega krijgt een herinnering en kan melden hoe het gaat. Niet in het verslag.",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nog niemand",
    )


def readers(organisation: Organisation) -> Any:
    """The colleagues who may see the plan of an adopted round, by name."""
    return organisation.who_may(May.READ_RESULTS).order_by("name", "pk")


class EntrustForm(forms.Form):
    """Who looks after an improvement whose words lie fixed."""

    use_required_attribute = False
    responsible = _responsible()

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.fields["responsible"]
        assert isinstance(person, forms.ModelChoiceField)
        person.queryset = readers(organisation)


class ActionForm(forms.Form):
    """An improvement in words. Only what will be done is needed to propose it."""

    use_required_attribute = False
    what = forms.CharField(
        label="Wat gaat u doen?",
        max_length=200,
        validators=[one_line],
        help_text="Eén stap die iemand kan doen, in één zin.",
        error_messages={
            "required": "Schrijf op wat u gaat doen.",
            "max_length": "De zin is te lang: %(show_value)d tekens. Er passen er %(limit_value)d in.",
        },
    )
    why = LongText(
        label="Waarom is dit nodig?",
        help_text="Dit komt in het verslag aan de raad. Noem geen namen en beschrijf geen zaken.",
        limit=1000,
    )
    change = LongText(
        label="Wat moet er daarna anders zijn?", help_text="Waaraan ziet de raad dat het hielp?", limit=1000
    )
    owner = forms.CharField(
        label="Wie is de eigenaar?",
        max_length=120,
        validators=[one_line],
        required=False,
        help_text="Een functie, geen naam: bijvoorbeeld teamleider HR.",
    )
    due = _day(label="Wanneer is het klaar?", required=False)
    responsible = _responsible()
    barrier = forms.ChoiceField(
        label="Wat staat het meest in de weg?",
        required=False,
        widget=LevelSelect,
    )

    def __init__(
        self, *args: Any, organisation: Organisation, action: Action | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        person, barrier = self.fields["responsible"], self.fields["barrier"]
        assert isinstance(person, forms.ModelChoiceField) and isinstance(barrier, forms.ChoiceField)
        person.queryset = readers(organisation)
        barrier.choices = [*((slug, str(one.title)) for slug, one in barriers().items()), ("", NO_BARRIER)]
        assert isinstance(barrier.widget, LevelSelect)
        barrier.widget.descriptions = {
            slug: f"{one.meaning} {one.question}" for slug, one in barriers().items()
        }

    def clean_due(self) -> date | None:
        due: date | None = self.cleaned_data["due"]
        if due and due < timezone.localdate() and not (self.action and self.action.due == due):
            raise ValidationError("Deze datum is al voorbij. Kies een dag die nog komt.")
        return due

    def clean(self) -> dict[str, Any]:
        """What was decided keeps an owner and a day."""
        data = super().clean() or self.cleaned_data
        if self.action and self.action.status != Action.Status.PROPOSED:
            for name, words in (("owner", "Vul een eigenaar in."), ("due", "Vul een datum in.")):
                if name in data and not data[name]:
                    self.add_error(name, words)
        return data


class MoveForm(forms.Form):
    """Another day for what was promised, with why."""

    use_required_attribute = False
    due = _day(label="Nieuwe datum")
    note = LongText(
        label="Waarom schuift de datum?",
        help_text="Deze reden komt in het volgende verslag aan de raad. Noem geen namen van personen.",
        limit=1000,
    )

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action = action
        self.fields["note"].required = True

    def clean_due(self) -> date:
        due: date = self.cleaned_data["due"]
        if due < timezone.localdate():
            raise ValidationError("Deze datum is al voorbij. Kies een dag die nog komt.")
        if due == self.action.due:
            raise ValidationError("Dit is de datum die er al staat.")
        return due

    def clean_note(self) -> str:
        return _written(self.cleaned_data["note"])


class StepForm(forms.Form):
    """The words that a step asks for, when it does."""

    use_required_attribute = False
    note = LongText(limit=1000)

    def __init__(self, *args: Any, asks: str, public: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note = self.fields["note"]
        note.label, note.required = asks, True
        note.help_text = "Noem geen namen van personen."
        if public:
            note.help_text = "Deze reden kan in het verslag aan de raad komen. Noem geen namen van personen."

    def clean_note(self) -> str:
        return _written(self.cleaned_data["note"])


def _written(text: str) -> str:
    if not text.strip():
        raise ValidationError("Schrijf hier iets op.")
    return text.strip()
