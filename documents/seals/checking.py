"""Who sealed these bytes, and does it hold? Asked of strangers' files too, so nothing of the PDF is parsed.

The byte range and the CMS are found in the raw bytes. A seal holds when its range covers the whole file but itself,
the digest is that of the range, the signature is the certificate's, and the certificate is one of the installation's.
Basis: ISO 32000-1 12.8.1 (byte range), RFC 5652 5.4 and 5.6 (signed attributes), ETSI EN 319 142-1 (PAdES).
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any

from asn1crypto import cms, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from documents.seals.certificates import trusted

RANGE = re.compile(rb"/ByteRange\s{0,9}\[\s{0,9}(\d{1,10})\s{1,9}(\d{1,10})\s{1,9}(\d{1,10})\s{1,9}(\d{1,10})\s{0,9}\]")
MOST = 4  # seals that are looked at
LARGEST = 256 * 1024  # bytes of hex around a CMS
BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError, InvalidSignature)


@dataclass(frozen=True, slots=True)
class Seal:
    """One seal: `by` is the common name of a certificate of ours, empty when it is a stranger's or not readable."""

    by: str
    holds: bool


def seals_in(data: bytes) -> list[Seal]:
    """The seals of a file in their order, at most four; none in a file without."""
    found = [[int(number) for number in match.groups()] for match in islice(RANGE.finditer(data), MOST)]
    if not found:
        return []
    ours = trusted()
    return [_seal(data, numbers, ours) for numbers in found]


def _seal(data: bytes, numbers: list[int], ours: list[x509.Certificate]) -> Seal:
    start, length, after, rest = numbers
    hexed = data[length:after] if start == 0 and 0 < after - length <= LARGEST else b""
    try:
        content = cms.ContentInfo.load(bytes.fromhex(hexed[1:-1].decode("ascii")))["content"]
        signer = content["signer_infos"][0]
        certificate = next((one for one in ours if _is_of(signer, one)), None)
        if certificate is None:
            return Seal("", holds=False)
        whole = hexed[:1] == b"<" and hexed[-1:] == b">" and after + rest == len(data)
        whole = whole and any(one.chosen.dump() == certificate.dump() for one in content["certificates"])
        digest = sha256(data[:length] + data[after:]).digest()
        return Seal(_name(certificate), holds=whole and _signed(signer, certificate, digest))
    except BROKEN:
        return Seal("", holds=False)


def _is_of(signer: Any, certificate: x509.Certificate) -> bool:
    issuer_and_serial = signer["sid"].chosen
    return bool(
        issuer_and_serial["issuer"] == certificate.issuer
        and issuer_and_serial["serial_number"].native == certificate.serial_number
    )


def _name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.native.get("common_name", ""))


def _signed(signer: Any, certificate: x509.Certificate, digest: bytes) -> bool:
    """Whether the signature is this certificate's over attributes that name this digest."""
    attributes = {attribute["type"].native: attribute["values"] for attribute in signer["signed_attrs"]}
    if signer["digest_algorithm"]["algorithm"].native != "sha256" or attributes["message_digest"][0].native != digest:
        return False
    if attributes["content_type"][0].native != "data":
        return False
    signed, signature = signer["signed_attrs"].untag().dump(), signer["signature"].native
    key = serialization.load_der_public_key(certificate.public_key.dump())
    mechanism = signer["signature_algorithm"].signature_algo
    try:
        if isinstance(key, ec.EllipticCurvePublicKey) and mechanism == "ecdsa":
            key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey) and mechanism == "rsassa_pkcs1v15":
            key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True
