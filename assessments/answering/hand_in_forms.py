"""Input about handing in: which themes."""

from __future__ import annotations

from typing import cast

from django import forms
from django.http import QueryDict

from assessments.delegating.portions import Portion


class HandInForm(forms.Form):
    """Which themes somebody hands in; shown with those chosen that have an answer to everything."""

    themes = forms.MultipleChoiceField(
        error_messages={
            "required": "Kies minstens één thema om in te dienen.",
            "invalid_choice": "Een van deze thema's kunt u nu niet indienen. Kies opnieuw.",
        }
    )

    def __init__(self, found: list[Portion], data: QueryDict | None = None) -> None:
        super().__init__(data)
        # What is handed in already too: who clicks twice hands in once, and is told so.
        self.portions = [portion for portion in found if portion.open or portion.handed_in]
        field = cast(forms.MultipleChoiceField, self.fields["themes"])
        field.choices = [(portion.name, str(portion.theme.title)) for portion in self.portions]

    def shown(self) -> set[str]:
        """The names that are ticked: as sent, else what is complete."""
        if self.is_bound:
            return set(self.data.getlist("themes"))  # type: ignore[attr-defined]  # a QueryDict
        return {portion.name for portion in self.portions if portion.open and not portion.missing}

    def chosen(self) -> list[Portion]:
        """The portions to hand in, of a form that is valid."""
        return [portion for portion in self.portions if portion.name in self.cleaned_data["themes"]]
