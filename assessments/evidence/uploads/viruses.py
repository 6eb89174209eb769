"""Asks ClamAV's daemon whether a file holds something known to be bad."""

from __future__ import annotations

import logging
import re
import socket
import struct
from typing import BinaryIO

from assessments.evidence.uploads.kinds import UploadRefused

TIMEOUT = 30  # seconds for each step; a document of 20 MB takes the daemon a few
INFECTED = "De virusscanner vond iets in dit bestand. Het is niet opgeslagen. Vraag uw beheerder om hulp."
NOT_SCANNED = (
    "De virusscanner geeft geen antwoord. Daarom is het bestand niet opgeslagen. Probeer het straks nog eens."
)
HOST_AND_PORT = re.compile(r"([^/:\s]+|\[[0-9a-fA-F:]+\]):([0-9]{1,5})")
_CHUNK = 64 * 1024
logger = logging.getLogger(__name__)


def refuse_infected(file: BinaryIO, address: str) -> None:
    """Returns when the daemon at this address (a socket's path, or host:port) says that the file is clean.

    Raises `UploadRefused` in every other case: a scanner that is out of reach passes nothing.
    """
    try:
        verdict = _ask(file, address)
    except OSError as fault:
        logger.error("clamd at %s gave no answer: %s", address, fault)
        raise UploadRefused(NOT_SCANNED) from fault
    if verdict == "stream: OK":
        return
    logger.error("clamd said: %s", verdict)
    raise UploadRefused(INFECTED if verdict.endswith(" FOUND") else NOT_SCANNED)


def _ask(file: BinaryIO, address: str) -> str:
    """The daemon's answer to INSTREAM (clamd(8)): each piece with its length before it, a zero at the end."""
    file.seek(0)
    with _connected(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        while piece := file.read(_CHUNK):
            connection.sendall(struct.pack("!I", len(piece)) + piece)
        connection.sendall(struct.pack("!I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < 4096 and (more := connection.recv(4096)):
            answer += more
    file.seek(0)
    return answer.rstrip(b"\0\n").decode("utf-8", errors="replace")


def _connected(address: str) -> socket.socket:
    if found := HOST_AND_PORT.fullmatch(address):
        return socket.create_connection((found[1].strip("[]"), int(found[2])), timeout=TIMEOUT)
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(TIMEOUT)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection
