"""The certificates an installation trusts as its seals, and the key of its own: files beside the key ring.

``seals/*.pem`` are certificates, present and past: none is taken away, or the papers it sealed would lose their seal.
``seals/local.key`` is the private key of the local seal, readable by its owner only.
"""

import os
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
    """Make the bureau's key and self-signed certificate once; False when they are there. Key mode 600."""
    key_file, certificate_file = folder() / "local.key", folder() / "local.pem"
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    key = ec.generate_private_key(ec.SECP256R1())
    with os.fdopen(handle, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    certificate_file.write_bytes(_certificate(key).public_bytes(serialization.Encoding.PEM))
    return True


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
