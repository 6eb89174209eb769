"""Input of a house style: two colours that can be read, a logo, and an address block."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from organisations.colours import HEX, LINES, TEXT, contrast, nearest, passes
from organisations.drawing import LogoRefused
from organisations.forms import OneLineMixin
from organisations.logos import MAX_BYTES, Picture, read_logo
from organisations.models import HouseStyle, Logo

MAX_LINES = 6


class TooPale(ValidationError):
    """A colour that cannot be read; `nearest` is the closest one that can."""

    def __init__(self, colour: str, needed: float, why: str) -> None:
        self.nearest = nearest(colour, needed)
        super().__init__(f"{why} Het contrast is {ratio(colour)}. Nodig is ten minste {words(needed)}.")


def words(number: float) -> str:
    """A contrast as one says it: 4,5 op 1."""
    return f"{number:g}".replace(".", ",") + " op 1"


def ratio(colour: str) -> str:
    """The contrast of the colour with white in words, rounded down: what just fails must not seem to pass."""
    return words(int(contrast(colour) * 10) / 10)


def as_colour(text: str) -> str:
    """The colour that was typed, as #rrggbb; empty for nothing. Raises ValidationError."""
    plain = text.strip().lower().removeprefix("#")
    if len(plain) == 3:
        plain = "".join(2 * sign for sign in plain)
    if plain and not HEX.fullmatch(f"#{plain}"):
        raise ValidationError("Vul een kleur in zoals #1b5a8e: een # en zes cijfers of letters van a tot f.")
    return plain and f"#{plain}"


class StyleForm(OneLineMixin):
    """Its colours are both given or both left out; the second is the first when only that is given."""

    use_required_attribute = False
    colour = forms.CharField(
        label="Kleur",
        required=False,
        max_length=9,
        help_text="Voor balken, knoppen en links, met witte tekst erop. Bijvoorbeeld #0e616c. Laat beide "
        "kleuren leeg voor de kleuren van het portaal.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
    accent = forms.CharField(
        label="Tweede kleur",
        required=False,
        max_length=9,
        help_text="Voor lijnen en accenten op wit, nooit voor tekst.",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocapitalize": "none"}),
    )
    logo = forms.FileField(
        label="Logo",
        required=False,
        help_text=f"SVG of PNG, hoogstens {MAX_BYTES // 1_000_000} MB. Het portaal maakt het bestand "
        "opnieuw, met alleen de tekening erin.",
        widget=forms.FileInput(attrs={"accept": ".svg,.png,image/svg+xml,image/png"}),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    no_logo = forms.BooleanField(label="Geen logo meer", required=False)
    logo_text = forms.CharField(
        label="Wat staat er op het logo?",
        required=False,
        max_length=120,
        help_text="Voor wie het logo niet ziet. Bijvoorbeeld: Gemeente Waterrijk.",
    )
    address = forms.CharField(
        label="Adresblok",
        required=False,
        max_length=400,
        help_text=f"Hoogstens {MAX_LINES} regels. Komt onder e-mails en in het verslag.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    website = forms.URLField(label="Website", required=False, max_length=200, assume_scheme="https")

    def __init__(self, *args: Any, style: HouseStyle | None, **kwargs: Any) -> None:
        """`style` is what to begin from."""
        names = ("colour", "accent", "logo_text", "address", "website")
        initial = {name: getattr(style, name) for name in names} | {"kept": style.logo_id} if style else {}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["address"].validators = self.fields["address"].validators[:-1]  # may have line ends
        self.picture: Picture | None = None

    def clean_colour(self) -> str:
        colour = as_colour(self.cleaned_data["colour"])
        if colour and not passes(colour, TEXT):
            raise TooPale(colour, TEXT, "Witte tekst op deze kleur is niet goed te lezen.")
        return colour

    def clean_accent(self) -> str:
        accent = as_colour(self.cleaned_data["accent"])
        if accent and not passes(accent, LINES):
            raise TooPale(accent, LINES, "Een lijn in deze kleur is op wit niet goed te zien.")
        return accent

    def clean_logo(self) -> UploadedFile[bytes] | None:
        file: UploadedFile[bytes] | None = self.cleaned_data["logo"]
        if file:
            if (file.size or 0) > MAX_BYTES:
                raise ValidationError(f"Dit bestand is te groot: hoogstens {MAX_BYTES // 1_000_000} MB.")
            try:
                self.picture = read_logo(file.read())
            except LogoRefused as refusal:
                raise ValidationError(str(refusal)) from refusal
        return file

    def clean_kept(self) -> str:
        """The logo of an earlier version, or of this form when something else in it was refused."""
        kept: str = self.cleaned_data["kept"]
        return kept if Logo.objects.filter(pk=kept).exists() else ""

    def clean_address(self) -> str:
        lines = [" ".join(line.split()) for line in self.cleaned_data["address"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MAX_LINES:
            raise ValidationError(f"Het adresblok heeft {len(lines)} regels. Hoogstens {MAX_LINES} passen.")
        return "\n".join(lines)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("accent") and "colour" in data and not data["colour"]:
            self.add_error("colour", "Vul ook de eerste kleur in, of laat beide leeg.")
        if self.has_logo and "logo_text" in data and not data["logo_text"]:
            self.add_error("logo_text", "Schrijf op wat er op het logo staat.")
        return data

    @property
    def has_logo(self) -> bool:
        data = self.cleaned_data
        return bool(self.picture or data.get("kept")) and not data.get("no_logo")

    @property
    def shown_logo(self) -> Logo | None:
        """The logo that goes with the form as it stands, to show beside it; one query if there is one."""
        key = self.data.get("kept") if self.is_bound else self.initial.get("kept")
        return Logo.objects.defer("content").filter(pk=key).first() if key else None

    @property
    def suggestions(self) -> list[tuple[str, str, str]]:
        """For each colour that is too pale: the field, its label, and the nearest that passes."""
        found = []
        for name in ("colour", "accent"):
            for fault in self.errors.as_data().get(name, []):
                if isinstance(fault, TooPale):
                    found.append((name, str(self.fields[name].label), fault.nearest))
        return found

    def version(self, logo: Logo | None) -> dict[str, Any]:
        """The fields of the version that was asked for; `logo` is the one that came with the form."""
        data = self.cleaned_data
        return {
            "colour": data["colour"],
            "accent": data["accent"] or data["colour"],
            "logo": (logo or Logo.objects.filter(pk=data["kept"]).first()) if self.has_logo else None,
            "logo_text": data["logo_text"] if self.has_logo else "",
            "address": data["address"],
            "website": data["website"],
        }
