"""Input about guests: who they are, what they are asked, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from assessments.asked import Key
from assessments.forms import LongText
from assessments.models import Assessment
from assessments.models.guest import LONGEST
from chain.questionnaire import Link, Theme
from organisations.forms import one_line
from organisations.models import User

USUAL = timedelta(weeks=4)


def suggested_end(round_: Assessment) -> date:
    """Four weeks after the round's last day, for the validator may still ask something; at most half a year.

    In four weeks for a round without a last day, or one that is past.
    """
    today = timezone.localdate()
    return min(max(round_.deadline or today, today) + USUAL, today + LONGEST)


class UntilForm(forms.Form):
    """Until which day a link works."""

    use_required_attribute = False
    until = forms.DateField(
        label="Geldig tot en met",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Hoogstens een half jaar. Na het sluiten kan de validator nog iets vragen.",
    )

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        today = timezone.localdate()
        if until < today:
            raise ValidationError("Deze dag is al voorbij.")
        if until > today + LONGEST:
            raise ValidationError(f"Kies een dag tot en met {date_format(today + LONGEST, 'j F Y')}.")
        return until


class Box(NamedTuple):
    """One box to check: a whole theme, or one question."""

    value: str
    label: str
    checked: bool


class GuestForm(UntilForm):
    """A new guest with their questions; a value of `asked` is link/theme or link/theme/question."""

    name = forms.CharField(label="Naam", max_length=120, validators=[one_line])
    email = forms.EmailField(label="E-mailadres", max_length=254)
    asked = forms.MultipleChoiceField(
        label="Welke vragen",
        error_messages={
            "required": "Kies ten minste één thema of vraag.",
            "invalid_choice": "Een van deze vragen hoort niet bij de ronde.",
        },
    )
    note = LongText(
        label="Briefje",
        help_text="Staat in de e-mail, en op de eerste pagina. Bijvoorbeeld waarom u dit vraagt.",
    )

    field_order = ["name", "email", "asked", "until", "note"]

    def __init__(self, round_: Assessment, data: QueryDict | None) -> None:
        super().__init__(data, initial={"until": suggested_end(round_)})
        self.round = round_
        asked = self.fields["asked"]
        assert isinstance(asked, forms.MultipleChoiceField)
        asked.choices = [
            (value, value)
            for link in round_.content.links
            for theme in link.themes
            for value in (self._theme(link, theme), *self._questions(link, theme))
        ]

    @staticmethod
    def _theme(link: Link, theme: Theme) -> str:
        return f"{link.slug}/{theme.slug}"

    def _questions(self, link: Link, theme: Theme) -> list[str]:
        return [f"{self._theme(link, theme)}/{question.id}" for question in theme.questions]

    def by_link(self) -> Iterator[tuple[Link, list[tuple[Theme, Box, list[Box]]]]]:
        """Per link its themes, each with its own box and those of its questions."""
        chosen = set(self["asked"].value() or ())
        for link in self.round.content.links:
            themes = []
            for theme in link.themes:
                whole = self._theme(link, theme)
                values = zip(self._questions(link, theme), theme.questions, strict=True)
                boxes = [Box(value, f"{one.id} {one.title}", value in chosen) for value, one in values]
                themes.append((theme, Box(whole, str(theme.title), whole in chosen), boxes))
            yield link, themes

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email=email, is_guest=False).exists():
            raise ValidationError(
                "Dit adres heeft al een account. Geef de vragen via de verdeling. Is deze persoon nog geen "
                "lid van uw organisatie, vraag dan de beheerder om een uitnodiging."
            )
        if self.round.guest_passes.filter(user__email=email).exists():
            raise ValidationError("Deze persoon is al gast in deze ronde. Stuur hierboven een nieuwe link.")
        return email

    @property
    def keys(self) -> set[Key]:
        """What was chosen; of a theme that was chosen whole no single questions."""
        parts = [value.split("/") for value in self.cleaned_data["asked"]]
        whole = {(link, theme) for link, theme, *question in parts if not question}
        single = {(link, theme, rest[0]) for link, theme, *rest in parts if rest}
        return {(*theme, "") for theme in whole} | {key for key in single if key[:2] not in whole}
