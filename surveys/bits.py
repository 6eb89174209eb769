"""Which of a row of places are taken, as one value: a bit each. Pure."""

from __future__ import annotations


def is_set(bits: bytes, place: int) -> bool:
    at, bit = divmod(place, 8)
    return at < len(bits) and bool(bits[at] & 1 << bit)


def with_set(bits: bytes, place: int) -> bytes:
    """The same bits with this one set."""
    at, bit = divmod(place, 8)
    longer = bytearray(bits.ljust(at + 1, b"\0"))
    longer[at] |= 1 << bit
    return bytes(longer)


def count(bits: bytes) -> int:
    """How many are set."""
    return sum(one.bit_count() for one in bits)
