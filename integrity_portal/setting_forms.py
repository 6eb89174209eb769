"""The form that the values of settings must have; settings.py reads them, docs/settings.md lists them."""

import re
from ipaddress import ip_network

from environs import ValidationError


def origin(value: str) -> None:
    """A scheme and a host; raises ValidationError otherwise, as all of these do."""
    if not re.fullmatch(r"https?://[^/\s]+", value):
        raise ValidationError("It must be like https://portaal.example, with no path.")


def origins(values: list[str]) -> None:
    """Each of them an origin."""
    for value in values:
        origin(value)


def contact(value: str) -> None:
    """What security.txt may hold as a contact (RFC 9116 2.5.3), or nothing."""
    if value and not re.fullmatch(r"(mailto:[^@\s]+@[^@\s]+|https://\S+|tel:\+[0-9-]+)", value):
        raise ValidationError("It must begin with mailto:, https:// or tel:+.")


def networks(values: list[str]) -> None:
    """Each a network in CIDR notation, without bits of a host."""
    for value in values:
        try:
            ip_network(value)
        except ValueError as fault:
            raise ValidationError(f"It must be like 10.20.0.0/16: {fault}") from fault


def scanner(value: str) -> None:
    """Where ClamAV listens, or nothing."""
    if value and not re.fullmatch(r"/.+|([^/:\s]+|\[[0-9a-fA-F:]+\]):[0-9]{1,5}", value):
        raise ValidationError("It must be the path of a socket, or host:port.")
