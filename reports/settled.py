"""Office files (docx, xlsx) that are the same bytes for the same input, of text that they can hold."""

import re
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip file knows
CORE: Final = "docProps/core.xml"  # where the files keep when they were changed
MODIFIED: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
# XML has no place for these; they come in by pasting.
UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without the characters that an office file cannot hold."""
    return UNPRINTABLE.sub("", text)


def settled(content: bytes, *, modified: datetime) -> bytes:
    """The file as if it was written at `modified`: else it tells the moment, and is never the same twice."""
    moment = modified.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(written, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, on every system
            part = source.read(name)
            target.writestr(entry, MODIFIED.sub(rb"\g<1>" + moment, part) if name == CORE else part)
    return written.getvalue()
