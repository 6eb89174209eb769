"""What is frozen: a document's one canonical text, and the checksum of that text."""

import hashlib
import json


def canonical_json(value: object) -> str:
    """The one JSON text of a plain value: keys sorted, no insignificant white space, no needless escapes.

    Raises ValueError for what JSON cannot hold (nan, infinity) and TypeError for objects that are not plain.
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def digest(document: str) -> str:
    """The SHA-256 of a document's UTF-8 bytes, as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(document.encode()).hexdigest()
