"""What the electronic seals in a PDF say: by whom, when, and whether the file is still what was sealed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from asn1crypto import x509
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from reports.verifying.findings import SealSaid

MOST: Final = 5  # of more seals in one file the first are told
# The seal of an organisation is made with either; a person's signature would have to have the second.
USAGE: Final = KeyUsageConstraints(
    key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False
)
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it logs what it also returns, with a traceback
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def seals_in(content: bytes, roots: Sequence[Path] = ()) -> list[SealSaid]:
    """The seals of a PDF, in the order in which they were set; `roots` are PEM files to trust.

    A file without any, that pyHanko cannot read besides, has none. One that cannot be read is not intact.
    """
    if b"/ByteRange" not in content:
        return []
    trusted = list(load_certs_from_pemder(map(str, roots))) if roots else []  # type: ignore[no-untyped-call]
    signatures = PdfFileReader(BytesIO(content), strict=False).embedded_regular_signatures
    return [_said(one, trusted) for one in signatures[:MOST]]


def _said(signature: EmbeddedPdfSignature, roots: list[x509.Certificate]) -> SealSaid:
    """What one seal says. Its certificate is judged as of the moment of sealing: later it always expires.

    `skip_diff`: what was added after sealing is never right for a report, so there is nothing to weigh; and
    on tagged files that weighing takes half a minute.
    """
    name, at = _name(signature), signature.self_reported_timestamp
    context = ValidationContext(trust_roots=roots, allow_fetching=False, moment=at)
    try:
        status = validate_pdf_signature(
            signature, context, ts_validation_context=context, key_usage_settings=USAGE, skip_diff=True
        )
    except Exception:  # whatever a broken seal makes the library do: it is not intact
        return SealSaid(name, _iso(at), False, False, False, None)
    stamp = status.timestamp_validity
    stamped = bool(stamp and stamp.valid and stamp.intact)
    return SealSaid(
        by=name,
        at=_iso(stamp.timestamp if stamp and stamped else at),
        stamped=stamped,
        intact=status.intact and status.valid,
        whole=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        trusted=bool(status.trusted) if roots else None,
    )


def _name(signature: EmbeddedPdfSignature) -> str:
    """The common name of who sealed; another name from the certificate when it has none."""
    try:
        names = signature.signer_cert.subject.native
    except Exception:  # a certificate is a file of a stranger too
        return "onbekend"
    found = names.get("common_name") or names.get("organization_name") or "onbekend"
    return "".join(sign for sign in str(found) if sign.isprintable())[:120]


def _iso(moment: datetime | None) -> str:
    return moment.isoformat(timespec="minutes") if moment else ""
