"""The certificates an installation trusts as its seals, and the key of its own: files beside the key ring.

``seals/*.pem`` are certificates, present and past: none is taken away, or the papers it sealed would lose their seal.
``seals/local.key`` is the private key of the local seal, readable by its owner only.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from asn1crypto import pem
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from core import clock

YEARS = 30  # as long as papers are kept
PEM, PKCS8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
ORGANISATION_MOST = 64  # characters, X.520 upper bound of names


def folder() -> Path:
    """Where the certificates and the local key lie."""
    return Path(settings.KEYS_FILE).parent / "seals"


def load(path: Path) -> asn1.Certificate:
    """The certificate in a PEM or DER file; OSError or ValueError when there is none."""
    data = path.read_bytes()
    if pem.detect(data):
        _kind, _headers, data = pem.unarmor(data)
    certificate = asn1.Certificate.load(data, strict=True)
    certificate.native  # noqa: B018 (parses all of it: what is no certificate fails here)
    return certificate


def trusted() -> list[asn1.Certificate]:
    """Every certificate that seals this installation's papers or did so."""
    return [load(path) for path in sorted(folder().glob("*.pem"))]


def make_local_seal() -> bool:
    """Make the bureau's key and self-signed certificate once; False when they are there. Key mode 600.

    A key is there only with its certificate: the certificate is laid first, the key last and whole. What a crash left
    (a certificate without its key, or a key of an older release without its certificate) has sealed nothing; it is
    completed.
    """
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(folder()):
        key_file, certificate_file = folder() / "local.key", folder() / "local.pem"
        if key_file.exists() and certificate_file.exists():
            return False
        if key_file.exists():
            key = serialization.load_pem_private_key(key_file.read_bytes(), password=None)
        else:
            key = ec.generate_private_key(ec.SECP256R1())
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{key_file} is no key of the local seal")
        _lay(certificate_file, _certificate(key).public_bytes(PEM), 0o644)
        _lay(key_file, key.private_bytes(PEM, PKCS8, serialization.NoEncryption()), 0o600)
    return True


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """One process at a time, for as long as it lives."""
    handle = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _lay(path: Path, data: bytes, mode: int) -> None:
    """Write the file so that it is there whole or not at all."""
    fresh = path.with_suffix(f"{path.suffix}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def make_seal() -> str:
    """As `make_local_seal`, said in a sentence."""
    if not make_local_seal():
        return "A local seal is there already."
    return "Local seal made. Keep seals/*.pem for as long as papers must be verified."


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, settings.ZONE_NAME[:ORGANISATION_MOST]),
            x509.NameAttribute(NameOID.COMMON_NAME, settings.BUREAU_NAME[:ORGANISATION_MOST]),
        ]
    )
    begins = min(clock.now(), clock.machine_now()) - timedelta(days=1)  # a demo's day may lie before the machine's
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365 * YEARS + 8))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
