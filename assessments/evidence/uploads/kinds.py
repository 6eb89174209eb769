"""The kinds of files that are taken, and the words for those that are not."""

from __future__ import annotations

from dataclasses import dataclass

MAX_BYTES = 20 * 1024 * 1024
TAKEN = (
    "U kunt toevoegen: PDF, Word, Excel en PowerPoint (docx, xlsx, pptx), LibreOffice (odt, ods, odp, odg), "
    "afbeeldingen (png, jpg, webp, gif), platte tekst (txt, csv, md) en mail (eml, msg)."
)


class UploadRefused(Exception):
    """A file that is not taken; its text says why and what to do, in Dutch."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file. The first of its endings is the one it is handed out with."""

    word: str
    content_type: str
    endings: tuple[str, ...]
    shown: bool = False  # in the browser itself, because it can hold nothing that acts


PDF = Kind("PDF", "application/pdf", (".pdf",))
TEXT = Kind("tekst", "text/plain", (".txt", ".csv", ".md"))
MAIL = Kind("mail", "message/rfc822", (".eml",))
OUTLOOK = Kind("mail", "application/vnd.ms-outlook", (".msg",))
IMAGES = {
    "PNG": Kind("afbeelding (PNG)", "image/png", (".png",), shown=True),
    "JPEG": Kind("afbeelding (JPEG)", "image/jpeg", (".jpg", ".jpeg"), shown=True),
    "WEBP": Kind("afbeelding (WebP)", "image/webp", (".webp",), shown=True),
    "GIF": Kind("afbeelding (GIF)", "image/gif", (".gif",), shown=True),
}
_OOXML, _ODF = "application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument."
OFFICE = (
    Kind("Word-document", f"{_OOXML}wordprocessingml.document", (".docx",)),
    Kind("Excel-bestand", f"{_OOXML}spreadsheetml.sheet", (".xlsx",)),
    Kind("PowerPoint-presentatie", f"{_OOXML}presentationml.presentation", (".pptx",)),
)
OPEN_DOCUMENT = (
    Kind("ODF-tekst", f"{_ODF}text", (".odt",)),
    Kind("ODF-rekenblad", f"{_ODF}spreadsheet", (".ods",)),
    Kind("ODF-presentatie", f"{_ODF}presentation", (".odp",)),
    Kind("ODF-tekening", f"{_ODF}graphics", (".odg",)),
)
_BY_TYPE = {
    kind.content_type: kind for kind in (PDF, TEXT, MAIL, OUTLOOK, *IMAGES.values(), *OFFICE, *OPEN_DOCUMENT)
}
ACCEPT = ",".join(ending for kind in _BY_TYPE.values() for ending in kind.endings)


def kind_of(content_type: str) -> Kind:
    """The kind with this content type. Raises KeyError for one that is never taken."""
    return _BY_TYPE[content_type]


UNKNOWN = f"Dit soort bestand nemen wij niet aan. {TAKEN}"
EMPTY = "Het bestand is leeg. Kies een ander bestand."
TOO_LARGE = "Het bestand is te groot. Een bestand mag hoogstens 20 MB zijn."
PROGRAM = f"Dit bestand is een programma. Dat nemen wij niet aan. {TAKEN}"
ACTIVE = (
    "Dit bestand is een webpagina of bevat code (HTML, SVG of XML). Dat nemen wij niet aan. "
    "Maak er een PDF of een afbeelding van."
)
TWO_THINGS = (
    "Dit bestand is meer dan één soort bestand tegelijk. Dat nemen wij niet aan. "
    "Open het, sla het opnieuw op en probeer het nog eens."
)
DAMAGED = "Dit bestand is beschadigd of niet compleet. Open het, sla het opnieuw op en probeer het nog eens."
BOMB = (
    "Dit bestand wordt bij het uitpakken te groot. Dat nemen wij niet aan. "
    "Sla het op als PDF, of verdeel het in kleinere bestanden."
)
MACROS = (
    "In dit bestand zitten macro's. Dat nemen wij niet aan. "
    "Sla het op zonder macro's (als docx, xlsx of pptx) of als PDF."
)
LOCKED = "Dit bestand is beveiligd met een wachtwoord. Haal het wachtwoord eraf en probeer het nog eens."
OLD_OFFICE = "Dit is een oud Office-bestand. Sla het op als docx, xlsx, pptx of PDF."
ARCHIVE = (
    "Dit is een zip-bestand of een document dat wij niet kennen. Pak het uit en voeg de stukken los toe, "
    "of sla het document op als PDF."
)
TOO_MANY_PIXELS = "Deze afbeelding heeft te veel beeldpunten. Maak haar kleiner, of sla haar op als PDF."
