"""A report with a seal of the organisation stays accessible and archivable, and any change shows."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import page as validator
import pikepdf
import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from assessments.models import Edition
from assessments.status import Status
from organisations.models import User
from reports import pdf, tasks
from reports.models import ReportFile
from reports.sealing import Rfc3161, Seal, SealFailed
from reports.verifying.seals import seals_in
from tests.cast import make_adopted
from tests.test_pdf import AT, CHAPTER

pytestmark = pytest.mark.anywhere

NOW = datetime.now(UTC)
PROFILES = [validator.ValidationProfile.PDF_UA_1, validator.ValidationProfile.PDF_A_3A]
SOFTHSM = Path("/usr/lib/softhsm/libsofthsm2.so")


class Certificate(NamedTuple):
    key: Any
    certificate: x509.Certificate


def issued(
    name: str, by: Certificate | None = None, days: int = 30, key: Any = None, stamps: bool = False
) -> Certificate:
    """A certificate that holds until so many days from now; of its own when nobody issued it."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=60))
        .not_valid_after(NOW + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
    )
    usage = {"digital_signature": True, "content_commitment": by is not None, "key_cert_sign": by is None}
    rest = (
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    made = made.add_extension(x509.KeyUsage(**usage, **dict.fromkeys(rest, False)), critical=True)
    if stamps:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Certificate(key, made.sign(by.key if by else key, hashes.SHA256()))


@pytest.fixture(scope="module")
def root() -> Certificate:
    return issued("Proefuitgever", days=3000)


@pytest.fixture(scope="module")
def unsealed() -> bytes:
    return pdf.render(CHAPTER.format("<p>Tekst.</p>"), at=AT, sealed=True).content


class Office:
    """Where an administrator keeps the certificates."""

    def __init__(self, folder: Path, root: Certificate) -> None:
        self.folder, self.root, self.seals = folder, root, folder / "zegels.toml"
        pem = root.certificate.public_bytes(serialization.Encoding.PEM)
        (folder / "uitgever.pem").write_bytes(pem)
        (folder / "wachtwoord.txt").write_text("geheim\n")

    def certified(self, days: int = 30, **more: str) -> Seal:
        made = issued("Gemeente Waterrijk", self.root, days)
        closed = serialization.BestAvailableEncryption(b"geheim")
        kept = pkcs12.serialize_key_and_certificates(b"zegel", made.key, made.certificate, None, closed)
        (self.folder / "waterrijk.p12").write_bytes(kept)
        return self.seal(
            pkcs12=str(self.folder / "waterrijk.p12"), password=str(self.folder / "wachtwoord.txt"), **more
        )

    def seal(self, **table: str) -> Seal:
        lines = [f'{key} = "{value}"' for key, value in table.items()]
        self.seals.write_text("\n".join(["[waterrijk]", *lines]))
        seal = Seal.of(self.seals, "waterrijk")
        assert seal
        return seal

    @property
    def roots(self) -> list[Path]:
        return [self.folder / "uitgever.pem"]


@pytest.fixture
def office(tmp_path: Path, root: Certificate) -> Office:
    return Office(tmp_path, root)


# The field


@pytest.mark.parametrize("profile", PROFILES)
def test_a_sealed_report_stays_accessible_and_archivable(
    unsealed: bytes, office: Office, profile: validator.ValidationProfile
) -> None:
    for content in (unsealed, office.certified().set(unsealed)):
        found = validator.validate_pdf_bytes(content, profile=profile)
        assert found.is_compliant, [str(failure) for failure in found.failures]


def test_the_seal_only_adds_to_the_file_and_leaves_its_metadata(unsealed: bytes, office: Office) -> None:
    sealed = office.certified().set(unsealed)
    assert sealed.startswith(unsealed)
    with pikepdf.open(BytesIO(unsealed)) as before, pikepdf.open(BytesIO(sealed)) as after:
        assert before.Root.Metadata.read_bytes() == after.Root.Metadata.read_bytes()
        assert len(after.Root.AcroForm.Fields) == 1


# What it says


def test_it_says_who_sealed_it_and_that_nothing_changed(unsealed: bytes, office: Office) -> None:
    sealed = office.certified().set(unsealed)
    (said,) = seals_in(sealed, office.roots)
    assert (said.by, said.intact, said.whole, said.trusted, said.stamped) == (
        "Gemeente Waterrijk",
        True,
        True,
        True,
        False,
    )
    assert seals_in(sealed)[0].trusted is None
    assert seals_in(unsealed) == []


def test_who_issued_it_is_asked_for(unsealed: bytes, office: Office, tmp_path: Path) -> None:
    other = issued("Iemand anders").certificate.public_bytes(serialization.Encoding.PEM)
    (tmp_path / "ander.pem").write_bytes(other)
    (said,) = seals_in(office.certified().set(unsealed), [tmp_path / "ander.pem"])
    assert said.intact and said.trusted is False


def test_a_change_of_one_byte_breaks_the_seal(unsealed: bytes, office: Office) -> None:
    sealed = office.certified().set(unsealed)
    at = sealed.index(b"Proef")
    (said,) = seals_in(sealed[:at] + b"p" + sealed[at + 1 :], office.roots)
    assert not said.intact


def test_what_is_added_after_the_seal_shows(unsealed: bytes, office: Office) -> None:
    sealed = office.certified().set(unsealed)
    (said,) = seals_in(sealed + b"\n% iets erbij\n", office.roots)
    assert not (said.intact and said.whole)


# With a time stamp


@pytest.fixture
def stamper(root: Certificate) -> DummyTimeStamper:
    key = rsa.generate_private_key(65537, 2048)
    made = issued("Proeftijdstempel", root, key=key, stamps=True)
    der = serialization.Encoding.DER
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return DummyTimeStamper(
        asn1_x509.Certificate.load(made.certificate.public_bytes(der)),
        asn1_keys.PrivateKeyInfo.load(key.private_bytes(der, *plain)),
    )


def test_a_time_stamp_confirms_the_moment(
    unsealed: bytes, office: Office, stamper: DummyTimeStamper, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(self: Rfc3161, question: bytes) -> bytes:
        made: bytes = stamper.request_tsa_response(tsp.TimeStampReq.load(question)).dump()
        return made

    monkeypatch.setattr(Rfc3161, "_ask", answer)
    sealed = office.certified(timestamp="https://tijd.example/").set(unsealed)
    (said,) = seals_in(sealed, office.roots)
    assert said.stamped and said.intact and said.whole and said.trusted
    for profile in PROFILES:
        assert validator.validate_pdf_bytes(sealed, profile=profile).is_compliant


def test_a_time_stamp_server_that_is_down_fails_the_seal(
    unsealed: bytes, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = office.certified(timestamp="https://127.0.0.1:9/")
    with pytest.raises(SealFailed, match="tijdstempel geeft geen antwoord"):
        seal.set(unsealed)


# What goes wrong


def test_an_expired_certificate_is_refused(unsealed: bytes, office: Office) -> None:
    with pytest.raises(SealFailed, match="verlopen op"):
        office.certified(days=-1).set(unsealed)


def test_a_wrong_password_is_refused(unsealed: bytes, office: Office) -> None:
    seal = office.certified()
    (office.folder / "wachtwoord.txt").write_text("anders")
    with pytest.raises(SealFailed, match="verkeerd wachtwoord"):
        seal.set(unsealed)


def test_a_file_without_a_field_is_not_sealed(office: Office) -> None:
    plain = pdf.render(CHAPTER.format("<p>Tekst.</p>"), at=AT).content
    with pytest.raises(SealFailed, match="niet gezet"):
        office.certified().set(plain)


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"pkcs12": "a"},
        {"pkcs12": "a", "password": "b", "wachtwoord": "c"},
        {"module": "a", "token": "b", "key": "c"},
        {"pkcs12": "a", "password": "b", "timestamp": "http://tijd.example/"},
    ],
)
def test_a_table_that_is_wrong_is_refused_by_name(office: Office, table: dict[str, str]) -> None:
    with pytest.raises(SealFailed, match="waterrijk"):
        office.seal(**table)


def test_a_file_of_seals_that_is_missing_or_broken_is_refused(office: Office) -> None:
    for content in (None, "[waterrijk", "waterrijk = 1"):
        if content:
            office.seals.write_text(content)
        with pytest.raises(SealFailed):
            Seal.of(office.seals, "waterrijk")


def test_who_is_not_in_the_file_does_not_seal(office: Office) -> None:
    office.certified()
    assert Seal.of(office.seals, "hoogezand") is None
    assert Seal.of(None, "waterrijk") is None


# In the making of a report


@pytest.fixture
def edition(cast: dict[str, User]) -> Edition:
    round_ = make_adopted(cast, Status.SUBMITTED)
    return Edition.objects.get(adoption__assessment=round_)


def test_what_is_offered_to_the_council_is_sealed_and_says_so(
    edition: Edition, office: Office, settings: Any
) -> None:
    office.certified()
    settings.SEALS = office.seals
    file, _ = ReportFile.objects.want(edition.adoption, "council")
    tasks.make_report.call(file.pk)
    file.refresh_from_db()
    content = bytes(file.pdf or b"")
    assert [one.intact and one.whole for one in seals_in(content)] == [True]


def test_a_report_that_cannot_be_sealed_is_not_kept_without(
    edition: Edition, office: Office, settings: Any
) -> None:
    office.certified(days=-1)
    settings.SEALS = office.seals
    file, _ = ReportFile.objects.want(edition.adoption, "council")
    with pytest.raises(SealFailed):
        tasks.make_report.call(file.pk)
    file.refresh_from_db()
    assert not file.is_made and "verlopen" in file.failure


# With a key that never leaves its token


@pytest.fixture
def token(tmp_path: Path, root: Certificate, monkeypatch: pytest.MonkeyPatch) -> Callable[[], dict[str, str]]:
    """A token of SoftHSM with the key and the certificate of Gemeente Waterrijk."""
    pytest.importorskip("pkcs11")
    if not SOFTHSM.exists():
        pytest.skip("SoftHSM is not installed")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm.conf").write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm.conf"))

    def make() -> dict[str, str]:
        made = issued("Gemeente Waterrijk", root)
        form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        (tmp_path / "key.pem").write_bytes(made.key.private_bytes(*form))
        start = [
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "waterrijk",
            "--pin",
            "1234",
            "--so-pin",
            "5678",
        ]
        subprocess.run(start, check=True, capture_output=True)
        put = [
            "softhsm2-util",
            "--import",
            str(tmp_path / "key.pem"),
            "--token",
            "waterrijk",
            "--label",
            "zegel",
        ]
        subprocess.run([*put, "--id", "01", "--pin", "1234"], check=True, capture_output=True)
        _put_certificate(made.certificate)
        (tmp_path / "pin.txt").write_text("1234\n")
        return {
            "module": str(SOFTHSM),
            "token": "waterrijk",
            "key": "zegel",
            "pin": str(tmp_path / "pin.txt"),
        }

    return make


def _put_certificate(certificate: x509.Certificate) -> None:
    import pkcs11
    from pkcs11.util.x509 import decode_x509_certificate

    described = decode_x509_certificate(certificate.public_bytes(serialization.Encoding.DER))
    with (
        pkcs11.lib(str(SOFTHSM)).get_token(token_label="waterrijk").open(user_pin="1234", rw=True) as session
    ):
        session.create_object({**described, pkcs11.Attribute.LABEL: "zegel", pkcs11.Attribute.TOKEN: True})


def test_a_key_on_a_token_seals_too(
    unsealed: bytes, office: Office, token: Callable[[], dict[str, str]]
) -> None:
    table = token()
    seal = office.seal(**table)
    (said,) = seals_in(seal.set(unsealed), office.roots)
    assert said.by == "Gemeente Waterrijk" and said.intact and said.trusted
    Path(table["pin"]).write_text("0000")
    with pytest.raises(SealFailed, match="niet te openen"):
        office.seal(**table).set(unsealed)
