"""The electronic seal of an organisation in the PDF of its report: PAdES B-B, or B-T with a time stamp.

Which certificate an organisation seals with stands in a file of the administrator's (the setting SEALS), a
table for each slug:

    [waterrijk]
    pkcs12 = "/etc/portaal/waterrijk.p12"
    password = "/etc/portaal/waterrijk.txt"      # a file that holds it
    timestamp = "https://tijdstempel.example/"   # optional

    [hoogezand]
    module = "/usr/lib/softhsm/libsofthsm2.so"   # PKCS#11; needs the extra "pkcs11"
    token = "hoogezand"
    key = "zegel"                                # label of the key and of its certificate
    pin = "/etc/portaal/hoogezand-pin.txt"       # a file that holds it

The field is in the PDF before (reports/seal_field.py), with a tag, so that the file stays PDF/UA and PDF/A.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from asn1crypto import tsp
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.timestamps import TimeStamper
from requests import RequestException

from organisations import outgoing
from reports.norms import SEAL_FIELD

PKCS12: Final = frozenset({"pkcs12", "password", "timestamp"})
PKCS11: Final = frozenset({"module", "token", "key", "pin", "timestamp"})


class SealFailed(Exception):
    """There is no seal; the message says why, in Dutch."""


@dataclass(frozen=True, slots=True)
class Seal:
    """How one organisation seals: one of the two kinds of key, and perhaps a time stamp server."""

    table: Mapping[str, str]

    @classmethod
    def of(cls, path: Path | None, slug: str) -> Seal | None:
        """The seal of an organisation; None when it has none. Raises SealFailed for a file that is wrong."""
        if path is None:
            return None
        try:
            tables = tomllib.loads(path.read_text("utf-8"))
        except (OSError, ValueError) as fault:
            raise SealFailed(f"Het bestand met zegels {path} is niet te lezen: {fault}") from fault
        table = tables.get(slug)
        if table is None:
            return None
        if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
            raise SealFailed(f"Het zegel van {slug} in {path} is geen tabel met teksten.")
        return cls(_checked(table, f"Het zegel van {slug} in {path}"))

    def set(self, content: bytes) -> bytes:
        """The PDF with the seal in its field. Raises SealFailed."""
        try:
            with self._signer() as signer:
                return _sealed(content, signer, self._stamper())
        except SealFailed:
            raise
        except Exception as fault:  # the libraries and a token's module raise whatever they like
            raise SealFailed(f"Het zegel is niet gezet: {type(fault).__name__}: {fault}") from fault

    @contextmanager
    def _signer(self) -> Iterator[signers.Signer]:
        signer = _from_file(self.table) if "pkcs12" in self.table else _from_token(self.table)
        _check_dates(signer)
        try:
            yield signer
        finally:
            if "module" in self.table:
                signer.pkcs11_session.close()  # type: ignore[attr-defined]  # of the one kind only

    def _stamper(self) -> TimeStamper | None:
        return Rfc3161(self.table["timestamp"]) if "timestamp" in self.table else None


def _checked(table: dict[str, str], what: str) -> dict[str, str]:
    """The table, when it has the keys of one of the two kinds. Raises SealFailed."""
    wanted = PKCS12 if "pkcs12" in table else PKCS11
    wrong = sorted((table.keys() ^ wanted) - {"timestamp"})
    if wrong:
        raise SealFailed(f"{what} heeft iets te veel of te weinig: {', '.join(wrong)}.")
    if not table.get("timestamp", "https://").startswith("https://"):
        raise SealFailed(f"{what} noemt een tijdstempel zonder https.")
    return table


def _secret(path: str) -> str:
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, ValueError) as fault:
        raise SealFailed(f"Het wachtwoord van het zegel is niet te lezen: {fault}") from fault


def _from_file(table: Mapping[str, str]) -> signers.Signer:
    try:
        content = Path(table["pkcs12"]).read_bytes()
    except OSError as fault:
        raise SealFailed(f"Het certificaat van het zegel is niet te lezen: {fault}") from fault
    try:
        signer: signers.Signer = signers.SimpleSigner.load_pkcs12_data(
            content, [], _secret(table["password"]).encode()
        )
    except ValueError as fault:
        raise SealFailed("Het certificaat van het zegel is niet te openen: verkeerd wachtwoord?") from fault
    return signer


def _from_token(table: Mapping[str, str]) -> signers.Signer:
    try:
        from pkcs11 import PKCS11Error  # an extra that only who has a token installs
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError as missing:
        raise SealFailed("Voor een zegel op een token is het pakket python-pkcs11 nodig.") from missing
    try:
        criteria = TokenCriteria(label=table["token"])
        session = open_pkcs11_session(
            table["module"], token_criteria=criteria, user_pin=_secret(table["pin"])
        )
    except PKCS11Error as fault:
        raise SealFailed(
            f"Het token van het zegel is niet te openen: {type(fault).__name__} {fault}"
        ) from fault
    # The hash is made here: not every token can, and the key does not care.
    return PKCS11Signer(
        session, table["key"], key_label=table["key"], bulk_fetch=False, use_raw_mechanism=True
    )


def _check_dates(signer: signers.Signer) -> None:
    """pyHanko seals with an expired certificate without a word."""
    certificate = signer.signing_cert
    if certificate is None:
        raise SealFailed("Bij de sleutel van het zegel is geen certificaat.")
    now = datetime.now(UTC)
    if now > certificate.not_valid_after:
        raise SealFailed(
            f"Het certificaat van het zegel is verlopen op {certificate.not_valid_after:%d-%m-%Y}."
        )
    if now < certificate.not_valid_before:
        raise SealFailed(
            f"Het certificaat van het zegel geldt pas vanaf {certificate.not_valid_before:%d-%m-%Y}."
        )


class Unchanged(IncrementalPdfFileWriter):
    """Adds to a PDF and leaves its metadata: pyHanko would write them anew, and not as PDF/A asks."""

    def _update_meta(self) -> None:
        pass


def _sealed(content: bytes, signer: signers.Signer, stamper: TimeStamper | None) -> bytes:
    how = signers.PdfSignatureMetadata(
        field_name=SEAL_FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=False,
    )
    writer = Unchanged(BytesIO(content), strict=True)
    made = signers.PdfSigner(how, signer, timestamper=stamper).sign_pdf(writer, existing_fields_only=True)
    sealed: bytes = made.getvalue()
    return sealed


class Rfc3161(TimeStamper):
    """Asks a time stamp of a server by https: pyHanko's own client would need a running event loop."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(await asyncio.to_thread(self._ask, req.dump()))

    def _ask(self, question: bytes) -> bytes:
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        try:
            answer = outgoing.session().post(self.url, data=question, headers=headers)
            answer.raise_for_status()
        except RequestException as fault:
            raise SealFailed(f"De server voor het tijdstempel geeft geen antwoord: {fault}") from fault
        return answer.content
