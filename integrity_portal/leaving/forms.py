"""What is asked before an organisation goes."""

from __future__ import annotations

from typing import Any

from django import forms

ARCHIVE, GO, STAY = "archief", "vertrek", "blijven"


class StepForm(forms.Form):
    """A step of the way out; for the last one the name of the organisation is typed over."""

    use_required_attribute = False
    step = forms.ChoiceField(choices=[(one, one) for one in (ARCHIVE, GO, STAY)], widget=forms.HiddenInput)
    name = forms.CharField(label="Typ de naam van uw organisatie over", max_length=120)

    def __init__(self, *args: Any, wanted: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.wanted = wanted
        self.fields["name"].required = not self.is_bound or self.data.get("step") == GO

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("step") == GO and cleaned.get("name", self.wanted) != self.wanted:
            self.add_error("name", f"Typ precies: {self.wanted}")
        return cleaned
