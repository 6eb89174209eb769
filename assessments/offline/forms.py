"""Input of who worked without a connection: the workbook, judged before anything of it is shown."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from assessments.evidence.uploads import UploadRefused
from assessments.evidence.uploads.viruses import refuse_infected
from assessments.offline.pack import Pack
from assessments.offline.workbook import MAX_BYTES, Filled, read


class WorkbookForm(forms.Form):
    """The file; what is in it is judged by `assessments.workbook`."""

    use_required_attribute = False
    file = forms.FileField(
        label="Uw ingevulde werkblad",
        help_text=f"Een xlsx-bestand van hoogstens {MAX_BYTES // 1024 // 1024} MB.",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "Kies uw werkblad.", "empty": "Het bestand is leeg. Kies uw werkblad."},
    )
    filled: Filled

    def __init__(self, pack: Pack, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pack = pack

    def clean_file(self) -> Any:
        given = self.cleaned_data["file"]
        try:
            self.filled = read(given.file, given.name)
            _refuse_others(self.filled, self.pack)
            if settings.CLAMAV_SOCKET:
                refuse_infected(given.file, settings.CLAMAV_SOCKET)
        except UploadRefused as refused:
            raise ValidationError(str(refused)) from refused
        return given


def _refuse_others(filled: Filled, pack: Pack) -> None:
    """Raises `UploadRefused` for a workbook of another round, questionnaire or person; it says which."""
    ours, theirs = pack.pages.stamp, filled.stamp
    if theirs.round != ours.round:
        raise UploadRefused(f"Dit werkblad hoort bij {theirs.title[:150]}. U bent nu in {ours.title}.")
    if theirs.person != ours.person:
        raise UploadRefused("Dit werkblad is voor iemand anders gemaakt. Lees uw eigen werkblad in.")
    if (theirs.digest, theirs.track) != (ours.digest, ours.track):
        raise UploadRefused(
            f"Dit werkblad hoort bij een andere vragenlijst: versie {theirs.version[:20]}. Deze ronde "
            f"gebruikt nu versie {ours.version}. Download het werkblad opnieuw en vul dat in."
        )
