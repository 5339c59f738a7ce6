"""What a seal is put on with: a provider turns the digest of a document into a CMS signature."""

from collections.abc import Callable
from hashlib import sha256
from typing import Protocol

from asn1crypto import cms, core, tsp, x509
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from core.jobs import Again

ALGORITHM = "sha256"
MECHANISMS = {"ec": "sha256_ecdsa", "rsa": "sha256_rsa"}


class SealProvider(Protocol):
    """A seal. `cms` answers within seconds or refuses (`seal_unavailable`); the caller checks what it answers.

    `reserved` is how many hex digits of a file its signatures need at most.
    """

    reserved: int

    def cms(self, digest: bytes) -> bytes:
        """A detached CMS signature (DER) over a document whose SHA-256 is `digest`."""
        ...


def cms_by(certificate: x509.Certificate, sign: Callable[[bytes], bytes], digest: bytes) -> bytes:
    """A CMS over `digest` as PAdES-B-B wants it: no time of the signer's own, his certificate by its hash.

    `sign` makes the raw signature over the signed attributes (DER bytes). Basis: RFC 5652 5.3, RFC 5035 3,
    ETSI EN 319 142-1 clause 6.3.
    """
    attributes = cms.CMSAttributes(
        [
            _attribute("content_type", cms.ContentType("data")),
            _attribute("message_digest", core.OctetString(digest)),
            _attribute(
                "signing_certificate_v2",
                tsp.SigningCertificateV2(
                    {
                        "certs": [
                            {
                                "hash_algorithm": {"algorithm": ALGORITHM},
                                "cert_hash": sha256(certificate.dump()).digest(),
                            }
                        ]
                    }
                ),
            ),
        ]
    )
    identifier = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier({"issuer_and_serial_number": cms.IssuerAndSerialNumber(identifier)}),
            "digest_algorithm": {"algorithm": ALGORITHM},
            "signed_attrs": attributes,
            "signature_algorithm": {"algorithm": MECHANISMS[certificate.public_key.algorithm]},
            "signature": sign(attributes.dump()),
        }
    )
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": ALGORITHM}],
            "encap_content_info": {"content_type": "data"},
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump())


def _attribute(kind: str, value: core.Asn1Value) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": kind, "values": [value]})


def unavailable(why: str = "") -> Again:
    """A seal that cannot be had now: the paper stays without PDF, background work tries again, a page says so."""
    words = _("电子签章暂时不可用，文书稍后自动生成；如长时间未生成，请联系系统管理员。")
    return Again("seal_unavailable", words + (f"（{why}）" if why else ""))


def provider() -> SealProvider | None:
    """The provider that `settings.SEAL` names: ``local``, an http(s) address, or ``none``."""
    from documents.seals.local import LocalSeal
    from documents.seals.remote import HttpSeal

    chosen = settings.SEAL
    if chosen == "none":
        return None
    if chosen == "local":
        return LocalSeal()
    if chosen.startswith(("http://", "https://")):
        return HttpSeal(chosen)
    raise ImproperlyConfigured("YINGONG_SEAL is local, none, or the http(s) address of a seal service.")
