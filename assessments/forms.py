"""Input about rounds and answers: read, checked, and said in Dutch where it was typed."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from assessments.models import AgreedLevel, Answer, Assessment, Content
from assessments.models.answer import HELPS, STATES, TEXT_LIMIT
from assessments.status import Status
from assessments.widgets import LevelSelect
from chain.models import PublishedQuestionnaire, load
from chain.questionnaire import Question, Questionnaire
from organisations.forms import OneLineMixin
from organisations.models import Organisation, User
from organisations.policy import May

UNKNOWN, NOT_APPLICABLE, NOT_OCCURRED = (state for state, _ in STATES)
AGREED, EVIDENCED = "agreed", "evidenced"
STATE_HINTS = {
    UNKNOWN: "Dat is ook een uitkomst. Het telt niet als nul.",
    NOT_APPLICABLE: "Schrijf hieronder op waarom.",
    NOT_OCCURRED: "Er was geen geval om het aan te laten zien.",
}


# Ends of lines that mean the same, and the bullet of Word's own font, which no other program can show.
ONE_WAY = [("\r\n", "\n"), ("\r", "\n"), ("\u2028", "\n"), ("\u2029", "\n"), ("\uf0b7", "•")]


def _is_control(character: str) -> bool:
    """Whether nothing can show this: a control code, half a pair, or a place for private use."""
    return unicodedata.category(character) in ("Cc", "Co", "Cs") and character not in "\n\t"


class LongText(forms.CharField):
    """A text as it was typed: lines end in one character, so that the browser and we count alike."""

    def __init__(self, *, rows: int = 3, limit: int = TEXT_LIMIT, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows, "data-maxlength": limit})
        super().__init__(
            required=False,
            strip=False,
            max_length=limit,
            widget=widget,
            error_messages={
                "required": "Schrijf hier iets op.",
                "max_length": "De tekst is te lang: %(show_value)d tekens. Er passen er %(limit_value)d in.",
                "null_characters_not_allowed": "In de tekst staan onleesbare tekens. Typ de tekst opnieuw.",
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        for typed, kept in ONE_WAY:
            text = text.replace(typed, kept)
        return text

    def validate(self, value: str) -> None:
        super().validate(value)
        if any(_is_control(character) for character in value):
            raise ValidationError(self.error_messages["null_characters_not_allowed"])

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without the browser's own maxlength: it would cut a pasted text without a word."""
        return {key: value for key, value in super().widget_attrs(widget).items() if key != "maxlength"}


class AnswerForm(forms.Form):
    """One question as one contributor answers it. Its fields carry the question's id: a theme is one form."""

    use_required_attribute = False
    choice = forms.ChoiceField(label="Uw antwoord", required=False, widget=LevelSelect)
    reason = LongText(
        label="Waarom past deze vraag niet bij uw organisatie?",
        help_text="Deze reden komt in het verslag en wordt openbaar. Noem geen namen van personen.",
        rows=2,
    )
    helps = forms.ChoiceField(
        label="Helpt dit in de praktijk?", required=False, choices=HELPS, widget=forms.RadioSelect
    )
    explanation = LongText(
        label="Toelichting",
        help_text="Wat ziet u in de praktijk? Noem geen namen van personen en beschrijf geen zaken.",
    )
    # Beyond the column's range SQLite gives an error instead of finding nothing.
    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(
        self, question: Question, stored: Answer | None, ladder: Questionnaire, data: QueryDict | None = None
    ) -> None:
        super().__init__(data, prefix=question.id)
        self.question, self.stored = question, stored
        choice = self.fields["choice"]
        assert isinstance(choice, forms.ChoiceField) and isinstance(choice.widget, LevelSelect)
        words = {str(rung.level): f"{rung.level} {rung.word}" for rung in ladder.ladder}
        states = {
            state: word.capitalize() for state, word in STATES if state != NOT_OCCURRED or question.cases_only
        }
        choice.choices = [*words.items(), *states.items()]
        choice.widget.descriptions = {
            **{str(level): str(text) for level, text in enumerate(question.levels)},
            **STATE_HINTS,
        }
        choice.error_messages["invalid_choice"] = "Kies een van de antwoorden die bij deze vraag staan."
        self.initial = _shown(stored)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if (
            data.get("choice") == NOT_APPLICABLE
            and not data.get("reason", "").strip()
            and "reason" not in self.errors
        ):
            self.add_error("reason", "Schrijf op waarom deze vraag niet van toepassing is.")
        return data

    @property
    def first_error(self) -> str:
        """One sentence for the line beside the question; empty when nothing is wrong."""
        return str(next(iter(self.errors.values()))[0]) if self.errors else ""

    @property
    def content(self) -> Content:
        """The cleaned input. What belongs to another choice (a reason, whether it helps) is left out."""
        data = self.cleaned_data
        choice = data["choice"]
        level = int(choice) if choice.isdigit() else None
        return Content(
            level=level,
            state="" if level is not None else choice,
            reason=data["reason"] if choice == NOT_APPLICABLE else "",
            explanation=data["explanation"],
            helps=data["helps"] if level is not None and level >= 2 else "",
        )

    def chosen(self, name: str) -> str:
        """Which of the choices of this field is marked, as sent or as stored; empty for none of them."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        value = str(self[name].value() or "")
        return value if field.valid_value(value) else ""

    @property
    def says_something_new(self) -> bool:
        """Whether the input differs from what is stored; an untouched question needs no save."""
        return self.content != (self.stored.content if self.stored else Content())

    @property
    def shown_version(self) -> int:
        version: int = self.cleaned_data["version"]
        return version


def _shown(stored: Answer | None) -> dict[str, Any]:
    if stored is None:
        return {"version": 0}
    return {
        "choice": stored.choice,
        "reason": stored.reason,
        "helps": stored.helps,
        "explanation": stored.explanation,
        "version": stored.version,
    }


class AssessmentForm(OneLineMixin, forms.ModelForm[Assessment]):
    """A new round, or the little that may change of one."""

    use_required_attribute = False

    class Meta:
        model = Assessment
        fields = ["organisation", "year", "title", "track", "questionnaire", "deadline"]
        widgets = {
            "track": LevelSelect(
                descriptions={
                    "full": "Past bij een eerste ronde of een volledige verantwoording.",
                    "light": "Past bij een kleine organisatie of een tussenjaar.",
                }
            ),
            "deadline": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "year": forms.NumberInput(attrs={"inputmode": "numeric"}),
        }
        help_texts = {
            "title": "Bijvoorbeeld Jaarronde of Hermeting. Het jaar komt er vanzelf achter.",
            "deadline": "Deelnemers zien deze datum. De ronde sluit niet vanzelf.",
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("organisation", Organisation.objects.where_may(user, May.LEAD_ROUND))
        self._offer("questionnaire", PublishedQuestionnaire.objects.order_by("-published_at"))
        if self.instance.pk:  # what is asked of whom lies fixed once the round exists
            for name in ("organisation", "questionnaire", "track"):
                del self.fields[name]
        else:
            self._count_questions()

    def _count_questions(self) -> None:
        """Says beside each track how many questions it has, in the newest questionnaire."""
        track, newest = self.fields["track"].widget, self.fields["questionnaire"].initial
        assert isinstance(track, LevelSelect)
        if newest:
            content = load(newest)
            counts = {name: len(content.for_track(name).questions) for name in track.descriptions}
            track.descriptions = {
                name: f"{counts[name]} vragen. {text}" for name, text in track.descriptions.items()
            }

    def _offer(self, name: str, rows: Any) -> None:
        """Offers the rows; a choice of one is made already and not shown."""
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset, field.empty_label = rows, None
        found = list(rows[:2])
        if found:
            field.initial = found[0].pk
        if len(found) == 1:
            field.widget = forms.HiddenInput()

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not 2000 <= year <= 2100:
            raise ValidationError("Vul een jaar in van vier cijfers, bijvoorbeeld 2026.")
        return year

    def clean(self) -> dict[str, Any]:
        """Django leaves the database's rule on titles out, because it also looks at fields not asked here."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        rounds = Assessment.objects.exclude(pk=self.instance.pk).exclude(status=Status.WITHDRAWN)
        organisation = data.get("organisation") or self.instance.organisation_id
        if {"year", "title"} <= data.keys() and rounds.filter(
            organisation=organisation, year=data["year"], title=data["title"]
        ).exists():
            self.add_error("title", "Er is al een ronde met deze naam in dit jaar.")
        return data


class ReasonForm(forms.Form):
    """Why a round is withdrawn or corrected; the other steps need no words."""

    use_required_attribute = False
    reason = LongText(label="Waarom?", help_text="Dit blijft bij de ronde staan.")

    def __init__(self, data: QueryDict | None, who_reads: str) -> None:
        super().__init__(data)
        self.fields["reason"].required = True
        self.fields["reason"].error_messages["required"] = "Schrijf op waarom."
        if who_reads:
            self.fields["reason"].help_text = who_reads

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"].strip()
        if not reason:
            raise ValidationError("Schrijf op waarom.")
        return reason


AGREED_IS_PUBLIC = "Deze reden wordt openbaar, met de gegevens van het verslag. Noem geen namen van personen."


class JudgementForm(forms.Form):
    """A level with words beside it, for one question: agreed together, or found in the evidence."""

    use_required_attribute = False
    level = forms.TypedChoiceField(
        label="Niveau",
        coerce=int,
        widget=LevelSelect,
        error_messages={"required": "Kies een niveau.", "invalid_choice": "Kies een van de niveaus."},
    )
    words = LongText(label="Opmerking")
    minority = LongText(
        label="Wat vindt een minderheid ervan?",
        help_text="Wie het er niet mee eens is, kan dat hier laten opschrijven. Noem geen namen.",
        rows=2,
    )

    def __init__(
        self, question: Question, ladder: Questionnaire, data: QueryDict | None, kind: str, highest: int
    ) -> None:
        super().__init__(data, prefix=kind)
        level = self.fields["level"]
        assert isinstance(level, forms.ChoiceField) and isinstance(level.widget, LevelSelect)
        level.choices = [
            (rung.level, f"{rung.level} {rung.word}") for rung in ladder.ladder if rung.level <= highest
        ]
        level.widget.descriptions = {str(number): str(text) for number, text in enumerate(question.levels)}
        if kind == AGREED:
            self.fields["words"].label, self.fields["words"].required = "Waarom dit niveau?", True
            self.fields["words"].help_text = AGREED_IS_PUBLIC
        else:
            del self.fields["minority"]

    def start_from(self, agreed: AgreedLevel | None) -> None:
        """Shows what was agreed before, to be changed."""
        if agreed:
            self.initial = {"level": agreed.level, "words": agreed.reason, "minority": agreed.minority}
