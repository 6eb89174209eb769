"""What anybody may send to the check page: a code, or a file."""

from __future__ import annotations

from typing import Any

from django import forms

from reports.recognising import Known, by_code
from reports.verifying.opening import LARGEST

UNKNOWN = "Wij kennen geen verslag met deze code. De code heeft acht tekens, zoals B7KM-2XQP."


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code van het verslag",
        help_text="Acht tekens, zoals B7KM-2XQP. De code staat achter in het verslag, naast de QR-code.",
        max_length=40,
        error_messages={"required": "Vul de code van het verslag in."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    known: Known

    def clean_code(self) -> str:
        found = by_code(self.cleaned_data["code"])
        if found is None:
            raise forms.ValidationError(UNKNOWN)
        self.known = found
        return found.edition.code


class FileForm(forms.Form):
    file = forms.FileField(
        label="Bestand van het verslag",
        help_text=f"De PDF, of het bestand gegevens.json. Ten hoogste {LARGEST // 1024 // 1024} MB.",
        error_messages={"required": "Kies een bestand.", "empty": "Dit bestand is leeg."},
        widget=forms.FileInput(attrs={"accept": ".pdf,.json,application/pdf,application/json"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(f"Dit bestand is groter dan {LARGEST // 1024 // 1024} MB.")
        return file
