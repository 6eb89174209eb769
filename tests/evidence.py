"""Evidence for the tests, and a look at what is kept of it on the disk."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date
from pathlib import Path
from typing import cast

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.models import Assessment, Evidence
from assessments.models.evidence import Upload, evidence_storage
from organisations.models import User
from tests.pages import answer_url


def folder() -> Path:
    return Path(cast(FileSystemStorage, evidence_storage()).location)


def kept() -> set[Path]:
    """Every file of evidence on the disk."""
    return {path for path in folder().rglob("*") if path.is_file()}


def make_evidence(
    round_: Assessment,
    by: User,
    question: str = "PA-01",
    title: str = "Gedragscode",
    content: bytes = b"De code.",
    **more: object,
) -> Evidence:
    """A text file at this question, whatever the state of the round."""
    return Evidence.objects.create(
        assessment=round_,
        question=question,
        title=title,
        dated=date(2026, 3, 1),
        file=evidence_storage().save(secrets.token_hex(20), ContentFile(content)),
        name="code.txt",
        content_type="text/plain",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        added_by=by,
        **more,
    )


class Sent(SimpleUploadedFile):
    """A file as a browser sends it; `found` is what the form makes of it."""

    @property
    def found(self) -> Upload:
        content = self.read()
        return Upload(self, self.name or "", "application/pdf", hashlib.sha256(content).hexdigest(), False)


def upload(name: str, content: bytes) -> Sent:
    """The name is sent as it is, as a browser that is not to be trusted would."""
    file = Sent("x", content)
    setattr(file, "_name", name)  # noqa: B010  # its property would clean the name
    return file


def evidence_url(round_: Assessment, question: str = "PA-01") -> str:
    return f"{answer_url(round_, question)}bewijs/"
