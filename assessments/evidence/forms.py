"""Input about evidence: a file or a link, checked before anything of it is kept."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.utils import timezone

from assessments.evidence.uploads import Kind, UploadRefused, recognise
from assessments.evidence.uploads.kinds import ACCEPT, EMPTY, TAKEN
from assessments.evidence.uploads.viruses import refuse_infected
from assessments.models.evidence import Facts, Upload
from organisations.forms import one_line


class DateInput(forms.DateInput):
    """The browser's own date field, which wants and gives 2026-11-21."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class EvidenceForm(forms.Form):
    """A piece of evidence. Of file and link one is given; a file only with the word that it names nobody."""

    use_required_attribute = False
    either = ("file", "url")
    title = forms.CharField(
        label="Titel",
        max_length=200,
        validators=[one_line],
        help_text="Wat is het? Bijvoorbeeld: Gedragscode, vastgesteld door het college.",
        error_messages={"required": "Vul een titel in."},
    )
    dated = forms.DateField(
        label="Datum van het stuk",
        widget=DateInput,
        error_messages={"required": "Vul de datum van het stuk in.", "invalid": "Vul een hele datum in."},
    )
    valid_until = forms.DateField(
        label="Geldig tot en met",
        required=False,
        widget=DateInput,
        error_messages={"invalid": "Vul een hele datum in, of laat dit leeg."},
    )
    file = forms.FileField(
        label="Een bestand",
        required=False,
        help_text=f"{TAKEN} Hoogstens 20 MB. In een mail staan bijna altijd namen: maak er liever een PDF "
        "zonder namen van.",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        error_messages={"empty": EMPTY},
    )
    no_names = forms.BooleanField(
        label="In dit bestand staan geen namen van personen",
        required=False,
        help_text="Vink dit aan als u een bestand kiest.",
    )
    url = forms.CharField(
        label="Of een link",
        required=False,
        max_length=500,
        help_text="Begint met https:// of http://. Het portaal opent de link zelf nooit.",
        widget=forms.URLInput,
    )

    def clean_dated(self) -> Any:
        dated = self.cleaned_data["dated"]
        if dated.year < 1900 or dated > timezone.localdate():
            raise ValidationError("De datum van het stuk kan niet in de toekomst liggen of voor 1900.")
        return dated

    def clean_file(self) -> Upload | None:
        given: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if given is None:
            return None
        try:
            content: Any = given.file
            kind = recognise(content, given.name or "")
            if settings.CLAMAV_SOCKET:
                refuse_infected(content, settings.CLAMAV_SOCKET)
        except UploadRefused as refused:
            raise ValidationError(str(refused)) from refused
        content.seek(0)
        return Upload(
            given,
            _name(given.name or "", kind),
            kind.content_type,
            hashlib.file_digest(content, "sha256").hexdigest(),
            scanned=bool(settings.CLAMAV_SOCKET),
        )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if not url:
            return ""
        if "://" not in url:
            url = f"https://{url}"
        try:
            URLValidator(schemes=["http", "https"])(url)
            signed_in = urlsplit(url).username is not None
        except (ValidationError, ValueError) as fault:
            raise ValidationError(
                "Dit is geen goede link. Kopieer de hele link, met https:// ervoor."
            ) from fault
        if signed_in:
            raise ValidationError("In deze link staat een gebruikersnaam. Haal die eruit.")
        return url

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        faultless = not {"file", "url"} & self.errors.keys()
        if faultless and bool(data.get("file")) == bool(data.get("url")):
            wrong = (
                "Kies een bestand of vul een link in." if not data.get("file") else "Kies één van de twee."
            )
            self.add_error("file", f"{wrong} Wilt u allebei, voeg ze dan na elkaar toe.")
        if "file" in self.files and not data.get("no_names"):
            self.add_error("no_names", "Vink aan dat er geen namen van personen in het bestand staan.")
        until, dated = data.get("valid_until"), data.get("dated")
        if until and dated and until < dated:
            self.add_error("valid_until", "Dit ligt voor de datum van het stuk.")
        return data

    @property
    def facts(self) -> Facts:
        data = self.cleaned_data
        return Facts(data["title"], data["dated"], data["valid_until"])


class RemovalForm(forms.Form):
    """Why evidence goes; it stays beside the tombstone."""

    use_required_attribute = False
    reason = forms.CharField(
        label="Waarom verwijdert u dit bewijs?",
        max_length=200,
        help_text="Dit blijft staan. Noem geen namen van personen.",
        validators=[one_line],
        error_messages={"required": "Schrijf op waarom."},
    )


def _name(given: str, kind: Kind) -> str:
    """The name under which it is handed out: nothing hidden in it, and the ending of what it is."""
    stem = os.path.splitext(unicodedata.normalize("NFC", given))[0]
    plain = "".join(character for character in stem if character.isprintable()).strip(" .")
    return f"{plain[:140] or 'bewijs'}{kind.endings[0]}"
