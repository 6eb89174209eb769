"""Documents that are zip files inside: OOXML (Word, Excel, PowerPoint) and ODF (LibreOffice)."""

from __future__ import annotations

import os
import re
import zipfile
from typing import BinaryIO

from assessments.evidence.uploads.kinds import (
    ARCHIVE,
    BOMB,
    DAMAGED,
    LOCKED,
    MACROS,
    OFFICE,
    OPEN_DOCUMENT,
    TWO_THINGS,
    Kind,
    UploadRefused,
)

MAX_ENTRIES = 5000
MAX_UNPACKED = 100 * 1024 * 1024  # what checking it may cost: about a second
MAX_RATIO = 200  # spreadsheets full of the same cell reach 50; deflate itself ends at 1032
SMALL = 10 * 1024 * 1024  # below this no ratio is dangerous
_DIRECTORY_ENTRY = b"PK\x01\x02"
_LONGEST_PART = 1024 * 1024
_MACRO_PARTS = re.compile(
    r"vbaproject|vbadata|macrosheets/|activex/|^scripts/|^basic/.+(?<!script-l[bc])\.xml$"
)
_ESCAPES = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|\x00")


def document_kind(file: BinaryIO) -> Kind:
    """The kind of the document in this zip file. Raises `UploadRefused`.

    What it would unpack to is judged before anything is unpacked; then every part is read once, so that a
    document that is taken can be opened.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if file.read().count(_DIRECTORY_ENTRY) > MAX_ENTRIES:
        raise UploadRefused(BOMB)
    try:
        with zipfile.ZipFile(file) as package:
            _refuse_what_unpacks_badly(package.infolist(), size)
            kind = _kind(package)
            if kind is None:
                raise UploadRefused(ARCHIVE)
            if package.testzip() is not None:
                raise UploadRefused(DAMAGED)
            return kind
    except UploadRefused:
        raise
    except Exception as fault:  # what zipfile and zlib raise on made-up bytes is no closed list
        raise UploadRefused(DAMAGED) from fault


def _refuse_what_unpacks_badly(entries: list[zipfile.ZipInfo], size: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or unpacked > max(SMALL, MAX_RATIO * size):
        raise UploadRefused(BOMB)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UploadRefused(LOCKED)
    if min((entry.header_offset for entry in entries), default=1) != 0:
        raise UploadRefused(TWO_THINGS)  # something stands before the first part
    for entry in entries:
        if _ESCAPES.search(entry.orig_filename):
            raise UploadRefused(DAMAGED)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UploadRefused(ARCHIVE)
        # Packed it is far more than it says to become: it lies, and another program may believe the bytes.
        if entry.compress_size > entry.file_size * 1.1 + 1024:
            raise UploadRefused(BOMB)


def _kind(package: zipfile.ZipFile) -> Kind | None:
    names = package.namelist()
    if len({name.lower() for name in names}) != len(names):
        raise UploadRefused(DAMAGED)  # which of two parts with one name counts differs per program
    if any(_MACRO_PARTS.search(name.lower()) for name in names):
        raise UploadRefused(MACROS)
    if "[Content_Types].xml" in names:
        return _office(_part(package, "[Content_Types].xml"))
    if "mimetype" in names:
        return _open_document(package)
    return None


def _office(types: bytes) -> Kind | None:
    if re.search(rb"macroenabled|vbaproject|macrosheet|activex", types, re.IGNORECASE):
        raise UploadRefused(MACROS)
    return next((kind for kind in OFFICE if f"{kind.content_type}.main+xml".encode() in types), None)


def _open_document(package: zipfile.ZipFile) -> Kind | None:
    if "META-INF/manifest.xml" in package.namelist():
        manifest = _part(package, "META-INF/manifest.xml")
        if b"encryption-data" in manifest:
            raise UploadRefused(LOCKED)
        if b"application/vnd.sun.star.basic" in manifest:
            raise UploadRefused(MACROS)
    written = _part(package, "mimetype").strip()
    return next((kind for kind in OPEN_DOCUMENT if kind.content_type.encode() == written), None)


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    with package.open(name) as part:
        content = part.read(_LONGEST_PART + 1)
    if len(content) > _LONGEST_PART:
        raise UploadRefused(BOMB)
    return content
