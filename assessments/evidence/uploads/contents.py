"""What a file is, by what is in it. Its name is believed only where it agrees with that."""

from __future__ import annotations

import os
import re
import zipfile
from email.parser import BytesHeaderParser
from typing import BinaryIO

import olefile
from PIL import Image, ImageFile

from assessments.evidence.uploads.kinds import (
    ACTIVE,
    DAMAGED,
    EMPTY,
    IMAGES,
    LOCKED,
    MAIL,
    MAX_BYTES,
    OLD_OFFICE,
    OUTLOOK,
    PDF,
    PROGRAM,
    TEXT,
    TOO_LARGE,
    TOO_MANY_PIXELS,
    TWO_THINGS,
    UNKNOWN,
    Kind,
    UploadRefused,
)
from assessments.evidence.uploads.packages import document_kind

MAX_PIXELS = 50_000_000  # an A4 page scanned at 600 dpi is 35 million; decoded it is 150 MB for a moment
_HEAD = 1024
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe")
_IMAGE = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP", re.DOTALL)
_MARKUP = re.compile(r"<\s*(!doctype|html|head|body|script|iframe|svg|\?xml|\?php|!entity)\b", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def recognise(file: BinaryIO, name: str) -> Kind:
    """The kind of this file, which came under this name. Raises `UploadRefused`.

    The file is left at its beginning.
    """
    size = file.seek(0, os.SEEK_END)
    if not size:
        raise UploadRefused(EMPTY)
    if size > MAX_BYTES:
        raise UploadRefused(TOO_LARGE)
    file.seek(0)
    ending = os.path.splitext(name)[1].lower()
    kind = _by_content(file, file.read(_HEAD), ending)
    if ending not in kind.endings:
        raise UploadRefused(
            f"De naam van het bestand past niet bij wat erin zit: {kind.word}. "
            f"Laat de naam eindigen op {kind.endings[0]} of kies het goede bestand."
        )
    file.seek(0)
    return kind


def _by_content(file: BinaryIO, head: bytes, ending: str) -> Kind:
    if head.startswith(b"PK\x03\x04"):
        return document_kind(file)
    if head.startswith(olefile.MAGIC):
        return _compound(file)
    if head.startswith(b"%PDF-"):
        _refuse_two_things(file, head)
        return _pdf(file)
    if _IMAGE.match(head):
        _refuse_two_things(file, head)
        return _image(file)
    if head.startswith(_PROGRAMS):
        raise UploadRefused(PROGRAM)
    file.seek(0)
    content = file.read()
    return _mail(content) if ending == ".eml" else _text(content, ending)


def _refuse_two_things(file: BinaryIO, head: bytes) -> None:
    """One file must not be a picture to one program and a page, a PDF or an archive to another."""
    if b"%PDF-" in head[1:] or _MARKUP.search(head.decode("latin-1")) or zipfile.is_zipfile(file):
        raise UploadRefused(TWO_THINGS)


def _pdf(file: BinaryIO) -> Kind:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 2048))
    before, mark, after = file.read().rpartition(b"%%EOF")
    if not mark or b"startxref" not in before:
        raise UploadRefused(DAMAGED)
    if after.strip(b"\x00\t\n\x0c\r "):
        raise UploadRefused(TWO_THINGS)
    return PDF


def _image(file: BinaryIO) -> Kind:
    file.seek(0)
    # WeasyPrint, where it is loaded, makes Pillow take half a picture for a whole one in the whole process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(file, formats=list(IMAGES)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UploadRefused(TOO_MANY_PIXELS)
            image.load()
            return IMAGES[str(image.format)]
    except UploadRefused:
        raise
    except Image.DecompressionBombError as fault:
        raise UploadRefused(TOO_MANY_PIXELS) from fault
    except Exception as fault:  # what the decoders raise on made-up bytes is no closed list
        raise UploadRefused(DAMAGED) from fault


def _compound(file: BinaryIO) -> Kind:
    """Microsoft's older container: a mail of Outlook, a document with a password, or an old document."""
    file.seek(0)
    try:
        with olefile.OleFileIO(file) as container:
            if container.exists("EncryptedPackage"):
                raise UploadRefused(LOCKED)
            if container.exists("__properties_version1.0"):
                return OUTLOOK
    except UploadRefused:
        raise
    except Exception as fault:  # as with images
        raise UploadRefused(DAMAGED) from fault
    raise UploadRefused(OLD_OFFICE)


def _mail(content: bytes) -> Kind:
    headers = BytesHeaderParser().parsebytes(content[: 256 * 1024])
    if b"\x00" in content or not headers["From"] or not (headers["Date"] or headers["Message-ID"]):
        raise UploadRefused(UNKNOWN)
    return MAIL


def _text(content: bytes, ending: str) -> Kind:
    """Text says little of itself: also a script is text. So here the name counts too."""
    text = _decoded(content)
    if _CONTROL.search(text):
        raise UploadRefused(UNKNOWN)
    if _MARKUP.search(text):
        raise UploadRefused(ACTIVE)
    if ending not in TEXT.endings:
        raise UploadRefused(UNKNOWN)
    return TEXT


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")  # as Windows wrote it before
