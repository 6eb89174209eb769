"""No stream of a PDF ends in a carriage return.

pydyf writes a line feed and "endstream" after a stream. When a stream's own last byte is a carriage return,
which chance makes of one compressed stream in 256, the two look like one line end, and a strict reader of
PDF/A finds the stream a byte shorter than it says.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pydyf  # type: ignore[import-untyped]  # publishes no types

UNCLEAR: Final = b"\r\nendstream"
_data = pydyf.Stream.data


@contextmanager
def clear_ends() -> Iterator[None]:
    """While this is open, streams are written so that their ends are clear."""
    pydyf.Stream.data = property(clear_data)
    try:
        yield
    finally:
        pydyf.Stream.data = _data


def clear_data(stream: Any) -> bytes:
    """Take the place of pydyf's property of this name: the stream as it stands in the file."""
    written: bytes = _data.fget(stream)
    if not written.endswith(UNCLEAR):
        return written
    if stream.extra and stream.extra.get("Type") != "/ObjStm":  # a font, a file: each byte of it counts
        return written if not stream.compress else clear_data(pydyf.Stream(stream.stream, stream.extra))
    return clear_data(pydyf.Stream([*stream.stream, b" "], stream.extra, stream.compress))
