"""The default seal: a key of the installation's own, made at set-up. It proves where a paper is from and that it is
whole; legal force as a 可靠的电子签名 (电子签名法 Art. 13) takes a seal service with a licensed authority behind it."""

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from documents.seals.certificates import folder, load
from documents.seals.provider import cms_by, unavailable


class LocalSeal:
    """Signs with ``seals/local.key`` (EC P-256)."""

    reserved = 4 * 1024

    def cms(self, digest: bytes) -> bytes:
        try:
            key = serialization.load_pem_private_key((folder() / "local.key").read_bytes(), password=None)
            certificate = load(folder() / "local.pem")
        except (OSError, ValueError) as error:
            raise unavailable("manage.py make_keys") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise unavailable("seals/local.key")
        return cms_by(certificate, lambda data: key.sign(data, ec.ECDSA(hashes.SHA256())), digest)
