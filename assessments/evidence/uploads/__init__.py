"""What may be handed in as a file: recognised by its content, held to limits, scanned for viruses."""

from assessments.evidence.uploads.contents import recognise
from assessments.evidence.uploads.kinds import MAX_BYTES, Kind, UploadRefused, kind_of

__all__ = ["MAX_BYTES", "Kind", "UploadRefused", "kind_of", "recognise"]
