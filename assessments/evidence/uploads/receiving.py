"""Takes in no more of a file than it takes to see that it is too large."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from assessments.evidence.uploads.kinds import MAX_BYTES


class UpToTheLimit(FileUploadHandler):
    """Stands before Django's handlers and drops what comes after the limit; the form then says "te groot".

    Without it Django would write an upload of any size to the temporary folder before a form sees it.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start <= MAX_BYTES else None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        return None
