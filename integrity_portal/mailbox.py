"""The demo's mailbox: every mail that the portal would have sent, from the files that lie in VAR_DIR/mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings

# So Django's file backend parts the mails of one file; each file is one connection's.
LINE = b"\n" + b"-" * 79 + b"\n"
NEWEST = 100  # files


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail; `name` is its address in the mailbox."""

    name: str
    to: str
    sender: str
    subject: str
    sent_at: datetime | None
    text: str
    html: str


def mails() -> list[Mail]:
    """The newest mails, newest first; none before the first is written."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = sorted(folder.glob("*.log"), key=lambda file: (file.stat().st_mtime, file.name), reverse=True)
    return [mail for file in files[:NEWEST] for mail in reversed(list(_read(file)))]


def find(name: str) -> Mail | None:
    return next((mail for mail in mails() if mail.name == name), None)


def _read(file: Path) -> Iterator[Mail]:
    for number, raw in enumerate(part for part in file.read_bytes().split(LINE) if part.strip()):
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        yield Mail(
            name=f"{file.stem}-{number}",
            to=str(message["To"]),
            sender=str(message["From"]),
            subject=str(message["Subject"]),
            sent_at=_date(str(message["Date"] or "")),
            text=_body(message, "plain"),
            html=_body(message, "html"),
        )


def _date(header: str) -> datetime | None:
    """Django writes the zone as -0000, which is UTC of which the sender's own zone is not told."""
    if not header:
        return None
    found = parsedate_to_datetime(header)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
