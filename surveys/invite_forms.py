"""Input of inviting: addresses, pasted or from a file, of one group or of several."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from surveys import addresses, tables
from surveys.models import Group, Invite, Survey
from surveys.models.inviting import MOST_INVITES

LARGEST_TEXT = 1_500_000  # characters; what a form may be (settings) is more


class AddressesForm(forms.Form):
    """What is in it is sorted out by `surveys.addresses`; after `is_valid` it is in `found`."""

    use_required_attribute = False
    group = forms.ModelChoiceField(
        Group.objects.none(),
        label="Voor welke groep?",
        required=False,
        empty_label="staat bij elk adres",
        help_text="Staat de groep bij elk adres? Zet dan per rij het adres en de groep naast elkaar.",
    )
    pasted = forms.CharField(
        label="Plak e-mailadressen",
        required=False,
        strip=True,
        max_length=LARGEST_TEXT,
        help_text="Eén per regel, of rijen uit een rekenblad. Namen zijn niet nodig; wij bewaren ze niet.",
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )
    file = forms.FileField(
        label="Of kies een bestand",
        required=False,
        help_text="Een xlsx of csv van hoogstens 1 MB.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"empty": "Het bestand is leeg."},
    )
    found: addresses.Sorted

    def __init__(
        self,
        survey: Survey,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[Any]] | None = None,
    ) -> None:
        super().__init__(data, files)
        self.survey, self.groups = survey, list(survey.groups.all())
        if len(self.groups) == 1:
            del self.fields["group"]
        else:
            field = self.fields["group"]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = survey.groups.all()

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if self.errors:
            return given
        rows = [*self._rows(given)]
        if not any(cell for row in rows for cell in row):
            raise ValidationError("Plak e-mailadressen of kies een bestand.")
        group = self.groups[0] if len(self.groups) == 1 else given.get("group")
        known = Invite.objects.filter(group__survey=self.survey).values_list("email", flat=True)
        names = {one.name.casefold(): one.pk for one in self.groups}
        self.found = addresses.sort_out(rows, names, set(known), group.pk if group else None)
        return given

    def _rows(self, given: dict[str, object]) -> tables.Rows:
        try:
            rows = tables.text(str(given.get("pasted") or ""))
            if file := given.get("file"):
                rows += tables.read(file.file, MOST_INVITES)  # type: ignore[attr-defined]
        except tables.TableRefused as refused:
            raise ValidationError({"file" if given.get("file") else "pasted": str(refused)}) from refused
        return rows

    @property
    def as_text(self) -> str:
        """What was found, to be confirmed: a row for each address, with its group."""
        names = {one.pk: one.name for one in self.groups}
        return "\n".join(
            f"{email}\t{names[group]}" for group, emails in self.found.new.items() for email in emails
        )
