"""What the reader of remarks decides about one of them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from organisations.forms import one_line
from surveys.models import Remark

LONGEST = 1000


class DecisionForm(forms.Form):
    """A state, and the text without what points at somebody. `was` is the state that the page showed."""

    use_required_attribute = False
    masked = forms.CharField(
        label="Tekst die anderen lezen",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "De tekst is te lang: hoogstens %(limit_value)d tekens."},
    )
    state = forms.ChoiceField(choices=Remark.State.choices)
    was = forms.ChoiceField(choices=Remark.State.choices)

    def __init__(self, remark: Remark, data: QueryDict | None = None) -> None:
        super().__init__(data, auto_id=f"{remark.pk}-%s", initial={"masked": remark.masked or remark.text})
        del self.fields["masked"].widget.attrs["maxlength"]  # it would cut a pasted text without a word

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("state") == Remark.State.SHOWN and "masked" in data and not data["masked"]:
            self.add_error("masked", "Er is geen tekst over. Kies dan: niet tonen.")
        return data


class PassedOnForm(forms.Form):
    """To which function a report of wrongdoing was passed on, and when."""

    use_required_attribute = False
    to = forms.CharField(
        label="Doorgegeven aan",
        max_length=120,
        validators=[one_line],
        error_messages={"required": "Schrijf op aan welke functie."},
    )
    on = forms.DateField(
        label="Op",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "utrecht-textbox"}),
        error_messages={"required": "Vul de dag in.", "invalid": "Vul een datum in, zoals 21-11-2026."},
    )

    def __init__(self, remark: Remark, data: QueryDict | None = None) -> None:
        initial = {"to": remark.passed_to, "on": remark.passed_on or timezone.localdate()}
        super().__init__(data, auto_id=f"{remark.pk}-%s", initial=initial)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError("Deze dag moet nog komen.")
        return on
